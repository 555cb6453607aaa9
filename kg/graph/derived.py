"""Graphs that are made from the others at the end of a build: kg:background, kg:counts.

Each is a function of the articles' graphs, written only where it differs, so that a build in steps ends where a
full one does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.graph.background import write_background
from kg.graph.store import GraphStore
from kg.vocabulary import KG, SCHEMA


def derive(store: GraphStore) -> None:
    """Bring all derived graphs in line with the articles."""
    write_background(store)
    store.replace_graph(KG.counts, set(counts(store)))


def counts(store: GraphStore) -> Iterator[Quad]:
    """In how many articles each entity is named; so that nobody has to count when asked."""
    found: Counter[NamedNode] = Counter()
    for quad in store.raw.quads_for_pattern(None, SCHEMA.mentions, None, None):
        if isinstance(quad.object, NamedNode):
            found[quad.object] += 1
    for entity, number in found.items():
        yield Quad(entity, KG.articles, Literal(number), KG.counts)
