"""Values of time expressions: ISO days, months, years, minutes and intervals, TimeML durations.

What the text leaves open stays open: without a publication date a relative expression has the value ''.
A decade is its first three digits and a century its first two, as in TimeML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kg.datamodel import TimeType
from kg.language.calendar import (
    before,
    hijri_month,
    hijri_start,
    iso_day,
    iso_duration,
    months_off,
    near_hijri_year,
    near_season,
    near_weekday,
    near_year,
    season_months,
    week_of,
)
from kg.language.numbers import digits_value
from kg.language.wordclass import DIGITS, Piece

_SHIFTS = frozenset({"LAST", "RECENT", "BEFORELAST", "PREVIOUS", "PREVIOUSF", "NEXT", "FOLLOW", "CURRENT"})
_MONTHS = frozenset({"MONTH", "MONTHW"})
_COUNTS = frozenset({"NUM", "UNIT2", "UNIT2DEF", "FRACTION", *DIGITS})
_UNIT_KINDS = frozenset(
    "UNIT HOUR UNITACC DAY UNITS2ND UNITS UNIT2 UNITDEF UNITSDEF UNIT2DEF HOURDEF TODAY CENTURY TONIGHT".split()
)
_HIJRI_YEARS = range(1200, 1600)


@dataclass(frozen=True, slots=True)
class Found:
    """A value with its TimeML type; ``relative`` if it was computed from another date."""

    value: str
    type: TimeType = "date"
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression is resolved against."""

    published: date | None
    anchor: date | None
    """The last day named before in the text, for "the following day" and "on the eve"."""
    ahead: bool
    """Whether the clause speaks of the future."""


class Match:
    """The pieces of one expression, asked by class."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces

    def all(self, *kinds: str) -> list[Piece]:
        """The pieces of these classes, in order."""
        return [piece for piece in self.pieces if piece.kind in kinds]

    def first(self, *kinds: str) -> Piece | None:
        """The first piece of these classes."""
        return next((piece for piece in self.pieces if piece.kind in kinds), None)

    def number(self, *kinds: str) -> int:
        """The value of the first piece of these classes, 0 if there is none."""
        piece = self.first(*kinds)
        return int(digits_value(piece.value)) if piece is not None else 0

    @property
    def shift(self) -> int | None:
        """-1 for last, 1 for next, 0 for this, None if nothing is said."""
        piece = self.first(*_SHIFTS, "THIS")
        return int(piece.value) if piece is not None else None


def calendar(match: Match, context: Context) -> Found:
    """Day, month and year as far as they are named, with the clock if there is one."""
    months = match.all(*_MONTHS)
    month = int(months[0].value)
    day = match.number("D2", "ORD")
    year = match.number("Y4")
    shift = match.shift
    relative = not year
    if not year and match.first("UNITDEF") and shift is not None and match.pieces[-2].value == "Y":
        year = context.published.year + shift if context.published else 0
    elif not year:
        year = near_year(context.published, month, day, shift=shift, ahead=context.ahead)
    if not year:
        return Found(f"XXXX-{month:02}" + (f"-{day:02}" if day else ""), relative=True)
    if not day:
        return Found(f"{year:04}-{month:02}", relative=relative)
    value = iso_day(year, month, day)
    if match.first("CLOCK") is None or not value:
        return Found(value, "time" if match.first("DAYPART") else "date", relative)
    return Found(f"{value}T{_clock(match)}", "time", relative)


def numeric(match: Match, _: Context) -> Found:
    """Dates in digits; day before month unless that is impossible."""
    parts = [int(part) for part in match.pieces[0].value.replace("/", "-").replace(".", "-").split("-")]
    if parts[0] > 31:
        year, month, day = parts
    else:
        day, month, year = parts
    if month > 12 >= day:
        day, month = month, day
    if year in _HIJRI_YEARS and 1 <= month <= 12:
        middle = hijri_start(year, month) + timedelta(day - 1)
        return Found(f"{middle - timedelta(1)}/{middle + timedelta(1)}")
    value = iso_day(year, month, day)
    if value and match.first("CLOCK"):
        return Found(f"{value}T{_clock(match)}", "time")
    return Found(value)


def _clock(match: Match) -> str:
    """Hours and minutes on the 24-hour clock."""
    named = match.first("CLOCK", "DEC") or match.first("D2", "ORD")
    if named is None:
        return ""
    hours, _, minutes = named.value.replace(",", ":").replace(".", ":").partition(":")
    hour = int(hours) % 24
    part = match.first("DAYPARTADV", "DAYPART", "ERA")
    late = part is not None and (part.value in ("EV", "AF", "ad") or (part.value == "MI" and hour < 11))
    if late or (part is not None and part.value == "NI" and hour >= 6):
        hour = hour if hour >= 12 else hour + 12
    elif part is not None and part.value in ("MO", "NI") and hour == 12:
        hour = 0
    return f"{hour:02}:{minutes[:2] or '00'}"


def clock(match: Match, _: Context) -> Found:
    """A time of day whose day is not named."""
    return Found(f"T{_clock(match)}", "time", relative=True)


def day_range(match: Match, context: Context) -> Found:
    """Two days of one month."""
    span = match.first("DAYS")
    days = [int(d) for d in span.value.split("-")] if span else [int(p.value) for p in match.all("D2", "ORD")]
    month = int(match.all(*_MONTHS)[0].value)
    year = match.number("Y4") or near_year(context.published, month, days[1], shift=match.shift, ahead=context.ahead)
    if not year:
        return Found("", relative=True)
    start, end = iso_day(year, month, days[0]), iso_day(year, month, days[1])
    return Found(f"{start}/{end}" if start and end and start <= end else "", relative=not match.first("Y4"))


def day_of_month(match: Match, context: Context) -> Found:
    """A day, or two, of this month, the last or the next."""
    now = context.published
    unit = match.first("UNITDEF")
    shift = match.shift
    if match.first("SELF") or now is None or unit is None or unit.value != "M" or shift is None:
        return Found("", relative=True)
    year, month = months_off(now, shift)
    span = match.first("DAYS")
    days = [int(d) for d in span.value.split("-")] if span else [match.number("D2", "ORD")]
    values = [iso_day(year, month, day) for day in days]
    return Found("/".join(values) if all(values) else "", relative=True)


def month_range(match: Match, context: Context) -> Found:
    """Two months, of one year unless they pass its end."""
    first, last = (int(piece.value) for piece in (match.all(*_MONTHS)[0], match.all(*_MONTHS)[-1]))
    year = match.number("Y4") or near_year(context.published, last, 0, shift=match.shift, ahead=context.ahead)
    if not year:
        return Found("", relative=True)
    return Found(f"{year - (first > last):04}-{first:02}/{year:04}-{last:02}", relative=not match.first("Y4"))


def weekday(match: Match, context: Context) -> Found:
    """The day at or before publication; the one after it if the text says so."""
    named = match.first("WEEKDAY", "WEEKDAYW")
    kind: TimeType = "time" if match.first("DAYPART") else "date"
    if named is None or match.first("WEEKDAYW"):
        return Found("", kind, relative=True)
    week = match.first("UNITDEF")
    if week is not None and context.published is not None and week.value == "W":
        monday, _ = week_of(context.published, match.shift or 0)
        return Found((monday + timedelta(int(named.value) - 1)).isoformat(), kind, relative=True)
    shift = None if match.first("TODAY") else match.shift
    day = near_weekday(context.published, int(named.value), shift=shift, ahead=context.ahead)
    return Found(day.isoformat() if day else "", kind, relative=True)


def weekday_range(match: Match, context: Context) -> Found:
    """Two neighbouring week days."""
    first, last = (int(piece.value) for piece in match.all("WEEKDAY")[:2])
    end = near_weekday(context.published, last, shift=match.shift, ahead=context.ahead)
    if end is None:
        return Found("", relative=True)
    start = end - timedelta((last - first) % 7)
    return Found(f"{start}/{end}", relative=True)


def relative_day(match: Match, context: Context) -> Found:
    """Yesterday, today, tomorrow; a week day beside it corrects a day's difference."""
    kind: TimeType = "time" if match.first("DAYPART", "TONIGHT") else "date"
    now = context.published
    if now is None:
        return Found("", kind, relative=True)
    named = match.first("WEEKDAY")
    word = match.first("REL", "RELW")
    offset = int(word.value) if word else match.shift or 0
    if named is not None:
        near = min((now + timedelta(offset + d) for d in (0, -1, 1) if _is(now, offset + d, named)), default=None)
        return Found(near.isoformat() if near else (now + timedelta(offset)).isoformat(), kind, relative=True)
    return Found((now + timedelta(offset)).isoformat(), kind, relative=True)


def _is(now: date, offset: int, named: Piece) -> bool:
    return (now + timedelta(offset)).isoweekday() == int(named.value)


def eve(_: Match, context: Context) -> Found:
    """The day before the last day the text named."""
    return Found((context.anchor - timedelta(1)).isoformat() if context.anchor else "", relative=True)


def neighbour_day(match: Match, context: Context) -> Found:
    """The day after (or before) the last day the text named."""
    if context.anchor is None:
        return Found("", relative=True)
    return Found((context.anchor + timedelta(match.shift or 1)).isoformat(), relative=True)


def anaphoric(match: Match, context: Context) -> Found:
    """The same day, month or year as named before."""
    anchor = context.anchor
    unit = match.first("TODAY", "UNITDEF", "TONIGHT")
    if anchor is None or unit is None:
        return Found("", relative=True)
    length = {"Y": 4, "M": 7}.get(unit.value, 10)
    return Found(anchor.isoformat()[:length] if unit.value != "W" else "", relative=True)


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


def nothing(_: Match, __: Context) -> None:
    """Matched to keep other rules away."""
    return


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
    if number and number not in _HIJRI_YEARS:
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


RESOLVERS: Mapping[str, Callable[[Match, Context], Found | None]] = {
    function.__name__: function
    for function in (
        *(
            calendar,
            numeric,
            clock,
            day_range,
            day_of_month,
            month_range,
            weekday,
            weekday_range,
            relative_day,
            eve,
            neighbour_day,
        ),
        *(anaphoric, duration, bare, set_of, set_word, reference, vague_past, vague_future, nothing, ago, period),
        *(century, decade, year, year_alone, year_range, part_of_year, season, hijri),
    )
}
"""The functions that ``resolve`` in ``ontology/rules/timex.yaml`` may name."""
