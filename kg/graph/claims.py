"""An analysis and its entities become claims and events: what one named graph holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg import vocabulary
from kg.datamodel import (
    AUTHOR,
    UNCLAIMED,
    UNKNOWN,
    Analysis,
    ChainId,
    Claim,
    DocumentGraph,
    Entity,
    EntityId,
    Event,
    EventId,
    EventMention,
    Provenance,
    RelationMention,
    digest,
    unique,
)
from kg.errors import KgError
from kg.graph.resolve import by_id

_NOBODY = (AUTHOR, UNCLAIMED, UNKNOWN)


def assert_claims(analysis: Analysis, entities: Mapping[ChainId, Entity]) -> DocumentGraph:
    """Lift relations and events to the entities of the corpus.

    ``entities`` comes from ``resolve``; under AUTHOR it has the outlet, which becomes the first entity of the
    result. ``Claim.outlet`` is the outlet's entity id; ``Claim.holders`` is empty where the outlet itself speaks,
    so that the same claim of two outlets has one id.
    """
    lift = _Lift(analysis, entities)
    claims = unique(claim for relation in analysis.relations for claim in lift.claim(relation))
    events: dict[EventId, Event] = {}
    for mention in analysis.events:
        event = lift.event(mention)
        if event.id not in events or events[event.id].confidence < event.confidence:
            events[event.id] = event
    return DocumentGraph(
        document=analysis.document,
        entities=tuple(by_id(entities).values()),
        claims=claims,
        events=tuple(events.values()),
    )


class _Lift:
    """The lifting of one document; holds what every claim of it shares."""

    def __init__(self, analysis: Analysis, entities: Mapping[ChainId, Entity]) -> None:
        self.analysis = analysis
        self.document = analysis.document
        self.entities = entities
        self.outlet = entities[AUTHOR].id
        self.names = {entity.id: entity.label_en for entity in entities.values()}

    def claim(self, relation: RelationMention) -> Iterable[Claim]:
        """The claim of a relation; nothing where one end is nobody."""
        subject, object_ = self.ids((relation.subject,)), self.ids((relation.object,))
        vocabulary.predicate(relation.predicate)
        vocabulary.modality(relation.modality)
        if not subject or not object_ or subject == object_:
            return
        yield Claim(
            subject=subject[0],
            predicate=relation.predicate,
            object=object_[0],
            holders=self.ids(relation.holders),
            modality=relation.modality,
            document=self.document.id,
            outlet=self.outlet,
            published=self.document.published,
            date=relation.date,
            valid_from=relation.valid_from,
            valid_until=relation.valid_until,
            certainty=relation.certainty,
            confidence=relation.confidence,
            provenance=self.provenance(relation.sentence, relation.rule),
        )

    def event(self, mention: EventMention) -> Event:
        """The event of a mention; its id is its place in the text."""
        vocabulary.event_type(mention.type)
        vocabulary.modality(mention.modality)
        holders = self.ids(mention.holders)
        agents, targets, place = self.ids(mention.agents), self.ids(mention.targets), self.ids(mention.place)
        trigger = (mention.trigger.start, mention.trigger.end)
        return Event(
            id=EventId(digest("event", self.document.id, mention.type, trigger, holders, mention.modality)),
            type=mention.type,
            label=self.label(mention.type, agents, targets, place),
            agents=agents,
            targets=targets,
            place=place,
            instrument=self.ids(mention.instrument),
            alleged_agents=self.alleged(mention),
            count=mention.count,
            killed=mention.killed,
            wounded=mention.wounded,
            date=mention.date,
            responsibility=_responsibility(mention),
            holders=holders,
            modality=mention.modality,
            certainty=mention.certainty,
            confidence=mention.confidence,
            document=self.document.id,
            outlet=self.outlet,
            published=self.document.published,
            provenance=self.provenance(mention.sentence, mention.rule),
        )

    def ids(self, chains: Iterable[ChainId]) -> tuple[EntityId, ...]:
        """The entities of chains; AUTHOR, UNCLAIMED and UNKNOWN stand for nobody."""
        return unique(self.entity(chain).id for chain in chains if chain not in _NOBODY)

    def entity(self, chain: ChainId) -> Entity:
        """The entity of a chain."""
        if chain not in self.entities:
            raise KgError(f"{self.document.id}: the analysis names the chain {chain!r} and does not have it")
        return self.entities[chain]

    def alleged(self, mention: EventMention) -> tuple[tuple[EntityId, EntityId], ...]:
        """Who is said to have done it, by whom; the outlet where the text itself says so."""
        pairs = []
        for agent, sayer in mention.alleged_agents:
            if agent not in _NOBODY:
                pairs.append((self.entity(agent).id, self.outlet if sayer in _NOBODY else self.entity(sayer).id))
        return unique(pairs)

    def label(
        self, kind: str, agents: Iterable[EntityId], targets: Iterable[EntityId], place: Iterable[EntityId]
    ) -> str:
        """A short English label, such as ``attack: A -> B (C)``."""
        return event_label(kind, [[self.names[i] for i in ids] for ids in (agents, targets, place)], "en")

    def provenance(self, sentence: int, rule: str) -> Provenance:
        """The sentence as evidence."""
        span = self.analysis.sentences[sentence].span
        return Provenance(
            document=self.document.id,
            span=span,
            quote=span.of(self.document.text),
            rule=rule,
            version=self.analysis.version,
        )


def event_label(kind: str, roles: Iterable[list[str]], language: str) -> str:
    """The label of an event from the names of its agents, targets and places.

    >>> event_label("Attack", [["A"], ["B", "C"], ["D"]], "en")
    'attack: A \N{RIGHTWARDS ARROW} B, C (D)'
    """
    comma = "\N{ARABIC COMMA} " if language == "ar" else ", "
    agents, targets, place = (comma.join(names) for names in roles)
    label = vocabulary.label(vocabulary.event_type(kind), language)
    if agents or targets:
        arrow = "\N{LEFTWARDS ARROW}" if language == "ar" else "\N{RIGHTWARDS ARROW}"
        label += ": " + f" {arrow} ".join(part for part in (agents or "?", targets) if part)
    return f"{label} ({place})" if place else label


def _responsibility(mention: EventMention) -> str:
    if not mention.responsibility and UNCLAIMED in mention.agents:
        return "unclaimed"
    return mention.responsibility


def outlet_of(graph: DocumentGraph) -> Entity:
    """The outlet of a document's graph."""
    return graph.entities[0]
