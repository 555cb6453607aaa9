"""Universal Dependencies treebanks: clitic segmentation, lemmas, verbs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.datamodel import Token
from kg.errors import UnreadableInput
from kg.evaluate.corpus import CorpusReport, accuracy, corpus_lines
from kg.evaluate.figures import Counts, figure
from kg.language.arabic import ARABIC_LETTER, fold, strip_diacritics
from kg.text.conllu import cuts

Tokenise = Callable[[str], Sequence[Token]]
_WORD = re.compile("(?:[^\\W\\d_]|[\u064b-\u0652\u0670\u0640])+")
_VERBS = frozenset({"VERB", "AUX"})


@dataclass(frozen=True, slots=True)
class Part:
    """A syntactic word: where it stands in its sentence, and what the treebank says of it."""

    start: int
    end: int
    lemma: str
    pos: str


def evaluate_conllu(path: Path, tokenise: Tokenise) -> CorpusReport:
    """Compare word by word: an orthographic word is a run of letters."""
    words = segmented = lemmas = 0
    verbs = Counts(0, 0, 0)
    sentences = list(treebank(path))
    for text, parts in sentences:
        tokens = tokenise(text)
        for match in _WORD.finditer(text):
            inside = [part for part in parts if match.start() <= part.start and part.end <= match.end()]
            if not inside or not ARABIC_LETTER.search(match.group()):
                continue
            words += 1
            token = max(tokens, key=lambda t, m=match: _common(t, m), default=None)  # type: ignore[misc]
            host = max(inside, key=lambda part: part.end - part.start)
            if token is None or not _common(token, match):
                verbs = Counts(verbs.right, verbs.predicted, verbs.expected + (host.pos in _VERBS))
                continue
            segmented += {part.start for part in inside[1:]} == _cuts(tokens, match, text)
            lemmas += token.reading.lemma == fold(strip_diacritics(host.lemma))
            ours, theirs = token.reading.pos in _VERBS, host.pos in _VERBS
            verbs = Counts(verbs.right + (ours and theirs), verbs.predicted + ours, verbs.expected + theirs)
    rows = (
        ("clitic segmentation", accuracy(segmented, words)),
        ("lemma", accuracy(lemmas, words)),
        ("verbs", figure(verbs)),
    )
    return CorpusReport(name=path.name, size=f"{len(sentences):,} sentences, {words:,} Arabic words", rows=rows)


def _common(token: Token, match: re.Match[str]) -> int:
    return max(0, min(token.span.end, match.end()) - max(token.span.start, match.start()))


def _cuts(tokens: Sequence[Token], match: re.Match[str], text: str) -> set[int]:
    """Where our tokens and their clitics divide the word."""
    found: set[int] = set()
    for token in tokens:
        if _common(token, match):
            found.update(
                place for place in (token.span.start, *cuts(token, text)) if match.start() < place < match.end()
            )
    return found


def treebank(path: Path) -> Iterator[tuple[str, list[Part]]]:
    """Yield each sentence's text and its syntactic words with their offsets in it."""
    text, rows = "", list[list[str]]()
    for number, line in enumerate([*corpus_lines(path), ""], 1):
        if line.startswith("# text = "):
            text = line.removeprefix("# text = ")
        elif line.startswith("#"):
            continue
        elif line.strip():
            cells = line.split("\t")
            if len(cells) != 10:
                raise UnreadableInput(f"{path}:{number}: {len(cells)} columns; CoNLL-U has 10")
            rows.append(cells)
        elif rows:
            yield text, _parts(text, rows)
            text, rows = "", []


def _parts(text: str, rows: Sequence[Sequence[str]]) -> list[Part]:
    """Place the words; those of a multiword range whose forms are not in the text share its span."""
    parts: list[Part] = []
    place, range_end, last = 0, -1, 0
    for cells in rows:
        number, form = cells[0], cells[1]
        if "." in number:
            continue
        if "-" in number:
            start = text.find(form, place)
            range_end, last = start + len(form), int(number.partition("-")[2])
            continue
        start = text.find(form, place)
        limit = range_end if range_end >= 0 else len(text)
        if start < 0 or start + len(form) > limit:
            start, form = place, text[place:limit] if range_end >= 0 else ""
        parts.append(Part(start, start + len(form), cells[2], cells[3]))
        place = start + len(form)
        if range_end >= 0 and int(number) == last:
            place, range_end = range_end, -1
    return parts
