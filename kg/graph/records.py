"""What a store says, read back as records: for networks, exports and checks that do not need SPARQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode, Quad

from kg.datamodel import DocumentId, Entity, EntityId, LexiconId, Span
from kg.graph import iris
from kg.graph.rdf import STATUS
from kg.graph.store import GraphStore
from kg.vocabulary import DCTERMS, EV, KG, OA, PROV, RDF, RDFS, SCHEMA, SKOS, WGS, local_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRecord:
    """One article without its text."""

    id: DocumentId
    title: str
    outlet: EntityId
    published: str
    url: str
    mentions: tuple[EntityId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A piece of evidence."""

    document: DocumentId
    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What claims and events have in common. ``holders`` is outermost first, empty where the outlet speaks."""

    id: str
    article: ArticleRecord
    label_ar: str
    label_en: str
    holders: tuple[EntityId, ...]
    modality: str
    confidence: float
    certainty: str
    date: str
    evidence: tuple[Quote, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRecord(Telling):
    """A claim as one article makes it."""

    subject: EntityId
    predicate: str
    object: EntityId
    valid_from: str
    valid_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Who is said to have done an event, and by whom."""

    status: str
    actor: EntityId | None
    sayer: EntityId


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord(Telling):
    """An event as one sentence tells it."""

    type: str
    agents: tuple[EntityId, ...]
    targets: tuple[EntityId, ...]
    place: tuple[EntityId, ...]
    instrument: tuple[EntityId, ...]
    count: int | None
    killed: int | None
    wounded: int | None
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleGraph:
    """One article with all that it says."""

    article: ArticleRecord
    claims: tuple[ClaimRecord, ...]
    events: tuple[EventRecord, ...]


def read_entities(store: GraphStore) -> dict[EntityId, Entity]:
    """Every entity of the store by id, in order of id."""
    facts = _facts(store.raw.quads_for_pattern(None, None, None, KG.entities))
    labels = _labels(store.raw.quads_for_pattern(None, RDFS.label, None, KG.entities))
    found = {}
    for iri in sorted(facts):
        if iri.startswith(iris.ENTITY):
            entity = _entity(iri, facts[iri], labels[iri])
            found[entity.id] = entity
    return found


def read_entity(store: GraphStore, iri: str) -> Entity:
    """One entity of the store."""
    quads = list(store.raw.quads_for_pattern(NamedNode(iri), None, None, KG.entities))
    return _entity(iri, _facts(quads).get(iri, {}), _labels(quads).get(iri, {}))


def read_articles(store: GraphStore) -> Iterator[ArticleGraph]:
    """Every article with its claims and events, in order of id."""
    for document in store.articles():
        article = iris.article_iri(document)
        quads = list(store.raw.quads_for_pattern(None, None, None, article))
        yield _Reader(article, quads).graph()


def _facts(quads: Iterable[Quad]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for quad in quads:
        found.setdefault(_text(quad.subject), {}).setdefault(quad.predicate.value, []).append(_text(quad.object))
    for properties in found.values():
        for values in properties.values():
            values.sort()
    return found


def _text(term: object) -> str:
    return str(getattr(term, "value", term))


def _labels(quads: Iterable[Quad]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for quad in quads:
        if quad.predicate == RDFS.label:
            language = getattr(quad.object, "language", None) or ""
            found.setdefault(_text(quad.subject), {})[language] = _text(quad.object)
    return found


def _one(properties: Mapping[str, list[str]], predicate: NamedNode) -> str:
    return properties.get(predicate.value, [""])[0]


def entity_id(iri: str) -> EntityId:
    """The id behind an entity's IRI."""
    return EntityId(iris.last_part(iri))


def _ids(properties: Mapping[str, list[str]], predicate: NamedNode) -> tuple[EntityId, ...]:
    return tuple(entity_id(value) for value in properties.get(predicate.value, ()))


def _number(properties: Mapping[str, list[str]], predicate: NamedNode) -> int | None:
    value = _one(properties, predicate)
    return int(value) if value else None


def _entity(iri: str, properties: Mapping[str, list[str]], labels: Mapping[str, str]) -> Entity:
    attributes = {
        "lat": _one(properties, WGS.lat),
        "lon": _one(properties, WGS.long),
        "gloss": _one(properties, DCTERMS.description),
        "country": "".join(_ids(properties, KG.country)[:1]),
        "parent": "".join(_ids(properties, KG.parent)[:1]),
    }
    lexicon = _one(properties, KG.lexiconId)
    return Entity(
        id=entity_id(iri),
        type=local_name(NamedNode(_one(properties, RDF.type))),
        label_ar=labels.get("ar", ""),
        label_en=labels.get("en", ""),
        aliases=tuple(properties.get(SKOS.altLabel.value, ())),
        lexicon=LexiconId(lexicon) if lexicon else None,
        attributes={key: value for key, value in attributes.items() if value},
    )


class _Reader:
    """Reads one article's graph."""

    def __init__(self, iri: NamedNode, quads: list[Quad]) -> None:
        self.facts = _facts(quads)
        self.labels = _labels(quads)
        own = self.facts[iri.value]
        self.article = ArticleRecord(
            id=iris.document_id(iri),
            title=_one(own, SCHEMA.headline),
            outlet=entity_id(_one(own, SCHEMA.publisher)),
            published=_one(own, DCTERMS.issued) or _one(own, SCHEMA.datePublished),
            url=_one(own, SCHEMA.url),
            mentions=_ids(own, SCHEMA.mentions),
        )

    def graph(self) -> ArticleGraph:
        """The whole of it."""
        claims = tuple(self.claim(iri) for iri in sorted(self.facts) if iri.startswith(iris.CLAIM))
        events = tuple(self.event(iri) for iri in sorted(self.facts) if iri.startswith(iris.EVENT))
        return ArticleGraph(article=self.article, claims=claims, events=events)

    def holders(self, own: Mapping[str, list[str]]) -> tuple[EntityId, ...]:
        """The holders outermost first, none where the outlet speaks."""
        chain = _one(own, KG.chain)
        holders = tuple(entity_id(iri) for iri in chain.split()) if chain else _ids(own, KG.holder)
        return () if holders == (self.article.outlet,) else holders

    def quotes(self, own: Mapping[str, list[str]]) -> tuple[Quote, ...]:
        """The evidence, in order of the text."""
        found = []
        for iri in own.get(PROV.wasDerivedFrom.value, ()):
            evidence = self.facts[iri]
            span = Span(int(_one(evidence, OA.start)), int(_one(evidence, OA.end)))
            found.append(Quote(document=self.article.id, span=span, text=_one(evidence, OA.exact)))
        return tuple(sorted(found, key=_place))

    def _telling(self, iri: str) -> dict[str, Any]:
        """What claims and events have in common."""
        own, labels = self.facts[iri], self.labels.get(iri, {})
        return {
            "id": iris.last_part(iri),
            "article": self.article,
            "label_ar": labels.get("ar", ""),
            "label_en": labels.get("en", ""),
            "holders": self.holders(own),
            "modality": local_name(NamedNode(_one(own, KG.modality))).lower(),
            "confidence": float(_one(own, KG.confidence)),
            "certainty": _one(own, KG.certainty),
            "date": _one(own, KG.date),
            "evidence": self.quotes(own),
            "rules": tuple(own.get(PROV.wasGeneratedBy.value, ())),
        }

    def claim(self, iri: str) -> ClaimRecord:
        """A claim."""
        own = self.facts[iri]
        return ClaimRecord(
            **self._telling(iri),
            subject=entity_id(_one(own, RDF.subject)),
            predicate=local_name(NamedNode(_one(own, RDF.predicate))),
            object=entity_id(_one(own, RDF.object)),
            valid_from=_one(own, KG.validFrom),
            valid_until=_one(own, KG.validUntil),
        )

    def event(self, iri: str) -> EventRecord:
        """An event with its roles."""
        own = self.facts[iri]
        return EventRecord(
            **self._telling(iri),
            type=local_name(NamedNode(_one(own, RDF.type))),
            agents=_ids(own, EV.agent),
            targets=_ids(own, EV.target),
            place=_ids(own, EV.place),
            instrument=_ids(own, EV.instrument),
            count=_number(own, EV.count),
            killed=_number(own, EV.killed),
            wounded=_number(own, EV.wounded),
            positions=tuple(self.position(node) for node in own.get(EV.responsibility.value, ())),
        )

    def position(self, iri: str) -> Position:
        """A position on who did it."""
        own = self.facts[iri]
        actors = _ids(own, EV.actor)
        status = _STATUS[local_name(NamedNode(_one(own, EV.status)))]
        return Position(status=status, actor=actors[0] if actors else None, sayer=_ids(own, EV.saidBy)[0])


_STATUS = {term: status for status, term in STATUS.items()}


def _place(quote: Quote) -> tuple[int, int]:
    return quote.span.start, quote.span.end
