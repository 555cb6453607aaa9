"""Calendar arithmetic for time expressions: what a month, week day, season or Hijri date next to a day can mean.

Every function that needs the day of publication takes it as ``now`` and gives nothing when it is None.
"""

from __future__ import annotations

from datetime import date, timedelta

_SEASON_MONTHS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11)}
_HIJRI_EPOCH = 227015
_NEAR_AHEAD = 3
"""A month without year lies ahead if it is at most so many months away, else it is past: news looks back."""
_FINER = {"Y": (12, "M"), "D": (24, "TH"), "TH": (60, "TM"), "TM": (60, "TS"), "CE": (100, "Y"), "DE": (10, "Y")}


def iso_day(year: int, month: int, day: int) -> str:
    """The ISO day, or nothing if there is no such day.

    >>> iso_day(2018, 2, 3), iso_day(2018, 2, 30)
    ('2018-02-03', '')
    """
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def months_off(when: date, months: int) -> tuple[int, int]:
    """(year, month) so many months away."""
    total = when.year * 12 + when.month - 1 + months
    return total // 12, total % 12 + 1


def near_year(now: date | None, month: int, day: int, *, shift: int | None, ahead: bool) -> int:
    """The year of a month (and day) named without one; ``shift`` is -1 for last, 1 for next; 0 if unknown.

    >>> near_year(date(2018, 2, 19), 12, 0, shift=None, ahead=False)
    2017
    >>> near_year(date(2018, 4, 23), 5, 12, shift=None, ahead=False)
    2018
    """
    if now is None:
        return 0
    named, today = (month, day), (now.month, now.day if day else 0)
    past = now.year if named < today or (named == today and shift is None) else now.year - 1
    if shift is None:
        coming = past if named == today else past + 1
        distance = (coming - now.year) * 12 + month - now.month
        return coming if ahead or distance <= (_NEAR_AHEAD if day else 0) else past
    if shift == 0:
        return now.year
    return past if shift < 0 else (now.year if named > today else now.year + 1)


def near_weekday(now: date | None, number: int, *, shift: int | None, ahead: bool) -> date | None:
    """The day at or before ``now``; strictly before it for "last", after it for "next" or a clause about the future.

    >>> str(near_weekday(date(2018, 6, 19), 7, shift=None, ahead=False))
    '2018-06-17'
    """
    if now is None:
        return None
    back = (now.isoweekday() - number) % 7
    if shift is not None and shift < 0:
        return now - timedelta(back or 7)
    if (shift is not None and shift > 0) or (ahead and back):
        return now + timedelta(7 - back)
    return now - timedelta(back)


def week_of(now: date, shift: int) -> tuple[date, date]:
    """Monday and Sunday of this week, the last or the next."""
    monday = now - timedelta(now.weekday()) + timedelta(7 * shift)
    return monday, monday + timedelta(6)


def before(now: date, value: float, unit: str) -> str:
    """The day, month or year that lies so far back, as precise as the unit.

    >>> before(date(2024, 7, 28), 1, "W"), before(date(2024, 1, 28), 3, "M"), before(date(2024, 1, 28), 2, "DE")
    ('2024-07-21', '2023-10', '2004')
    """
    if unit in ("D", "W"):
        days = round(value * (7 if unit == "W" else 1))
        return (now - timedelta(days)).isoformat() if days < now.toordinal() else ""
    if unit == "M":
        year, month = months_off(now, -round(value))
        return f"{year:04}-{month:02}" if year > 0 else ""
    years = round(value * {"Y": 1, "DE": 10, "CE": 100}[unit])
    return f"{now.year - years:04}" if now.year > years else ""


def iso_duration(value: float, unit: str) -> str:
    """The TimeML duration; a fraction becomes a whole number of the finer unit.

    >>> iso_duration(1.5, "TH"), iso_duration(3.0, "M")
    ('PT90M', 'P3M')
    """
    while not value.is_integer() and unit in _FINER:
        factor, unit = _FINER[unit]
        value = round(value * factor, 6)
    shown = int(value) if value.is_integer() else value
    return f"PT{shown}{unit[1]}" if unit.startswith("T") else f"P{shown}{unit}"


def season_months(name: str, year: int) -> str:
    """First and last month of a season of the northern half.

    >>> season_months("SU", 2014), season_months("WI", 2014)
    ('2014-06/2014-08', '2014-12/2015-02')
    """
    if name not in _SEASON_MONTHS:
        return f"{year:04}-12/{year + 1:04}-02"
    first, last = _SEASON_MONTHS[name]
    return f"{year:04}-{first:02}/{year:04}-{last:02}"


def near_season(now: date, name: str, shift: int) -> str:
    """This season, the last or the next."""
    month = now.isoformat()[:7]
    spans = [season_months(name, now.year + offset) for offset in (-2, -1, 0, 1, 2)]
    if shift == 0:
        return next((s for s in spans if s[:7] <= month <= s[8:]), "")
    if shift < 0:
        return next((s for s in reversed(spans) if s[8:] < month), "")
    return next((s for s in spans if s[:7] > month), "")


def hijri_start(year: int, month: int) -> date:
    """First day of a month of the arithmetic Hijri calendar; the sighted one may differ by a day.

    >>> str(hijri_start(1439, 9)), str(hijri_start(1445, 1))
    ('2018-05-16', '2023-07-19')
    """
    days = (year - 1) * 354 + (3 + 11 * year) // 30 + ((month - 1) * 59 + 1) // 2
    return date.fromordinal(days + _HIJRI_EPOCH)


def hijri_month(year: int, month: int) -> tuple[date, date]:
    """First and last day of a Hijri month."""
    return hijri_start(year, month), hijri_start(year + month // 12, month % 12 + 1) - timedelta(1)


def near_hijri_year(now: date | None, month: int, shift: int | None) -> int:
    """The Hijri year of a month named without one; 0 if unknown."""
    if now is None:
        return 0
    guess = round((now.year - 622) * 1.0307) + 1
    latest = max((year for year in range(guess - 3, guess + 3) if hijri_start(year, month) <= now), default=0)
    if shift is not None and shift > 0:
        return latest + 1
    running = now <= hijri_month(latest, month)[1]
    return latest - 1 if shift is not None and shift < 0 and running else latest
