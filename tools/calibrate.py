"""Measure confidences on a gold folder and write ``ontology/rules/confidence.tsv``: counts and weights, no text.

    python tools/calibrate.py GOLDDIR            measure by cross-validation over articles, then write
    python tools/calibrate.py GOLDDIR --check    measure only

GOLDDIR holds ``articles/*.txt`` and ``gold/*.json``. Confidence is the probability that gold has the triple of a
relation, or an event of that type in that sentence.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from kg.evaluate.calibration import (
    KINDS,
    Judged,
    calibration_error,
    cross_validated,
    fit,
    judged_folder,
    reliability,
    table,
)
from kg.resources import ontology_path
from kg.text.confidence import kind_of


def show(title: str, pairs: list[tuple[float, bool]]) -> None:
    print(f"{title}: {len(pairs)} statements, calibration error {calibration_error(pairs):.3f} (tenths)", end="")
    print(f", {calibration_error(pairs, 5):.3f} (fifths), Brier {brier(pairs):.3f}")
    print("promised\tkept\tcount")
    for each in reliability(pairs):
        print(f"{each.confidence:.2f}\t{each.accuracy:.2f}\t{each.count}")


def brier(pairs: list[tuple[float, bool]]) -> float:
    return sum((confidence - right) ** 2 for confidence, right in pairs) / max(len(pairs), 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    items: list[Judged] = judged_folder(options.folder)
    show(
        "priors of the frames",
        [(item.said.confidence, item.right) for item in items],
    )
    show("cross-validated", cross_validated(items))
    for kind in KINDS:
        show(f"cross-validated, {kind}s", cross_validated([i for i in items if kind_of(i.said) == kind]))
    if not options.check:
        path = ontology_path("rules", "confidence.tsv")
        path.write_text(table(fit(items)), encoding="utf-8")
        print(f"wrote {path}")


if __name__ == "__main__":
    main()
