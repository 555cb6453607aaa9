"""Precision, recall and F1, from counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Counts(NamedTuple):
    """How many were right, predicted, and expected."""

    right: float
    predicted: float
    expected: float


@dataclass(frozen=True, slots=True)
class Figure:
    """Precision, recall, F1; None where the figure has no such part. Counts where they are plain counts."""

    p: float | None
    r: float | None
    f1: float | None
    counts: Counts | None = None

    def to_json(self) -> dict[str, float | None]:
        """The keys that ``score.py`` prints."""
        plain: dict[str, float | None] = {"p": self.p, "r": self.r, "f1": self.f1}
        if self.counts:
            plain |= {"tp": self.counts.right, "pred": self.counts.predicted, "gold": self.counts.expected}
        return plain


def figure(counts: Counts) -> Figure:
    """Nothing predicted where nothing is expected is perfect.

    >>> figure(Counts(1, 2, 4)).p, figure(Counts(0, 0, 0)).f1
    (0.5, 1.0)
    """
    right, predicted, expected = counts
    p = right / predicted if predicted else float(not expected)
    r = right / expected if expected else float(not predicted)
    return Figure(p, r, f1(p, r), counts)


def f1(p: float, r: float) -> float:
    """The harmonic mean."""
    return 2 * p * r / (p + r) if p + r else 0.0


def total(many: Iterable[Counts]) -> Counts:
    """The sums."""
    rows = list(many)
    return Counts(*(sum(row[i] for row in rows) for i in range(3)))


def mean(values: Iterable[float | None]) -> float | None:
    """The average, or None of nothing."""
    rows = [value for value in values if value is not None]
    return sum(rows) / len(rows) if rows else None
