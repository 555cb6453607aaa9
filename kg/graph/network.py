"""The graph, or a slice of it, as a networkx MultiDiGraph: for pages, GraphML and analysis."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import networkx as nx

from kg.datamodel import Entity, EntityId
from kg.graph import iris
from kg.graph.records import ArticleGraph, ClaimRecord, EventRecord, Telling, read_articles, read_entities
from kg.graph.store import GraphStore

ROLES = ("agent", "target", "place", "instrument")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Which part of a graph is wanted; a field left empty asks for everything.

    ``since`` and ``until`` are ISO days on which the article was published; articles without a date are left out
    where either is given. ``outlets`` are entity ids or English labels.
    """

    since: str = ""
    until: str = ""
    types: Collection[str] = ()
    outlets: Collection[str] = ()
    predicates: Collection[str] = ()
    modalities: Collection[str] = ()
    confidence: float = 0.0
    events: bool = True


EVERYTHING = Slice()


def network(store: GraphStore, part: Slice = EVERYTHING) -> nx.MultiDiGraph:
    """The claims and events of a slice as a graph; nodes and edges come in a stable order.

    Node names are entity ids and event ids. Attributes of an entity: ``kind`` "entity", ``iri``, ``type``,
    ``label_ar``, ``label_en``, ``aliases`` (list), ``lexicon`` (id or ""), ``attributes`` (dict: lat, lon, country,
    parent, gloss). Of an event: ``kind`` "event", ``iri``, ``type``, ``label_ar``, ``label_en``, ``date``,
    ``count``, ``killed``, ``wounded`` (absent where the text is silent), ``responsibility`` ("" or claimed,
    attributed, denied, unclaimed), ``document``.

    Edges: one for each claim in each article (``kind`` "claim", ``predicate`` the relation's name) and one for each
    role of an event (``kind`` "role", ``predicate`` agent, target, place or instrument; an actor who is only said
    to have done it is an agent edge with the sayer as holder and modality "claimed"). The key is unique in the whole
    graph. Attributes: ``modality``, ``holders`` (node names outermost first; ["author"] where the outlet speaks),
    ``outlet`` (English label), ``outlet_id``, ``published``, ``date``, ``valid_from``, ``valid_until``,
    ``certainty``, ``confidence``, ``quote`` (the first sentence of evidence), ``context`` (the same), ``start`` and
    ``end`` (its offsets in the text), ``document``, ``url``, ``title``, ``rule``, ``claim`` (the claim's or event's
    id: the same claim in two articles is two edges with one id).
    Holders are nodes too, even where no edge touches them.
    """
    builder = _Builder(read_entities(store), part)
    for graph in read_articles(store):
        if builder.wants_article(graph):
            builder.add(graph)
    return builder.graph


class _Builder:
    def __init__(self, entities: dict[EntityId, Entity], part: Slice) -> None:
        self.entities = entities
        self.part = part
        self.graph = nx.MultiDiGraph()

    def wants_article(self, graph: ArticleGraph) -> bool:
        """Whether the article's date and outlet are in the slice."""
        part, article = self.part, graph.article
        if part.outlets and not {article.outlet, self.entities[article.outlet].label_en} & set(part.outlets):
            return False
        if not part.since and not part.until:
            return True
        day = article.published[:10]
        return bool(day) and (not part.since or day >= part.since) and (not part.until or day <= part.until)

    def add(self, graph: ArticleGraph) -> None:
        """Add what an article says."""
        for claim in graph.claims:
            if self.wants(claim) and self.wants_types(claim.subject, claim.object):
                self.claim(claim)
        if self.part.events:
            for event in graph.events:
                if self.wants(event):
                    self.event(event)

    def wants(self, telling: Telling) -> bool:
        """Whether modality, confidence and predicate are in the slice."""
        part = self.part
        return (
            telling.confidence >= part.confidence
            and (not part.modalities or telling.modality in part.modalities)
            and (not part.predicates or not isinstance(telling, ClaimRecord) or telling.predicate in part.predicates)
        )

    def wants_types(self, *ids: EntityId) -> bool:
        """Whether all these entities are of the types of the slice."""
        return not self.part.types or all(self.entities[each].type in self.part.types for each in ids)

    def node(self, name: EntityId) -> str:
        """The node of an entity, added if need be."""
        if name not in self.graph:
            entity = self.entities[name]
            self.graph.add_node(
                str(name),
                kind="entity",
                iri=iris.entity_iri(name).value,
                type=entity.type,
                label_ar=entity.label_ar,
                label_en=entity.label_en,
                aliases=list(entity.aliases),
                lexicon=entity.lexicon or "",
                attributes=dict(entity.attributes),
            )
        return str(name)

    def claim(self, claim: ClaimRecord) -> None:
        """One claim of one article."""
        subject, object_ = self.node(claim.subject), self.node(claim.object)
        data = self.said(claim) | {"valid_from": claim.valid_from, "valid_until": claim.valid_until}
        self.graph.add_edge(
            subject, object_, key=f"{claim.id}@{claim.article.id}", kind="claim", predicate=claim.predicate, **data
        )

    def event(self, event: EventRecord) -> None:
        """One event with an edge for each role; nothing where a participant is not of the types wanted."""
        by_role = dict(zip(ROLES, (event.agents, event.targets, event.place, event.instrument), strict=True))
        if not self.wants_types(*(each for ids in by_role.values() for each in ids)):
            return
        facts = {"count": event.count, "killed": event.killed, "wounded": event.wounded}
        self.graph.add_node(
            event.id,
            kind="event",
            iri=iris.EVENT + event.id,
            type=event.type,
            label_ar=event.label_ar,
            label_en=event.label_en,
            date=event.date,
            responsibility=event.positions[0].status if event.positions else "",
            document=event.article.id,
            **{key: value for key, value in facts.items() if value is not None},
        )
        for role, ids in by_role.items():
            for each in ids:
                self.role(event, role, each, {})
        for position in event.positions:
            if position.actor is not None and position.actor not in event.agents:
                holders = ["author"] if position.sayer == event.article.outlet else [self.node(position.sayer)]
                self.role(event, "agent", position.actor, {"holders": holders, "modality": "claimed"})

    def role(self, event: EventRecord, role: str, entity: EntityId, changes: dict[str, Any]) -> None:
        """One role of an event."""
        key = f"{event.id}-{role}-{entity}-{'-'.join(changes.get('holders', ()))}"
        data = self.said(event) | changes
        self.graph.add_edge(event.id, self.node(entity), key=key, kind="role", predicate=role, **data)

    def said(self, telling: Telling) -> dict[str, Any]:
        """Who says it, where and how: the attributes that all edges share."""
        quote = telling.evidence[0] if telling.evidence else None
        article = telling.article
        return {
            "claim": telling.id,
            "modality": telling.modality,
            "holders": [self.node(holder) for holder in telling.holders] or ["author"],
            "outlet": self.entities[article.outlet].label_en,
            "outlet_id": str(article.outlet),
            "published": article.published,
            "date": telling.date,
            "certainty": telling.certainty,
            "confidence": telling.confidence,
            "quote": quote.text if quote else "",
            "context": quote.text if quote else "",
            "start": quote.span.start if quote else 0,
            "end": quote.span.end if quote else 0,
            "document": str(article.id),
            "url": article.url,
            "title": article.title,
            "rule": iris.rule_name(telling.rules[0]) if telling.rules else "",
        }
