"""Turns a model's answer into records, one proof at a time; what cannot be proved is refused and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from kg import vocabulary
from kg.datamodel import (
    AUTHOR,
    ChainId,
    EventMention,
    Mention,
    Modality,
    RelationMention,
    Sentence,
    Span,
    unique,
)
from kg.language.arabic import fold
from kg.language.numbers import Number, find_numbers
from kg.models.llm.evidence import Refused, Tally, Text
from kg.models.llm.rules_view import RuleView
from kg.models.llm.schema import NUMBERS, ROLES, ends_of, fits
from kg.vocabulary import KG

CONFIDENCE, DOUBTED = 0.6, 0.3
"""Of a proved claim that the rules do not contradict; of one whose holder or modality they see otherwise."""
MOST = 400
"""Items of one kind in one answer; the rest is refused unseen."""
_SPEAKERS = frozenset(("Document", "Office"))
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something for a reviewer: what the model and the rules say of the same words."""

    kind: str
    sentence: int
    span: Span
    what: str
    rules: str
    model: str


@dataclass(slots=True, kw_only=True)
class Entity:
    """An entity as the model sees it, with the mentions that were found."""

    type: str
    chain: ChainId
    mentions: list[Mention] = field(default_factory=list)


@dataclass(slots=True)
class Believer:
    """Judges the answers about one document; ``entities`` and records grow from group to group."""

    text: Text
    rules: RuleView
    tally: Tally
    entities: dict[ChainId, Entity] = field(default_factory=dict)
    relations: list[RelationMention] = field(default_factory=list)
    events: list[EventMention] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    numbers: Sequence[Number] = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = find_numbers(self.text.folded)

    def judge(
        self, answer: Mapping[str, Any], group: Sequence[Sentence], fallback: Callable[[str, str], ChainId]
    ) -> None:
        """Take over what an answer proves about the sentences of ``group``, which the model saw as 1, 2, ..."""
        judge = _Judge(self, group, fallback)
        for raw in _items(answer, "entities", self.tally):
            self._try("entity", judge.entity, raw)
        for raw in _items(answer, "relations", self.tally):
            relation = self._try("relation", judge.relation, raw)
            if relation is not None and relation not in self.relations:
                self.relations.append(relation)
        for raw in _items(answer, "events", self.tally):
            event = self._try("event", judge.event, raw)
            if event is not None and event not in self.events:
                self.events.append(event)

    def _try(self, kind: str, make: Callable[[Mapping[str, Any]], Record], raw: Any) -> Record | None:
        try:
            made = make(_object(raw))
        except Refused as refusal:
            self.tally.refused[f"{kind}: {refusal.reason}"] += 1
            return None
        self.tally.accepted[kind] += 1
        return made


def _items(answer: Mapping[str, Any], name: str, tally: Tally) -> Iterator[Any]:
    many = answer.get(name)
    if not isinstance(many, list):
        tally.refused[f"{name}: missing"] += 1
        return
    if len(many) > MOST:
        tally.refused[f"{name}: too many"] += len(many) - MOST
    yield from many[:MOST]


class _Judge:
    """One answer: its ids mean something only inside it."""

    def __init__(self, believer: Believer, group: Sequence[Sentence], fallback: Callable[[str, str], ChainId]) -> None:
        self.believer, self.group, self.fallback = believer, group, fallback
        self.text, self.rules, self.tally = believer.text, believer.rules, believer.tally
        self.ids: dict[str, Entity] = {}
        self.numbers = believer.numbers

    # ------------------------------------------------------------ entities

    def entity(self, raw: Mapping[str, Any]) -> Entity:
        name, kind, mentions = raw.get("id"), raw.get("type"), raw.get("mentions")
        if not isinstance(name, str) or name in self.ids:
            raise Refused("no id of its own")
        if not isinstance(kind, str) or kind not in vocabulary.entity_types():
            raise Refused("type not in the ontology")
        found = [place for item in _list(mentions) for place in self._mention(item)]
        if not found:
            raise Refused("no mention in the text")
        entity = self._placed(kind, found)
        self.ids[name] = entity
        return entity

    def _mention(self, raw: Any) -> Iterator[tuple[int, Span]]:
        try:
            sentence = self._sentence(_object(raw))
            spans = self._named(self.text.places(sentence, raw.get("quote"), raw.get("start")))
        except Refused as refusal:
            self.tally.refused[f"mention: {refusal.reason}"] += 1
            return
        yield from ((sentence, span) for span in (spans if raw.get("start") is None else spans[:1]))

    def _named(self, places: Sequence[Span]) -> list[Span]:
        spans = [span for span in places if self.text.names(span)]
        if not spans:
            raise Refused("no name or noun")
        return spans

    def _placed(self, kind: str, found: Sequence[tuple[int, Span]]) -> Entity:
        """The entity of the document these mentions are; the lexicon decides where it knows the name."""
        chains = [chain for _, span in found if (chain := self.rules.chain_of(span)) is not None]
        linked = [chain for chain in chains if chain in self.rules.entries]
        if len({self.rules.entries[chain] for chain in linked}) > 1:
            raise Refused("two entities in one")
        chain = next(iter(linked or chains), None)
        if chain is None:
            chain = self.fallback(kind, fold(found[0][1].of(self.text.folded.original)))
        elif linked and self.rules.chains[chain].type != kind:
            self._flag("type", *found[0], self.rules.chains[chain].type, kind)
            kind = self.rules.chains[chain].type
        entity = self.believer.entities.setdefault(chain, Entity(type=kind, chain=chain))
        for sentence, span in found:
            self._add(entity, sentence, span)
        return entity

    def _add(self, entity: Entity, sentence: int, span: Span) -> None:
        if all(mention.span != span for mention in entity.mentions):
            entity.mentions.append(
                Mention(
                    span=span, type=entity.type, norm=fold(span.of(self.text.folded.original)), sentence=sentence,
                    source="llm", score=CONFIDENCE, reason="quoted by a language model, found in the text",
                    candidates=tuple(e for e in (self.rules.entries.get(entity.chain),) if e is not None),
                )
            )  # fmt: skip

    def _flag(self, kind: str, sentence: int, span: Span, rules: str, model: str) -> None:
        self.tally.flagged[kind] += 1
        what = span.of(self.text.folded.original)
        self.believer.flags.append(Flag(kind=kind, sentence=sentence, span=span, what=what, rules=rules, model=model))

    # ------------------------------------------------------------ what claims share

    def _sentence(self, raw: Mapping[str, Any]) -> int:
        number = raw.get("sentence")
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= len(self.group):
            raise Refused("no such sentence")
        return self.group[number - 1].index

    def argument(self, raw: Any, sentence: int, within: Span) -> tuple[Entity, Span]:
        """An entity and the words that stand for it inside ``within``."""
        if not isinstance(raw, dict) or not isinstance(raw.get("entity"), str) or raw["entity"] not in self.ids:
            raise Refused("argument is no entity of the answer")
        entity = self.ids[raw["entity"]]
        places = [s for s in self.text.places(sentence, raw.get("quote"), raw.get("start")) if within.covers(s)]
        if not places:
            raise Refused("argument outside its evidence")
        for place in places:
            if any(m.span.overlaps(place) and (m.span.covers(place) or place.covers(m.span)) for m in entity.mentions):
                return entity, place
        raise Refused("argument is no mention of its entity")

    def stance(self, raw: Mapping[str, Any], sentence: int, span: Span) -> tuple[tuple[ChainId, ...], Modality, bool]:
        """Holder and modality, and whether the rules see them otherwise."""
        modality = raw.get("modality")
        if not isinstance(modality, str) or modality not in vocabulary.modalities():
            raise Refused("modality not in the ontology")
        holders = (AUTHOR,) if raw.get("holder") is None else (self._holder(raw["holder"], sentence),)
        if (holders == (AUTHOR,)) == (modality == "claimed") and modality in ("claimed", "asserted"):
            raise Refused("holder and modality contradict each other")
        told, expected = self.rules.stance(sentence, span)
        differs = False
        if expected != modality:
            self._flag("modality", sentence, span, expected, modality)
            differs = True
        if told[-1] != holders[-1]:
            self._flag("holder", sentence, span, str(told[-1]), str(holders[-1]))
            differs = True
        return holders, cast("Modality", modality), differs

    def _holder(self, raw: Any, sentence: int) -> ChainId:
        if not isinstance(raw, dict):
            raise Refused("holder is no entity of the answer")
        where = self._sentence({"sentence": raw["sentence"]}) if raw.get("sentence") is not None else sentence
        if where > sentence:
            raise Refused("holder named only later")
        entity, _ = self.argument(raw, where, self.text.sentences[where].span)
        if not fits(entity.type, KG.Actor) and entity.type not in _SPEAKERS:
            raise Refused("holder cannot speak")
        return entity.chain

    # ------------------------------------------------------------ relations and events

    def relation(self, raw: Mapping[str, Any]) -> RelationMention:
        predicate, sentence = raw.get("predicate"), self._sentence(raw)
        if not isinstance(predicate, str) or predicate not in vocabulary.predicates():
            raise Refused("predicate not in the ontology")
        reason: Refused | None = None
        for evidence in self.text.places(sentence, raw.get("quote"), raw.get("start")):
            try:
                subject, one = self.argument(raw.get("subject"), sentence, evidence)
                target, two = self.argument(raw.get("object"), sentence, evidence)
                break
            except Refused as refusal:
                reason = refusal
        else:
            raise reason or Refused("quote not in the sentence")
        if subject is target or one.overlaps(two):
            raise Refused("subject and object are the same")
        domain, range_ = ends_of(predicate)
        if not fits(subject.type, domain) or not fits(target.type, range_):
            raise Refused("types against domain or range")
        holders, modality, differs = self.stance(raw, sentence, evidence)
        return RelationMention(
            predicate=predicate, subject=subject.chain, object=target.chain, sentence=sentence,
            span=self.text.sentences[sentence].span, trigger=evidence, holders=holders, modality=modality,
            confidence=DOUBTED if differs else CONFIDENCE, rule="llm", slots=(("subject", one), ("object", two)),
        )  # fmt: skip

    def event(self, raw: Mapping[str, Any]) -> EventMention:
        kind, sentence = raw.get("type"), self._sentence(raw)
        if not isinstance(kind, str) or kind not in vocabulary.event_types():
            raise Refused("type not in the ontology")
        trigger = self.text.places(sentence, raw.get("trigger"), raw.get("start"))[0]
        span = self.text.sentences[sentence].span
        roles = {
            role: unique(self._role(role, item, sentence, span) for item in _list(raw.get(role))) for role in ROLES
        }
        if set(roles["agents"]) & set(roles["targets"]):
            raise Refused("agent and target are the same")
        holders, modality, differs = self.stance(raw, sentence, trigger)
        count, killed, wounded = (self._number(raw.get(name), sentence) for name in NUMBERS)
        return EventMention(
            type=kind, trigger=trigger, sentence=sentence, span=span, agents=roles["agents"], targets=roles["targets"],
            place=roles["place"], instrument=roles["instrument"], date=self._date(raw.get("date"), sentence),
            holders=holders, modality=modality, confidence=DOUBTED if differs else CONFIDENCE, rule="llm", count=count,
            killed=killed, wounded=wounded,
        )  # fmt: skip

    def _role(self, role: str, raw: Any, sentence: int, span: Span) -> ChainId:
        entity, _ = self.argument(raw, sentence, span)
        if role == "place" and not fits(entity.type, KG.Place):
            raise Refused("place is no place")
        if role == "agents" and fits(entity.type, KG.Place) and not fits(entity.type, KG.Actor):
            raise Refused("agent cannot act")
        return entity.chain

    def _number(self, raw: Any, sentence: int) -> int | None:
        """A number that the text itself says in the words quoted; else nothing, counted."""
        if raw is None:
            return None
        value = raw.get("value") if isinstance(raw, dict) else None
        if isinstance(value, int) and not isinstance(value, bool):
            said = self._quoted(raw, sentence)
            if any(number.value == value and number.span.overlaps(span) for span in said for number in self.numbers):
                return value
        self.tally.refused["number: not in the words quoted"] += 1
        return None

    def _date(self, raw: Any, sentence: int) -> str | None:
        """A date that the rules read from the words quoted."""
        if raw is None:
            return None
        value = raw.get("value") if isinstance(raw, dict) else None
        if isinstance(value, str):
            said = self._quoted(raw, sentence)
            for time in self.rules.analysis.times:
                if any(time.span.overlaps(span) for span in said) and time.value.partition("T")[0] == value:
                    return value
        self.tally.refused["date: not in the words quoted"] += 1
        return None

    def _quoted(self, raw: Mapping[str, Any], sentence: int) -> list[Span]:
        try:
            return self.text.places(sentence, raw.get("quote"))
        except Refused:
            return []


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Refused("not an object")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST:
        raise Refused("not a list")
    return value
