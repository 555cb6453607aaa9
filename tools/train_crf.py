"""Train the name recogniser on two-column NER files and write the weights to ``ontology/models/ner.crfsuite``.

    python tools/train_crf.py FILE.conll [FILE.conll ...] [--folds 5] [--out PATH]

``--folds N`` cross-validates instead of training on everything, and prints strict span scores per label.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pycrfsuite

from kg.language.arabic import FoldedText
from kg.language.lexicon import load_lexicon
from kg.language.morphology import default_morphology
from kg.resources import ontology_path
from kg.text.recognition.crf import listed_labels, sentence_features
from kg.text.recognition.lexical import lexical_candidates
from kg.text.recognition.scene import Scene
from kg.text.segment import segment

Row = tuple[list[list[str]], list[str]]
_KINDS = {"PERS": "PER", "PER": "PER", "LOC": "LOC", "GPE": "LOC", "ORG": "ORG"}
_SETTINGS = {"c1": 0.05, "c2": 0.02, "max_iterations": 120, "feature.possible_transitions": True, "feature.minfreq": 2}


def read_sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    """Sentences of (token, label) pairs; a blank line ends one."""
    sentence: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split("\t") if "\t" in line else line.split()
        if len(parts) < 2:
            if sentence:
                yield sentence
            sentence = []
            continue
        sentence.append((parts[0], parts[-1]))
    if sentence:
        yield sentence


def row(sentence: Sequence[tuple[str, str]]) -> Row:
    """Features and labels of one sentence in our own tokens."""
    text, spans = "", []
    for token, label in sentence:
        spans.append((len(text), len(text) + len(token), label))
        text += token + " "
    folded = FoldedText.of(text.rstrip())
    sentences, tokens = segment(folded, default_morphology())
    scene = Scene(folded=folded, sentences=sentences, tokens=tokens, lexicon=load_lexicon())
    listed = listed_labels(scene, lexical_candidates(scene))
    labels, word = [], 0
    begun = -1
    for token in tokens:
        while word < len(spans) and spans[word][1] <= token.span.start:
            word += 1
        label = spans[word][2] if word < len(spans) else "O"
        kind = _KINDS.get(label[2:], "")
        if not kind or token.kind == "punct" and not labels:
            labels.append("O")
            continue
        first = label.startswith("B-") and begun != word
        begun = word
        before = labels[-1][2:] if labels else ""
        labels.append(("B-" if first or before != kind else "I-") + kind)
    return sentence_features(scene, 0, len(tokens), listed), labels


def train(rows: Sequence[Row], out: Path) -> None:
    """Fit and write the weights."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for features, labels in rows:
        trainer.append(features, labels)
    trainer.set_params(_SETTINGS)
    trainer.train(str(out))


def spans(labels: Sequence[str]) -> set[tuple[int, int, str]]:
    """Half-open spans of a BIO sequence."""
    found, start, kind = set(), 0, ""
    for place, label in enumerate([*labels, "O"]):
        if kind and label != f"I-{kind}":
            found.add((start, place, kind))
            kind = ""
        if label.startswith("B-") or (label.startswith("I-") and not kind):
            start, kind = place, label[2:]
    return found


def cross_validate(rows: list[Row], folds: int, scratch: Path) -> None:
    """Print strict span precision, recall and F1 per label over all folds."""
    order = list(range(len(rows)))
    random.Random(7).shuffle(order)
    counts: Counter[tuple[str, str]] = Counter()
    for fold in range(folds):
        held = set(order[fold::folds])
        train([rows[i] for i in order if i not in held], scratch)
        tagger = pycrfsuite.Tagger()
        tagger.open(str(scratch))
        for index in held:
            features, labels = rows[index]
            gold, found = spans(labels), spans(tagger.tag(features))
            for kind in ("PER", "LOC", "ORG"):
                mine, theirs = {s for s in found if s[2] == kind}, {s for s in gold if s[2] == kind}
                counts["tp", kind] += len(mine & theirs)
                counts["found", kind] += len(mine)
                counts["gold", kind] += len(theirs)
    for kind in ("PER", "LOC", "ORG", ""):
        tp, found, gold = (
            sum(v for (what, k), v in counts.items() if what == name and kind in ("", k))
            for name in ("tp", "found", "gold")
        )
        precision, recall = tp / max(1, found), tp / max(1, gold)
        score = 2 * precision * recall / max(1e-9, precision + recall)
        sys.stdout.write(f"{kind or 'all':4} P {precision:.3f} R {recall:.3f} F1 {score:.3f}\n")


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--out", type=Path, default=ontology_path("models", "ner.crfsuite"))
    options = parser.parse_args()
    rows = [row(sentence) for path in options.files for sentence in read_sentences(path)]
    if options.folds:
        cross_validate(rows, options.folds, options.out.with_suffix(".tmp"))
        options.out.with_suffix(".tmp").unlink()
    else:
        train(rows, options.out)


if __name__ == "__main__":
    main()
