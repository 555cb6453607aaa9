"""Claims to quads to a store on disk, against rdflib and against Oxigraph's own bulk load of a ready file."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from common import QUICK, articles, compare, versions


def main() -> None:
    from pyoxigraph import Quad, RdfFormat, Store, parse, serialize
    from rdflib import Dataset

    from kg.datamodel import Document, DocumentGraph, DocumentId
    from kg.graph.bulk import bulk_quads
    from kg.graph.claims import assert_claims
    from kg.graph.resolve import Background, resolve
    from kg.graph.store import GraphStore, dataset
    from kg.language.lexicon import load_lexicon
    from kg.pipeline import analyse

    background = Background.of(load_lexicon())
    graphs: list[DocumentGraph] = []
    for number, text in enumerate(articles(20 if QUICK else 1000)):
        found = analyse(Document(id=DocumentId(f"{number:06}"), text=text, published="2024-05-01", outlet="Test"))
        graphs.append(assert_claims(found, resolve(found, background)))
    everything: list[Quad] = list(bulk_quads((graph, "") for graph in graphs))
    folder = Path(tempfile.mkdtemp())
    ready = folder / "all.nq"
    serialize(everything, str(ready), RdfFormat.N_QUADS)

    def articles_into_store() -> None:
        path = folder / "transactions"
        shutil.rmtree(path, ignore_errors=True)
        with GraphStore.open(path) as store:
            for graph in graphs:
                store.write(graph)

    def all_at_once() -> None:
        path = folder / "at-once"
        shutil.rmtree(path, ignore_errors=True)
        with GraphStore.open(path) as store:
            store.rewrite(bulk_quads((graph, "") for graph in graphs))

    def ready_file() -> None:
        path = folder / "bulk"
        shutil.rmtree(path, ignore_errors=True)
        store = Store(str(path))
        store.bulk_load(path=str(ready), format=RdfFormat.N_QUADS)
        store.flush()

    amount = len(everything)
    note = f"{amount:,} quads; {versions('pyoxigraph', 'rdflib')}."
    compare("Writing RDF: quads made of claims, then N-Quads", {
        "kg: claims to pyoxigraph quads to N-Quads": lambda: serialize(
            bulk_quads((graph, "") for graph in graphs), format=RdfFormat.N_QUADS),
        "rdflib: the same quads as rdflib terms to N-Quads": lambda: dataset(
            bulk_quads((graph, "") for graph in graphs)).serialize(format="nquads"),
    }, amount=amount, unit="quads", note=note, rounds=3)  # fmt: skip
    compare("Loading RDF into a store", {
        "Oxigraph: bulk_load of a ready file": ready_file,
        "kg: a first build, claims to the same store": all_at_once,
        "kg: one transaction an article, facts and labels kept right": articles_into_store,
        "rdflib: parse of the ready file into memory": lambda: Dataset().parse(str(ready), format="nquads"),
        "Oxigraph: parse alone": lambda: sum(1 for _ in parse(path=str(ready), format=RdfFormat.N_QUADS)),
    }, amount=amount, unit="quads", note=f"{amount:,} quads on disk, rdflib in memory.", rounds=3)  # fmt: skip
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
