"""Values of durations, repeated times and whole periods: weeks, months, years, decades, seasons, Hijri months."""

from __future__ import annotations

from datetime import timedelta

from kg.language.calendar import (
    before,
    hijri_month,
    hijri_start,
    iso_duration,
    months_off,
    near_hijri_year,
    near_season,
    season_months,
    week_of,
)
from kg.language.numbers import digits_value
from kg.language.wordclass import DIGITS
from kg.text.timex_match import HIJRI_YEARS, Context, Found, Match

_COUNTS = frozenset({"NUM", "UNIT2", "UNIT2DEF", "FRACTION", *DIGITS})
_UNIT_KINDS = frozenset(
    "UNIT HOUR UNITACC DAY UNITS2ND UNITS UNIT2 UNITDEF UNITSDEF UNIT2DEF HOURDEF TODAY CENTURY TONIGHT".split()
)


def _length(match: Match) -> tuple[float, str]:
    """(count, unit) of a duration."""
    unit = next((p for p in match.pieces if p.kind in _UNIT_KINDS), None)
    letter = unit.value if unit is not None else "D"
    letter = "D" if letter == "0" else letter
    count = next((p for p in match.pieces if p.kind in _COUNTS), None)
    if count is None:
        return 1.0, letter
    if count.kind in ("UNIT2", "UNIT2DEF"):
        return 2.0, letter
    value = float(digits_value(count.value)) if count.kind in DIGITS else float(count.value)
    half = match.first("FRACTION")
    if half is not None and half is not count:
        value += float(half.value)
    elif half is count and unit is not None and unit.start < half.start:
        value += 1
    return value, letter


def duration(match: Match, _: Context) -> Found:
    """A length of time."""
    return Found(iso_duration(*_length(match)), "duration")


def bare(match: Match, _: Context) -> Found:
    """One unit without a count."""
    return Found(iso_duration(1.0, _length(match)[1]), "duration")


def set_of(match: Match, _: Context) -> Found:
    """Every day, every two years."""
    if match.first("WEEKDAY", "WEEKDAYW"):
        named = match.first("WEEKDAY", "WEEKDAYW")
        return Found(f"XXXX-WXX-{named.value if named else ''}", "set")
    return Found(iso_duration(*_length(match)), "set")


def set_word(match: Match, _: Context) -> Found:
    """Daily, yearly."""
    return Found(match.pieces[0].value, "set")


def reference(match: Match, _: Context) -> Found:
    """Now, recently, soon."""
    return Found(match.pieces[0].value, relative=True)


def vague_past(_: Match, __: Context) -> Found:
    """The last days."""
    return Found("PAST_REF", relative=True)


def vague_future(_: Match, __: Context) -> Found:
    """The coming days."""
    return Found("FUTURE_REF", relative=True)


def ago(match: Match, context: Context) -> Found:
    """Before publication by a length of time, as precise as its unit."""
    now = context.published
    value, unit = _length(match)
    plural = match.first("UNITS") and not match.first(*_COUNTS)
    if plural or unit.startswith("T"):
        return Found("PAST_REF", relative=True)
    if now is None:
        return Found("", relative=True)
    return Found(before(now, value, unit), relative=True)


def period(match: Match, context: Context) -> Found:
    """This, last, next week, month, year, decade or century."""
    now = context.published
    unit = match.first("UNITDEF", "CENTURY")
    shift = match.shift
    if now is None or unit is None or shift is None or match.first("FOLLOW", "PREVIOUS"):
        return Found("", relative=True)
    edge = match.first("START", "END")
    if unit.value == "Y":
        month = f"-{int(edge.value):02}" if edge else ""
        return Found(f"{now.year + shift:04}{month}", relative=True)
    if unit.value == "M":
        year, month_number = months_off(now, shift)
        return Found(f"{year:04}-{month_number:02}", relative=True)
    if unit.value == "W":
        monday, sunday = week_of(now, shift)
        return Found(f"{monday}/{sunday}", relative=True)
    if unit.value == "DE":
        return Found(f"{now.year // 10 + shift}", relative=True)
    return Found(f"{now.year // 100 + shift}", relative=True)


def century(match: Match, context: Context) -> Found:
    """A century by number or as last, present."""
    number = match.number("ORD", "NUM")
    if number:
        return Found(f"{number - 1:02}")
    if context.published is None:
        return Found("", relative=True)
    return Found(f"{context.published.year // 100 + (match.shift or 0)}", relative=True)


def decade(match: Match, _: Context) -> Found:
    """The fifties: those of the twentieth century."""
    return Found(match.all("DECADE")[0].value)


def year(match: Match, _: Context) -> Found:
    """A year after the word "year"."""
    edge = match.first("START", "END")
    return Found(match.all("Y4")[0].value + (f"-{int(edge.value):02}" if edge else ""))


def year_alone(match: Match, _: Context) -> Found:
    """Four digits that the neighbours allow to be a year."""
    return Found(match.pieces[0].value)


def year_range(match: Match, _: Context) -> Found:
    """Two years."""
    span = match.first("YEARS")
    parts = span.value.replace("/", "-").split("-") if span else [piece.value for piece in match.all("Y4")[:2]]
    last = parts[0][: 4 - len(parts[1])] + parts[1]
    return Found(f"{parts[0]}/{last}" if parts[0] < last else "")


def _year_said(match: Match, context: Context) -> int:
    if found := match.number("Y4"):
        return found
    return context.published.year + (match.shift or 0) if context.published else 0


def part_of_year(match: Match, context: Context) -> Found:
    """A quarter or a half of a year, as its first and last month."""
    part = match.first("QUARTER", "HALF", "FRACTION")
    length = 3 if part is not None and part.value in ("3", "0.25") else 6
    number = match.number("ORD")
    said = _year_said(match, context)
    if not said or not 1 <= number <= 12 // length:
        return Found("", relative=True)
    start = (number - 1) * length + 1
    return Found(f"{said:04}-{start:02}/{said:04}-{start + length - 1:02}", relative=not match.first("Y4"))


def season(match: Match, context: Context) -> Found:
    """A season of the northern half, as its first and last month; left open without a year."""
    name = next(piece.value for piece in match.pieces if piece.kind.startswith("SEASON") and piece.value != "x")
    said = match.number("Y4")
    if not said and (match.shift is None or context.published is None):
        return Found(f"XXXX-{name}", relative=True)
    if not said:
        near = near_season(context.published, name, match.shift or 0) if context.published else ""
        return Found(near, relative=True)
    return Found(season_months(name, said))


def hijri(match: Match, context: Context) -> Found:
    """A Hijri date as the Gregorian months or days it can fall on."""
    said = match.first("Y4")
    named = match.first("HMONTH")
    number = int(said.value) if said else 0
    if number and number not in HIJRI_YEARS:
        return Found(f"{number:04}" if number > 1800 else "")
    if named is None:
        return Found(f"{hijri_start(number, 1).year}/{hijri_start(number + 1, 1).year}" if number else "")
    month = int(named.value)
    if not number:
        number = near_hijri_year(context.published, month, match.shift)
    if not number:
        return Found("", relative=True)
    start, last = hijri_month(number, month)
    if day := match.number("D2", "ORD"):
        middle = start + timedelta(day - 1)
        return Found(f"{middle - timedelta(1)}/{middle + timedelta(1)}", relative=said is None)
    return Found(f"{start.isoformat()[:7]}/{last.isoformat()[:7]}", relative=said is None)
