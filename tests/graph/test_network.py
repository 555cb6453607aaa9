"""The networkx graph of a slice."""

from __future__ import annotations

import pytest

from kg.graph.network import Slice, network
from kg.graph.store import GraphStore
from tests.graph.build import graphs


@pytest.fixture(scope="module")
def store() -> GraphStore:
    made = GraphStore.memory()
    for graph in graphs():
        made.write(graph)
    return made


def test_edges_say_who_says_it_and_where(store: GraphStore) -> None:
    graph = network(store)
    edges = [data for _, _, data in graph.edges(data=True) if data["predicate"] == "attacked"]
    assert sorted((e["modality"], len(e["holders"]), e["outlet"]) for e in edges) == [
        ("asserted", 1, "Nahr News"),
        ("asserted", 1, "outlet not known"),
        ("claimed", 1, "Dijla Post"),
        ("negated", 2, "Nahr News"),
    ]
    texts = {g.document.id: g.document.text for g in graphs()}
    for _, _, data in graph.edges(data=True):
        assert texts[data["document"]][data["start"] : data["end"]] == data["quote"] != ""
        for holder in data["holders"]:
            assert holder == "author" or holder in graph


def test_alleged_agents_are_edges_of_who_alleges(store: GraphStore) -> None:
    graph = network(store)
    agents = [data for _, target, data in graph.edges(data=True) if data["predicate"] == "agent"]
    assert sorted((data["modality"], data["holders"] == ["author"]) for data in agents) == [
        ("asserted", True),
        ("claimed", False),
    ]


@pytest.mark.parametrize(
    ("part", "claims"),
    [
        (Slice(), 8),
        (Slice(modalities=("negated",)), 1),
        (Slice(since="2024-07-27"), 3),
        (Slice(until="2024-07-26"), 4),
        (Slice(confidence=0.75), 4),
        (Slice(types=("Faction", "Base")), 4),
        (Slice(outlets=("Dijla Post",)), 3),
        (Slice(predicates=("locatedIn", "hosts")), 2),
        (Slice(since="2030"), 0),
    ],
)
def test_a_slice_is_what_was_asked_for(store: GraphStore, part: Slice, claims: int) -> None:
    graph = network(store, part)
    assert sum(data["kind"] == "claim" for _, _, data in graph.edges(data=True)) == claims


def test_the_same_store_gives_the_same_graph(store: GraphStore) -> None:
    other = GraphStore.memory()
    for graph in reversed(graphs()):
        other.write(graph)
    assert list(network(other).edges(keys=True, data=True)) == list(network(store).edges(keys=True, data=True))
    assert list(network(other).nodes(data=True)) == list(network(store).nodes(data=True))
