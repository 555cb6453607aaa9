"""Relations: those that frames state, and those that the shape of a noun phrase states.

A title beside a name, a place beside a place, "X of the Y brigade": the outlet itself affirms these, even
inside somebody's quoted words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.datamodel import AUTHOR, UNCLAIMED, UNKNOWN, Attribution, ChainId, EventMention, Modality, RelationMention
from kg.language.discourse import Discourse
from kg.language.matches import FrameMatch
from kg.language.syntax import Parse
from kg.text.relations.places import by_nisba, foreign_loyalty, located, owned, stations
from kg.text.relations.titles import accredited, apposed, inside, led, role_inside

_RESPONSIBILITY: dict[str, Modality] = {
    "claim-by-statement": "claimed",
    "claim-verb": "claimed",
    "deny-responsibility": "negated",
}
_BACK = 4
"""Sentences a claim of responsibility may look back for the attack."""
_PLAIN: list[tuple[tuple[ChainId, ...], Modality]] = [((AUTHOR,), "asserted")]
"""Where a place lies is the outlet's own word, whoever speaks around it."""
_MUTUAL = {"Negotiation": "negotiatesWith", "Meeting": "met"}
_MUTUAL_FRAMES = {"ally-noun": "alliedWith", "ally-mutual": "alliedWith"}
"""Events whose parties stand in a symmetric relation."""
_SPEECH_ACTS = frozenset(("Statement", "Denial", "Accusation", "Threat", "Request"))


def extract_relations(
    discourse: Discourse,
    matches: Sequence[FrameMatch],
    attributions: Sequence[Attribution],
    events: Sequence[EventMention],
) -> tuple[RelationMention, ...]:
    """All relation mentions in text order, each once per sentence and holder."""
    found: dict[tuple[object, ...], RelationMention] = {}
    produced = [relation for match in matches for relation in _stated(discourse, match)]
    produced += [relation for match in matches for relation in _responsible(discourse, match, events)]
    produced += [relation for event in events for relation in _attacked(event)]
    for sentence, parse in enumerate(discourse.parses):
        produced += _shaped(discourse, sentence, parse)
        produced += stations(discourse, sentence, parse, attributions)
    for relation in produced:
        key = (relation.predicate, relation.subject, relation.object, relation.holders, relation.modality)
        if relation.subject != relation.object and key not in found:
            found[key] = relation
    left = {(r.subject, r.object) for r in found.values() if r.predicate == "formerOffice" and r.modality == "asserted"}
    held = (r for r in found.values() if r.predicate != "holdsOffice" or (r.subject, r.object) not in left)
    return tuple(sorted(held, key=_place))


def officeholders(discourse: Discourse) -> dict[ChainId, ChainId]:
    """Who holds an office as far as the document says; offices with two holders are left out."""
    holders: dict[ChainId, set[ChainId]] = {}
    for sentence, parse in enumerate(discourse.parses):
        for relation in _shaped(discourse, sentence, parse):
            if relation.predicate == "holdsOffice":
                holders.setdefault(relation.object, set()).add(relation.subject)
    return {office: people.pop() for office, people in holders.items() if len(people) == 1}


def _place(relation: RelationMention) -> tuple[int, int, str, str, str]:
    trigger = relation.trigger
    return (trigger.start, trigger.end, relation.predicate, relation.subject, relation.object)


def _stated(discourse: Discourse, match: FrameMatch) -> Iterator[RelationMention]:
    parse = discourse.parses[match.sentence]
    filled = {role: tuple(discourse.chain(r) for r in refs) for role, refs in match.filled.items()}
    if "agent" not in filled and match.accused and match.frame.event == "Attack":
        filled["agent"] = match.accused
    triples = [
        (subject, projection.predicate, target)
        for projection in match.frame.relations
        for subject in filled.get(projection.subject, ())
        for target in filled.get(projection.object, ())
    ]
    mutual = _MUTUAL.get(match.frame.event) or _MUTUAL_FRAMES.get(match.frame.id)
    if mutual:
        agents, targets = filled.get("agent", ()), filled.get("target", ())
        pairs = [(one, other) for place, one in enumerate(agents) for other in (*agents[place + 1 :], *targets)]
        triples += [(one, mutual, other) for one, other in pairs]
    statuses: list[tuple[tuple[ChainId, ...], Modality]] = [(match.holders, match.modality)]
    if match.frame.event not in _SPEECH_ACTS:
        statuses += [(holders, "negated") for holders in match.denied_by]
    for subject, predicate, target in triples:
        for holders, modality in statuses if predicate != "locatedIn" else _PLAIN:
            yield RelationMention(
                predicate=predicate,
                subject=subject,
                object=target,
                sentence=match.sentence,
                span=parse.sentence.span,
                trigger=parse.tokens[match.token].span,
                holders=holders,
                modality=modality,
                confidence=match.frame.confidence,
                rule=match.frame.id,
            )


def _attacked(event: EventMention) -> Iterator[RelationMention]:
    """Who struck whom, where the roles were found outside the clause: in the toll, in an accusation, before."""
    if event.type != "Attack":
        return
    for agent in event.agents:
        for target in event.targets if agent not in (UNCLAIMED, UNKNOWN) else ():
            yield RelationMention(
                predicate="attacked",
                subject=agent,
                object=target,
                sentence=event.sentence,
                span=event.span,
                trigger=event.trigger,
                holders=event.holders,
                modality=event.modality,
                confidence=event.confidence,
                rule=event.rule,
            )


def _responsible(discourse: Discourse, match: FrameMatch, events: Sequence[EventMention]) -> Iterator[RelationMention]:
    """Who claims an attack says that he attacked its target; who denies responsibility says that he did not."""
    status = _RESPONSIBILITY.get(match.frame.id)
    if status is None or match.modality not in ("asserted", "claimed"):
        return
    parse = discourse.parses[match.sentence]
    near = [e for e in events if e.type == "Attack" and e.targets and -1 < match.sentence - e.sentence <= _BACK]
    target = max(near, key=_by_sentence, default=None)
    if target is None:
        return
    for reference in match.filled.get("agent", ())[:1]:
        agent = discourse.chain(reference)
        yield RelationMention(
            predicate="attacked",
            subject=agent,
            object=target.targets[0],
            sentence=match.sentence,
            span=parse.sentence.span,
            trigger=parse.tokens[match.token].span,
            holders=(agent,),
            modality=status,
            date=target.date,
            confidence=match.frame.confidence,
            rule=match.frame.id,
        )


def _by_sentence(event: EventMention) -> int:
    return event.sentence


def _shaped(discourse: Discourse, sentence: int, parse: Parse) -> Iterator[RelationMention]:
    if parse.sentence.question:
        return
    for index, item in enumerate(parse.items):
        if item.kind != "np":
            continue
        yield from apposed(discourse, sentence, parse, index)
        yield from role_inside(discourse, sentence, parse, index)
        if item.mentions:
            yield from inside(discourse, sentence, parse, item)
            yield from accredited(discourse, sentence, parse, index)
            yield from located(discourse, sentence, parse, index)
            yield from led(discourse, sentence, parse, index)
            yield from owned(discourse, sentence, parse, item)
            yield from by_nisba(discourse, sentence, parse, item)
            yield from foreign_loyalty(discourse, sentence, parse, item)
