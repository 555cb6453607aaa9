"""Reads the TSV files of ``ontology/`` and holds them to their laws (see ``ontology/lexicon/README.md``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its place, so that later checks can still say where."""

    path: Path
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def many(self, column: str, separator: str = "|") -> tuple[str, ...]:
        """The parts of a cell, trimmed, empty ones left out."""
        return tuple(part for raw in self.cells[column].split(separator) if (part := raw.strip()))

    def pairs(self, column: str) -> dict[str, str]:
        """``key=value;key=value`` as a dict; a bare key has the value ``yes``."""
        found = {}
        for part in self.many(column, ";"):
            key, equals, value = part.partition("=")
            if not key:
                raise self.error(f"expected key=value or a bare key, found {part!r}", column)
            found[key.strip()] = value.strip() if equals else "yes"
        return found

    def error(self, what: str, column: str | None = None) -> DataError:
        """An error that names this row."""
        return DataError(str(self.path), self.line, what, column)


def read_table(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a TSV file whose header is exactly ``columns``; raise DataError with file and line."""
    header: list[str] | None = None
    text = path.read_text(encoding="utf-8")
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if header is None:
            header = cells
            if header != list(columns):
                raise DataError(str(path), number, f"the header is {header}, expected {list(columns)}")
            continue
        if len(cells) != len(header):
            raise DataError(str(path), number, f"{len(cells)} cells, expected {len(header)}: check the tabs")
        yield Row(path, number, dict(zip(header, cells, strict=True)))
    if header is None:
        raise DataError(str(path), 1, "the file is empty; the first line must be the header")
