"""The first and last day that an ISO date, month, year, week, minute or interval can mean."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T.*)?", re.DOTALL)
_MONTH = re.compile(r"(\d{4})-(\d\d)")
_WEEK = re.compile(r"(\d{4})-W(\d\d)")
_YEAR = re.compile(r"\d{4}")


def bounds(value: str | None) -> tuple[date, date] | None:
    """The days from which and until which ``value`` runs; None for a duration or no date at all.

    >>> first, last = bounds("2024-02")
    >>> str(first), str(last)
    ('2024-02-01', '2024-02-29')
    >>> bounds("P3D"), bounds("2024-02-30")
    (None, None)
    """
    if not value:
        return None
    start, slash, end = value.partition("/")
    first = _point(start)
    last = _point(end) if slash else first
    if first is None or last is None or last[1] < first[0]:
        return None
    return first[0], last[1]


def _point(value: str) -> tuple[date, date] | None:
    try:
        if match := _DAY.fullmatch(value):
            day = date(int(match[1]), int(match[2]), int(match[3]))
            return day, day
        if match := _MONTH.fullmatch(value):
            year, month = int(match[1]), int(match[2])
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        if match := _WEEK.fullmatch(value):
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
            return monday, monday + timedelta(days=6)
        if _YEAR.fullmatch(value):
            return date(int(value), 1, 1), date(int(value), 12, 31)
    except ValueError:  # a month 13, a day 30 in February: the text has it, the calendar does not
        return None
    return None
