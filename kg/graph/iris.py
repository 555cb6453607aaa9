"""The IRIs of nodes: deterministic, ASCII, never a blank node.

>>> entity_iri(EntityId("ain-al-asad")).value
'https://w3id.org/sanad-kg/id/entity/ain-al-asad'
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, unquote

from pyoxigraph import NamedNode

from kg import vocabulary
from kg.datamodel import ClaimId, DocumentId, EntityId, EventId, Span, digest
from kg.vocabulary import BASE

DATA = f"{BASE}id/"
ENTITY = f"{DATA}entity/"
CLAIM = f"{DATA}claim/"
EVENT = f"{DATA}event/"
ARTICLE = f"{DATA}article/"
PREFIXES = {
    **vocabulary.PREFIXES,
    **{
        name: f"{DATA}{name}/"
        for name in ("entity", "claim", "event", "article", "evidence", "membership", "responsibility", "rule")
    },
}
"""The prefixes of graphs, queries and exports: those of the vocabulary, and one for each kind of node."""


@lru_cache(maxsize=1 << 16)
def _safe(part: str) -> str:
    return quote(part.encode("utf-8", "surrogatepass"), safe="")


@lru_cache(maxsize=1 << 16)
def entity_iri(entity: EntityId) -> NamedNode:
    """The node of an entity."""
    return NamedNode(ENTITY + _safe(entity))


def claim_iri(claim: ClaimId) -> NamedNode:
    """The node of a claim."""
    return NamedNode(CLAIM + _safe(claim))


def event_iri(event: EventId) -> NamedNode:
    """The node of an event."""
    return NamedNode(EVENT + _safe(event))


def article_iri(document: DocumentId) -> NamedNode:
    """The node of an article, which is also the name of its graph."""
    return NamedNode(ARTICLE + _safe(document))


def evidence_iri(document: DocumentId, span: Span) -> NamedNode:
    """The node of a quoted piece of an article."""
    return NamedNode(f"{DATA}evidence/{_safe(document)}/{span.start}-{span.end}")


def rule_iri(rule: str, version: str) -> NamedNode:
    """The node of a rule in one version of the program."""
    return NamedNode(f"{DATA}rule/{_safe(rule or 'unnamed')}/{_safe(version or 'unversioned')}")


def membership_iri(person: EntityId, office: EntityId, status: str) -> NamedNode:
    """The node of somebody's tenure of an office."""
    return NamedNode(f"{DATA}membership/{digest('membership', person, office, status)}")


def tenure_iri(person: EntityId, office: EntityId, start: str, end: str) -> NamedNode:
    """The node of a tenure that the lexicon knows."""
    return NamedNode(f"{DATA}membership/{digest('tenure', person, office, start, end)}")


def merge_iri(one: EntityId, other: EntityId) -> NamedNode:
    """The node of the uniting of two ids that articles have."""
    return NamedNode(f"{DATA}merge/{digest('merge', one, other)}")


def responsibility_iri(event: EventId, *parts: str) -> NamedNode:
    """The node of a position on who did an event."""
    return NamedNode(f"{DATA}responsibility/{digest('responsibility', event, *parts)}")


def document_id(article: NamedNode) -> DocumentId:
    """The id of the document that an article's node stands for.

    >>> document_id(article_iri(DocumentId("a b/1")))
    'a b/1'
    """
    return DocumentId(unquote(article.value.removeprefix(ARTICLE), errors="surrogatepass"))


def last_part(iri: str) -> str:
    """The id that ends an IRI.

    >>> last_part(entity_iri(EntityId("x y")).value)
    'x y'
    """
    return unquote(iri.rpartition("/")[2], errors="surrogatepass")


def rule_name(iri: str) -> str:
    """The rule's name in a rule's IRI.

    >>> rule_name(rule_iri("holds-office-1", "0.1").value)
    'holds-office-1'
    """
    return unquote(iri.removeprefix(f"{DATA}rule/").partition("/")[0])
