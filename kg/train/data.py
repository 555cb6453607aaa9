"""What the recogniser is trained on: words and labels, from corpora, gold folders, plain articles and answers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.datamodel import Analysis, Document, Span, digest
from kg.errors import InputError
from kg.evaluate import ner
from kg.evaluate.gold import gold_documents, widen
from kg.evaluate.score import COARSE
from kg.language.arabic import FoldedText, fold
from kg.language.morphology import default_morphology
from kg.language.tables import read_table
from kg.models.suggest import COLUMNS, UNANSWERED
from kg.pipeline import analyse
from kg.text.read import read_text
from kg.text.segment import segment

Labelled = list[tuple[str, str]]
"""A sentence: words and BIO labels of the classes PER, LOC and ORG."""
Named = tuple[int, int, str]
"""A name in a text: start, end, class."""
CLASSES = ("PER", "LOC", "ORG")
_LABELS = {"PERS": "PER", "PERSON": "PER", "GPE": "LOC", "FAC": "LOC"}
_NO_NAMES = frozenset(("UnnamedSource", "Group"))
_SURE = 0.9
"""A guess of the incumbent from which it may serve as a label; a sentence with a doubtful one is left out."""
_ORDER = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a reviewer said of a name that `kg suggest` asked about; an empty class says that it is none."""

    form: str
    kind: str
    document: str
    context: str


def dealt(count: int, folds: int) -> list[frozenset[int]]:
    """Which sentences are held out in each fold; at random, always the same way."""
    order = list(range(count))
    random.Random(_ORDER).shuffle(order)  # noqa: S311 - dealing
    return [frozenset(order[fold_::folds]) for fold_ in range(folds)]


def fingerprint(sentence: Sequence[tuple[str, str]]) -> str:
    """A hash of the words, by which weights know what they were trained on."""
    return digest("sentence", [word for word, _ in sentence])[:12]


def coarse(kind: str) -> str:
    """The class of a type of the ontology; empty for what is no name of the three classes."""
    found = "" if kind in _NO_NAMES else COARSE.get(kind, "")
    return found if found in CLASSES else ""


# ---------------------------------------------------------------- gold


def read_sentences(path: Path) -> Iterator[Labelled]:
    """The sentences of a two-column file: ``token TAB label``, a blank line between sentences."""
    for sentence in ner.read_sentences(path):
        yield [(word, _label(label)) for word, label in sentence]


def _label(label: str) -> str:
    place, _, kind = label.partition("-")
    kind = _LABELS.get(kind, kind)
    return f"{place}-{kind}" if kind in CLASSES and place in ("B", "I") else "O"


def read_gold(folder: Path) -> Iterator[Labelled]:
    """The sentences of a gold folder (``articles/*.txt``, ``gold/*.json``)."""
    if not (folder / "gold").is_dir():
        raise InputError(f"{folder}: no folder gold/ in it; a gold folder has articles/*.txt and gold/*.json")
    for name, document in gold_documents(folder / "gold").items():
        if document.text is None:
            raise InputError(f"{folder / 'gold'}: the article of {name} is not there")
        text = document.text
        names = [
            (*widen(text, span), kind)
            for entity in document.entities
            if (kind := coarse(entity.type))
            for span in entity.mentions
        ]
        yield from labelled(text, names)


def labelled(text: str, names: Iterable[Named]) -> Iterator[Labelled]:
    """The sentences of a text in our own tokens, labelled with the names that stand on them; the longest wins."""
    folded = FoldedText.of(text)
    sentences, tokens = segment(folded, default_morphology())
    ordered = sorted(names, key=_longest)
    for sentence in sentences:
        own = tokens[sentence.first_token : sentence.last_token]
        labels = ["O"] * len(own)
        for start, end, kind in ordered:
            inside = [n for n, token in enumerate(own) if token.span.overlaps(Span(start, end))]
            if inside and all(labels[n] == "O" for n in inside):
                for n in inside:
                    labels[n] = ("B-" if n == inside[0] else "I-") + kind
        if own:
            yield [(token.span.of(text), label) for token, label in zip(own, labels, strict=True)]


def _longest(name: Named) -> tuple[int, int]:
    return name[0] - name[1], name[0]


# ---------------------------------------------------------------- weak labels and answers


def read_answers(path: Path) -> Iterator[Answer]:
    """The names of a reviewed list of `kg suggest`."""
    if not path.is_file():
        raise InputError(f"{path}: no such file; --answers reads a list that `kg suggest` printed")
    for line in read_table(path, COLUMNS):
        answer = line["answer"].strip()
        if line["kind"] != "name" or answer in UNANSWERED:
            continue
        kind = coarse(answer)
        if not kind and answer != "-":
            raise line.error(f"{answer!r} is no type of person, place or organisation, nor -", "answer")
        yield Answer(form=line["form"], kind=kind, document=line["document"], context=line["context"])


def weak_sentences(
    documents: Iterable[Document], answers: Sequence[Answer] = (), step: Callable[[int], None] | None = None
) -> Iterator[Labelled]:
    """Sentences of plain articles, labelled by lexicon and frames, by the incumbent where it is sure, and by answers.

    A sentence without a name teaches little, one with a doubtful guess would teach the doubt; both are left out.
    """
    forms = {fold(answer.form): answer.kind for answer in answers}
    for document in documents:
        yield from _weak(analyse(document), forms)
        if step is not None:
            step(1)


def answered_sentences(answers: Iterable[Answer]) -> Iterator[Labelled]:
    """The words around each answered name, which the list itself shows; words cut at its ends are left out."""
    for answer in answers:
        inner = " ".join(answer.context.split()[1:-1])
        text = inner if answer.form in inner else answer.context
        if answer.form in text:
            yield from _weak(analyse(read_text(text)), {fold(answer.form): answer.kind}, must=fold(answer.form))


def _weak(analysis: Analysis, forms: dict[str, str], must: str = "") -> Iterator[Labelled]:
    text = analysis.document.text
    told = list(_answered(analysis, forms))
    for sentence in analysis.sentences:
        here = [(span, kind) for span, kind in told if sentence.span.covers(span)]
        names = [(span.start, span.end, kind) for span, kind in here if kind]
        doubtful = False
        for mention in analysis.mentions:
            if mention.sentence != sentence.index or any(mention.span.overlaps(span) for span, _ in here):
                continue
            guessed = not (mention.source == "lexicon" or mention.source.startswith("frame:"))
            doubtful = doubtful or guessed and mention.score < _SURE
            if kind := coarse(mention.type):
                names.append((mention.span.start, mention.span.end, kind))
        wanted = not must or any(fold(span.of(text)) == must for span, _ in here)
        if wanted and not doubtful and (names or must):
            start = sentence.span.start
            yield from labelled(sentence.span.of(text), [(a - start, b - start, kind) for a, b, kind in names])


def _answered(analysis: Analysis, forms: dict[str, str]) -> Iterator[tuple[Span, str]]:
    """Where a form that was answered stands, as whole words or behind a written-together particle."""
    folded = FoldedText.of(analysis.document.text)
    edges = {folded.forth(offset) for token in analysis.tokens for offset in (token.span.start, token.core.start)}
    ends = {folded.forth(token.span.end) for token in analysis.tokens}
    for form, kind in forms.items():
        place = folded.folded.find(form)
        while place >= 0:
            if place in edges and place + len(form) in ends:
                yield folded.back(place, place + len(form)), kind
            place = folded.folded.find(form, place + 1)
