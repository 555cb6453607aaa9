"""The whole graph in formats that other programs read; the same graph gives the same bytes in each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

import networkx as nx
from pyoxigraph import RdfFormat, serialize

from kg.graph.network import network
from kg.graph.store import GraphStore, in_order
from kg.vocabulary import PREFIXES

ExportFormat = Literal["turtle", "trig", "nquads", "jsonld", "graphml"]
FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)


def export(store: GraphStore, kind: ExportFormat) -> bytes:
    """The graph as text. ``nquads`` is canonical; ``turtle`` knows no named graphs and holds the union of them."""
    if kind == "nquads":
        return store.nquads()
    if kind == "trig":
        return store.trig()
    if kind == "turtle":
        triples = dict.fromkeys(quad.triple for quad in store.sorted_quads())
        return in_order(serialize(sorted(triples, key=str), format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"")
    if kind == "jsonld":
        return serialize(store.sorted_quads(), format=RdfFormat.JSON_LD) or b""
    return "\n".join([*nx.generate_graphml(_flat(network(store))), ""]).encode("utf-8")


def _flat(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """A copy whose attributes are single values, as GraphML wants: lists are joined, dicts spread out."""
    flat = nx.MultiDiGraph()
    for node, attributes in graph.nodes(data=True):
        flat.add_node(node, **_single(attributes))
    for source, target, key, attributes in graph.edges(keys=True, data=True):
        flat.add_edge(source, target, key=key, **_single(attributes))
    return flat


def _single(attributes: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in attributes.items():
        if isinstance(value, dict):
            found.update((f"{name}_{key}", str(inner)) for key, inner in value.items())
        elif isinstance(value, list | tuple):
            found[name] = " | ".join(map(str, value))
        elif value is not None:
            found[name] = value
    return found
