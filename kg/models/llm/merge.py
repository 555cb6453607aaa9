"""Rules and a model about the same text: agreement is more believed, disagreement goes to a reviewer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kg import vocabulary
from kg.datamodel import Analysis, EventMention, RelationMention
from kg.models.llm.believe import Flag

_Key = tuple[str, str, str, int]


def second_opinion(rules: Analysis, model: Analysis) -> tuple[Analysis, list[Flag]]:
    """The rules' analysis with the confidence that agreement gives, and a flag for each difference.

    What only the model says is not taken over: it waits for a reviewer.
    """
    flags: list[Flag] = []
    theirs = {relation_key(relation): relation for relation in model.relations}
    relations = []
    for relation in rules.relations:
        other = theirs.pop(relation_key(relation), None)
        relations.append(relation if other is None else _agreed_relation(relation, other))
        if other is None:
            flags.append(_flag(rules, relation, "relation: rules only", _told(relation), ""))
    flags += [_flag(rules, relation, "relation: model only", "", _told(relation)) for relation in theirs.values()]
    events, more = _events(rules, model)
    return replace(rules, relations=tuple(relations), events=tuple(events)), flags + more


def relation_key(relation: RelationMention) -> _Key:
    """What makes two relations one: predicate, ends (in either order if symmetric), sentence."""
    ends = (relation.subject, relation.object)
    if relation.predicate in vocabulary.symmetric():
        ends = (min(ends), max(ends))
    return relation.predicate, *ends, relation.sentence


def _agreed_relation(one: RelationMention, two: RelationMention) -> RelationMention:
    same = one.holders[-1] == two.holders[-1] and one.modality == two.modality
    return replace(one, confidence=raised(one.confidence, two.confidence)) if same else one


def raised(one: float, two: float) -> float:
    """The confidence of what two sources say that do not know each other.

    >>> raised(0.7, 0.6)
    0.88
    """
    return round(1 - (1 - one) * (1 - two), 3)


def _events(rules: Analysis, model: Analysis) -> tuple[list[EventMention], list[Flag]]:
    left = list(model.events)
    events, flags = [], []
    for event in rules.events:
        other = next((e for e in left if e.type == event.type and e.trigger.overlaps(event.trigger)), None)
        if other is None:
            flags.append(_flag(rules, event, "event: rules only", _roles(event), ""))
            events.append(event)
            continue
        left.remove(other)
        if _roles(event) == _roles(other) and event.modality == other.modality:
            events.append(replace(event, confidence=raised(event.confidence, other.confidence)))
        else:
            flags.append(_flag(rules, event, "event: roles or modality differ", _roles(event), _roles(other)))
            events.append(event)
    flags += [_flag(rules, event, "event: model only", "", _roles(event)) for event in left]
    return events, flags


def _told(relation: RelationMention) -> str:
    return f"{relation.subject} {relation.predicate} {relation.object} {relation.modality}"


def _roles(event: EventMention) -> str:
    """Type and roles in a line; nobody in particular (unclaimed, unknown) counts as nobody."""
    named: Iterable[tuple[str, tuple[str, ...]]] = (
        ("agent", event.agents), ("target", event.targets), ("place", event.place), ("instrument", event.instrument),
    )  # fmt: skip
    parts = [
        f"{role}={'+'.join(known)}"
        for role, chains in named
        if (known := sorted(chain for chain in chains if chain not in ("unclaimed", "unknown")))
    ]
    return " ".join([event.type, *parts, event.modality])


def _flag(analysis: Analysis, said: RelationMention | EventMention, kind: str, rules: str, model: str) -> Flag:
    what = said.trigger.of(analysis.document.text)
    return Flag(kind=kind, sentence=said.sentence, span=said.trigger, what=what, rules=rules, model=model)
