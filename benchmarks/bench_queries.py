"""The named questions on Oxigraph: against rdflib over the same graph, and how many answer within 100 ms.

``python benchmarks/bench_queries.py --graph DIR`` measures the second on a graph that ``kg build`` made.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from common import QUICK, articles, cpu, table, versions

if TYPE_CHECKING:
    from kg.graph.questions import Question
    from kg.graph.store import GraphStore

LIMIT = 0.1
_SHOWN = 12


def main() -> None:
    from kg.graph.store import GraphStore

    if "--graph" in sys.argv:
        path = Path(sys.argv[sys.argv.index("--graph") + 1])
        with GraphStore.open(path / "store", read_only=True) as store:
            in_time(store)
        return
    against_rdflib(made_up(5 if QUICK else 60))
    in_time(made_up(20 if QUICK else 1000))


def made_up(count: int) -> GraphStore:
    from kg.datamodel import Document, DocumentId
    from kg.graph.claims import assert_claims
    from kg.graph.derived import derive
    from kg.graph.resolve import Background, resolve
    from kg.graph.store import GraphStore
    from kg.language.lexicon import load_lexicon
    from kg.pipeline import analyse

    background = Background.of(load_lexicon())
    store = GraphStore.memory()
    for number, text in enumerate(articles(count)):
        day = date(2024, 5, 1) + timedelta(days=number % 90)
        found = analyse(Document(id=DocumentId(f"{number:06}"), text=text, published=str(day), outlet="Test"))
        store.write(assert_claims(found, resolve(found, background)))
    derive(store)
    return store


def against_rdflib(store: GraphStore) -> None:
    from kg.graph.query import ask, ask_rdflib
    from kg.graph.questions import questions

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


def in_time(store: GraphStore) -> None:
    """Every question without values, and with each value by itself that the graph has an answer to."""
    from kg.graph.questions import answer, questions

    rows = []
    for question in questions().values():
        for what, values in _cases(store, question):
            found = answer(store, question.name, values)
            taken = min(cpu(_run(answer, store, question.name, values)) for _ in range(3))
            rows.append((taken, question.name, what, f"{len(found.rows):,}"))
    rows.sort(reverse=True)
    asked = {name for _, name, _, _ in rows}
    late = {name for taken, name, _, _ in rows if taken >= LIMIT}
    count = sum(taken < LIMIT for taken, *_ in rows)
    note = (
        f"{count} of {len(rows)} answers within 100 ms, all answers of {len(asked - late)} of {len(asked)} questions; "
        f"{len(store):,} quads; {versions('pyoxigraph')}. Best of three."
    )
    shown = [(name, what, number, f"{taken * 1000:.0f}") for taken, name, what, number in rows[:_SHOWN]]
    table("Named questions, the slowest", ("question", "value given", "rows", "ms"), shown, note)


def _cases(store: GraphStore, question: Question) -> Iterator[tuple[str, Mapping[str, str]]]:
    from kg.graph.query import ask
    from kg.graph.questions import answer

    if any(parameter.required for parameter in question.parameters):
        two_steps = "SELECT ?a ?b { ?a ?p ?m . ?m ?q ?b . FILTER (?a != ?b && STRSTARTS(STR(?p), STR(kg:))) } LIMIT 1"
        for start, end in ask(store, two_steps).rows:
            yield "both", {"start": getattr(start, "value", ""), "end": getattr(end, "value", "")}
        return
    yield "none", {}
    days = ask(store, "SELECT ?day { GRAPH ?a { ?a schema:datePublished ?day } } ORDER BY ?day").texts()
    middle = date.fromisoformat(days[len(days) // 2][0])
    top = "SELECT ?e { GRAPH kg:counts { ?e kg:articles ?n } } ORDER BY DESC(?n) ?e LIMIT 50"
    entities = [getattr(row[0], "value", "") for row in ask(store, top).rows]
    for parameter in question.parameters:
        tried: list[dict[str, str]] = []
        if parameter.kind == "entity":
            tried = [{parameter.name: entity} for entity in entities]
        elif parameter.name == "since":
            tried = [{"since": str(middle), "until": str(middle + timedelta(days=7))}]
        elif parameter.name == "day":
            tried = [{"day": str(middle)}]
        elif parameter.kind in ("event-type", "entity-type"):
            tried = [{parameter.name: "Attack" if parameter.kind == "event-type" else "Person"}]
        for values in tried:
            if answer(store, question.name, values).rows:
                yield " ".join(values), values
                break


def _run(ask: Callable[..., object], *given: object) -> Callable[[], object]:
    return lambda: ask(*given)


def _ratio(row: tuple[str, ...]) -> float:
    return float(row[-1])


if __name__ == "__main__":
    main()
