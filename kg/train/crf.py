"""Fits the CRF, scores it on held-out folds beside the weights that are there, and writes what is better."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory

import pycrfsuite

from kg.evaluate.figures import Counts, total
from kg.language.arabic import FoldedText
from kg.language.lexicon import load_lexicon
from kg.language.morphology import default_morphology
from kg.text.recognition.crf import label_spans
from kg.text.recognition.crf_features import Features, listed_labels
from kg.text.recognition.lexical import lexical_candidates
from kg.text.recognition.scene import Scene
from kg.text.segment import segment
from kg.train.data import CLASSES, Labelled, dealt, fingerprint

SETTINGS = {"c1": 0.15, "c2": 0.02, "max_iterations": 120, "feature.possible_transitions": True, "feature.minfreq": 2}
_KEPT = 0.5
"""Of what the lexicon lists, while training: new names are not listed, and their context must do."""
_RESAMPLES = 500
Names = set[tuple[int, int, str]]
Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence as the trainer sees it, and for scoring which word of the file each token lies in."""

    features: list[list[str]]
    labels: list[str]
    words: list[int]
    gold: Names

    def names(self, labels: Sequence[str]) -> Names:
        """The labels of our tokens as half-open spans of the file's words."""
        return {(self.words[a], self.words[b - 1] + 1, kind) for a, b, kind in label_spans(labels)}


def make_row(sentence: Labelled, features: Features, forget: random.Random | None = None) -> Row:
    """Features and labels of one sentence in our own tokens; ``forget`` hides half of what the lexicon lists."""
    text = " ".join(word for word, _ in sentence)
    ends = list(accumulate(len(word) + 1 for word, _ in sentence))
    folded = FoldedText.of(text)
    sentences, tokens = segment(folded, default_morphology())
    scene = Scene(folded=folded, sentences=sentences, tokens=tokens, lexicon=load_lexicon())
    words = [bisect_right(ends, token.span.start) for token in tokens]
    gold = set(label_spans([label for _, label in sentence]))
    labels = ["O"] * len(tokens)
    for start, end, kind in gold:
        inside = [place for place, word in enumerate(words) if start <= word < end]
        while inside and tokens[inside[0]].kind == "punct":
            inside.pop(0)
        while inside and tokens[inside[-1]].kind == "punct":
            inside.pop()
        for place in inside:
            labels[place] = ("B-" if place == inside[0] else "I-") + kind
    candidates = [c for c in lexical_candidates(scene) if forget is None or forget.random() < _KEPT]
    return Row(features.rows(scene, 0, len(tokens), listed_labels(scene, candidates)), labels, words, gold)


class _Trainer(pycrfsuite.Trainer):  # type: ignore[misc]
    """Tells of every iteration."""

    step: Step | None = None

    def on_iteration(self, log: str, info: object) -> None:  # noqa: ARG002 - as pycrfsuite calls it
        """One more."""
        if self.step is not None:
            self.step(1)


def fit(rows: Iterable[Row], out: Path, step: Step | None = None) -> None:
    """Train and write the weights; ``step`` is told of iterations, ``SETTINGS["max_iterations"]`` in all."""
    trainer = _Trainer(verbose=False)
    done = 0

    def count(steps: int) -> None:
        nonlocal done
        done += steps
        if step is not None:
            step(steps)

    trainer.step = count
    for row in rows:
        trainer.append(row.features, row.labels)
    trainer.set_params(SETTINGS)
    trainer.train(str(out))
    count(max(0, int(SETTINGS["max_iterations"]) - done))


# ---------------------------------------------------------------- scores


@dataclass(slots=True)
class Scores:
    """Counts of right, found and gold names by class, a sentence each, in the order they were held out."""

    rows: list[dict[str, Counts]] = field(default_factory=list)

    def add(self, row: Row, labels: Sequence[str]) -> None:
        """Score one sentence."""
        found = row.names(labels)
        self.rows.append({kind: _counts(found, row.gold, kind) for kind in CLASSES})

    def total(self, kind: str = "") -> Counts:
        """The sum over sentences, of one class or all."""
        return total(row[k] for row in self.rows for k in ((kind,) if kind else CLASSES))

    def sums(self) -> list[Counts]:
        """All classes of each sentence."""
        return [total(row.values()) for row in self.rows]


def _counts(found: Names, gold: Names, kind: str) -> Counts:
    ours, theirs = ({name for name in side if name[2] == kind} for side in (found, gold))
    return Counts(len(ours & theirs), len(ours), len(theirs))


def score(rows: Iterable[Row], model: Path, scores: Scores | None = None) -> Scores:
    """What the weights find in rows, added to ``scores``."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(model))
    scores = scores or Scores()
    for row in rows:
        scores.add(row, tagger.tag(row.features))
    return scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Candidate and incumbent on the same held-out sentences."""

    candidate: Scores
    incumbent: Scores
    unlisted: Scores
    """The candidate where nothing is in the lexicon."""
    better: float
    """Share of resamplings of the sentences in which the candidate has the higher F1; a tie counts for neither."""
    replaced: int
    """Held-out sentences the incumbent was trained on: there a model trained on what else it knows stood in for it."""
    unknown: int
    """Sentences the incumbent was trained on that are not given: what stood in for it did without them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What there is to train on: ``gold`` is also what is held out, ``more`` (weak labels, answers) never is."""

    gold: Sequence[Labelled]
    more: Sequence[Labelled] = ()
    seed: int = 3

    def rows(self) -> Rows:
        """All of it as the trainer sees it."""
        features, forget = Features(load_lexicon()), random.Random(self.seed)  # noqa: S311 - which names to hide
        return Rows(
            train=[make_row(sentence, features, forget) for sentence in self.gold],
            more=[make_row(sentence, features, forget) for sentence in self.more],
            test=[make_row(sentence, features) for sentence in self.gold],
            unlisted=[make_row(sentence, features, _Never()) for sentence in self.gold],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Gold to train on, more to train on, gold to score on, and the same where the lexicon lists nothing."""

    train: list[Row]
    more: list[Row]
    test: list[Row]
    unlisted: list[Row]


class _Never(random.Random):
    """Forgets everything."""

    def random(self) -> float:
        """Above every threshold."""
        return 1.0


def file_rows(sentences: Iterable[Labelled]) -> list[Row]:
    """Sentences to score on."""
    features = Features(load_lexicon())
    return [make_row(sentence, features) for sentence in sentences]


def seen_by(model: Path) -> frozenset[str] | None:
    """Fingerprints of the sentences that weights were trained on; None where nobody wrote them down."""
    path = model.with_name(model.name + ".seen")
    return frozenset(path.read_text(encoding="ascii").split()) if path.is_file() else None


def fits_needed(material: Material, incumbent: Path, folds: int) -> int:
    """How many times ``compare`` and the last training fit weights."""
    seen = seen_by(incumbent) or frozenset()
    prints = [fingerprint(sentence) for sentence in material.gold]
    both = sum(any(prints[n] in seen for n in held) for held in dealt(len(prints), folds))
    return folds + 1 + (both if not _same(material, prints, seen) else 0)


def _same(material: Material, prints: Sequence[str], seen: frozenset[str]) -> bool:
    return not material.more and seen.issuperset(prints)


def compare(material: Material, rows: Rows, incumbent: Path, folds: int, step: Step) -> Comparison:
    """Hold out each fold in turn; on what the incumbent was trained on, one like it without the fold is scored."""
    seen = seen_by(incumbent) or frozenset()
    prints = [fingerprint(sentence) for sentence in material.gold]
    same = _same(material, prints, seen)
    ours, theirs, bare = Scores(), Scores(), Scores()
    with TemporaryDirectory(prefix="kg-train-") as place:
        fresh, stand_in = Path(place) / "candidate", Path(place) / "stand-in"
        for held in dealt(len(prints), folds):
            kept = [n for n in range(len(prints)) if n not in held]
            fit([*(rows.train[n] for n in kept), *rows.more], fresh, step)
            known = sorted(n for n in held if prints[n] in seen)
            if known and not same:
                fit([rows.train[n] for n in kept if prints[n] in seen], stand_in, step)
            order = [*known, *sorted(held - set(known))]
            score([rows.test[n] for n in order], fresh, ours)
            score([rows.unlisted[n] for n in order], fresh, bare)
            if known:
                score([rows.test[n] for n in known], fresh if same else stand_in, theirs)
            score([rows.test[n] for n in order[len(known) :]], incumbent, theirs)
    return Comparison(
        candidate=ours,
        incumbent=theirs,
        unlisted=bare,
        better=_better(ours, theirs, material.seed),
        replaced=sum(each in seen for each in prints),
        unknown=len(seen - set(prints)) if seen & set(prints) else 0,
    )


def _better(one: Scores, other: Scores, seed: int) -> float:
    """The paired bootstrap over sentences."""
    if one.rows == other.rows:
        return 0.0
    dice = random.Random(seed)  # noqa: S311 - resampling
    size, won = len(one.rows), 0
    ours, theirs = one.sums(), other.sums()
    for _ in range(_RESAMPLES):
        places = dice.choices(range(size), k=size)
        won += _f1([ours[n] for n in places]) > _f1([theirs[n] for n in places])
    return won / _RESAMPLES


def _f1(rows: Sequence[tuple[float, float, float]]) -> float:
    right, found, gold = (sum(column) for column in zip(*rows, strict=True))
    return 2 * right / (found + gold) if found + gold else 1.0
