"""Publication dates as outlets write them, turned into an ISO day or minute."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import cache

from kg.language.arabic import COMMA, fold
from kg.language.tables import read_table
from kg.resources import ontology_path

_COLUMNS = ("id", "class", "value", "romanisation", "gloss", "forms_ar")
_ENGLISH = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ]+(\d{1,2}):(\d{2}))?")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?::\d{2})?(?!\d)\s*([^\W\d_]+)?")
_RFC = re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWords:
    """The words of ``ontology/reading/dates.tsv``, folded."""

    months: dict[str, int]
    halves: dict[str, str]
    cues: tuple[str, ...]
    known: frozenset[str]
    """Every single word that a line with nothing but a date may hold."""
    written: re.Pattern[str]
    """Day, month name (two calendars' names may stand side by side), year."""


@cache
def date_words() -> DateWords:
    """Load the words once."""
    groups: dict[str, dict[str, str]] = {"month": {}, "half-day": {}, "published": {}, "weekday": {}}
    for row in read_table(ontology_path("reading", "dates.tsv"), _COLUMNS):
        if row["class"] not in groups:
            raise row.error(f"the class is one of {', '.join(groups)}", "class")
        groups[row["class"]].update((fold(form), row["value"]) for form in row.many("forms_ar"))
    months = {name: int(value) for name, value in groups["month"].items()} | _ENGLISH
    names = "|".join(re.escape(name) for name in sorted(months, key=len, reverse=True))
    written = re.compile(
        rf"(?<!\d)(\d{{1,2}})\s+(?:[^\W\d_]{{2}}\s+)?({names})(?:\s*[/(]\s*(?:{names})\)?)?\s*[,{COMMA}]?\s*(\d{{4}})(?!\d)"
    )
    cues = tuple(sorted(groups["published"], key=len, reverse=True))
    dated = [*months, *groups["half-day"], *groups["weekday"], "am", "pm"]
    known = frozenset(word for name in dated for word in name.split())
    return DateWords(months=months, halves=groups["half-day"], cues=cues, known=known, written=written)


def parse_date(value: str) -> str | None:
    """Return an ISO day or minute, or None where there is no full date.

    >>> parse_date("Sun, 18 Feb 2018 21:35:43 +0400"), parse_date("29/10/2023"), parse_date("2018-07-07T04:05:06Z")
    ('2018-02-18T21:35', '2023-10-29', '2018-07-07T04:05')
    >>> parse_date("31/02/2023") is None
    True
    """
    text = fold(value).strip().lower()
    if _RFC.match(value.strip()):
        return _rfc(value.strip())
    if found := _ISO.search(text):
        year, month, day, hour, minute = found.groups()
        whole = _day(int(year), int(month), int(day))
        return _with_clock(whole, hour, minute, "")
    return _with_time(_written_day(text), text)


def _rfc(value: str) -> str | None:
    try:
        return parsedate_to_datetime(value).strftime("%Y-%m-%dT%H:%M")
    except ValueError:
        return None


def _written_day(text: str) -> tuple[str | None, int, int]:
    """The day found, and where it stands."""
    words = date_words()
    if found := words.written.search(text):
        day, month, year = int(found[1]), words.months[found[2]], int(found[3])
    elif found := _YEAR_FIRST.search(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.search(text):
        day, month, year = (int(part) for part in found.groups())
    else:
        return None, 0, 0
    return _day(year, month, day), found.start(), found.end()


def _with_time(found: tuple[str | None, int, int], text: str) -> str | None:
    whole, start, end = found
    clock = _CLOCK.search(text, end) or _CLOCK.search(text, 0, start)
    if whole is None or clock is None:
        return whole
    half = clock[3] or ""
    return _with_clock(whole, clock[1], clock[2], date_words().halves.get(half, half))


def _with_clock(whole: str | None, hour: str | None, minute: str | None, half: str) -> str | None:
    if whole is None or hour is None or minute is None:
        return whole
    hours = int(hour) % 12 + 12 * (half == "pm") if half in ("am", "pm") and int(hour) <= 12 else int(hour)
    if hours > 23 or int(minute) > 59:
        return whole
    return f"{whole}T{hours:02d}:{int(minute):02d}"


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if 1800 <= year <= 2200 else None
    except ValueError:
        return None


def is_published(value: str) -> bool:
    """Whether a string is already the ISO day or minute that a Document carries."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?", value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
