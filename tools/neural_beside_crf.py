"""Hold a token classifier beside the CRF on sentences that neither was trained on.

    python tools/neural_beside_crf.py FILE.conll FOLDER [--fold 0 --folds 5] [--test OTHER.conll ...]

FOLDER is what tools/train_neural.py made of the same fold; the CRF is trained here on the same sentences. Strict spans
over the file's own words. ``--test`` scores the whole recogniser as it ships, without and with the classifier.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pycrfsuite

from kg.evaluate.figures import Counts, figure
from kg.evaluate.ner import evaluate_ner
from kg.models.neural.labels import visible
from kg.models.neural.profile import proposing
from kg.pipeline import analyse
from kg.text.read import read_text
from kg.text.recognition.crf import label_spans
from kg.train.crf import Material, Names, file_rows, fit
from kg.train.data import Labelled, dealt, read_sentences

SURE = (0.5, 0.7, 0.9)


def by_crf(kept: Sequence[Labelled], held: Sequence[Labelled]) -> list[Names]:
    with TemporaryDirectory() as place:
        weights = Path(place) / "crf"
        fit(Material(gold=kept).rows().train, weights)
        tagger = pycrfsuite.Tagger()
        tagger.open(str(weights))
        return [row.names(tagger.tag(row.features)) for row in file_rows(held)]


def by_classifier(folder: Path, held: Sequence[Labelled], least: float) -> list[Names]:
    labeller = proposing(str(folder)).labeller
    words = [[visible(word) for word, _ in sentence] for sentence in held]
    found = []
    for labels in labeller(words):
        spans = label_spans([label for label, _ in labels])
        found.append({(a, b, kind) for a, b, kind in spans if sum(p for _, p in labels[a:b]) / (b - a) >= least})
    return found


def added(base: Sequence[Names], more: Sequence[Names]) -> list[Names]:
    """What the classifier finds where the CRF finds nothing, beside what the CRF finds."""
    return [
        one | {name for name in two if all(name[1] <= other[0] or other[1] <= name[0] for other in one)}
        for one, two in zip(base, more, strict=True)
    ]


def show(title: str, found: Sequence[Names], gold: Sequence[Names]) -> None:
    right = sum(len(a & b) for a, b in zip(found, gold, strict=True))
    made = figure(Counts(right, sum(map(len, found)), sum(map(len, gold))))
    print(f"{title:44} P {made.p:.3f} R {made.r:.3f} F1 {made.f1:.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--test", nargs="*", type=Path, default=[])
    options = parser.parse_args()
    sentences = list(read_sentences(options.file))
    out = dealt(len(sentences), options.folds)[options.fold]
    held = [sentences[n] for n in sorted(out)]
    gold = [set(label_spans([label for _, label in sentence])) for sentence in held]
    crf = by_crf([s for n, s in enumerate(sentences) if n not in out], held)
    show("CRF", crf, gold)
    alone = by_classifier(options.folder, held, 0.0)
    show("classifier", alone, gold)
    missed = [wanted - found for wanted, found in zip(gold, crf, strict=True)]
    wrong = [found - wanted for wanted, found in zip(gold, crf, strict=True)]
    for title, some in (("missed by the CRF, found by the classifier", missed), ("wrong in both", wrong)):
        both = sum(len(a & b) for a, b in zip(some, alone, strict=True))
        print(f"{title:44} {both} of {sum(map(len, some))}")
    for least in SURE:
        sure = by_classifier(options.folder, held, least)
        show(f"CRF, and from {least} the classifier beside it", added(crf, sure), gold)
    show("only what both say", [a & b for a, b in zip(crf, alone, strict=True)], gold)
    names = proposing(str(options.folder))
    for path in options.test:
        for title, more in (("without", ()), ("with", (names,))):
            report = evaluate_ner(
                path,
                lambda text, more=more: [(m.span.start, m.span.end, m.type) for m in _mentions(text, more)],
            )
            row = next(figure for name, figure in report.rows if name == "strict spans")
            print(f"{path.stem}, {title:34} P {row.p:.3f} R {row.r:.3f} F1 {row.f1:.3f}", flush=True)


def _mentions(text: str, more: Sequence[object]) -> Sequence[object]:
    return analyse(read_text(text), more=more).mentions  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
