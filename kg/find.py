"""Find entities of a graph by name, in either script and any spelling, and sentences by what they say."""

from __future__ import annotations

from kg.datamodel import Entity
from kg.graph.find import Hit
from kg.graph.folder import GraphFolder
from kg.graph.records import read_entities, read_entity
from kg.language.arabic import ARABIC_LETTER
from kg.language.romanise import LIKELY, NameIndex

_NAMES_EACH = 8
"""Names that one entity may have among the hits; an entity is listed once."""


def find_entities(folder: GraphFolder, name: str, *, limit: int = 10) -> tuple[Entity, ...]:
    """The entities that ``name`` may mean: equal names, names that hold it, and only then those that sound like it."""
    hits = folder.find(name, limit=limit * _NAMES_EACH, kind="name")
    found = {hit.iri: read_entity(folder.store, hit.iri) for hit in hits}
    entities = list(found.values()) or _alike(folder, name, limit)
    return tuple(entities[:limit])


def find_evidence(folder: GraphFolder, text: str, *, limit: int = 10) -> tuple[Hit, ...]:
    """The sentences of evidence that have ``text`` in them, each with the article it stands in."""
    return tuple(folder.find(text, limit=limit, kind="evidence"))


def _alike(folder: GraphFolder, name: str, limit: int) -> list[Entity]:
    """Entities with an Arabic name that sounds like ``name``; reads every name of the graph."""
    owners: dict[str, list[Entity]] = {}
    for entity in read_entities(folder.store).values():
        for each in (entity.label_ar, *entity.aliases):
            if ARABIC_LETTER.search(each):
                owners.setdefault(each, []).append(entity)
    found = {
        entity.id: entity for each in NameIndex(owners).search(name, limit, worst=LIKELY) for entity in owners[each]
    }
    return list(found.values())
