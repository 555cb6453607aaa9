"""Values of time expressions: ISO days, months, years, minutes and intervals, TimeML durations.

What the text leaves open stays open: without a publication date a relative expression has the value ''.
A decade is its first three digits and a century its first two, as in TimeML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from kg.datamodel import TimeType
from kg.language.calendar import hijri_start, iso_day, months_off, near_weekday, near_year, week_of
from kg.language.wordclass import Piece
from kg.text import timex_spans as spans
from kg.text.timex_match import HIJRI_YEARS, MONTHS, Context, Found, Match


def calendar(match: Match, context: Context) -> Found:
    """Day, month and year as far as they are named, with the clock if there is one."""
    months = match.all(*MONTHS)
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
    if year in HIJRI_YEARS and 1 <= month <= 12:
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
    month = int(match.all(*MONTHS)[0].value)
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
    first, last = (int(piece.value) for piece in (match.all(*MONTHS)[0], match.all(*MONTHS)[-1]))
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


def nothing(_: Match, __: Context) -> None:
    """Matched to keep other rules away."""
    return


RESOLVERS: Mapping[str, Callable[[Match, Context], Found | None]] = {
    function.__name__: function
    for function in (
        *(calendar, numeric, clock, day_range, day_of_month, month_range, weekday, weekday_range, relative_day),
        *(eve, neighbour_day, anaphoric, nothing, spans.duration, spans.bare, spans.set_of, spans.set_word),
        *(spans.reference, spans.vague_past, spans.vague_future, spans.ago, spans.period, spans.century),
        *(spans.decade, spans.year, spans.year_alone, spans.year_range, spans.part_of_year, spans.season),
        spans.hijri,
    )
}
"""The functions that ``resolve`` in ``ontology/rules/timex.yaml`` may name."""
