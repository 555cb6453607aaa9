"""Lay what the corpus has decided over one article's graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kg.datamodel import Claim, DocumentGraph, Entity, EntityId, Event, unique
from kg.graph.resolve import MENTIONED, is_mentioned

Canonical = Mapping[EntityId, Entity]
"""Id in an article -> the entity of the corpus; what is not there stays as it is. Labels may be empty."""


def unite(graph: DocumentGraph, canonical: Canonical, known: Mapping[EntityId, Entity]) -> DocumentGraph:
    """The graph with the entities of the corpus; ``known`` are the lexicon's, for their countries and parents."""
    if not any(entity.id in canonical for entity in graph.entities):
        return graph
    outlet = graph.entities[0].id
    found: dict[EntityId, Entity] = {}
    for entity in sorted(graph.entities, key=_fullest):
        united = _entity(entity, canonical)
        if united.id not in found:
            found[united.id] = united
        elif is_mentioned(united) and not is_mentioned(found[united.id]):
            found[united.id] = _mentioned(found[united.id])
    _surround(found, known)
    first = found.pop(canonical[outlet].id if outlet in canonical else outlet)
    claims = (_claim(claim, canonical) for claim in graph.claims)
    return DocumentGraph(
        document=graph.document,
        entities=(first, *(found[key] for key in sorted(found))),
        claims=unique(claim for claim in claims if claim.subject != claim.object),
        events=tuple(_event(event, canonical) for event in graph.events),
    )


def _fullest(entity: Entity) -> tuple[int, str, str]:
    return -len(entity.label_ar), entity.label_ar, entity.id


def _entity(entity: Entity, canonical: Canonical) -> Entity:
    target = canonical.get(entity.id)
    if target is None:
        return entity
    if target.lexicon is None:
        target = replace(target, label_ar=entity.label_ar, label_en=entity.label_en)
    return target if is_mentioned(entity) else replace(target, attributes={**target.attributes, MENTIONED: "no"})


def _mentioned(entity: Entity) -> Entity:
    return replace(entity, attributes={key: value for key, value in entity.attributes.items() if key != MENTIONED})


def _surround(found: dict[EntityId, Entity], known: Mapping[EntityId, Entity]) -> None:
    """Add the countries and parents that the entities point at."""
    queue = list(found.values())
    while queue:
        attributes = queue.pop().attributes
        for key in ("country", "parent"):
            target = EntityId(attributes.get(key, ""))
            if target in known and target not in found:
                found[target] = replace(known[target], attributes={**known[target].attributes, MENTIONED: "no"})
                queue.append(found[target])


def _ids(ids: Iterable[EntityId], canonical: Canonical) -> tuple[EntityId, ...]:
    return unique(_id(each, canonical) for each in ids)


def _id(one: EntityId, canonical: Canonical) -> EntityId:
    return canonical[one].id if one in canonical else one


def _claim(claim: Claim, canonical: Canonical) -> Claim:
    return replace(
        claim,
        subject=_id(claim.subject, canonical),
        object=_id(claim.object, canonical),
        holders=_ids(claim.holders, canonical),
        outlet=_id(EntityId(claim.outlet), canonical),
    )


def _event(event: Event, canonical: Canonical) -> Event:
    """The event keeps its id, which is its place in the text."""
    return replace(
        event,
        agents=_ids(event.agents, canonical),
        targets=_ids(event.targets, canonical),
        place=_ids(event.place, canonical),
        instrument=_ids(event.instrument, canonical),
        alleged_agents=unique((_id(agent, canonical), _id(sayer, canonical)) for agent, sayer in event.alleged_agents),
        holders=_ids(event.holders, canonical),
        outlet=_id(EntityId(event.outlet), canonical),
    )
