"""Names in two-column files: ``token TAB BIO-label``, a blank line between sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import UnreadableInput
from kg.evaluate.corpus import CorpusReport, corpus_lines
from kg.evaluate.figures import Counts, figure, total
from kg.evaluate.gold import widen
from kg.evaluate.score import COARSE

Predict = Callable[[str], Sequence[tuple[int, int, str]]]
"""The names in a text: start, end, and the type in our terms."""
CLASSES = ("PER", "LOC", "ORG")
_LABELS = {"PERS": "PER", "PERSON": "PER", "GPE": "LOC", "FAC": "LOC"}
_NO_NAMES = frozenset({"UnnamedSource", "Group"})
SENTENCES_TOGETHER = 20
"""Sentences that are analysed as one document; the files do not say where an article ends."""
Name = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Passage:
    """Some sentences, one a line, and the names in them."""

    text: str
    names: tuple[Name, ...]


def evaluate_ner(path: Path, predict: Predict, *, progress: Callable[[int], None] | None = None) -> CorpusReport:
    """Score strict spans, and spans widened to whole words (blind to a leading proclitic)."""
    strict: dict[str, list[Counts]] = {name: [] for name in CLASSES}
    blind: dict[str, list[Counts]] = {name: [] for name in CLASSES}
    untyped: list[Counts] = []
    sentences = read_sentences(path)
    for first in range(0, len(sentences), SENTENCES_TOGETHER):
        passage = passage_of(sentences[first : first + SENTENCES_TOGETHER])
        found = {(a, b, kind) for a, b, name in predict(passage.text) if (kind := _coarse(name)) in CLASSES}
        wide = {(*widen(passage.text, (a, b)), kind) for a, b, kind in found}
        gold = set(passage.names)
        gold_wide = {(*widen(passage.text, (a, b)), kind) for a, b, kind in gold}
        for name in CLASSES:
            strict[name].append(_equal(found, gold, name))
            blind[name].append(_equal(wide, gold_wide, name))
        spans, gold_spans = {item[:2] for item in wide}, {item[:2] for item in gold_wide}
        untyped.append(Counts(len(spans & gold_spans), len(spans), len(gold_spans)))
        if progress:
            progress(min(SENTENCES_TOGETHER, len(sentences) - first))
    rows = [("blind to proclitics", figure(total(c for many in blind.values() for c in many)))]
    rows += [(f"  {name}", figure(total(blind[name]))) for name in CLASSES]
    rows += [("strict spans", figure(total(c for many in strict.values() for c in many)))]
    rows += [(f"  {name} strict", figure(total(strict[name]))) for name in CLASSES]
    rows += [("blind, any type", figure(total(untyped)))]
    tokens = sum(len(sentence) for sentence in sentences)
    return CorpusReport(name=path.name, size=f"{len(sentences):,} sentences, {tokens:,} tokens", rows=tuple(rows))


def _coarse(name: str) -> str:
    return "" if name in _NO_NAMES else COARSE.get(name, name)


def _equal(found: set[Name], gold: set[Name], kind: str) -> Counts:
    ours, theirs = ({item for item in side if item[2] == kind} for side in (found, gold))
    return Counts(len(ours & theirs), len(ours), len(theirs))


def read_sentences(path: Path) -> list[list[tuple[str, str]]]:
    """Sentences as lists of token and label."""
    sentences: list[list[tuple[str, str]]] = [[]]
    for number, line in enumerate(corpus_lines(path), 1):
        if not line.strip():
            sentences.append([])
            continue
        token, _, label = line.rstrip().rpartition("\t" if "\t" in line else " ")
        if not token:
            raise UnreadableInput(f"{path}:{number}: expected a token, a tab and a label")
        sentences[-1].append((token.strip(), label.partition("|")[0]))
    return [sentence for sentence in sentences if sentence]


def passage_of(sentences: Sequence[Sequence[tuple[str, str]]]) -> Passage:
    """Tokens joined by spaces, sentences by line ends, labels turned into character spans."""
    lines, names, offset = [], [], 0
    for sentence in sentences:
        names += [(a + offset, b + offset, kind) for a, b, kind in _names(sentence)]
        lines.append(" ".join(token for token, _ in sentence))
        offset += len(lines[-1]) + 1
    return Passage("\n".join(lines), tuple(names))


def _names(sentence: Sequence[tuple[str, str]]) -> Iterator[Name]:
    """I- after another class or after O opens a name too, as some files have it."""
    offset, start, end, kind = 0, 0, 0, ""
    for token, label in [*sentence, ("", "O")]:
        bio, _, tag = label.partition("-")
        tag = _LABELS.get(tag, tag)
        if kind and (bio != "I" or tag != kind):
            if kind in CLASSES:
                yield start, end, kind
            kind = ""
        if bio in ("B", "I"):
            start, kind = (offset, tag) if not kind else (start, kind)
            end = offset + len(token)
        offset += len(token) + 1
