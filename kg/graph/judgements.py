"""What people have decided about pairs: same, different, unsure. The file only grows; a later line counts more.

``DIR/judgements.tsv`` has a line a judgement: one, other, verdict, who, when, note. ``one`` and ``other`` are the ids
that entities (or events) have in their own articles, which no merge changes. "unsure" takes back what was said of the
same pair. Judgements are transitive: a same as b and b same as c make a same as c; where they contradict each other,
the later ones stand.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kg.errors import DataError

Verdict = Literal["same", "different", "unsure"]
VERDICTS: tuple[Verdict, ...] = ("same", "different", "unsure")
COLUMNS = ("one", "other", "verdict", "who", "when", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One line of the file."""

    one: str
    other: str
    verdict: Verdict
    who: str = ""
    when: str = ""
    note: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """The two ids in order."""
        return (self.one, self.other) if self.one < self.other else (self.other, self.one)


class Judgements:
    """What stands after all lines: groups that are one, and pairs that are two."""

    def __init__(self, lines: Iterable[Judgement] = ()) -> None:
        self.lines = tuple(lines)
        self._group: dict[str, str] = {}
        self._different: set[tuple[str, str]] = set()
        self.overruled: list[Judgement] = []
        last = {line.pair: index for index, line in enumerate(self.lines)}
        for index in sorted(last.values(), reverse=True):
            line = self.lines[index]
            if line.verdict != "unsure" and not self._take(line):
                self.overruled.append(line)

    def _take(self, line: Judgement) -> bool:
        """Let a line stand unless later lines say otherwise."""
        one, other = self.group(line.one), self.group(line.other)
        if line.verdict == "different":
            if one == other:
                return False
            self._different.add(_pair(one, other))
            return True
        if _pair(one, other) in self._different:
            return False
        low, high = _pair(one, other)
        for member in [m for m, group in self._group.items() if group == high] + [high]:
            self._group[member] = low
        self._different = {_pair(self.group(a), self.group(b)) for a, b in self._different}
        return True

    def group(self, name: str) -> str:
        """The smallest id that is judged one with ``name``."""
        return self._group.get(name, name)

    def verdict(self, one: str, other: str) -> Verdict | None:
        """What follows from the judgements for a pair; "unsure" where somebody looked and could not tell."""
        a, b = self.group(one), self.group(other)
        if a == b:
            return "same"
        if _pair(a, b) in self._different:
            return "different"
        return "unsure" if any(line.pair == _pair(one, other) for line in self.lines) else None

    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Smallest id -> all ids that are judged one."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for member, group in self._group.items():
            found[group] |= {member, group}
        return {group: tuple(sorted(members)) for group, members in sorted(found.items())}

    def differences(self) -> tuple[tuple[str, str], ...]:
        """Pairs of groups that are judged two."""
        return tuple(sorted(self._different))


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def read_judgements(path: Path) -> Judgements:
    """The judgements of a file, none where there is no file; a line cut short by a crash is left out."""
    if not path.is_file():
        return Judgements()
    lines = []
    text = path.read_text(encoding="utf-8")
    for number, line in enumerate(text.split("\n")[:-1], 1):
        if line and not line.startswith("#"):
            lines.append(_judgement(path, number, line))
    return Judgements(lines)


def _judgement(path: Path, number: int, line: str) -> Judgement:
    cells = [*line.split("\t"), *[""] * len(COLUMNS)][: len(COLUMNS)]
    verdict = next((each for each in VERDICTS if each == cells[2]), None)
    if verdict is None or not cells[0] or not cells[1] or cells[0] == cells[1]:
        raise DataError(str(path), number, "expected two ids, then same, different or unsure, separated by tabs")
    return Judgement(one=cells[0], other=cells[1], verdict=verdict, who=cells[3], when=cells[4], note=cells[5])


def append_judgement(path: Path, judgement: Judgement) -> None:
    """Add a line, on disk when this returns; a last line that a crash cut short was never taken, and goes."""
    cells = (" ".join(getattr(judgement, name).split()) for name in COLUMNS)
    with path.open("ab") as file:
        if path.stat().st_size:
            whole = path.read_bytes()
            file.truncate(whole.rfind(b"\n") + 1)
        file.write(("\t".join(cells).rstrip("\t") + "\n").encode("utf-8", "replace"))
        file.flush()
        os.fsync(file.fileno())
