"""Every record that crosses a module boundary.

Spans are half-open ranges of code points into ``Document.text``, which is never edited:
``document.text[span.start:span.end]`` is always the quote. Records are frozen and compared by value.
Names follow ACE/ERE for the text (``EntityMention``, ``EventMention``), TimeML for time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType, TypeVar

Item = TypeVar("Item")
DocumentId = NewType("DocumentId", str)
MentionId = NewType("MentionId", str)
ChainId = NewType("ChainId", str)
EntityId = NewType("EntityId", str)
EventId = NewType("EventId", str)
ClaimId = NewType("ClaimId", str)
LexiconId = NewType("LexiconId", str)

Modality = Literal["asserted", "claimed", "hypothetical", "negated", "planned"]
TokenKind = Literal["word", "number", "latin", "url", "punct"]
TimeType = Literal["date", "time", "duration", "set"]
AUTHOR = ChainId("author")
"""The holder of what the outlet says in its own voice."""
UNCLAIMED = ChainId("unclaimed")
"""The agent of an attack that nobody has claimed."""
UNKNOWN = ChainId("unknown")
"""The agent of an event whose text leaves open who did it."""


def digest(kind: str, *parts: object) -> str:
    """Return a stable 16-digit id for content: the hash of a JSON array, no separators to inject.

    >>> digest("x", "a", "b") == digest("x", "ab")
    False
    """
    payload = json.dumps([kind, *parts], ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points. Positional, because it is written so often: ``Span(3, 7)``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """The characters it stands for."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Whether ``other`` lies inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article as it was read. ``published`` is an ISO day or minute, or None."""

    id: DocumentId
    text: str
    title: str = ""
    outlet: str = ""
    published: str | None = None
    url: str | None = None
    byline: str | None = None
    dateline: str | None = None
    source: str = ""
    """Where it was read from; for messages only, never part of the graph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence or a headline; ``index`` counts from 0 in text order; tokens are a range."""

    span: Span
    index: int
    first_token: int
    last_token: int
    question: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One morphological analysis of a word type; shared by all tokens of that type.

    ``proclitics`` are ids in order (``wa fa bi li ka sa al``); ``enclitic`` is person-gender-number such as
    ``3ms`` or empty; ``core`` counts the characters of the *normalised* word taken by proclitics other
    than ``al`` (with li + al contracted it is 0: the word stays whole); ``lemma`` is the normalised,
    undiacritised dictionary form; ``pos`` is UPOS.
    """

    lemma: str
    pos: str
    proclitics: tuple[str, ...] = ()
    enclitic: str = ""
    core: int = 0
    enclitic_length: int = 0
    gender: str = ""
    number: str = ""
    person: str = ""
    aspect: str = ""
    voice: str = ""
    mood: str = ""
    definite: bool = False
    participle: str = ""
    root: str = ""
    gloss: str = ""
    romanisation: str = ""
    known: bool = False
    weight: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token with its exact place, its normalised form and its reading in context.

    ``core`` is the span without separable proclitics (it keeps ``al-``, and the whole word where li + al
    are contracted).
    """

    span: Span
    norm: str
    kind: TokenKind
    reading: Reading
    core: Span
    sentence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name or name-like short form (ACE mention): a typed span found by one recogniser."""

    span: Span
    type: str
    norm: str
    sentence: int
    source: str
    """Which recogniser: ``lexicon``, ``frame:<rule>``, ``crf``, ..."""
    score: float
    reason: str
    candidates: tuple[LexiconId, ...] = ()
    """Lexicon entities it may stand for, best first."""
    metonym: bool = False
    short: bool = False
    """A short form that needs support from the document or the context."""

    @property
    def id(self) -> MentionId:
        """Stable within the document."""
        return MentionId(f"{self.span.start}-{self.span.end}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """A TimeML expression; ``value`` is an ISO day, month, year, interval ``a/b``, minute, or duration."""

    span: Span
    type: TimeType
    value: str
    sentence: int
    relative: bool = False
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreferenceChain:
    """All mentions of one entity in one document."""

    id: ChainId
    type: str
    name_ar: str
    name_en: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Which lexicon entity a chain is, or None (NIL), with the reasons for the score."""

    chain: ChainId
    target: LexiconId | None
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who says what stands in ``scope``. ``holders`` from the outermost in: X quoted by Y is (Y, X)."""

    scope: Span
    holders: tuple[ChainId, ...]
    cue: Span
    rule: str
    direct: bool = False
    denied: bool = False
    """The holder says that what stands in scope is not so."""
    accused: tuple[ChainId, ...] = ()
    """Whom an accusation names: the agent of what stands in scope."""
    sentence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationMention:
    """A relation said in one sentence."""

    predicate: str
    subject: ChainId
    object: ChainId
    sentence: int
    span: Span
    trigger: Span
    holders: tuple[ChainId, ...] = (AUTHOR,)
    modality: Modality = "asserted"
    date: str | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    confidence: float = 0.5
    rule: str = ""
    slots: tuple[tuple[str, Span], ...] = ()
    """Where each argument was quoted, where a model says so."""
    certainty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMention:
    """An event told in one sentence, with its roles."""

    type: str
    trigger: Span
    sentence: int
    span: Span
    agents: tuple[ChainId, ...] = ()
    targets: tuple[ChainId, ...] = ()
    place: tuple[ChainId, ...] = ()
    instrument: tuple[ChainId, ...] = ()
    count: int | None = None
    date: str | None = None
    killed: int | None = None
    wounded: int | None = None
    alleged_agents: tuple[tuple[ChainId, ChainId], ...] = ()
    """Pairs (agent, who says so) where the sentence leaves open who did it."""
    responsibility: str = ""
    """``claimed``, ``attributed``, ``denied``, ``unclaimed`` or empty."""
    holders: tuple[ChainId, ...] = (AUTHOR,)
    modality: Modality = "asserted"
    confidence: float = 0.5
    rule: str = ""
    certainty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What ``analyse`` found in one document."""

    document: Document
    sentences: tuple[Sentence, ...]
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    times: tuple[TimeExpression, ...]
    chains: tuple[CoreferenceChain, ...]
    links: tuple[Link, ...]
    relations: tuple[RelationMention, ...]
    events: tuple[EventMention, ...]
    attributions: tuple[Attribution, ...]
    version: str = ""


# ---------------------------------------------------------------- the graph layer


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a claim stands: document, exact characters, and the rule and version that found it."""

    document: DocumentId
    span: Span
    quote: str
    rule: str
    version: str

    def __post_init__(self) -> None:
        if self.span.end - self.span.start != len(self.quote):
            raise ValueError("the quote is not as long as its span")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One entity of the corpus; a view over the chains and lexicon row that were resolved to it."""

    id: EntityId
    type: str
    label_ar: str
    label_en: str
    aliases: tuple[str, ...] = ()
    lexicon: LexiconId | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody says that subject, predicate, object. Evidence is not part of its identity."""

    subject: EntityId
    predicate: str
    object: EntityId
    holders: tuple[EntityId, ...]
    modality: Modality
    document: DocumentId
    outlet: str
    published: str | None
    date: str | None
    valid_from: str | None
    valid_until: str | None
    certainty: str
    confidence: float
    provenance: Provenance

    @property
    def id(self) -> ClaimId:
        """Hash of the content: the triple, who says so, how, and when; the same for every outlet."""
        return ClaimId(
            digest("claim", self.subject, self.predicate, self.object, self.holders, self.modality, self.date)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event mention lifted to corpus entities."""

    id: EventId
    type: str
    label: str
    agents: tuple[EntityId, ...]
    targets: tuple[EntityId, ...]
    place: tuple[EntityId, ...]
    instrument: tuple[EntityId, ...]
    alleged_agents: tuple[tuple[EntityId, EntityId], ...]
    count: int | None
    killed: int | None
    wounded: int | None
    date: str | None
    responsibility: str
    holders: tuple[EntityId, ...]
    modality: Modality
    certainty: str
    confidence: float
    document: DocumentId
    outlet: str
    published: str | None
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentGraph:
    """All of one document, lifted to corpus entities: what one named graph holds."""

    document: Document
    entities: tuple[Entity, ...]
    claims: tuple[Claim, ...]
    events: tuple[Event, ...]


def unique(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items without repeats, first come first."""
    return tuple(dict.fromkeys(items))
