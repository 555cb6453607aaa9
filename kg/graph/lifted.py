"""One article as it was lifted, before the corpus was looked at: kept beside its text.

What the corpus decides (which entities are one) is laid over it again whenever the corpus changes, so that a merge
can be undone without a trace. Quotes are not written; they are cut from the text again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from kg.datamodel import (
    Analysis,
    ChainId,
    Claim,
    Document,
    DocumentGraph,
    Entity,
    EntityId,
    Event,
    Provenance,
    Span,
    unique,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """A document's graph with the entities it has by itself, and how the text writes their names."""

    graph: DocumentGraph
    names: Mapping[EntityId, tuple[str, ...]]
    digest: str
    version: str = ""
    """What the analysis was made with; empty in what older programs wrote."""


def written_names(analysis: Analysis, entities: Mapping[ChainId, Entity]) -> dict[EntityId, tuple[str, ...]]:
    """The names under which the text knows its entities, without metonyms ("Washington" for a government)."""
    found: dict[EntityId, tuple[str, ...]] = {}
    text = analysis.document.text
    for chain in analysis.chains:
        entity = entities[chain.id]
        told = (" ".join(m.span.of(text).split()) for m in chain.mentions if not m.metonym)
        found[entity.id] = unique((*found.get(entity.id, ()), chain.name_ar, *sorted(told)))
    return {key: tuple(name for name in names if name) for key, names in sorted(found.items())}


def to_json(lifted: Lifted) -> bytes:
    """The record as bytes, the same for the same record."""
    content = {
        "digest": lifted.digest,
        "version": lifted.version,
        "entities": [_fields(each) for each in lifted.graph.entities],
        "claims": [_fields(each) for each in lifted.graph.claims],
        "events": [_fields(each) for each in lifted.graph.events],
        "names": dict(lifted.names),
    }
    return (json.dumps(content, ensure_ascii=True, separators=(",", ":")) + "\n").encode("ascii")


def from_json(content: bytes, document: Document) -> Lifted:
    """The record of a document whose text is at hand."""
    data = json.loads(content)
    return Lifted(
        graph=DocumentGraph(
            document=document,
            entities=tuple(Entity(**_tuples(each)) for each in data["entities"]),
            claims=tuple(Claim(**_told(each, document)) for each in data["claims"]),
            events=tuple(Event(**_told(each, document)) for each in data["events"]),
        ),
        names={EntityId(key): tuple(names) for key, names in data["names"].items()},
        digest=data["digest"],
        version=data.get("version", ""),
    )


_OF_DOCUMENT = frozenset({"document", "published"})


def _fields(record: Entity | Claim | Event) -> dict[str, object]:
    found: dict[str, object] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, Provenance):
            found[field.name] = [value.span.start, value.span.end, value.rule, value.version]
        elif field.name not in _OF_DOCUMENT:
            found[field.name] = dict(value) if isinstance(value, Mapping) else value
    return found


def _told(data: dict[str, Any], document: Document) -> dict[str, Any]:
    start, end, rule, version = data.pop("provenance")
    span = Span(start, end)
    provenance = Provenance(document=document.id, span=span, quote=span.of(document.text), rule=rule, version=version)
    return _tuples(data) | {"provenance": provenance, "document": document.id, "published": document.published}


def _tuples(data: dict[str, Any]) -> dict[str, Any]:
    """The record itself, its lists as tuples, and those in them; every article passes here, so no deeper."""
    for key, value in data.items():
        if type(value) is list:
            data[key] = tuple([tuple(each) if type(each) is list else each for each in value])
    return data
