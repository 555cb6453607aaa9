"""Rows of ``ontology/morphology/*.tsv`` and their laws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import DataError
from kg.language.almor.letters import transliterated

COLUMNS = ("id", "pos", "class", "root", "romanisation", "gloss", "frequency", "stems", "forms_ar")
POS = frozenset(
    "VERB NOUN ADJ PROPN ADP PRON DET CCONJ SCONJ PART ADV NUM AUX INTJ X".split(),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexeme:
    """One dictionary word. ``forms`` are transliterated: the lemma, then the stems that ``stems`` labels."""

    id: str
    pos: str
    kind: str
    root: str
    romanisation: str
    gloss: str
    frequency: int
    stems: tuple[str, ...]
    forms: tuple[str, ...]
    participle: str = ""

    @property
    def lemma(self) -> str:
        """The dictionary form, transliterated with vowels."""
        return self.forms[0]

    def labelled(self, label: str) -> tuple[str, ...]:
        """The stems of one label."""
        return tuple(form for name, form in zip(self.stems, self.forms[1:], strict=True) if name == label)


def read_lexemes(path: Path) -> Iterator[Lexeme]:
    """The rows of one file; a broken law raises with file, line and column."""
    lines = path.read_text(encoding="utf-8").split("\n")
    if tuple(lines[0].split("\t")) != COLUMNS:
        raise DataError(str(path), 1, f"the header must be {' '.join(COLUMNS)}")
    for number, line in enumerate(lines[1:], 2):
        if line and not line.startswith("#"):
            yield _lexeme(path, number, line)


def _lexeme(path: Path, number: int, line: str) -> Lexeme:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS):
        raise DataError(str(path), number, f"{len(cells)} cells instead of {len(COLUMNS)}")
    row = dict(zip(COLUMNS, cells, strict=True))
    if row["pos"] not in POS:
        raise DataError(str(path), number, f"unknown part of speech {row['pos']!r}", "pos")
    if not row["frequency"].isdigit():
        raise DataError(str(path), number, "the frequency class is a number", "frequency")
    forms = tuple(transliterated(form) for form in row["forms_ar"].split(" | "))
    stems = tuple(row["stems"].split())
    if len(forms) != len(stems) + 1:
        raise DataError(str(path), number, f"{len(stems)} labels for {len(forms) - 1} stems", "stems")
    kind, _, participle = row["class"].partition("/")
    return Lexeme(
        id=row["id"], pos=row["pos"], kind=kind, root=row["root"], romanisation=row["romanisation"],
        gloss=row["gloss"], frequency=int(row["frequency"]), stems=stems, forms=forms, participle=participle,
    )  # fmt: skip
