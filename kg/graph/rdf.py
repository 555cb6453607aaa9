"""One document's graph as RDF 1.1 quads: deterministic, ASCII IRIs, no blank nodes.

A claim costs two triples of provenance (evidence and rule) and the evidence five a sentence, shared by all claims
and events of the sentence. Where several holders stand between the outlet and the speaker, ``kg:holder`` is the
speaker, ``kg:via`` each of the others, and ``kg:chain`` has all their IRIs in order, outermost first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad

from kg import vocabulary
from kg.datamodel import Claim, Document, DocumentGraph, Entity, EntityId, Event, Provenance, unique
from kg.errors import KgError
from kg.graph import iris
from kg.graph.claims import event_label, outlet_of
from kg.graph.dates import bounds
from kg.graph.resolve import is_mentioned, language_of
from kg.vocabulary import DCTERMS, EV, KG, OA, ORG, PROV, RDF, RDFS, SCHEMA, SKOS, WGS, XSD

Term = NamedNode | Literal
_SURROGATE = re.compile("[\ud800-\udfff]")
STATUS = {
    "claimed": "ClaimedResponsibility",
    "attributed": "AttributedResponsibility",
    "denied": "DeniedResponsibility",
    "unclaimed": "NoResponsibility",
}
"""Position on responsibility -> the local name of its term."""
_TENURES = {"holdsOffice": "CurrentTenure", "formerOffice": "FormerTenure"}


def quads(graph: DocumentGraph) -> Iterator[Quad]:
    """All quads of one document: its own graph, then its plain facts, then the entities it mentions."""
    own, facts, rules = parts(graph)
    yield from unique((*own, *facts))
    yield from unique(quad for entity in graph.entities for quad in entity_quads(entity))
    for node, provenance in rules.items():
        yield from rule_quads(node, provenance)


def parts(graph: DocumentGraph) -> tuple[list[Quad], list[Quad], dict[NamedNode, Provenance]]:
    """The quads of the document's own graph, its plain facts, and the rules that it names; some quads may repeat."""
    writer = _Writer(graph)
    own = [Quad(*triple, writer.article) for triple in writer.own()]
    facts = [Quad(*_triple(claim), KG.asserted) for claim in graph.claims if is_plain(claim)]
    return own, facts, writer.rules


def check_quote(document: Document, provenance: Provenance) -> None:
    """Raise KgError unless the characters of the text are the quote."""
    if provenance.span.of(document.text) != provenance.quote:
        span = provenance.span
        raise KgError(f"{document.id}: the text at {span.start}..{span.end} is not the quote; nothing was written")


class _Writer:
    """Writes one document; the graph of the article has the article's own IRI."""

    def __init__(self, graph: DocumentGraph) -> None:
        self.source = graph
        self.document = graph.document
        self.article = iris.article_iri(graph.document.id)
        self.outlet = outlet_of(graph)
        self.entities = {entity.id: entity for entity in graph.entities}
        self.cited: dict[NamedNode, Provenance] = {}
        self.rules: dict[NamedNode, Provenance] = {}

    def own(self) -> Iterator[tuple[NamedNode, NamedNode, Term]]:
        """The triples of the article's own graph."""
        yield from self.about_article()
        for group in _by_id(self.source.claims):
            yield from self.about_claim(group)
        for event in self.source.events:
            yield from self.about_event(event)
        for node, provenance in self.cited.items():
            yield node, RDF.type, KG.Evidence
            yield node, OA.hasSource, self.article
            yield node, OA.start, Literal(provenance.span.start)
            yield node, OA.end, Literal(provenance.span.end)
            yield node, OA.exact, text_literal(provenance.quote)

    def about_article(self) -> Iterator[tuple[NamedNode, NamedNode, Term]]:
        """Where the article comes from, and whom it mentions."""
        document, article = self.document, self.article
        title = document.title or document.id
        yield article, RDF.type, KG.Article
        yield article, RDFS.label, text_literal(title, "ar")
        yield article, RDFS.label, text_literal(f"{self.outlet.label_en}, {document.published or 'no date'}", "en")
        yield article, SCHEMA.publisher, iris.entity_iri(self.outlet.id)
        yield article, SCHEMA.identifier, text_literal(document.id)
        day = bounds(document.published)
        if day is not None:
            yield article, SCHEMA.datePublished, day_literal(day[0])
        if document.published and "T" in document.published:
            yield article, DCTERMS.issued, text_literal(document.published)
        for predicate, value in (
            (SCHEMA.headline, document.title),
            (SCHEMA.url, document.url),
            (SCHEMA.author, document.byline),
            (SCHEMA.locationCreated, document.dateline),
        ):
            if value:
                yield article, predicate, text_literal(value)
        for entity in self.source.entities:
            node = iris.entity_iri(entity.id)
            yield article, SCHEMA.mentions if is_mentioned(entity) else KG.involves, node
            if entity.lexicon is None:  # which label the corpus shows is decided over all articles
                yield node, KG.nameInText, text_literal(entity.label_ar, "ar")
                yield node, KG.nameInText, text_literal(entity.label_en, "en")

    def about_claim(self, group: list[Claim]) -> Iterator[tuple[NamedNode, NamedNode, Term]]:
        """One claim; ``group`` has each place of the article that makes it."""
        claim = max(group, key=_confidence)
        node = iris.claim_iri(claim.id)
        subject, predicate, object_ = _triple(claim)
        yield node, RDF.type, KG.Claim
        yield node, RDF.subject, subject
        yield node, RDF.predicate, predicate
        yield node, RDF.object, object_
        for language in ("ar", "en"):
            words = (self.name(claim.subject, language), vocabulary.label(predicate, language))
            yield node, RDFS.label, text_literal(" ".join((*words, self.name(claim.object, language))), language)
        yield from self.about_saying(node, claim)
        for key, value, index in (("validFrom", claim.valid_from, 0), ("validUntil", claim.valid_until, 1)):
            if days := bounds(value):
                yield node, KG[key], day_literal(days[index])
        for each in group:
            yield from self.cite(node, each.provenance)
        if claim.predicate in _TENURES and is_plain(claim):
            yield from self.about_tenure(claim)

    def about_saying(self, node: NamedNode, said: Claim | Event) -> Iterator[tuple[NamedNode, NamedNode, Term]]:
        """Who says it, how, how sure, and when it was."""
        holders = [iris.entity_iri(holder) for holder in said.holders or (self.outlet.id,)]
        yield node, KG.holder, holders[-1]
        if len(holders) > 1:
            yield node, KG.chain, Literal(" ".join(holder.value for holder in holders))
            for holder in holders[:-1]:
                yield node, KG.via, holder
        yield node, KG.modality, vocabulary.modality(said.modality)
        yield node, KG.confidence, decimal(said.confidence)
        if said.certainty:
            yield node, KG.certainty, text_literal(said.certainty)
        if said.date:
            yield node, KG.date, text_literal(said.date)
        if days := bounds(said.date):
            yield node, KG.earliest, day_literal(days[0])
            yield node, KG.latest, day_literal(days[1])

    def about_tenure(self, claim: Claim) -> Iterator[tuple[NamedNode, NamedNode, Term]]:
        """The membership behind a plain claim that somebody holds or held an office."""
        status = _TENURES[claim.predicate]
        node = iris.membership_iri(claim.subject, claim.object, status)
        yield node, RDF.type, ORG.Membership
        yield node, ORG.member, iris.entity_iri(claim.subject)
        yield node, KG.post, iris.entity_iri(claim.object)
        yield node, KG.tenure, KG[status]
        yield node, PROV.wasDerivedFrom, iris.claim_iri(claim.id)
        for language in ("ar", "en"):
            words = (self.name(claim.subject, language), self.name(claim.object, language))
            yield node, RDFS.label, text_literal(": ".join(words), language)
        if days := bounds(claim.date or claim.published):
            yield node, KG.asOf, day_literal(days[1])
        for key, value, index in (("validFrom", claim.valid_from, 0), ("validUntil", claim.valid_until, 1)):
            if days := bounds(value):
                yield node, KG[key], day_literal(days[index])

    def about_event(self, event: Event) -> Iterator[tuple[NamedNode, NamedNode, Term]]:
        """One event with its roles."""
        node = iris.event_iri(event.id)
        yield node, RDF.type, vocabulary.event_type(event.type)
        for language in ("ar", "en"):
            roles = [[self.name(i, language) for i in ids] for ids in (event.agents, event.targets, event.place)]
            yield node, RDFS.label, text_literal(event_label(event.type, roles, language), language)
        for role, ids in (
            (EV.agent, event.agents),
            (EV.target, event.targets),
            (EV.place, event.place),
            (EV.instrument, event.instrument),
        ):
            for entity in ids:
                yield node, role, iris.entity_iri(entity)
        for role, number in ((EV.count, event.count), (EV.killed, event.killed), (EV.wounded, event.wounded)):
            if number is not None:
                yield node, role, Literal(number)
        yield from self.about_saying(node, event)
        yield from self.cite(node, event.provenance)
        for position in self.positions(event):
            yield from self.about_responsibility(event, *position)

    def positions(self, event: Event) -> Iterator[tuple[str, EntityId | None, EntityId]]:
        """The positions on who did it: status, actor, who says so."""
        sayer = event.holders[-1] if event.holders else self.outlet.id
        if event.responsibility == "unclaimed":
            yield "unclaimed", None, sayer
        elif event.responsibility:
            for agent in event.agents:
                yield event.responsibility, agent, sayer
        for agent, alleger in event.alleged_agents:
            yield ("claimed" if agent == alleger else "attributed"), agent, alleger

    def about_responsibility(
        self, event: Event, status: str, actor: EntityId | None, sayer: EntityId
    ) -> Iterator[tuple[NamedNode, NamedNode, Term]]:
        """One position on who did the event."""
        node = iris.responsibility_iri(event.id, status, actor or "", sayer)
        kind = EV[STATUS[status]]
        yield iris.event_iri(event.id), EV.responsibility, node
        yield node, RDF.type, EV.Responsibility
        yield node, EV.status, kind
        yield node, EV.saidBy, iris.entity_iri(sayer)
        if actor is not None:
            yield node, EV.actor, iris.entity_iri(actor)
        if days := bounds(event.published):
            yield node, KG.asOf, day_literal(days[0])
        for language in ("ar", "en"):
            words = [vocabulary.label(kind, language)] + ([self.name(actor, language)] if actor is not None else [])
            yield node, RDFS.label, text_literal(": ".join(words), language)

    def cite(self, node: NamedNode, provenance: Provenance) -> Iterator[tuple[NamedNode, NamedNode, Term]]:
        """Evidence and rule; the evidence itself is written once."""
        check_quote(self.document, provenance)
        evidence = iris.evidence_iri(provenance.document, provenance.span)
        rule = iris.rule_iri(provenance.rule, provenance.version)
        self.cited[evidence] = provenance
        self.rules[rule] = provenance
        yield node, PROV.wasDerivedFrom, evidence
        yield node, PROV.wasGeneratedBy, rule

    def name(self, entity: EntityId, language: str) -> str:
        """The label of an entity of this document."""
        found = self.entities[entity]
        return found.label_ar if language == "ar" else found.label_en


@dataclass(frozen=True, slots=True)
class _Attribute:
    predicate: NamedNode
    kind: str


def entity_quads(entity: Entity) -> Iterator[Quad]:
    """Type, labels and lexicon facts of an entity, in the graph of entities."""
    node, graph = iris.entity_iri(entity.id), KG.entities
    yield Quad(node, RDF.type, vocabulary.entity_type(entity.type), graph)
    yield Quad(node, RDFS.label, text_literal(entity.label_ar, "ar"), graph)
    yield Quad(node, RDFS.label, text_literal(entity.label_en, "en"), graph)
    for alias in entity.aliases:
        yield Quad(node, SKOS.altLabel, text_literal(alias, language_of(alias)), graph)
    if entity.lexicon is not None:
        yield Quad(node, KG.lexiconId, text_literal(entity.lexicon), graph)
    known = {
        "lat": _Attribute(WGS.lat, "decimal"),
        "lon": _Attribute(WGS.long, "decimal"),
        "country": _Attribute(KG.country, "entity"),
        "parent": _Attribute(KG.parent, "entity"),
        "gloss": _Attribute(DCTERMS.description, "text"),
    }
    for key, value in sorted(entity.attributes.items()):
        if key in known:
            yield Quad(node, known[key].predicate, _attribute(value, known[key].kind), graph)


def rule_quads(node: NamedNode, provenance: Provenance) -> Iterator[Quad]:
    """A rule in one version, in the graph of entities."""
    name = provenance.rule or "unnamed"
    yield Quad(node, RDF.type, KG.Rule, KG.entities)
    for language in ("ar", "en"):
        label = f"{vocabulary.label(KG.Rule, language)}: {name}"
        yield Quad(node, RDFS.label, text_literal(label, language), KG.entities)
    yield Quad(node, SCHEMA.softwareVersion, text_literal(provenance.version), KG.entities)


def is_plain(claim: Claim) -> bool:
    """Whether the outlet itself affirms it, so that the triple may stand as a plain fact."""
    return claim.modality == "asserted" and claim.holders in ((), (claim.outlet,))


def text_literal(text: str, language: str | None = None) -> Literal:
    """A literal; a lone surrogate, which RDF cannot hold, becomes U+FFFD."""
    try:
        return Literal(text, language=language)
    except UnicodeEncodeError:
        return Literal(_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text), language=language)


def day_literal(day: date) -> Literal:
    """A day."""
    return Literal(day.isoformat(), datatype=XSD.date)


def decimal(value: float) -> Literal:
    """A decimal with three places at most, in the canonical form that stores keep."""
    number = Decimal(repr(value)).quantize(Decimal("0.001")).normalize()
    return Literal(f"{number:f}" if number else "0", datatype=XSD.decimal)


def _attribute(value: str, kind: str) -> Term:
    if kind == "entity":
        return iris.entity_iri(EntityId(value))
    if kind == "decimal":
        return Literal(f"{Decimal(value).normalize():f}", datatype=XSD.decimal)
    return text_literal(value, "en")


def _triple(claim: Claim) -> tuple[NamedNode, NamedNode, NamedNode]:
    return iris.entity_iri(claim.subject), vocabulary.predicate(claim.predicate), iris.entity_iri(claim.object)


def _confidence(claim: Claim) -> float:
    return claim.confidence


def _by_id(claims: Iterable[Claim]) -> Iterable[list[Claim]]:
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        groups.setdefault(claim.id, []).append(claim)
    return groups.values()
