"""Time expressions in JSON Lines: ``text`` and ``timex`` with start, end, TimeML type and value.

Relative dates of such corpora are resolved against a day that the file may not tell, so values are scored on
absolute dates (their text holds the year) and on durations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.datamodel import TimeExpression
from kg.evaluate.assignment import largest_matching
from kg.evaluate.corpus import CorpusReport, accuracy, json_rows
from kg.evaluate.figures import Counts, figure, total
from kg.evaluate.gold import widen
from kg.language.arabic import fold

FindTimes = Callable[[str, str | None], Sequence[TimeExpression]]
"""The time expressions in a text, resolved against a day (or None)."""
_DAY_KEYS = ("dct", "date", "published", "doc_date")
_VAGUE = ("PAST_REF", "PRESENT_REF", "FUTURE_REF")
_YEAR = re.compile(r"\d{4}")


def evaluate_times(path: Path, find: FindTimes) -> CorpusReport:
    """Score spans exactly (as whole words) and by overlap; values where spans overlap."""
    rows = json_rows(path, "text", "timex")
    exact: list[Counts] = []
    overlap: list[Counts] = []
    right = {"absolute dates": [0, 0], "durations": [0, 0], "types": [0, 0]}
    for row in rows:
        text: str = row["text"]
        day = next((row[key] for key in _DAY_KEYS if row.get(key)), None)
        found = find(text, day)
        gold = row["timex"]
        ours = {widen(text, (time.span.start, time.span.end)) for time in found}
        theirs = {widen(text, (time["start"], time["end"])) for time in gold}
        exact.append(Counts(len(ours & theirs), len(ours), len(theirs)))
        edges = [[j for j, b in enumerate(sorted(theirs)) if a[0] < b[1] and b[0] < a[1]] for a in sorted(ours)]
        overlap.append(Counts(largest_matching(edges), len(ours), len(theirs)))
        _count_values(found, gold, right)
    table = [("span (whole words)", figure(total(exact))), ("span (overlap)", figure(total(overlap)))]
    table += [(f"value, {name}", accuracy(*counts)) for name, counts in right.items() if name != "types"]
    table += [("type", accuracy(*right["types"]))]
    expected = int(total(exact).expected)
    notes = tuple(f"{name}: {hits} of {of} found right" for name, (hits, of) in right.items())
    return CorpusReport(
        name=path.name, size=f"{len(rows):,} texts, {expected:,} expressions", rows=tuple(table), notes=notes
    )


def _count_values(
    found: Sequence[TimeExpression], gold: Iterable[Mapping[str, Any]], right: dict[str, list[int]]
) -> None:
    """Count over the gold expressions that one of ours overlaps."""
    for time in gold:
        match = _best(found, time)
        if match is None:
            continue
        kind, value = str(time["type"]).lower(), str(time["value"])
        right["types"][0] += match.type == kind
        right["types"][1] += 1
        group = _group(kind, value, str(time["text"]))
        if group:
            right[group][0] += match.value == value
            right[group][1] += 1


def _best(found: Sequence[TimeExpression], time: Mapping[str, Any]) -> TimeExpression | None:
    def common(ours: TimeExpression) -> int:
        return min(ours.span.end, int(time["end"])) - max(ours.span.start, int(time["start"]))

    best = max(found, key=common, default=None)
    return best if best is not None and common(best) > 0 else None


def _group(kind: str, value: str, text: str) -> str | None:
    if kind == "duration":
        return "durations"
    year = _YEAR.search(fold(text))
    return "absolute dates" if kind == "date" and year and value not in _VAGUE and year.group() in value else None
