"""Where what somebody says begins and ends in a parsed sentence."""

from __future__ import annotations

from kg.datamodel import Span
from kg.language.clauses import adjectival
from kg.language.syntax import Parse

_LONGEST_NAME = 3
"""Words in quotation marks that may be a name."""


def told_end(parse: Parse, told: int) -> int:
    """A noun told ends before a comma, and before a clause that the outlet adds; "a raid that hit X" is told whole."""
    clause = parse.items[told].clause
    for place in range(told + 1, len(parse.items)):
        item = parse.items[place]
        own = parse.clauses[item.clause]
        described = own.kind == "relative" and own.opener == own.verb and own.parent == clause
        if item.kind in ("comma", "stop") or item.clause != clause and not described:
            return place
    return len(parse.items)


def name_in_quotes(parse: Parse, place: int) -> bool:
    """A short quotation around a name is no speech, nor is one around the adjectives of a noun."""
    if place and place + 1 < len(parse.items) and adjectival(parse.items, place, parse.tokens):
        return True
    for index in range(place + 1, min(place + 4, len(parse.items))):
        if parse.items[index].kind == "quote":
            inside = parse.items[place + 1 : index]
            short = len(inside) == 1 and inside[0].last - inside[0].first <= _LONGEST_NAME
            return not inside or short and inside[0].kind == "np" and index + 1 < len(parse.items)
    return False


def quoted_span(parse: Parse, place: int) -> Span:
    """What an opening quotation mark encloses, past one that closes in mid-phrase."""
    for index in range(place + 1, len(parse.items)):
        if parse.items[index].kind == "quote":
            follows = index + 1 < len(parse.items) and parse.items[index + 1].kind in ("np", "other")
            if not follows:
                return span_of(parse, place, index)
    return span_of(parse, place, len(parse.items))


def until_return(parse: Parse, place: int) -> Span:
    """A complement runs on until the outlet takes the word again: "while", or a new verb of speech."""
    first = place
    quoted = False
    for index in range(place + 1, len(parse.items)):
        item = parse.items[index]
        if item.kind == "quote":
            quoted = item.word == "open"
        if quoted:
            continue
        if item.kind == "stop" and item.word != ":":
            return span_of(parse, first, index)
        if item.kind == "mark" and item.word == "subordinator" and _comma_before(parse, index) and _turns(parse, index):
            return span_of(parse, first, index)
        if item.kind == "verb" and item.word == "speech" and (item.conj or parse.items[index - 1].kind == "comma"):
            return span_of(parse, first, index)
    return span_of(parse, first, len(parse.items))


def _turns(parse: Parse, index: int) -> bool:
    """Whether the clause after "while" has a verb of speech of its own."""
    for item in parse.items[index + 1 : index + 5]:
        if item.kind == "verb":
            return True
        if item.kind == "comma":
            return False
    return False


def _comma_before(parse: Parse, index: int) -> bool:
    return index > 0 and parse.items[index - 1].kind in ("comma", "quote")


def clause_end(parse: Parse, index: int) -> int:
    """Where what a verb without a complementiser tells ends."""
    for place in range(index + 1, len(parse.items)):
        item = parse.items[place]
        if item.kind == "stop" or item.kind == "comma" and _new_start(parse, place):
            return place
    return len(parse.items)


def _new_start(parse: Parse, comma: int) -> bool:
    for item in parse.items[comma + 1 : comma + 3]:
        if item.kind == "mark" and item.word == "subordinator":
            return True
        if item.kind == "verb" and item.conj:
            return True
    return False


def according_scope(parse: Parse, index: int) -> list[tuple[Span, bool]]:
    """Before it to the last turn of the sentence; if it opens the sentence, everything after it."""
    first = next((place for place, item in enumerate(parse.items) if item.kind != "other"), 0)
    if index <= first + 1:
        start = index + 1
        for place in range(index + 1, len(parse.items)):
            if parse.items[place].kind == "comma" or parse.items[place].word.startswith("complementiser"):
                start = place + 1
                break
        return [(span_of(parse, start, len(parse.items)), False)]
    start = first
    for place in range(index - 1, first, -1):
        item = parse.items[place]
        turn = item.kind == "mark" and item.word == "subordinator" and _comma_before(parse, place)
        fresh = item.conj and item.kind in ("verb", "mark") and _comma_before(parse, place)
        if item.kind == "stop" or turn or fresh:
            start = place
            break
    return [(span_of(parse, start, index), False)]


def span_of(parse: Parse, first: int, last: int) -> Span:
    """The characters from item ``first`` up to item ``last``."""
    if first >= len(parse.items) or first >= last:
        end = parse.sentence.span.end
        return Span(end, end)
    return Span(
        parse.tokens[parse.items[first].first].span.start, parse.tokens[parse.items[last - 1].last - 1].span.end
    )
