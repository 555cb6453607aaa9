"""From the networkx graph to what the page knows: pyvis nodes and edges with our records inside."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx

from kg.view.layout import layout
from kg.view.words import clean_label, style, web_address

SHOWN = 160
"""How many nodes are drawn at first; the others wait in the page for search and expansion."""
_NODE_FIELDS = ("lexicon", "date", "count", "killed", "wounded", "responsibility", "iri")
_EDGE_FIELDS = ("kind", "predicate", "date", "valid_from", "valid_until")
_TOLD = ("modality", "certainty", "confidence", "outlet", "outlet_ar", "published", "document", "rule", "title")

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """All that a page holds of a graph; ``sentences`` are shared by the edges that quote them."""

    nodes: tuple[Record, ...]
    edges: tuple[Record, ...]
    sentences: tuple[str, ...]


def payload(graph: nx.MultiDiGraph, *, shown: int = SHOWN, placed: bool = True) -> Payload:
    """Turn a graph into records; nodes come most spoken-of first, and nothing empty is carried.

    ``placed`` is for whoever draws the nodes where they stand here; to find their places takes longest.
    """
    adjacency = {
        str(node): [str(other) for other in (*graph.successors(node), *graph.predecessors(node)) if other != node]
        for node in graph
    }
    degree = {str(node): int(count) for node, count in graph.degree()}
    order = sorted(adjacency, key=lambda node: (-degree[node], node))
    attributes = {str(node): data for node, data in graph.nodes(data=True)}
    core = _core(order, adjacency, {name for name in order if attributes[name].get("kind") == "event"}, shown)
    places = dict.fromkeys(order, (0.0, 0.0))
    if placed:
        sizes = {name: _size(degree[name]) for name in order}
        places = layout({node: sorted(adjacency[node]) for node in order}, inner=core, sizes=sizes)
    sentences: dict[str, int] = {}
    nodes = tuple(
        _node(name, attributes[name], degree[name], places[name])
        | _evidence(attributes[name], sentences)
        | ({"core": True} if name in core else {})
        for name in order
    )
    edges = tuple(
        _edge(str(source), str(target), str(key), data, sentences)
        for source, target, key, data in sorted(graph.edges(keys=True, data=True), key=lambda row: str(row[2]))
    )
    return Payload(nodes=nodes, edges=_unique_ids(edges), sentences=tuple(sentences))


def _core(order: Sequence[str], adjacency: Mapping[str, Sequence[str]], events: set[str], shown: int) -> set[str]:
    """The nodes to open with: the names most spoken of, and of all others those that touch most of them.

    Nothing stands alone among them, unless the graph has no edges at all.
    """
    joined = [name for name in order if adjacency[name]]
    if len(joined) <= shown:
        return set(joined or order[:shown])
    names = set([name for name in joined if name not in events][: shown // 2])
    touched = {name: len(names.intersection(adjacency[name])) for name in joined if name not in names}
    ranked = sorted((name for name in touched if touched[name]), key=lambda name: -touched[name])
    chosen = names | set(ranked[: shown - len(names)])
    return {name for name in chosen if not chosen.isdisjoint(adjacency[name])} or set(joined[:shown])


def _size(degree: int) -> float:
    return round(9 + 4.2 * math.sqrt(min(degree, 60)), 1)


def _node(name: str, data: Mapping[str, Any], degree: int, place: tuple[float, float]) -> Record:
    event = data.get("kind") == "event"
    look = style()["event"] if event else style()["types"].get(data.get("type"), style()["other"])
    english, arabic = clean_label(str(data.get("label_en") or "")), clean_label(str(data.get("label_ar") or ""))
    record: Record = {
        "id": name,
        "label": arabic or english or clean_label(name),
        "shape": look["shape"],
        "size": _size(degree),
        "x": round(place[0], 1),
        "y": round(place[1], 1),
        "kind": "event" if event else "entity",
        "type": clean_label(str(data.get("type") or ""), 60),
        "en": english,
        "ar": arabic,
        "aliases": [clean_label(str(alias)) for alias in data.get("aliases") or ()],
        "attributes": {clean_label(str(k), 60): clean_label(str(v)) for k, v in (data.get("attributes") or {}).items()},
    }
    record.update({field: _plain(data.get(field)) for field in _NODE_FIELDS})
    record.update(_coordinates(data))
    return {key: value for key, value in record.items() if value not in (None, "", [], {})}


def _coordinates(data: Mapping[str, Any]) -> Record:
    inner = data.get("attributes") or {}
    try:
        latitude = float(data.get("lat", inner.get("lat")))
        longitude = float(data.get("lon", inner.get("lon")))
    except (TypeError, ValueError):
        return {}
    return {"lat": latitude, "lon": longitude} if abs(latitude) <= 90 and abs(longitude) <= 180 else {}


def _edge(source: str, target: str, key: str, data: Mapping[str, Any], sentences: dict[str, int]) -> Record:
    record: Record = {"from": source, "to": target, "id": key}
    record.update({field: _plain(data.get(field)) for field in _EDGE_FIELDS})
    return {field: value for field, value in record.items() if value not in (None, "")} | _evidence(data, sentences)


def _evidence(data: Mapping[str, Any], sentences: dict[str, int]) -> Record:
    """Who says it, where, and the words; of an edge, or of an event that carries them itself."""
    record: Record = {field: _plain(data.get(field)) for field in _TOLD}
    record["holders"] = [clean_label(str(holder)) for holder in data.get("holders") or ()]
    record["url"] = web_address(data.get("url"))
    quote = str(data.get("quote") or "")
    context = str(data.get("context") or quote)
    if context:
        record["sentence"] = sentences.setdefault(context, len(sentences))
        record["quote"] = _place(quote, context, data.get("quote_start"), data.get("quote_end"))
    return {field: value for field, value in record.items() if value not in (None, "", [], {})}


def _place(quote: str, context: str, start: object, end: object) -> list[int]:
    """Where the quote stands in its context; looked for where the offsets given do not hold it."""
    if isinstance(start, int) and isinstance(end, int) and context[start:end] == quote:
        return [start, end]
    found = context.find(quote)
    return [found, found + len(quote)] if found >= 0 else [0, 0]


def _plain(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return clean_label(str(value), 400)


def _unique_ids(edges: tuple[Record, ...]) -> tuple[Record, ...]:
    """networkx keys are unique per pair of nodes; the page needs them unique over all."""
    seen: dict[str, int] = {}
    for edge in edges:
        count = seen[edge["id"]] = seen.get(edge["id"], 0) + 1
        if count > 1:
            edge["id"] = f"{edge['id']}~{count}"
    return edges
