"""What the shape of a slice says: neighbourhoods, paths, centres, communities, brokers.

All take the graph of ``kg.graph.network.network`` and answer in a stable order. Negated claims join nothing.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import networkx as nx

from kg.errors import QueryError

WEIGHTS = {"asserted": 1.0, "claimed": 0.6, "planned": 0.3, "hypothetical": 0.3, "negated": 0.0}
"""How far a modality carries, as a factor of the confidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One edge of a path, as it stands in the graph: ``source`` may be the later node."""

    source: str
    target: str
    key: str
    predicate: str
    credibility: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A path: its nodes in order, the most credible edge of each step, and the product of their credibilities."""

    nodes: tuple[str, ...]
    steps: tuple[Step, ...]
    credibility: float


def credibility(data: dict[str, Any]) -> float:
    """How far an edge can be believed, from 0 to 1: its confidence, less where it is only claimed or planned.

    >>> credibility({"modality": "claimed", "confidence": 0.5})
    0.3
    """
    return float(data["confidence"]) * WEIGHTS[data["modality"]]


def simple(graph: nx.MultiDiGraph) -> nx.Graph:
    """One undirected edge for each pair that anything joins, with its most credible edge and the number of edges."""
    made = nx.Graph()
    made.add_nodes_from(sorted(graph))
    for source, target, key, data in sorted(graph.edges(keys=True, data=True), key=_edge_key):
        value = credibility(data)
        if value <= 0 or source == target:
            continue
        step = Step(source=source, target=target, key=key, predicate=data["predicate"], credibility=value)
        if not made.has_edge(source, target):
            made.add_edge(source, target, step=step, cost=-math.log(value), count=1)
        else:
            edge = made.edges[source, target]
            edge["count"] += 1
            if value > edge["step"].credibility:
                edge.update(step=step, cost=-math.log(value))
    return made


def _edge_key(edge: tuple[str, str, str, dict[str, Any]]) -> tuple[str, str, str]:
    return edge[0], edge[1], edge[2]


def ego(graph: nx.MultiDiGraph, node: str, *, radius: int = 1) -> nx.MultiDiGraph:
    """The node with all that is within so many steps."""
    _known(graph, node)
    near = nx.single_source_shortest_path_length(simple(graph), node, cutoff=radius)
    return graph.subgraph(near).copy()


def shortest_path(graph: nx.MultiDiGraph, start: str, end: str) -> Path | None:
    """A path with the fewest steps; None if nothing joins the two."""
    return _path(graph, start, end, None)


def credible_path(graph: nx.MultiDiGraph, start: str, end: str) -> Path | None:
    """The path whose steps, taken together, can be believed most; None if nothing joins the two."""
    return _path(graph, start, end, "cost")


def _path(graph: nx.MultiDiGraph, start: str, end: str, weight: str | None) -> Path | None:
    _known(graph, start, end)
    flat = simple(graph)
    if not nx.has_path(flat, start, end):
        return None
    nodes = nx.shortest_path(flat, start, end, weight=weight)
    steps = tuple(flat.edges[pair]["step"] for pair in itertools.pairwise(nodes))
    return Path(nodes=tuple(nodes), steps=steps, credibility=math.prod(step.credibility for step in steps))


def centrality(graph: nx.MultiDiGraph, *, limit: int = 20) -> list[tuple[str, float]]:
    """The nodes that most shortest paths run through, with their share of them."""
    return _ranked(nx.betweenness_centrality(simple(graph)).items())[:limit]


def degrees(graph: nx.MultiDiGraph, *, limit: int = 20) -> list[tuple[str, float]]:
    """The nodes that are joined to most others, with the number."""
    return _ranked((node, float(count)) for node, count in simple(graph).degree())[:limit]


def communities(graph: nx.MultiDiGraph) -> list[tuple[str, ...]]:
    """Groups that are joined more among themselves than with others (Louvain), largest first."""
    found = nx.community.louvain_communities(simple(graph), weight="count", seed=0)
    return sorted((tuple(sorted(group)) for group in found), key=_size_first)


def brokers(graph: nx.MultiDiGraph) -> list[tuple[str, float]]:
    """The nodes without which a part of the graph falls off, most central first."""
    flat = simple(graph)
    needed = set(nx.articulation_points(flat))
    return [(node, value) for node, value in _ranked(nx.betweenness_centrality(flat).items()) if node in needed]


def _size_first(group: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return -len(group), group


def _ranked(values: Iterable[tuple[Hashable, float]]) -> list[tuple[str, float]]:
    ranked = sorted((-round(value, 6), str(node)) for node, value in values)
    return [(node, -value) for value, node in ranked]


def _known(graph: nx.MultiDiGraph, *nodes: str) -> None:
    for node in nodes:
        if node not in graph:
            raise QueryError(f"{node!r} is not in this part of the graph; `kg find` gives the ids of names")
