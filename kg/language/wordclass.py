"""Finds the words of ``time.tsv`` and ``numbers.tsv`` in folded text: one pass, one table look-up a word.

Words that neither table lists leave a gap; pieces on both sides of a gap are not neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from kg.language.arabic import BEH, COMMA, DEFINITE, FEH, KAF, LAM, WAW, fold
from kg.language.tables import read_table
from kg.resources import ontology_path

COLUMNS = ("id", "class", "value", "romanisation", "gloss", "forms_ar")
GAP = "GAP"
DIGITS = {"D2", "Y4", "INT", "DEC"}
_LETTERS = "\u0621-\u063a\u0641-\u064a\u0671-\u06d3"
_PROCLITICS = ("", WAW, FEH, BEH, LAM, KAF, WAW + BEH, WAW + LAM, FEH + BEH, FEH + LAM, WAW + KAF)
_LONGEST_GLUED = 4
_ARTICLES = frozenset(p + DEFINITE for p in _PROCLITICS)
_TOKEN = re.compile(
    rf"""(?P<skip>(?:https?://|www\.)\S{{1,2000}}|[A-Za-z][A-Za-z0-9'.-]*|[{_LETTERS}]+-\d{{1,3}}(?!\d)|[+]\d[\d-]*)
  | (?P<number>\d+(?:[.,:/-]\d+)*)
  | (?P<word>[{_LETTERS}]+)
  | (?P<other>\S|\n)""",
    re.VERBOSE,
)
_PUNCTUATION = {"/": "SLASH", "(": "OPEN", ")": "CLOSE", "-": "DASH", "\u2013": "DASH", ":": "COLON", "%": "MEASURE"}
_PUNCTUATION |= {",": "COMMA", COMMA: "COMMA"}
_SHAPES = (
    ("DATE", re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")),
    ("CLOCK", re.compile(r"([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?")),
    ("YEARS", re.compile(r"(1[89]\d\d|20\d\d)[-/](1[89]\d\d|20\d\d|\d\d)")),
    ("DAYS", re.compile(r"([12]?\d|3[01])-([12]?\d|3[01])")),
    ("D2", re.compile(r"0?[1-9]|[12]\d|3[01]")),
    ("Y4", re.compile(r"1[0-9]\d\d|20\d\d")),
    ("INT", re.compile(r"\d{1,15}|\d{1,3}(?:[,.]\d{3}){2,4}|\d{1,3},\d{3}|[1-9]\d{0,2}\.\d\d0")),
    ("DEC", re.compile(r"\d{1,12}[.,]\d{1,6}|\d{1,3}(?:,\d{3})+\.\d+")),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or number that a table knows; ``core`` is where it starts without separable proclitics."""

    start: int
    core: int
    end: int
    kind: str
    value: str
    proclitic: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    kind: str
    value: str
    skip: int
    proclitic: str


def _spellings(form: str) -> Iterator[tuple[str, int, str]]:
    """The form with each proclitic, how many characters of it are separable, and the proclitic."""
    bare = form.lstrip("=")
    for proclitic in _PROCLITICS:
        if proclitic and form.startswith("="):
            return
        if proclitic.endswith(LAM) and bare.startswith(DEFINITE):
            yield proclitic + bare[1:], len(proclitic) - 1, proclitic
        else:
            yield proclitic + bare, len(proclitic), proclitic


@dataclass(frozen=True, slots=True)
class _Tables:
    words: Mapping[str, _Form]
    phrases: Mapping[str, tuple[tuple[re.Pattern[str], _Form], ...]]


@cache
def _tables() -> _Tables:
    """Both tables with all proclitics; a plain form goes before one with a proclitic, longer phrases first."""
    words: dict[str, _Form] = {}
    phrases: dict[str, list[tuple[str, _Form]]] = {}
    found: list[tuple[int, str, _Form]] = []
    for name in ("numbers.tsv", "time.tsv"):
        for row in read_table(ontology_path("lexicon", name), COLUMNS):
            for form in row.many("forms_ar"):
                for text, skip, proclitic in _spellings(" ".join(fold(form).split())):
                    found.append((len(proclitic), text, _Form(row["class"], row["value"], skip, proclitic)))
    for _, text, entry in sorted(found, key=_by_proclitic):
        head, _, tail = text.partition(" ")
        if tail:
            phrases.setdefault(head, []).append((tail, entry))
        else:
            words.setdefault(head, entry)
    compiled = {head: tuple(_compile(tails)) for head, tails in phrases.items()}
    return _Tables(words, compiled)


def _by_proclitic(item: tuple[int, str, _Form]) -> int:
    return item[0]


def _compile(tails: list[tuple[str, _Form]]) -> Iterator[tuple[re.Pattern[str], _Form]]:
    for tail, entry in sorted(dict(reversed(tails)).items(), key=_by_length, reverse=True):
        yield re.compile(r"[ ]+" + re.escape(tail).replace(r"\ ", "[ ]+") + rf"(?![{_LETTERS}])"), entry


def _by_length(item: tuple[str, _Form]) -> int:
    return len(item[0])


def _number(text: str, start: int) -> Piece | None:
    for kind, shape in _SHAPES:
        if shape.fullmatch(text):
            return Piece(start, start, start + len(text), kind, text)
    return None


def _word(text: str, start: int, end: int, word: str) -> Piece | None:
    tables = _tables()
    for pattern, entry in tables.phrases.get(word, ()):
        if tail := pattern.match(text, end):
            return Piece(start, start + entry.skip, tail.end(), entry.kind, entry.value, entry.proclitic)
    form = tables.words.get(word)
    if form is None:
        return None
    return Piece(start, start + form.skip, end, form.kind, form.value, form.proclitic)


def _glued(number: Piece, pieces: list[Piece], text: str) -> Piece:
    """The number with the proclitics or the article that are written onto it."""
    word = pieces[-1]
    written = text[word.start : word.end]
    if written not in _PROCLITICS and written not in _ARTICLES:
        return number
    pieces.pop()
    proclitic = written.removesuffix(DEFINITE)
    core = number.core if proclitic == written else word.start + len(proclitic)
    return replace(number, start=word.start, core=core, proclitic=proclitic)


@lru_cache(maxsize=4)
def scan(text: str) -> tuple[Piece, ...]:
    """All known pieces of a folded text in order, with a ``GAP`` wherever unknown words stand between.

    >>> [piece.kind for piece in scan("12/5/2018 x 14:30")]
    ['DATE', 'GAP', 'CLOCK']
    """
    tables = _tables()
    known = tables.words.keys() | tables.phrases.keys()
    pieces: list[Piece] = []
    over = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        group = match.lastgroup
        if start < over:
            continue
        piece: Piece | None = None
        if group == "word":
            word = match.group()
            if word in known:
                piece = _word(text, start, end, word)
        elif group == "number":
            piece = _number(match.group(), start)
            if piece is not None and pieces and pieces[-1].end == start:
                piece = _glued(piece, pieces, text)
        elif group == "other" and (kind := _PUNCTUATION.get(match.group())):
            piece = Piece(start, start, end, kind, "percent" if kind == "MEASURE" else "")
        if piece is not None:
            pieces.append(piece)
            over = piece.end
        elif not pieces or pieces[-1].kind != GAP or end - start <= _LONGEST_GLUED:
            pieces.append(Piece(start, start, end, GAP, ""))
    return tuple(pieces)
