"""A slice of a graph folder made ready to be shown: sentences in their context, outlets by name in both languages."""

from __future__ import annotations

from typing import Any

import networkx as nx

from kg.datamodel import DocumentId, EntityId
from kg.graph.folder import GraphFolder
from kg.graph.network import EVERYTHING, Slice, network
from kg.graph.records import EventRecord, read_articles, read_entities

ROOM = 150
"""How many characters of context are shown on either side of a quoted sentence."""


def story(folder: GraphFolder, part: Slice = EVERYTHING) -> nx.MultiDiGraph:
    """``kg.graph.network`` with ``context`` widened from the article's text, and with ``outlet_ar``.

    Events carry the words that tell them too, since not every event has a role whose edge could.
    """
    graph = network(folder.store, part)
    entities = read_entities(folder.store)
    for article in read_articles(folder.store):
        text = folder.document(article.article.id).text
        for event in article.events:
            if event.id in graph:
                _tell(graph.nodes[event.id], event, entities[article.article.outlet].label_en)
                _dress(graph.nodes[event.id], text, entities[article.article.outlet].label_ar)
    texts: dict[str, str] = {}
    for *_, data in graph.edges(data=True):
        name = data["document"]
        if name not in texts:
            texts[name] = folder.document(DocumentId(name)).text
        _dress(data, texts[name], entities[EntityId(data["outlet_id"])].label_ar)
    return graph


def _tell(data: dict[str, Any], event: EventRecord, outlet: str) -> None:
    quote = event.evidence[0] if event.evidence else None
    data |= {
        "modality": event.modality,
        "holders": [str(holder) for holder in event.holders] or ["author"],
        "certainty": event.certainty,
        "confidence": event.confidence,
        "outlet": outlet,
        "published": event.article.published,
        "title": event.article.title,
        "url": event.article.url,
        "quote": quote.text if quote else "",
        "start": quote.span.start if quote else 0,
        "end": quote.span.end if quote else 0,
    }


def _dress(data: dict[str, Any], text: str, outlet: str) -> None:
    data["outlet_ar"] = outlet
    widen(data, text)


def widen(data: dict[str, Any], text: str) -> None:
    """Give an edge the text around its quote; left as it is where the quote is not at its place."""
    start, end = int(data["start"]), int(data["end"])
    if end <= start or text[start:end] != data["quote"]:
        return
    first, last = window(text, start, end)
    data |= {"context": text[first:last], "quote_start": start - first, "quote_end": end - first}


def window(text: str, start: int, end: int, room: int = ROOM) -> tuple[int, int]:
    """A span with up to ``room`` characters on either side, cut between words.

    >>> text = "one two. three four. five six"
    >>> first, last = window(text, 9, 20, room=5)
    >>> text[first:last]
    'two. three four. five'
    """
    first, last = max(0, start - room), min(len(text), end + room)
    while first and first < start and not text[first - 1].isspace():
        first += 1
    while last < len(text) and last > end and not text[last].isspace():
        last -= 1
    return first, last
