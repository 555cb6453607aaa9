"""What a person should look at: names that may be one entity, and claims that the program is least sure of."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import Final

import networkx as nx
from rapidfuzz import fuzz

from kg.language.arabic import fold
from kg.view.rivals import Edge, edges

ALIKE: Final = 86.0
UNSURE: Final = 0.6
_MOST: Final = 300


def alike(graph: nx.MultiDiGraph, *, limit: int = 60) -> list[tuple[str, str, float]]:
    """Pairs of entities of one type whose names are nearly equal, the most alike first.

    Two that the lexicon tells apart are no question. Only the most spoken-of of a type are compared.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for node in sorted(graph, key=lambda node: (-graph.degree(node), str(node))):
        data = graph.nodes[node]
        if data.get("kind") != "event" and len(groups[str(data.get("type"))]) < _MOST:
            groups[str(data.get("type"))].append(str(node))
    names = {node: fold(str(graph.nodes[node].get("label_ar") or "")) for group in groups.values() for node in group}
    found = [
        (one, other, score)
        for members in groups.values()
        for one, other in combinations(members, 2)
        if not (graph.nodes[one].get("lexicon") and graph.nodes[other].get("lexicon"))
        for score in (_score(names[one], names[other]),)
        if score >= ALIKE
    ]
    return sorted(found, key=lambda row: (-row[2], row[0], row[1]))[:limit]


def _score(one: str, other: str) -> float:
    return float(fuzz.token_set_ratio(one, other)) if one and other else 0.0


def doubtful(graph: nx.MultiDiGraph, *, limit: int = 60) -> list[Edge]:
    """Claims below the line of confidence, the least sure first."""
    unsure = [edge for edge in edges(graph, "claim") if float(edge.data.get("confidence") or 0) < UNSURE]
    return sorted(unsure, key=lambda edge: (float(edge.data.get("confidence") or 0), edge.key))[:limit]
