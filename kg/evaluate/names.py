"""Names in two spellings: ``arabic TAB english``, one a line. Is the Arabic name found by the English one?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from kg.errors import UnreadableInput
from kg.evaluate.corpus import CorpusReport, accuracy, corpus_lines

BuildIndex = Callable[[Sequence[str]], Callable[[str, int], Sequence[str]]]
"""From all Arabic names to a search: a spelling and how many to the names found, best first."""
_RANKS = (1, 5, 10)


def evaluate_names(path: Path, build: BuildIndex, *, progress: Callable[[int], None] | None = None) -> CorpusReport:
    """Search every English spelling among all Arabic names of the file."""
    pairs = read_pairs(path)
    search = build(sorted({arabic for arabic, _ in pairs}))
    hits = dict.fromkeys(_RANKS, 0)
    for arabic, english in pairs:
        found = list(search(english, max(_RANKS)))
        place = found.index(arabic) if arabic in found else max(_RANKS)
        for rank in _RANKS:
            hits[rank] += place < rank
        if progress:
            progress(1)
    either = [(f"among the first {rank}", accuracy(hits[rank], len(pairs))) for rank in _RANKS]
    size = f"{len(pairs):,} spellings of {len({arabic for arabic, _ in pairs}):,} names"
    return CorpusReport(name=path.name, size=size, rows=tuple(either))


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """The pairs of the file."""
    pairs = []
    for number, line in enumerate(corpus_lines(path), 1):
        if not line.strip():
            continue
        arabic, tab, english = line.strip().partition("\t")
        if not tab:
            arabic, tab, english = line.strip().partition(" ")
        if not tab:
            raise UnreadableInput(f"{path}:{number}: expected an Arabic name, a tab and an English one")
        pairs.append((arabic.strip(), english.strip()))
    return pairs
