"""The named questions on Oxigraph and on rdflib, over the same graph."""

from __future__ import annotations

from collections.abc import Callable

from common import QUICK, articles, cpu, table, versions


def main() -> None:
    from kg.datamodel import Document, DocumentId
    from kg.graph.claims import assert_claims
    from kg.graph.query import ask, ask_rdflib
    from kg.graph.questions import questions
    from kg.graph.resolve import Background, resolve
    from kg.graph.store import GraphStore
    from kg.language.lexicon import load_lexicon
    from kg.pipeline import analyse

    background = Background.of(load_lexicon())
    store = GraphStore.memory()
    for number, text in enumerate(articles(5 if QUICK else 60)):
        found = analyse(Document(id=DocumentId(f"{number:06}"), text=text, published="2024-05-01", outlet="Test"))
        store.write(assert_claims(found, resolve(found, background)))
    other = store.dataset()
    rows = []
    mine = theirs = 0.0
    asked = [q for q in questions().values() if not any(p.required for p in q.parameters)]
    for question in asked:
        ours = min(cpu(_run(ask, store, question.text)) for _ in range(3))
        slow = cpu(_run(ask_rdflib, other, question.text))
        mine, theirs = mine + ours, theirs + slow
        rows.append((question.name, f"{ours * 1000:.2f}", f"{slow * 1000:.1f}", f"{slow / ours:.0f}"))
    rows.sort(key=_ratio)
    rows.append((f"all {len(asked)} together", f"{mine * 1000:.1f}", f"{theirs * 1000:.0f}", f"{theirs / mine:.0f}"))
    note = f"{len(store):,} quads, questions without required parameters; {versions('pyoxigraph', 'rdflib')}."
    table("Named questions", ("question", "Oxigraph, ms", "rdflib, ms", "ratio"), rows, note)


def _run(ask: Callable[..., object], store: object, query: str) -> Callable[[], object]:
    return lambda: ask(store, query)


def _ratio(row: tuple[str, ...]) -> float:
    return float(row[-1])


if __name__ == "__main__":
    main()
