"""Queries that are killed when they take too long."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kg.errors import QueryError, StoreError
from kg.graph.store import GraphStore
from kg.graph.worker import QueryProcess
from kg.vocabulary import KG
from tests.graph.build import corpus

ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(9)) + " }"
PLAIN = "SELECT ?s WHERE { VALUES ?p { UNDEF } ?s ?p ?o }"


def test_it_answers_refuses_and_kills(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with GraphStore.open(path) as store:
        store.write(corpus()[0])
    with QueryProcess(path) as process:
        assert len(process.ask(PLAIN, {"p": [KG.locatedIn]}, seconds=20).rows) == 1
        with pytest.raises(QueryError, match="SERVICE is refused"):
            process.ask("SELECT * { SERVICE <http://x.org/> {} }", seconds=20)
        before = time.monotonic()
        with pytest.raises(QueryError, match=r"no answer in 0\.5 s"):
            process.ask(ENDLESS, seconds=0.5)
        assert time.monotonic() - before < 10
        assert len(process.ask(PLAIN, {"p": [KG.locatedIn]}, seconds=20).rows) == 1
        with GraphStore.open(path) as store:
            store.remove(corpus()[0].document.id)
        assert process.ask(PLAIN, seconds=20).rows == ()


def test_no_store_is_told(tmp_path: Path) -> None:
    with QueryProcess(tmp_path) as process, pytest.raises(StoreError, match="no store here"):
        process.ask(PLAIN, seconds=5)
