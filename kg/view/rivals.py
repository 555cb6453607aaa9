"""Claims and events of one graph that cannot both be right, found without a store: what figures and reports mark.

The named questions ``contradictions-*.rq`` ask the same of a whole store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import networkx as nx

FIGURES = ("count", "killed", "wounded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One edge of the graph with its ends."""

    subject: str
    object: str
    key: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventConflict:
    """Two tellings of what seems one event, and in what they differ."""

    first: str
    second: str
    differ: tuple[str, ...]


def edges(graph: nx.MultiDiGraph, kind: str | None = None) -> list[Edge]:
    """The edges of a kind in order of their keys."""
    rows = sorted(graph.edges(keys=True, data=True), key=lambda row: str(row[2]))
    return [
        Edge(subject=str(subject), object=str(object_), key=str(key), data=data)
        for subject, object_, key, data in rows
        if kind is None or data.get("kind") == kind
    ]


def denied_claims(graph: nx.MultiDiGraph) -> list[tuple[tuple[Edge, ...], tuple[Edge, ...]]]:
    """What some affirm (or claim) and others deny: the affirming edges and the denying ones, by triple."""
    sides: dict[tuple[str, str, str], tuple[list[Edge], list[Edge]]] = defaultdict(lambda: ([], []))
    for edge in edges(graph, "claim"):
        modality = edge.data.get("modality")
        if modality in ("asserted", "claimed", "negated"):
            key = (edge.subject, str(edge.data.get("predicate")), edge.object)
            sides[key][modality == "negated"].append(edge)
    return [(tuple(yes), tuple(no)) for _, (yes, no) in sorted(sides.items()) if yes and no]


def event_conflicts(graph: nx.MultiDiGraph) -> list[EventConflict]:
    """Events of one type and day that share a place or target and differ in a figure or in who did it."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for node, data in graph.nodes(data=True):
        if data.get("kind") == "event" and data.get("date"):
            groups[str(data.get("type")), str(data["date"])[:10]].append(str(node))
    found = []
    for _, members in sorted(groups.items()):
        for first, second in combinations(sorted(members), 2):
            if partners(graph, first, ("place", "target")) & partners(graph, second, ("place", "target")):
                differ = _differ(graph, first, second)
                if differ:
                    found.append(EventConflict(first=first, second=second, differ=differ))
    return found


def contested_events(graph: nx.MultiDiGraph) -> set[str]:
    """The events that stand in a conflict."""
    return {event for conflict in event_conflicts(graph) for event in (conflict.first, conflict.second)}


def partners(graph: nx.MultiDiGraph, event: str, roles: Iterable[str]) -> set[str]:
    """Who or what plays one of these roles."""
    wanted = set(roles)
    return {str(other) for _, other, data in graph.out_edges(event, data=True) if data.get("predicate") in wanted}


def _differ(graph: nx.MultiDiGraph, first: str, second: str) -> tuple[str, ...]:
    one, other = graph.nodes[first], graph.nodes[second]
    found = [
        name
        for name in FIGURES
        if one.get(name) is not None and other.get(name) is not None and one[name] != other[name]
    ]
    agents = partners(graph, first, ("agent",)), partners(graph, second, ("agent",))
    if agents[0] and agents[1] and not agents[0] & agents[1]:
        found.append("agent")
    return tuple(found)
