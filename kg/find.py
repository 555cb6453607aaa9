"""Find entities of a graph by name, in either script and any spelling."""

from __future__ import annotations

from collections.abc import Iterable

from kg.datamodel import Entity
from kg.graph.records import read_entities
from kg.graph.store import GraphStore
from kg.language.arabic import ARABIC_LETTER, fold
from kg.language.romanise import NameIndex


def find_entities(store: GraphStore, name: str, *, limit: int = 10) -> tuple[Entity, ...]:
    """The entities that ``name`` may mean, best first: equal names, names that hold it, names that sound like it."""
    entities = sorted(read_entities(store).values(), key=_order)
    wanted = _plain(name)
    equal = [entity for entity in entities if wanted in map(_plain, _names(entity))]
    held = [entity for entity in entities if any(wanted in each for each in map(_plain, _names(entity)))]
    found = {entity.id: entity for entity in (*equal, *held, *_alike(entities, name, limit))}
    return tuple(found.values())[:limit] if wanted else ()


def _order(entity: Entity) -> tuple[str, str]:
    return entity.label_en, entity.id


def _names(entity: Entity) -> Iterable[str]:
    return (entity.label_ar, entity.label_en, *entity.aliases)


def _plain(name: str) -> str:
    return " ".join(fold(name).casefold().replace("-", " ").replace("'", "").split())


def _alike(entities: Iterable[Entity], name: str, limit: int) -> list[Entity]:
    """Arabic names found by sound."""
    owners: dict[str, list[Entity]] = {}
    for entity in entities:
        for each in _names(entity):
            if ARABIC_LETTER.search(each):
                owners.setdefault(each, []).append(entity)
    return [entity for found in NameIndex(owners).search(name, limit) for entity in owners[found]]
