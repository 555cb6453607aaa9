"""Event mentions from frame matches: roles, counts, casualties, dates, and who is held responsible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.datamodel import AUTHOR, UNCLAIMED, UNKNOWN, ChainId, EventMention, Span, TimeExpression, unique
from kg.language.discourse import Discourse
from kg.language.matches import FrameMatch
from kg.language.numbers import Number

_ROLES = ("agent", "target", "place", "instrument")
_VIOLENT = frozenset(("Attack", "Clash", "Protest", "MilitaryOperation"))
_SPEECH = frozenset(("Statement", "Denial", "Accusation", "Threat", "Request"))
_DEEDS = frozenset(("Killing", "SupportAct", "Withdrawal", "Deployment"))
_FACES = frozenset(("Official", "Person", "Country", "Government"))
_TAKEN_UP = frozenset(("Withdrawal", "Truce"))
"""Events that a bare noun takes up again: "there is no withdrawal"."""
_BACK = 4
"""Sentences a definite noun ("the attack") may look back for the event it takes up."""


def extract_events(
    discourse: Discourse,
    matches: Sequence[FrameMatch],
    times: Sequence[TimeExpression],
    numbers: Sequence[Number],
) -> tuple[EventMention, ...]:
    """All event mentions, in text order; bare death tolls join the attack they belong to."""
    maker = _Maker(discourse, times, numbers)
    events: list[EventMention] = []
    for match in matches:
        if match.frame.event:
            event = maker.event(match, events)
            if event is not None:
                events.append(event)
    return tuple(_speech_types(discourse, _merge_casualties(events)))


class _Maker:
    def __init__(self, discourse: Discourse, times: Sequence[TimeExpression], numbers: Sequence[Number]) -> None:
        self.discourse = discourse
        self.times = times
        self.numbers = numbers

    def event(self, match: FrameMatch, before: Sequence[EventMention]) -> EventMention | None:
        """The event a match tells, its gaps filled from an accusation or an earlier sentence where that is safe."""
        parse = self.discourse.parses[match.sentence]
        kind = match.frame.event
        roles = {role: self._chains(match, role) for role in _ROLES}
        verbal = parse.items[match.item].kind == "verb"
        own = any(roles.values()) or bool(match.accused)
        if verbal and kind == "Attack" and self._told_by_subject(match):
            return None
        if kind == "Statement" and verbal and parse.tokens[match.token].reading.pos != "VERB":
            return None
        if kind in _VIOLENT and not roles["agent"] and match.accused:
            roles["agent"] = match.accused
        open_noun = not verbal and kind in _TAKEN_UP and not any(roles.values())
        earlier = self._earlier(match, before) if match.definite or open_noun else None
        if open_noun and earlier is None:
            return None
        if open_noun and earlier is not None:
            roles["agent"], roles["place"] = earlier.agents, earlier.place
        if earlier is not None:
            roles["target"] = roles["target"] or earlier.targets
            if not roles["agent"] and earlier.modality == "asserted":
                roles["agent"] = tuple(a for a in earlier.agents if a not in (UNCLAIMED, UNKNOWN))
        if not verbal and kind in _VIOLENT and not own and not self._predicated(match):
            return None
        agents = roles["agent"]
        if not agents and kind in _VIOLENT:
            agents = (UNCLAIMED if kind == "Attack" else UNKNOWN,)
        killed, wounded = self._casualties(match)
        return EventMention(
            type=kind,
            trigger=parse.tokens[match.token].span,
            sentence=match.sentence,
            span=parse.sentence.span,
            agents=agents,
            targets=tuple(t for t in roles["target"] if t not in agents),
            place=roles["place"],
            instrument=roles["instrument"],
            count=self._count(match),
            date=self._date(match) or (earlier.date if earlier is not None else None),
            killed=killed,
            wounded=wounded,
            responsibility=_responsibility(kind, agents, match),
            holders=match.holders,
            modality=match.modality,
            confidence=match.frame.confidence,
            rule=match.frame.id,
        )

    def _predicated(self, match: FrameMatch) -> bool:
        """A bare noun tells an event only as the subject of a verb of happening: "the attack took place"."""
        parse = self.discourse.parses[match.sentence]
        verb = parse.clauses[parse.items[match.item].clause].verb
        if verb < 0:
            return not match.definite and match.frame.event == "Attack" and parse.sentence.kind == "headline"
        happens = parse.lemma(parse.items[verb].head) in parse.lexicon.words("occur-verb")
        return happens and match.item in self.discourse.verb(match.sentence, verb).items.get("subject", ())

    def _told_by_subject(self, match: FrameMatch) -> bool:
        """ "a raid that targeted": the noun tells the event, the verb only repeats it."""
        parse = self.discourse.parses[match.sentence]
        for item in match.arguments.items.get("subject", ()):
            head = parse.items[item].head
            classes = parse.classes(head)
            if parse.items[item].kind == "np" and classes & {"attack", "attack-act"} and not parse.denoted(item):
                return True
        return False

    def _chains(self, match: FrameMatch, role: str) -> tuple[ChainId, ...]:
        return unique(self.discourse.chain(reference) for reference in match.filled.get(role, ()))

    def _earlier(self, match: FrameMatch, before: Sequence[EventMention]) -> EventMention | None:
        for event in reversed(before):
            if match.sentence - event.sentence > _BACK:
                return None
            if event.type == match.frame.event and event.sentence < match.sentence and (event.targets or event.agents):
                return event
        return None

    def _date(self, match: FrameMatch) -> str | None:
        """The date in the trigger's clause; else the only date of the sentence if the clause is a main one."""
        parse = self.discourse.parses[match.sentence]
        clause = parse.items[match.item].clause
        here = [parse.items[place] for place in parse.clauses[clause].items if parse.items[place].kind == "time"]
        place = parse.tokens[match.token].span.start
        spans = [(abs(parse.tokens[item.first].span.start - place), parse.tokens[item.first].core) for item in here]
        for _, core in sorted(spans):
            value = self._value(core)
            if value:
                return value
        own = [t for t in self.times if t.sentence == match.sentence and t.type in ("date", "time") and t.value]
        main = parse.clauses[clause].kind in ("main", "coordinate")
        return own[0].value if len(own) == 1 and main and match.frame.event not in _SPEECH else None

    def _value(self, span: Span) -> str | None:
        for time in self.times:
            if time.type in ("date", "time") and time.value and time.span.overlaps(span):
                return time.value.split("T")[0]
        return None

    def _numbers_in(self, first: int, last: int, sentence: int) -> list[Number]:
        tokens = self.discourse.parses[sentence].tokens
        span = Span(tokens[first].span.start, tokens[last - 1].span.end)
        return [n for n in self.numbers if span.covers(n.span) or n.span.overlaps(span)]

    def _count(self, match: FrameMatch) -> int | None:
        """A number in the phrase of the instrument, or before an attack noun."""
        if match.frame.event not in ("Attack", "Killing"):
            return None
        parse = self.discourse.parses[match.sentence]
        wanted = set(match.filled.get("instrument", ()))
        best: int | None = None
        for item in parse.items:
            if item.kind != "np" or not (wanted & set(item.mentions)):
                continue
            for number in self._numbers_in(item.first, item.last, match.sentence):
                if isinstance(number.value, int) and number.value < 10_000:
                    best = max(best or 0, number.value)
        return best

    def _casualties(self, match: FrameMatch) -> tuple[int | None, int | None]:
        """Numbers around words of death and injury in the trigger's phrase and the one after it."""
        if match.frame.event != "Killing":
            return None, None
        parse = self.discourse.parses[match.sentence]
        item = parse.items[match.item]
        last = item.last
        for place in range(match.item + 1, min(match.item + 3, len(parse.items))):
            if parse.items[place].kind != "np":
                break
            last = parse.items[place].last
        found = self._numbers_in(match.token, last, match.sentence)
        values = [int(n.value) for n in found if isinstance(n.value, int)]
        return (values[0] if values else None), None


def _responsibility(kind: str, agents: tuple[ChainId, ...], match: FrameMatch) -> str:
    if kind != "Attack":
        return ""
    if UNCLAIMED in agents:
        return "unclaimed"
    if match.modality == "negated":
        return "denied"
    if match.holders != (AUTHOR,):
        return "claimed" if set(match.holders) & set(agents) else "attributed"
    return ""


def _speech_types(discourse: Discourse, events: Sequence[EventMention]) -> list[EventMention]:
    """A statement that only negates a deed is a denial of it; one of a source without a face that carries another
    event is told by that event and its holder.
    """
    kept: list[EventMention] = []
    denied: set[int] = set()
    for event in events:
        if event.type == "Statement" and event.modality == "asserted":
            own = [
                e
                for e in events
                if e.sentence == event.sentence and set(e.holders) & set(event.agents) and e.type in _VIOLENT | _DEEDS
            ]
            negated = [e for e in own if e.modality == "negated"]
            if negated:
                event = replace(event, type="Denial")
                denied.update(id(e) for e in negated)
            elif own and not any(discourse.types.get(agent) in _FACES for agent in event.agents):
                continue
        kept.append(event)
    return [event for event in kept if id(event) not in denied]


def _merge_casualties(events: Sequence[EventMention]) -> list[EventMention]:
    """A death toll without killer in the sentence of an attack is that attack's toll."""
    merged = list(events)
    for index, event in enumerate(merged):
        if event.type != "Killing" or event.agents or event.rule == "die-verb" and event.killed is None:
            continue
        for other, candidate in enumerate(merged):
            if candidate.sentence == event.sentence and candidate.type in _VIOLENT and candidate.killed is None:
                merged[other] = replace(
                    candidate, killed=event.killed, wounded=event.wounded, targets=candidate.targets or event.targets
                )
                merged[index] = replace(event, type="")
                break
    return [event for event in merged if event.type]
