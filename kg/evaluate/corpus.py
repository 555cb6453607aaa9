"""What the evaluations of corpora share: their report, and reading their files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import InputError, UnreadableInput
from kg.evaluate.figures import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusReport:
    """Named figures over one file, in the order they are printed."""

    name: str
    size: str
    """How much was read: ``500 sentences``."""
    rows: tuple[tuple[str, Figure], ...]
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For machines, and for ``--baseline``: the same shape as the gold report's first table."""
        return {"name": self.name, "size": self.size, "micro": {name: row.to_json() for name, row in self.rows}}


def accuracy(right: int, of: int) -> Figure:
    """A plain share; it stands in every column, as precision and recall are one."""
    share = right / of if of else None
    return Figure(share, share, share)


def corpus_lines(path: Path) -> Iterator[str]:
    """The lines of a UTF-8 file without their ends."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"{path}: not valid UTF-8 at byte {error.start}") from None
    yield from text.split("\n")


def json_rows(path: Path, *needed: str) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file, each with the keys that are needed."""
    rows = []
    for number, line in enumerate(corpus_lines(path), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise UnreadableInput(f"{path}:{number}: not JSON: {error}") from None
        missing = [key for key in needed if key not in row]
        if missing:
            raise UnreadableInput(f"{path}:{number}: no {', '.join(missing)}; is this the right --as format?")
        rows.append(row)
    return rows
