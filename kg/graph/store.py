"""The store: Oxigraph on disk or in memory, one transaction a document.

What is shared between articles (entities, rules, plain facts) is a function of the articles' own graphs, so any
order of writing and removing ends in the same quads:
- a plain fact stands while some article's outlet affirms it;
- an entity is described while some article mentions or involves it; where no lexicon row names it, it has the
  label that most articles give it, the first in order of code points among equals.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from time import sleep
from types import TracebackType
from typing import TYPE_CHECKING, Self

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, serialize

from kg.datamodel import DocumentGraph, DocumentId
from kg.errors import StoreError
from kg.graph import iris
from kg.graph.described import described, is_rule, labelled, names_in, told_of
from kg.graph.iris import PREFIXES
from kg.graph.rdf import quads as quads_of
from kg.vocabulary import KG, PROV, RDF, RDFS, SCHEMA, XSD

if TYPE_CHECKING:
    from rdflib import Dataset
    from rdflib.term import Node

SHARED = frozenset({KG.asserted.value, KG.entities.value})
_ATTEMPTS = 5
_BYTES_PER_QUAD = 190  # what Oxigraph's own bulk load takes
_SMALL = 4_000_000
_STILL_ASSERTED = """ASK { GRAPH ?article {
  ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; kg:modality kg:Asserted ; kg:holder ?outlet .
  ?article schema:publisher ?outlet } FILTER (?article != ?changed) VALUES (?s ?p ?o ?changed) { (%s %s %s %s) } }"""


class GraphStore:
    """A store of quads. Use as a context manager, or call ``close`` to give the lock back."""

    def __init__(self, store: Store, path: Path | None = None) -> None:
        self._store: Store | None = store
        self.path = path

    @classmethod
    def memory(cls) -> Self:
        """An empty store in memory."""
        return cls(Store())

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open the store in a folder, made if need be; ``read_only`` works beside a writer and makes nothing."""
        if read_only and not (path / "CURRENT").is_file():
            raise StoreError(f"{path}: there is no store here; build one with `kg build`")
        try:
            return cls(_read_only(path) if read_only else _writable(path), path)
        except RuntimeError as error:
            raise StoreError(f"{path}: the store is damaged: {error}; build it again") from error
        except OSError as error:
            if "lock" in str(error).lower():
                raise StoreError(f"{path}: another process is writing to this store; wait for it to end") from error
            raise StoreError(f"{path}: the store cannot be opened: {error}") from error

    @property
    def raw(self) -> Store:
        """The Oxigraph store itself."""
        if self._store is None:
            raise StoreError(f"{self.path or 'store'}: it is closed")
        return self._store

    def close(self) -> None:
        """Give the store back; a second call does nothing."""
        self._store = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self.raw)

    def articles(self) -> list[DocumentId]:
        """The ids of all articles in the store, sorted."""
        found = (q.subject for q in self.raw.quads_for_pattern(None, RDF.type, KG.Article, None))
        return sorted(iris.document_id(node) for node in found if isinstance(node, NamedNode))

    def write(self, graph: DocumentGraph, *, digest: str | None = None) -> bool:
        """Write one document, in place of what the store has of it; False if nothing was to change.

        ``digest`` is kept with the article (see ``digest_of``), for builds that do only what changed.
        """
        article = iris.article_iri(graph.document.id)
        fresh = set(quads_of(graph))
        if digest is not None:
            fresh.add(Quad(article, KG.digest, Literal(digest), article))
        return self._replace(article, fresh)

    def remove(self, document: DocumentId) -> bool:
        """Take out an article and what stands on it alone; False if it was not there."""
        return self._replace(iris.article_iri(document), set())

    def digest_of(self, document: DocumentId) -> str | None:
        """The digest that the article was written with."""
        article = iris.article_iri(document)
        for quad in self.raw.quads_for_pattern(article, KG.digest, None, article):
            return quad.object.value if isinstance(quad.object, Literal) else None
        return None

    def replace_graph(self, graph: NamedNode, wanted: set[Quad]) -> None:
        """Make a graph that is derived from others what it is to be."""
        present = set(self.raw.quads_for_pattern(None, None, None, graph))
        if wanted != present:
            self._transaction(present - wanted, wanted - present, drop=None if wanted else graph)

    def mark_copies(self, found: Mapping[DocumentId, DocumentId]) -> None:
        """Say which articles are copies of which, and of no other."""
        wanted = set()
        for copy, original in found.items():
            article = iris.article_iri(copy)
            wanted.add(Quad(article, KG.copyOf, iris.article_iri(original), article))
        present = set(self.raw.quads_for_pattern(None, KG.copyOf, None, None))
        if wanted != present:
            self._transaction(present - wanted, wanted - present, drop=None)

    def _replace(self, article: NamedNode, fresh: set[Quad]) -> bool:
        own = {quad for quad in fresh if quad.graph_name == article}
        old = set(self.raw.quads_for_pattern(None, None, None, article))
        if own:  # whether it is a copy is decided over all articles
            own |= {quad for quad in old if quad.predicate == KG.copyOf}
        gone, added = old - own, own - old
        if not own:
            gone |= set(self.raw.quads_for_pattern(None, KG.copyOf, article, None))
        shared = {quad for quad in fresh if quad.graph_name != article}
        gone |= self._unsupported(article, gone, shared)
        added |= self._facts(shared)
        here, names, told = described(own), names_in(own), told_of(shared)
        for entity in described(old) | here:
            present = set(self.raw.quads_for_pattern(entity, None, None, KG.entities))
            base = told.get(entity, set()) if entity in here else self._elsewhere(entity, article, present)
            wanted = self._described(entity, article, names.get(entity, []), base, present) if base else set()
            gone |= present - wanted
            added |= wanted - present
        if gone or added:
            self._transaction(gone, added, drop=article if old and not own else None)
        return bool(gone or added)

    def _facts(self, shared: set[Quad]) -> set[Quad]:
        """Plain facts and rules that the store has not yet."""
        facts = {q for q in shared if q.graph_name == KG.asserted or is_rule(q.subject)}
        return {quad for quad in facts if quad not in self.raw}

    def _unsupported(self, article: NamedNode, gone: set[Quad], shared: set[Quad]) -> set[Quad]:
        """Plain facts and rules that no article stands for once the quads are gone."""
        lost: set[Quad] = set()
        parts: dict[object, dict[object, NamedNode]] = {}
        for quad in gone:
            if quad.predicate in (RDF.subject, RDF.predicate, RDF.object) and isinstance(quad.object, NamedNode):
                parts.setdefault(quad.subject, {})[quad.predicate] = quad.object
        claims = {(p[RDF.subject], p[RDF.predicate], p[RDF.object]) for p in parts.values() if len(p) == 3}
        for subject, predicate, object_ in claims:
            fact = Quad(subject, predicate, object_, KG.asserted)
            if fact not in shared and fact in self.raw and not self._asserted_elsewhere(fact, article):
                lost.add(fact)
        for rule in {q.object for q in gone if q.predicate == PROV.wasGeneratedBy}:
            if isinstance(rule, NamedNode) and not any(q.subject == rule for q in shared):
                users = self.raw.quads_for_pattern(None, PROV.wasGeneratedBy, rule, None)
                if all(user.graph_name == article for user in users):
                    lost |= set(self.raw.quads_for_pattern(rule, None, None, KG.entities))
        return lost

    def _asserted_elsewhere(self, fact: Quad, article: NamedNode) -> bool:
        question = _STILL_ASSERTED % (fact.subject, fact.predicate, fact.object, article)
        return bool(self.raw.query(question, prefixes=PREFIXES))

    def _described(
        self, entity: NamedNode, article: NamedNode, own: list[Literal], base: set[Quad], present: set[Quad]
    ) -> set[Quad]:
        """``base`` with the label that most articles vote for, once this one names the entity ``own``."""
        if own and self._keeps_label(entity, article, own, present):
            return {q for q in base if q.predicate != RDFS.label} | {q for q in present if q.predicate == RDFS.label}
        said = self.raw.quads_for_pattern(entity, KG.nameInText, None, None)
        names = Counter(quad.object for quad in said if quad.graph_name != article)
        names.update(own)
        return labelled(entity, base, names)

    def _keeps_label(self, entity: NamedNode, article: NamedNode, own: list[Literal], present: set[Quad]) -> bool:
        """Whether one more vote cannot change the label: it is for the label, and the article had no other.

        Else the votes of all articles are counted again, which for a name in every article is long.
        """
        if set(own) != {quad.object for quad in present if quad.predicate == RDFS.label}:
            return False
        before = {quad.object for quad in self.raw.quads_for_pattern(entity, KG.nameInText, None, article)}
        return before <= set(own)

    def _elsewhere(self, entity: NamedNode, article: NamedNode, present: set[Quad]) -> set[Quad]:
        """What is said of an entity that the article no longer names: nothing if no other article does."""
        named = any(
            quad.graph_name != article
            for predicate in (SCHEMA.mentions, KG.involves)
            for quad in self.raw.quads_for_pattern(None, predicate, entity, None)
        )
        return present if named else set()

    def _transaction(self, gone: set[Quad], added: set[Quad], drop: NamedNode | None) -> None:
        steps = []
        if gone:
            steps.append("DELETE DATA {" + _block(gone) + "}")
        if drop is not None:
            steps.append(f"DROP SILENT GRAPH {drop}")
        try:
            if not steps:  # six times as fast, and one transaction as well
                self.raw.extend(added)
            else:
                steps += ["INSERT DATA {" + _block(added) + "}"] if added else []
                self.raw.update(" ;\n".join(steps))
        except OSError as error:
            raise StoreError(f"{self.path}: the store took nothing of this document: {error}") from error

    def optimise(self) -> None:
        """Flush and compact; worth it after a large build."""
        self.raw.flush()
        self.raw.optimize()

    def rewrite(self, quads: Iterable[Quad] | None = None) -> None:
        """Write the store anew as one bulk load, a fifth of the size after many small writes; swap it in whole.

        With ``quads``, these are its content from now on; they may repeat. A kill between the two renames leaves no
        ``store``; the next writer puts the old one back.
        """
        if self.path is None:
            return
        fresh, old = _beside(self.path)
        shutil.rmtree(fresh, ignore_errors=True)
        made = Store(str(fresh))
        made.bulk_extend(self.raw if quads is None else quads)
        made.flush()
        del made
        self.close()
        self.path.rename(old)
        fresh.rename(self.path)
        shutil.rmtree(old)
        self._store = Store(str(self.path))

    def is_bloated(self) -> bool:
        """Whether the files are much larger than the quads need."""
        if self.path is None:
            return False
        size = sum(file.stat().st_size for file in self.path.iterdir() if file.is_file())
        return size > _SMALL and size > 1.1 * _BYTES_PER_QUAD * len(self)

    def sorted_quads(self) -> list[Quad]:
        """All quads in the order of their N-Quads lines, graph first."""
        return sorted(self.raw, key=_sort_key)

    def nquads(self) -> bytes:
        """Canonical N-Quads: sorted lines, the same bytes for the same graph."""
        lines = self.raw.dump(format=RdfFormat.N_QUADS) or b""
        return b"".join(sorted(line + b"\n" for line in lines.split(b"\n") if line))

    def trig(self) -> bytes:
        """TriG with prefixes, in a stable order."""
        return b"".join(self.trig_parts())

    def trig_parts(self) -> Iterator[bytes]:
        """TriG with prefixes, in a stable order, a graph at a time."""
        head = b""
        for name in sorted(self.raw.named_graphs(), key=_name):
            quads = list(self.raw.quads_for_pattern(None, None, None, name))
            lines = (serialize(quads, format=RdfFormat.N_QUADS) or b"").split(b"\n")  # sorted as their terms would be
            ordered = [quads[place] for place in sorted(range(len(quads)), key=lines.__getitem__)]
            part = in_order(serialize(ordered, format=RdfFormat.TRIG, prefixes=PREFIXES) or b"")
            yield part[len(head) :]
            head = head or _PREFIXES.match(part)[0]  # type: ignore[index]

    def dataset(self) -> Dataset:
        """An rdflib Dataset with the same quads; plain facts and entities are also its default graph.

        So a query means the same as in ``kg.graph.query``, where the default graph is those two.
        """
        return dataset(self.raw)


def _beside(path: Path) -> tuple[Path, Path]:
    return path.with_name(f"{path.name}.new"), path.with_name(f"{path.name}.old")


def _writable(path: Path) -> Store:
    """Open for writing, and finish or undo a ``rewrite`` that was killed."""
    fresh, old = _beside(path)
    if old.is_dir() and not (path / "CURRENT").is_file():
        shutil.rmtree(path, ignore_errors=True)
        old.rename(path)
    path.mkdir(parents=True, exist_ok=True)
    store = Store(str(path))
    for stray in (fresh, old):  # we hold the lock, so nobody is at work on them
        shutil.rmtree(stray, ignore_errors=True)
    return store


def _read_only(path: Path) -> Store:
    """A writer beside us may take a file away between our look at its list and our opening it: look again."""
    for attempt in range(_ATTEMPTS):
        try:
            return Store.read_only(str(path))
        except RuntimeError as error:
            if attempt == _ATTEMPTS - 1:
                raise StoreError(f"{path}: the store is damaged: {error}; build it again") from error
            sleep(0.05 * 2**attempt)
    raise StoreError(f"{path}: the store cannot be opened")


def dataset(quads: Iterable[Quad]) -> Dataset:
    """Quads as an rdflib Dataset (see ``GraphStore.dataset``)."""
    from rdflib import Dataset as RdflibDataset

    found = RdflibDataset()
    for prefix, iri in PREFIXES.items():
        found.bind(prefix, iri, replace=True)
    for quad in quads:
        name = _graph(quad)
        triple = (rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object))
        if name in SHARED or not name:
            found.default_graph.add(triple)
        if name:
            found.graph(name).add(triple)
    return found


def rdflib_term(term: object) -> Node:
    """An Oxigraph term as an rdflib term."""
    from rdflib import Literal as RdflibLiteral
    from rdflib import URIRef

    if isinstance(term, Literal):
        plain = term.language or term.datatype == XSD.string
        return RdflibLiteral(term.value, lang=term.language, datatype=None if plain else URIRef(term.datatype.value))
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    raise StoreError(f"{term}: graphs of kg hold IRIs and literals only")


def in_order(turtle: bytes) -> bytes:
    """Turtle or TriG with its prefixes sorted; Oxigraph writes them in an order that changes from run to run."""
    head = _PREFIXES.match(turtle)[0]  # type: ignore[index]
    return b"".join(sorted(head.splitlines(keepends=True))) + turtle[len(head) :]


_PREFIXES = re.compile(rb"(?:@prefix [^\n]*\n)*")


def _name(node: NamedNode | BlankNode) -> str:
    return node.value


def _graph(quad: Quad) -> str:
    return "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value


def _sort_key(quad: Quad) -> tuple[str, str, str, str]:
    return _graph(quad), str(quad.subject), str(quad.predicate), str(quad.object)


def _block(quads: Iterable[Quad]) -> str:
    graphs: dict[str, list[str]] = {}
    for quad in quads:
        graphs.setdefault(str(quad.graph_name), []).append(f"{quad.subject} {quad.predicate} {quad.object} .")
    return "\n".join(f"GRAPH {graph} {{\n" + "\n".join(lines) + "\n}" for graph, lines in graphs.items())
