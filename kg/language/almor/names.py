"""Names and nisba adjectives of ``ontology/lexicon`` as lexemes, so that they are analysed behind proclitics."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from kg.language.almor.letters import bare, transliterated
from kg.language.almor.lexemes import Lexeme

_FREQUENCY = {"Country": 11, "City": 10, "Region": 9, "Person": 8, "Official": 8, "MediaOutlet": 8}
_BEFORE = ("", "w", "b", "l", "k", "f", "ll", "Al", "bAl", "wAl")
_BEHIND = ("", "h", "A", "At", "yn", "wn", "An", "y", "hA", "hm", "th", "thA", "yh")
_SKIPPED = frozenset(("tenures.tsv", "nisba.tsv"))
_PEOPLE = frozenset(("Person", "Official"))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").split("\n")
    header = lines[0].split("\t")
    for line in lines[1:]:
        cells = line.split("\t")
        if line and not line.startswith("#") and len(cells) == len(header):
            yield dict(zip(header, cells, strict=True))


def name_lexemes(folder: Path, known: Collection[str]) -> Iterator[Lexeme]:
    """The words of all names; a word of a longer name only where ``known`` (folded keys) lacks it."""
    best: dict[tuple[str, str], Lexeme] = {}
    for path in sorted(folder.glob("*.tsv")):
        if path.name == "nisba.tsv":
            yield from _nisba(path)
        if path.name in _SKIPPED:
            continue
        for row in _rows(path):
            if "type" in row and "forms_ar" in row:
                for lexeme in _words(row, known):
                    at = lexeme.kind, lexeme.lemma
                    if at not in best or bool(lexeme.gloss) > bool(best[at].gloss):
                        best[at] = lexeme
    yield from best.values()


def _ordinary(word: str, known: Collection[str]) -> bool:
    """Whether the dictionary has the word with or without affixes, roughly."""
    return any(
        word.startswith(before) and word.endswith(behind) and word[len(before) : len(word) - len(behind)] in known
        for before in _BEFORE
        for behind in _BEHIND
    )


def _words(row: dict[str, str], known: Collection[str]) -> Iterator[Lexeme]:
    for index, form in enumerate(row["forms_ar"].split(" | ")):
        words = transliterated(form.strip("~= ")).split()
        single = len(words) == 1
        for word in words:
            article = word.startswith("Al") and len(word) > 4
            stem = word[2:] if article else word
            if not stem.isascii() or len(stem) < 2 or not _spelt(stem):
                continue
            rank = _FREQUENCY.get(row["type"], 7) - (0 if single else 2)
            if not single and row["type"] not in _PEOPLE and _ordinary(bare(stem), known):
                continue
            if bare(stem) in known:
                rank -= 4
            yield Lexeme(
                id=f"{row['id']}-{word}", pos="PROPN", kind="Alname" if article else "name", root="",
                romanisation=row["romanisation"] if single and not index else "",
                gloss=row["name_en"].split(" | ")[0] if single else "", frequency=max(rank, 1), stems=(),
                forms=(stem,),
            )  # fmt: skip


def _spelt(word: str) -> bool:
    return not any(c in '0123456789-.,"()[]/#' for c in word)


def _nisba(path: Path) -> Iterator[Lexeme]:
    for row in _rows(path):
        forms = [transliterated(form) for form in row["forms_ar"].split(" | ")]
        masculine = forms[0]
        if masculine == "-" or " " in masculine:
            continue
        broken = forms[4] if len(forms) > 4 and forms[4] != "-" and " " not in forms[4] else ""
        lemma = masculine + "~" if masculine.endswith("y") else masculine
        lemma = lemma[:-2] + "iy~" if lemma.endswith("y~") else lemma
        yield Lexeme(
            id=row["id"], pos="ADJ", kind="A", root="", romanisation=row["romanisation"], gloss=row["gloss"],
            frequency=8, stems=("p",) if broken else (), forms=(lemma, broken) if broken else (lemma,),
        )  # fmt: skip
