"""What the resolvers of time expressions work on: the matched pieces, their surroundings, the value found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kg.datamodel import TimeType
from kg.language.numbers import digits_value
from kg.language.wordclass import Piece

_SHIFTS = frozenset({"LAST", "RECENT", "BEFORELAST", "PREVIOUS", "PREVIOUSF", "NEXT", "FOLLOW", "CURRENT"})
MONTHS = frozenset({"MONTH", "MONTHW"})
HIJRI_YEARS = range(1200, 1600)


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
