"""Finds time expressions (TimeML) and resolves them against the day of publication.

Patterns are data: ``ontology/rules/timex.yaml`` over the word classes of ``lexicon/time.tsv``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import yaml

from kg.datamodel import Sentence, TimeExpression
from kg.errors import DataError
from kg.language.arabic import FoldedText
from kg.language.numbers import group_numbers
from kg.language.wordclass import Piece, scan
from kg.resources import ontology_path
from kg.text.timex_match import MONTHS, Context, Found, Match
from kg.text.timex_resolve import RESOLVERS

_NAME = re.compile(r"[A-Z][A-Z0-9]*")
_FIRST_CODE = 0xE000
_OPEN_ENDED = frozenset({"PAST_REF", "PRESENT_REF", "FUTURE_REF", ""})
_VAGUE = frozenset({"bare-unit", "nth-day", "now"})
_FIRST_YEAR, _FIRST_UNCUED_YEAR, _LAST_YEAR = 1700, 1900, 2099
_COUNTING = frozenset({"APPROX", "NUM", "D2", "INT", "DEC"})
_COUNTED = frozenset({"MEASURE", "UNIT", "UNITACC", "UNITS", "DAY", "NUM", "SCALE", "SCALES"})
_CUES = frozenset("IN SINCE UNTIL FROM TO BETWEEN BEFORE AFTER DURING OPEN DASH AND MONTH".split())
_GLUED = re.compile(r"\w[.,:/+_%$#@-]$")
_GLUED_AFTER = re.compile(r"[.,:/+_%$#@-]\w|[%$]")
_AHEAD_REACH = 80
"""How many characters before an expression a word for the future still counts."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern with the function that gives its value."""

    id: str
    resolve: str
    pattern: re.Pattern[str]
    example: str
    gloss: str


class _Codes:
    """One private character for each word class, so that patterns over classes are patterns over text."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}

    def of(self, kind: str) -> str:
        return self._codes.setdefault(kind, chr(_FIRST_CODE + len(self._codes)))


@dataclass(frozen=True, slots=True)
class _Grammar:
    codes: Mapping[str, str]
    rules: tuple[Rule, ...]
    union: re.Pattern[str]


def _compile(source: str, macros: Mapping[str, str], codes: _Codes) -> str:
    def spell(name: re.Match[str]) -> str:
        found = macros.get(name.group())
        return found if found is not None else codes.of(name.group())

    return _NAME.sub(spell, source).replace(" ", "").replace("{", "(").replace("}", ")")


@cache
def _grammar() -> _Grammar:
    path = ontology_path("rules", "timex.yaml")
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    codes = _Codes()
    macros: dict[str, str] = {}
    for name, source in data["macros"].items():
        macros[name] = _compile(source, macros, codes)
    rules = []
    for row in data["rules"]:
        if row["resolve"] not in RESOLVERS:
            raise DataError(str(path), 0, f"rule {row['id']}: no function {row['resolve']!r}", "resolve")
        pattern = re.compile(_compile(row["pattern"], macros, codes))
        rules.append(Rule(row["id"], row["resolve"], pattern, row["example"], row["gloss"]))
    union = re.compile("|".join(f"(?P<r{i}>{_plain(rule)})" for i, rule in enumerate(rules)))
    return _Grammar(codes._codes, tuple(rules), union)


def _plain(rule: Rule) -> str:
    return re.sub(r"\((?!\?)", "(?:", rule.pattern.pattern)


def rules() -> tuple[Rule, ...]:
    """The rules in the order they are tried."""
    return _grammar().rules


def _prepared(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """With a ``PRO`` before each piece that has a proclitic, and the two names of one month as one piece."""
    month: Piece | None = None
    for piece in pieces:
        if month is not None and piece.kind in MONTHS and piece.value == month.value and not piece.proclitic:
            yield replace(month, kind="MONTH", end=piece.end)
            month = None
            continue
        if month is not None:
            yield month
            month = None
        if piece.proclitic:
            yield Piece(piece.start, piece.start, piece.core, "PRO", "")
        if piece.kind in MONTHS:
            month = piece
        else:
            yield piece
    if month is not None:
        yield month


def _candidates(pieces: Sequence[Piece]) -> Iterator[tuple[Rule, int, int]]:
    """(rule, first piece, after last piece) of each match, left to right."""
    grammar = _grammar()
    gap = grammar.codes["GAP"]
    line = "".join([grammar.codes.get(piece.kind, gap) for piece in pieces])
    for match in grammar.union.finditer(line):
        rule = grammar.rules[int((match.lastgroup or "r0")[1:])]
        inner = rule.pattern.match(line, match.start())
        first, last = match.span()
        if inner is not None and inner.lastindex:
            first, last = inner.span(inner.lastindex)
        yield rule, first, last


def _published(day: str | None) -> date | None:
    if not day:
        return None
    try:
        parsed = date.fromisoformat(day[:10])
    except ValueError:
        return None
    return parsed if _FIRST_YEAR <= parsed.year <= _LAST_YEAR else None


def _ahead(pieces: Sequence[Piece], first: int) -> bool:
    """Whether a word for the future stands shortly before, with no other expression between."""
    for piece in reversed(pieces[max(0, first - 12) : first]):
        if pieces[first].start - piece.end > _AHEAD_REACH:
            return False
        if piece.kind == "WILL":
            return True
    return False


def _is_year(text: str, pieces: Sequence[Piece], first: int) -> bool:
    """Whether four digits without the word "year" are a year: not a count, a measure or part of a number."""
    year = pieces[first]
    after = pieces[first + 1] if first + 1 < len(pieces) else None
    number = int(year.value)
    while first and pieces[first - 1].kind == "PRO":
        first -= 1
    before = pieces[first - 1] if first else None
    if not _FIRST_YEAR <= number <= _LAST_YEAR or (before is not None and before.kind in _COUNTING):
        return False
    if after is not None and after.kind in _COUNTED:
        return False
    if _GLUED.search(text[max(0, year.start - 2) : year.start]) or _GLUED_AFTER.match(text, year.end):
        return False
    cued = before is not None and before.kind in _CUES
    ends = after is None or after.kind != "GAP" or not text[after.start].isalpha()
    return cued or (number >= _FIRST_UNCUED_YEAR and (ends or number % 100 != 0))


def find_times(folded: FoldedText, sentences: Sequence[Sentence], published: str | None) -> tuple[TimeExpression, ...]:
    """All time expressions of a text in order; ``published`` is the ISO day they are resolved against."""
    pieces = list(_prepared(group_numbers(scan(folded.folded))))
    starts = [sentence.span.start for sentence in sentences]
    now = _published(published)
    anchor: date | None = None
    found: list[TimeExpression] = []
    for rule, first, last in _candidates(pieces):
        if rule.id == "year-alone" and not _is_year(folded.folded, pieces, first):
            continue
        value = RESOLVERS[rule.resolve](Match(pieces[first:last]), Context(now, anchor, _ahead(pieces, first)))
        if value is None:
            continue
        span = folded.back(pieces[first].core, pieces[last - 1].end)
        found.append(
            TimeExpression(
                span=span,
                type=value.type,
                value=value.value,
                sentence=max(0, bisect_right(starts, span.start) - 1),
                relative=value.relative,
                rule=rule.id,
            )
        )
        anchor = _day_of(value) or anchor
    return tuple(found)


def _day_of(value: Found) -> date | None:
    return _published(value.value) if re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", value.value) else None


def anchored(times: Sequence[TimeExpression]) -> tuple[TimeExpression, ...]:
    """Those with a place on the calendar or a counted length: no "now", "recently", "daily", no bare units."""
    return tuple(time for time in times if time.type != "set" and time.rule not in _VAGUE and _is_definite(time.value))


def _is_definite(value: str) -> bool:
    return value not in _OPEN_ENDED and not value.startswith(("X", "T"))
