"""Train the name recogniser on two-column NER files and write the weights to ``ontology/models/ner.crfsuite``.

    python tools/train_crf.py FILE.conll [FILE.conll ...] [--test FILE.conll ...] [--folds 5] [--out PATH]

``--folds N`` cross-validates instead of training on everything. Scores are strict spans over the files' own tokens.
``--test`` scores the weights just trained on further files.
"""

from __future__ import annotations

import argparse
import random
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pycrfsuite

from kg.language.arabic import FoldedText
from kg.language.lexicon import load_lexicon
from kg.language.morphology import default_morphology
from kg.resources import ontology_path
from kg.text.recognition.crf import label_spans
from kg.text.recognition.crf_features import Features, listed_labels
from kg.text.recognition.lexical import lexical_candidates
from kg.text.recognition.scene import Scene
from kg.text.segment import segment

KINDS = {"PERS": "PER", "PER": "PER", "LOC": "LOC", "GPE": "LOC", "ORG": "ORG"}
SETTINGS = {"c1": 0.15, "c2": 0.02, "max_iterations": 120, "feature.possible_transitions": True, "feature.minfreq": 2}
_KEPT = 0.5
"""Of what the lexicon lists, while training: new names are not listed, and their context must do."""
Names = set[tuple[int, int, str]]


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


def read_sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    """Sentences of (word, label) pairs in our three classes; a blank line ends one."""
    sentence: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split("\t") if "\t" in line else line.split()
        if len(parts) < 2:
            if sentence:
                yield sentence
            sentence = []
            continue
        begins, _, kind = parts[-1].partition("|")[0].partition("-")
        sentence.append((parts[0], f"{begins}-{KINDS[kind]}" if kind in KINDS else "O"))
    if sentence:
        yield sentence


def make_row(sentence: Sequence[tuple[str, str]], features: Features, forget: random.Random | None = None) -> Row:
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
    listed = listed_labels(scene, candidates)
    return Row(features.rows(scene, 0, len(tokens), listed), labels, words, gold)


class _Never(random.Random):
    """Forgets everything."""

    def random(self) -> float:
        """Above every threshold."""
        return 1.0


def train(rows: Sequence[Row], out: Path) -> None:
    """Fit and write the weights."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for row in rows:
        trainer.append(row.features, row.labels)
    trainer.set_params(SETTINGS)
    trainer.train(str(out))


def score(rows: Sequence[Row], model: Path) -> Counter[tuple[str, str]]:
    """Counts of right, found and gold names by class."""
    counts: Counter[tuple[str, str]] = Counter()
    tagger = pycrfsuite.Tagger()
    tagger.open(str(model))
    for row in rows:
        found = row.names(tagger.tag(row.features))
        for name, names in (("right", found & row.gold), ("found", found), ("gold", row.gold)):
            counts.update((name, kind) for _, _, kind in names)
    return counts


def cross_validate(
    rows: Sequence[Row], tests: Sequence[Sequence[Row]], folds: int, scratch: Path
) -> list[Counter[tuple[str, str]]]:
    """Scores over all folds for each form of the same sentences; they are dealt out at random, always the same way."""
    order = list(range(len(rows)))
    random.Random(7).shuffle(order)
    counts: list[Counter[tuple[str, str]]] = [Counter() for _ in tests]
    for fold in range(folds):
        held = set(order[fold::folds])
        train([rows[i] for i in order if i not in held], scratch)
        for count, test in zip(counts, tests, strict=True):
            count.update(score([test[i] for i in sorted(held)], scratch))
    return counts


def show(title: str, counts: Counter[tuple[str, str]]) -> None:
    """One line a class, and one for all."""
    for kind in ("PER", "LOC", "ORG", ""):
        right, found, gold = (
            sum(n for (what, k), n in counts.items() if what == name and kind in ("", k))
            for name in ("right", "found", "gold")
        )
        precision, recall = right / max(1, found), right / max(1, gold)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        sys.stdout.write(f"{title:24} {kind or 'all':4} P {precision:.3f} R {recall:.3f} F1 {f1:.3f}\n")


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--test", nargs="*", type=Path, default=[])
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--out", type=Path, default=ontology_path("models", "ner.crfsuite"))
    options = parser.parse_args()
    features, forget = Features(load_lexicon()), random.Random(3)
    sentences = [sentence for path in options.files for sentence in read_sentences(path)]
    rows = [make_row(sentence, features, forget) for sentence in sentences]
    if options.folds:
        scratch = options.out.with_suffix(".tmp")
        listed = [make_row(sentence, features) for sentence in sentences]
        unlisted = [make_row(sentence, features, _Never()) for sentence in sentences]
        for title, counts in zip(
            (f"{options.folds} folds", "  without the lexicon"),
            cross_validate(rows, (listed, unlisted), options.folds, scratch),
            strict=True,
        ):
            show(title, counts)
        scratch.unlink()
        return
    train(rows, options.out)
    for path in options.test:
        show(path.stem, score([make_row(sentence, features) for sentence in read_sentences(path)], options.out))


if __name__ == "__main__":
    main()
