"""Event mentions from frame matches: roles, counts, casualties, dates, and who is held responsible."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

from kg.datamodel import AUTHOR, UNCLAIMED, UNKNOWN, ChainId, EventMention, Span, TimeExpression, unique
from kg.language.discourse import Discourse
from kg.language.matches import FrameMatch
from kg.language.numbers import Number
from kg.language.syntax import Parse

Placed = TypeVar("Placed", TimeExpression, Number)
_ROLES = ("agent", "target", "place", "instrument")
_VIOLENT = frozenset(("Attack", "Clash", "Protest", "MilitaryOperation"))
_SPEECH = frozenset(("Statement", "Denial", "Accusation", "Threat", "Request"))
_DEEDS = frozenset(("Killing", "SupportAct", "Withdrawal", "Deployment"))
_FACES = frozenset(("Official", "Person", "Country", "Government"))
_TAKEN_UP = frozenset(("Withdrawal", "Truce"))
"""Events that a bare noun takes up again: "there is no withdrawal"."""
_MOST_DEAD = 100_000
_CLOSE, _FAR = 2, 8
"""Tokens between a number and the word of harm after it, before it."""
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
    sentences = (list(own) for _, own in groupby(events, _sentence))
    return tuple(event for own in sentences for event in _speech_types(discourse, _with_tolls(own, maker)))


def _take_up(roles: dict[str, tuple[ChainId, ...]], earlier: EventMention, *, whole: bool) -> None:
    """Fill the roles that a later mention leaves open; ``whole`` where it names nobody itself."""
    if whole:
        roles["agent"], roles["place"] = earlier.agents, earlier.place
    roles["target"] = roles["target"] or earlier.targets
    if not roles["agent"] and earlier.modality == "asserted":
        roles["agent"] = tuple(a for a in earlier.agents if a not in (UNCLAIMED, UNKNOWN))


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
        if earlier is not None:
            _take_up(roles, earlier, whole=open_noun)
        nameless = kind == "Killing" and match.frame.pos == "NOUN" and not roles["agent"] and not roles["target"]
        if nameless and self.toll(match.sentence) == (None, None):
            return None  # killing in general
        if not verbal and kind in _VIOLENT and not own and not self._predicated(match):
            return None
        agents = roles["agent"]
        if not agents and kind in _VIOLENT:
            agents = (UNCLAIMED if kind == "Attack" else UNKNOWN,)
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
            return False
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
            real = event.modality in ("asserted", "claimed") and (event.targets or event.agents)
            if event.type == match.frame.event and event.sentence < match.sentence and real:
                return event
        return None

    def _date(self, match: FrameMatch) -> str | None:
        """The date in the trigger's clause; else the only date of the sentence if the clause is a main one."""
        parse = self.discourse.parses[match.sentence]
        clause = parse.items[match.item].clause
        here = [parse.items[place] for place in parse.clauses[clause].items if self._dates(parse, match.item, place)]
        place = parse.tokens[match.token].span.start
        spans = [(abs(parse.tokens[item.first].span.start - place), parse.tokens[item.first].core) for item in here]
        for _, core in sorted(spans):
            value = self._value(core)
            if value:
                return value
        near = _overlapping(self.times, parse.sentence.span)
        own = [t for t in near if t.sentence == match.sentence and t.type in ("date", "time") and t.value]
        main = parse.clauses[clause].kind in ("main", "coordinate")
        return own[0].value if len(own) == 1 and main and match.frame.event not in _SPEECH else None

    def _dates(self, parse: Parse, trigger: int, place: int) -> bool:
        """Whether an item is a time of the trigger's own: "since the war broke out in 2011" dates the war."""
        if parse.items[place].kind != "time":
            return False
        between = parse.items[trigger + 1 : place]
        return not any(item.kind == "np" and item.prep in ("mundhu", "baad", "qabl", "hatta") for item in between)

    def _value(self, span: Span) -> str | None:
        for time in _overlapping(self.times, span):
            if time.type in ("date", "time") and time.value:
                return time.value.split("T")[0]
        return None

    def _numbers_in(self, first: int, last: int, sentence: int) -> list[Number]:
        tokens = self.discourse.parses[sentence].tokens
        span = Span(tokens[first].span.start, tokens[last - 1].span.end)
        return _overlapping(self.numbers, span)

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

    def toll(self, sentence: int) -> tuple[int | None, int | None]:
        """Dead and wounded of a sentence: each number goes to the nearest word of death or injury."""
        parse = self.discourse.parses[sentence]
        first, last = parse.sentence.first_token, parse.sentence.last_token
        words = {token: _harm(parse, token) for token in range(first, last) if _harm(parse, token)}
        found: dict[str, int] = {}
        if not words:
            return None, None
        for number in self._numbers_in(first, last, sentence):
            if not isinstance(number.value, int) or number.value > _MOST_DEAD:
                continue
            place = next(t for t in range(first, last) if parse.tokens[t].span.end > number.span.start)
            near = _nearest({t: kind for t, kind in words.items() if t <= place + 1 or not _joined(parse, t)}, place)
            if near is not None:
                found.setdefault(words[near], number.value)
        return found.get("dead"), found.get("injury")


def _harm(parse: Parse, token: int) -> str:
    """``dead`` or ``injury`` for a word of death or injury, else empty."""
    lemma, norm = parse.lemma(token), parse.tokens[token].norm
    for kind in ("dead", "injury"):
        words = parse.lexicon.words(kind)
        if lemma in words or norm in words:
            return kind
    return ""


def _joined(parse: Parse, token: int) -> bool:
    """ "three vehicles *and* the killing of": the number before counts something else."""
    return bool({"wa", "fa"} & set(parse.tokens[token].reading.proclitics))


def _nearest(words: dict[int, str], place: int) -> int | None:
    """The word of harm a number belongs to: right after it ("14 dead"), else the last one before it."""
    after = [t for t in words if 0 < t - place <= _CLOSE]
    before = [t for t in words if 0 < place - t <= _FAR]
    if before and (not after or place - max(before) <= after[0] - place + 1):
        return max(before)
    return after[0] if after else None


def _overlapping(found: Sequence[Placed], span: Span) -> list[Placed]:
    """Those of a list in text order that share a character with a span."""
    first = last = bisect_right(found, span.start, key=_end)
    while last < len(found) and found[last].span.start < span.end:
        last += 1
    return list(found[first:last])


def _end(placed: TimeExpression | Number) -> int:
    return placed.span.end


def _sentence(event: EventMention) -> int:
    return event.sentence


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
    """In one sentence: a statement that only negates a deed is a denial of it; one of a source without a face that
    carries another event is told by that event and its holder.
    """
    kept: list[EventMention] = []
    denied: set[int] = set()
    for event in events:
        if event.type == "Statement" and event.modality == "asserted":
            own = [e for e in events if set(e.holders) & set(event.agents) and e.type in _VIOLENT | _DEEDS]
            negated = [e for e in own if e.modality == "negated"]
            if negated:
                event = replace(event, type="Denial")
                denied.update(id(e) for e in negated)
            elif own and not any(discourse.types.get(agent) in _FACES for agent in event.agents):
                continue
        kept.append(event)
    return [event for event in kept if id(event) not in denied]


def _with_tolls(events: Sequence[EventMention], maker: _Maker) -> list[EventMention]:
    """The toll of a sentence goes to its first violent event, or to the one its word of killing belongs to; a killing
    without killer beside it is the same event.
    """
    found: list[EventMention] = []
    bearer = -1
    for event in events:
        same = [n for n, e in enumerate(found) if e.type in _VIOLENT and e.modality != "negated"]
        if event.type == "Killing" and not event.agents and same:
            place = same[-1]
            found[place] = replace(found[place], targets=found[place].targets or event.targets)
            if bearer not in (-1, place):
                toll = found[bearer]
                found[place] = replace(found[place], killed=toll.killed, wounded=toll.wounded)
                found[bearer] = replace(toll, killed=None, wounded=None)
                bearer = place
            continue
        deaths = [e for e in found if e.type == "Killing" and not e.agents]
        if event.type in _VIOLENT and event.modality != "negated" and not same and deaths:
            found.remove(deaths[0])
            event = replace(event, targets=event.targets or deaths[0].targets)
        if event.type in (*_VIOLENT, "Killing") and not same and event.modality != "negated":
            killed, wounded = maker.toll(event.sentence)
            event, bearer = replace(event, killed=killed, wounded=wounded), len(found)
        found.append(event)
    return found
