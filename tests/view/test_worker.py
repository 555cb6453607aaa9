from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.view.worker import Job, Limits, QueryPool
from kg.vocabulary import KG

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n1 ?o }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store")
    store = Store(str(path))
    base = "http://example.org/"
    store.extend(
        Quad(NamedNode(f"{base}n{i}"), NamedNode(f"{base}p"), Literal("x" * 50 + str(i)), KG.asserted)
        for i in range(400)
    )
    store.extend(
        Quad(NamedNode(f"{base}n{i}"), NamedNode(f"{base}q"), NamedNode(f"{base}n{(i * 7 + j) % 400}"), KG.asserted)
        for i in range(400)
        for j in range(6)
    )
    store.add(Quad(NamedNode(f"{base}a"), NamedNode(f"{base}p"), Literal("named"), NamedNode(f"{base}g")))
    store.flush()
    return path


@pytest.fixture(scope="module")
def pool(folder: Path) -> Iterator[QueryPool]:
    made = QueryPool(folder, workers=2, limits=Limits(seconds=1.5, answer=300_000))
    yield made
    made.close()


def count(pool: QueryPool, query: str, **dataset: tuple[str, ...]) -> int:
    outcome = pool.run(Job(query=query, **dataset))
    assert outcome.failure is None, outcome.body
    return len(json.loads(outcome.body)["results"]["bindings"])


def test_the_dataset_of_a_request(pool: QueryPool) -> None:
    everything = "SELECT ?s { ?s <http://example.org/p> ?o }"
    assert count(pool, everything) == 400
    assert count(pool, everything, default_graphs=("http://example.org/g",)) == 1
    assert count(pool, everything, named_graphs=("http://example.org/g",)) == 0
    assert count(pool, "SELECT ?s { GRAPH ?g { ?s ?p ?o } }", named_graphs=("http://example.org/g",)) == 1
    assert count(pool, "SELECT ?s { GRAPH ?g { ?s ?p ?o } }", default_graphs=("http://example.org/g",)) == 0
    assert count(pool, "SELECT ?s FROM <http://example.org/g> { ?s ?p ?o }") == 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "LOAD <file:///etc/passwd>",
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "SELECT nonsense",
        "SELECT * { S\\u0045RVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "",
    ],
)
def test_what_is_refused(pool: QueryPool, query: str) -> None:
    assert pool.run(Job(query=query)).failure == "wrong"


@pytest.mark.parametrize(
    "query",
    [
        SLOW,
        "SELECT (COUNT(*) AS ?n) { ?a (<a:q>/<a:q>)* ?b . ?b <a:q>* ?c . ?c <a:q>* ?d }".replace(
            "a:q", "http://example.org/q"
        ),
        'SELECT * { ?s ?p ?o FILTER(REGEX(STR(?o), "^(x+)+$")) ?a ?b ?c . ?d ?e ?f . FILTER(?c = ?f && false) }',
    ],
)
def test_hostile_queries_are_stopped_in_time(pool: QueryPool, query: str) -> None:
    started = time.monotonic()
    outcome = pool.run(Job(query=query))
    assert outcome.failure in {"slow", None}
    assert time.monotonic() - started < 4
    assert count(pool, "SELECT ?s { ?s <http://example.org/p> ?o } LIMIT 3") == 3


def test_others_are_served_while_one_is_slow(pool: QueryPool) -> None:
    time.sleep(1)  # the process killed by the test before is replaced
    slow = threading.Thread(target=pool.run, args=(Job(query=SLOW),))
    slow.start()
    started = time.monotonic()
    assert [count(pool, "SELECT ?s { ?s <http://example.org/p> ?o } LIMIT 3") for _ in range(5)] == [3] * 5
    assert time.monotonic() - started < 1.4
    slow.join()


def test_an_answer_that_is_too_large(pool: QueryPool) -> None:
    outcome = pool.run(Job(query="SELECT * { ?a ?b ?c . ?d ?e ?f }"))
    assert outcome.failure == "large"
    assert b"LIMIT" in outcome.body


def test_media(pool: QueryPool) -> None:
    ask = Job(query="ASK { ?s ?p ?o }", accept=("application/sparql-results+xml",))
    assert b"<boolean>true</boolean>" in pool.run(ask).body
    construct = Job(query="CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1", accept=("application/n-triples",))
    assert pool.run(construct).media == "application/n-triples"
    assert pool.run(Job(query="DESCRIBE <http://example.org/n1>")).media == "text/turtle"


def test_a_store_that_is_away_for_a_while_costs_no_process(tmp_path: Path) -> None:
    """A build puts a rewritten store in the place of the old one; between its two renames there is none."""
    path, away = tmp_path / "store", tmp_path / "away"
    store = Store(str(path))
    store.add(Quad(NamedNode("a:a"), NamedNode("a:b"), Literal("1"), KG.asserted))
    store.flush()
    pool = QueryPool(path, workers=1, limits=Limits(seconds=5))
    try:
        path.rename(away)
        outcome = pool.run(Job(query="ASK { ?s ?p ?o }"))
        assert outcome.failure == "busy"
        assert b"there is no store here" in outcome.body
        (worker,) = pool.all
        worker.process.kill()  # nor is one lost that has to be started anew meanwhile
        assert pool.run(Job(query="ASK { ?s ?p ?o }")).failure == "large"
        time.sleep(1.5)
        away.rename(path)
        deadline = time.monotonic() + 20
        while not pool.all:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert count(pool, "SELECT * { ?s ?p ?o }") == 1
    finally:
        pool.close()


def test_what_was_written_since_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with_one = Store(str(path))
    with_one.add(Quad(NamedNode("a:a"), NamedNode("a:b"), Literal("1"), KG.asserted))
    with_one.flush()
    pool = QueryPool(path, workers=1)
    try:
        assert count(pool, "SELECT * { ?s ?p ?o }") == 1
        time.sleep(0.05)
        with_one.add(Quad(NamedNode("a:a"), NamedNode("a:b"), Literal("2"), KG.asserted))
        with_one.flush()
        assert count(pool, "SELECT * { ?s ?p ?o }") == 2
    finally:
        pool.close()
