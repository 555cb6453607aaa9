"""Counts in words and digits: agreement, compounds, duals, approximations and measures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.datamodel import Span
from kg.language.arabic import WAW, FoldedText
from kg.language.wordclass import DIGITS, Piece, scan

NUMBER = "NUM"
ORDINAL = "ORD"
_STARTS = frozenset({*DIGITS, "ONE", "NUMERAL", "TEN", "PART", "TENS", "HUNDRED", "SCALE", "SCALE2", "FRACTION"})
_ORDINAL_STARTS = frozenset({"ORD", "ORDPART"})
_LARGEST = 10**12
"""Scales are multiplied ("thousand million") up to here; whatever goes on longer is no number."""
_AFTER_REACH = 30
"""How many characters may stand between a count and an approximation that follows its noun."""
_SCALES = frozenset({"SCALE", "SCALES"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A count; ``unit`` is a measure such as ``km``, the singular of a dual noun, or empty."""

    span: Span
    value: int | float
    approximate: str = ""
    """``about``, ``at least``, ``more than``, ``less than`` or empty."""
    dual: bool = False
    unit: str = ""


def digits_value(text: str) -> int | float:
    """The value of a run of digits; separators group thousands where three digits follow each.

    >>> digits_value("1,200"), digits_value("80.5"), digits_value("12,7"), digits_value("15.000")
    (1200, 80.5, 12.7, 15000)
    """
    if text.isdigit():
        return int(text)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3}){2,}|[1-9]\d{0,2}\.\d\d0", text):
        return int(text.replace(",", "").replace(".", ""))
    if "," in text and "." in text:
        return float(text.replace(",", ""))
    return float(text.replace(",", "."))


def _joined(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the piece is tied to the one before by ``wa``."""
    return pieces[index].proclitic == WAW


class _Reader:
    """Reads one cardinal from ``pieces[index:]``."""

    def __init__(self, pieces: Sequence[Piece], index: int) -> None:
        self.pieces = pieces
        self.index = index

    def kind(self, ahead: int = 0) -> str:
        index = self.index + ahead
        return self.pieces[index].kind if index < len(self.pieces) else ""

    def value(self, ahead: int = 0) -> float:
        return digits_value(self.pieces[self.index + ahead].value)

    def free(self, ahead: int = 0) -> bool:
        """Whether the piece ahead exists and has no proclitic."""
        index = self.index + ahead
        return index < len(self.pieces) and not self.pieces[index].proclitic

    def wa(self, ahead: int = 0) -> bool:
        index = self.index + ahead
        return index < len(self.pieces) and _joined(self.pieces, index)

    def small(self) -> float | None:
        """One to ninety-nine."""
        kind = self.kind()
        if kind in ("PART", "NUMERAL") and self.kind(1) == "TEN" and self.free(1):
            value = self.value() + 10
            self.index += 2
        elif kind in ("NUMERAL", "PART", "ONE") and self.kind(1) == "TENS" and self.wa(1):
            value = self.value() + self.value(1)
            self.index += 2
        elif kind in ("NUMERAL", "ONE", "TEN", "TENS"):
            value = self.value()
            self.index += 1
        else:
            return None
        return value

    def hundreds(self) -> float | None:
        """One to nine hundred and ninety-nine, or any digits."""
        kind = self.kind()
        if kind in DIGITS:
            value = self.value()
            self.index += 1
            return value
        if kind == "NUMERAL" and self.kind(1) == "HUNDRED" and self.free(1) and self.value() > 2:
            value = self.value() * 100
            self.index += 2
        elif kind == "HUNDRED":
            value = self.value()
            self.index += 1
        else:
            return self.small()
        if self.wa() and self.kind() in ("NUMERAL", "ONE", "PART", "TEN", "TENS"):
            value += self.small() or 0
        return value

    def part(self) -> tuple[float, float] | None:
        """A count with its scale: (value, scale); scale 1 where there is none."""
        if self.kind() == "SCALE2":
            value = self.value()
            self.index += 1
            return value, value / 2
        if self.kind() == "FRACTION":
            if self.kind(1) != "SCALE" or not self.free(1):
                return None
            value = self.value() * self.value(1)
            self.index += 2
            return value, value
        count = 1.0 if self.kind() == "SCALE" else self.hundreds()
        if count is None:
            return None
        scale = 1.0
        first = self.index
        while (
            self.kind() in _SCALES
            and scale < _LARGEST
            and (self.free() or self.index == first and count == 1.0 and not self.wa())
        ):
            scale *= self.value()
            self.index += 1
        return count * scale, scale

    def whole(self) -> float | None:
        """Parts joined by wa in falling order, and a fraction of the last scale."""
        if self.kind() == "SCALE":
            first = self.pieces[self.index]
            self.index += 1
            total = scale = digits_value(first.value)
            while self.kind() == "SCALE" and self.free() and scale < _LARGEST:
                total = scale = scale * self.value()
                self.index += 1
        else:
            read = self.part()
            if read is None:
                return None
            total, scale = read
        while scale > 1 and self.wa():
            kept = self.index
            if self.kind() == "FRACTION":
                total += self.value() * scale
                self.index += 1
                if self.kind() == "SCALE" and self.free() and self.value() == scale:
                    self.index += 1
                break
            read = self.part()
            if read is None or read[1] >= scale or read[0] >= scale:
                self.index = kept
                break
            total += read[0]
            scale = read[1]
        return total


def _exact(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value


def _ordinal(pieces: Sequence[Piece], index: int) -> tuple[int, int]:
    """(value, next index) of the ordinal at ``index``; value 0 if it is none."""
    piece = pieces[index]
    following = pieces[index + 1] if index + 1 < len(pieces) else None
    value = int(piece.value)
    if following is not None and following.kind == "TEN" and not following.proclitic:
        return value + 10, index + 2
    if following is not None and following.kind == "TENS" and following.proclitic == WAW:
        return value + int(following.value), index + 2
    return (value, index + 1) if piece.kind == "ORD" else (0, index + 1)


def group_numbers(pieces: Sequence[Piece]) -> list[Piece]:
    """The same pieces with each compound number or ordinal as one piece of kind ``NUM`` or ``ORD``.

    Digits that stand alone keep their kind, for they may be a day or a year.
    """
    grouped: list[Piece] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        if piece.kind in _STARTS:
            reader = _Reader(pieces, index)
            value = reader.whole()
            if value is not None and not (reader.index == index + 1 and piece.kind in DIGITS):
                last = pieces[reader.index - 1]
                exact = str(_exact(value))
                grouped.append(Piece(piece.start, piece.core, last.end, NUMBER, exact, piece.proclitic))
                index = reader.index
                continue
        elif piece.kind in _ORDINAL_STARTS:
            number, after = _ordinal(pieces, index)
            if number:
                last = pieces[after - 1]
                grouped.append(Piece(piece.start, piece.core, last.end, ORDINAL, str(number), piece.proclitic))
                index = after
                continue
        grouped.append(piece)
        index += 1
    return grouped


def find_numbers(folded: FoldedText) -> tuple[Number, ...]:
    """All counts of a text; years, days and ordinals are not told apart from counts here, times do that."""
    pieces = group_numbers(scan(folded.folded))
    found = []
    for index, piece in enumerate(pieces):
        if piece.kind == NUMBER or piece.kind in DIGITS:
            value: int | float = digits_value(piece.value) if piece.kind in DIGITS else _grouped_value(piece.value)
        elif piece.kind == "DUAL":
            value = 2
        else:
            continue
        found.append(
            Number(
                span=folded.back(piece.core, piece.end),
                value=value,
                approximate=_approximation(pieces, index),
                dual=piece.kind == "DUAL",
                unit=_unit(pieces, index),
            )
        )
    return tuple(found)


def _grouped_value(text: str) -> int | float:
    return int(text) if text.isdigit() else float(text)


def _approximation(pieces: Sequence[Piece], index: int) -> str:
    if index and pieces[index - 1].kind == "APPROX":
        return pieces[index - 1].value
    for after in pieces[index + 1 : index + 4]:
        if after.kind == "APPROXAFTER" and after.start - pieces[index].end <= _AFTER_REACH:
            return after.value
        if after.kind not in ("GAP", "MEASURE"):
            break
    return ""


def _unit(pieces: Sequence[Piece], index: int) -> str:
    if pieces[index].kind == "DUAL":
        return pieces[index].value
    following = pieces[index + 1] if index + 1 < len(pieces) else None
    return following.value if following is not None and following.kind == "MEASURE" else ""
