"""Analysis of a slice, on a small graph whose answers are plain to see."""

from __future__ import annotations

import networkx as nx
import pytest

from kg.errors import QueryError
from kg.graph.analysis import brokers, centrality, communities, credible_path, degrees, ego, shortest_path
from kg.graph.network import network
from kg.graph.store import GraphStore
from tests.graph.build import corpus


@pytest.fixture
def graph() -> nx.MultiDiGraph:
    """Two triangles joined by ``m``; a doubtful short cut from ``a`` to ``d``; a denial from ``a`` to ``f``."""
    made = nx.MultiDiGraph()
    rows = ["a b", "b c", "c a", "c m", "m d", "d e", "e f", "f d"]
    for row in rows:
        source, target = row.split()
        made.add_edge(source, target, key=row, predicate="met", modality="asserted", confidence=0.9)
    made.add_edge("d", "a", key="cut", predicate="met", modality="claimed", confidence=0.1)
    made.add_edge("a", "f", key="denied", predicate="met", modality="negated", confidence=1.0)
    return made


def test_paths(graph: nx.MultiDiGraph) -> None:
    short, sure = shortest_path(graph, "a", "d"), credible_path(graph, "a", "d")
    assert short is not None
    assert sure is not None
    assert (short.nodes, short.steps[0].source, round(short.credibility, 6)) == (("a", "d"), "d", 0.06)
    assert (sure.nodes, round(sure.credibility, 6)) == (("a", "c", "m", "d"), 0.729)
    graph.add_node("alone")
    assert shortest_path(graph, "a", "alone") is None
    with pytest.raises(QueryError, match="not in this part"):
        shortest_path(graph, "a", "nobody")


def test_centres_and_brokers(graph: nx.MultiDiGraph) -> None:
    graph.remove_edge("d", "a", key="cut")
    assert [node for node, _ in centrality(graph, limit=3)] == ["m", "c", "d"]
    assert [node for node, _ in brokers(graph)] == ["m", "c", "d"]
    assert degrees(graph, limit=2) == [("c", 3.0), ("d", 3.0)]
    found = communities(graph)
    assert {"a", "b", "c"} <= set(found[0])
    assert {"d", "e", "f"} <= set(found[1])


def test_a_denial_joins_nothing(graph: nx.MultiDiGraph) -> None:
    assert set(ego(graph, "f")) == {"d", "e", "f"}
    assert set(ego(graph, "f", radius=2)) == {"a", "d", "e", "f", "m"}


def test_a_real_slice() -> None:
    store = GraphStore.memory()
    for each in corpus():
        store.write(each)
    graph = network(store)
    assert centrality(graph) == centrality(network(store))
    path = credible_path(graph, "harakat-al-nujaba", "anbar")
    assert path is not None
    assert path.nodes[0] == "harakat-al-nujaba"
    assert len(communities(graph)) > 1
