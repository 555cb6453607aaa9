"""Fits confidences to gold and measures them: which statements are right, how sure one may be of the like of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.datamodel import Analysis, ChainId, Document
from kg.evaluate.assignment import assign
from kg.evaluate.folder import documents_of
from kg.evaluate.gold import GoldDocument, GoldEvent, gold_document, gold_documents, overlap, widen
from kg.evaluate.score import COARSE, relation_keys, same_entities
from kg.pipeline import analyse, to_gold
from kg.text.confidence import COLUMNS, Calibration, Features, Said, features, kind_of

KINDS = ("relation", "event")
STRENGTH = 2.0
"""Of the pull of every weight towards what it is without data: 1 for the record of the rule, 0 for the rest."""
ROUNDS, STEP = 400, 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A statement of one document, and whether the gold has it."""

    document: str
    said: Said
    linked: frozenset[ChainId]
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Statements of about the same confidence."""

    count: int
    confidence: float
    accuracy: float


# ---------------------------------------------------------------- right and wrong


def judge(analysis: Analysis, gold: GoldDocument) -> list[Judged]:
    """Every statement: a relation is right if gold has the triple, an event if one of its type stands there."""
    mine = gold_document(to_gold(analysis), gold.text, name=gold.id)
    same = same_entities(mine, gold)
    theirs = set(relation_keys(gold.relations, None))
    matched = {i for i, _, _ in assign(_likeness(mine.events, gold.events))}
    linked = frozenset(link.chain for link in analysis.links if link.target is not None)
    found = [
        Judged(document=gold.id, said=said, linked=linked, right=key in theirs)
        for said, key in zip(analysis.relations, relation_keys(mine.relations, same), strict=True)
    ]
    return found + [
        Judged(document=gold.id, said=said, linked=linked, right=number in matched)
        for number, said in enumerate(analysis.events)
    ]


def _likeness(mine: Sequence[GoldEvent], gold: Sequence[GoldEvent]) -> list[list[float]]:
    return [[_alike(one, other) for other in gold] for one in mine]


def _alike(one: GoldEvent, other: GoldEvent) -> float:
    if one.type != other.type or one.sentence is None or other.sentence is None:
        return 0.0
    trigger = one.trigger is not None and other.trigger is not None and overlap(one.trigger, other.trigger)
    return (1.0 + 2.0 * trigger) * overlap(one.sentence, other.sentence)


def with_priors(document: Document) -> Analysis:
    """The analysis with the confidences that the frames state."""
    return analyse(document, priors=True)


def judged_folder(folder: Path, run: Callable[[Document], Analysis] = with_priors) -> list[Judged]:
    """All statements about the articles of a gold folder, with their priors."""
    gold = gold_documents(folder / "gold")
    return [item for name, document in documents_of(folder).items() for item in judge(run(document), gold[name])]


def judge_names(analysis: Analysis, gold: GoldDocument) -> list[tuple[str, float, bool]]:
    """Every name: who found it, its score, and whether gold has it, over whole words and in the coarse classes."""
    text = analysis.document.text
    theirs = {
        (*widen(text, span), COARSE.get(entity.type, entity.type))
        for entity in gold.entities
        for span in entity.mentions
    }
    found = []
    for mention in analysis.mentions:
        key = (*widen(text, (mention.span.start, mention.span.end)), COARSE.get(mention.type, mention.type))
        found.append((mention.source.partition(":")[0], mention.score, key in theirs))
    return found


# ---------------------------------------------------------------- fitting


def counts_of(items: Sequence[Judged]) -> dict[str, tuple[int, int]]:
    """How often each rule was right, and each kind."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for item in items:
        for name in (kind_of(item.said), f"{kind_of(item.said)}:{item.said.rule}"):
            total[name] += 1
            right[name] += item.right
    return {name: (right[name], total[name]) for name in sorted(total)}


def fit(items: Sequence[Judged]) -> Calibration:
    """Counts of all items; weights fitted with each document's records taken from the others."""
    rows: dict[str, list[tuple[Features, bool]]] = {kind: [] for kind in KINDS}
    for document in dict.fromkeys(item.document for item in items):
        others = Calibration(counts=counts_of([i for i in items if i.document != document]), weights={})
        for item in items:
            if item.document == document:
                row = features(item.said, item.linked, others.record(item.said))
                rows[kind_of(item.said)].append((row, item.right))
    weights = {f"{kind}:{name}": w for kind in KINDS for name, w in logistic(rows[kind]).items()}
    return Calibration(counts=counts_of(items), weights=weights)


def logistic(rows: Sequence[tuple[Features, bool]]) -> dict[str, float]:
    """Weights of a logistic regression, pulled towards the plain record of the rule.

    >>> logistic([])
    {'record': 1.0}
    """
    weights = dict.fromkeys(rows[0][0] if rows else {}, 0.0) | {"record": 1.0}
    for _ in range(ROUNDS):
        slope = {name: -STRENGTH * (w - (name == "record")) * (name != "intercept") for name, w in weights.items()}
        for row, right in rows:
            score = sum(weights[name] * value for name, value in row.items())
            missed = right - 1 / (1 + math.exp(-score))
            for name, value in row.items():
                slope[name] += missed * value
        for name in weights:
            weights[name] += STEP * slope[name] / max(len(rows), 1)
    return {name: round(weight, 3) for name, weight in weights.items()}


def cross_validated(items: Sequence[Judged]) -> list[tuple[float, bool]]:
    """The confidence that a fit on all other documents gives to each statement, and whether it is right."""
    found = []
    for document in dict.fromkeys(item.document for item in items):
        fitted = fit([item for item in items if item.document != document])
        found += [
            (fitted.probability(item.said, item.linked), item.right) for item in items if item.document == document
        ]
    return found


# ---------------------------------------------------------------- measuring


def reliability_report(analyses: Mapping[str, Analysis], gold: Mapping[str, GoldDocument]) -> dict[str, dict[str, Any]]:
    """By what is said and by who found a name: how many, what was promised, what was kept, and the error.

    ``promised`` is the mean confidence, ``kept`` the share that gold has, ``error`` the calibration error in tenths.
    """
    pairs: dict[str, list[tuple[float, bool]]] = {}
    for name, analysis in analyses.items():
        for item in judge(analysis, gold[name]):
            pairs.setdefault(f"{kind_of(item.said)}s", []).append((item.said.confidence, item.right))
        for source, score, right in judge_names(analysis, gold[name]):
            pairs.setdefault(f"names, {source}", []).append((score, right))
    return {
        name: {
            "count": len(many),
            "promised": round(sum(promised for promised, _ in many) / len(many), 3),
            "kept": round(sum(right for _, right in many) / len(many), 3),
            "error": calibration_error(many),
        }
        for name, many in sorted(pairs.items())
    }


def reliability(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> list[Bin]:
    """Statements by tenths of confidence: what was promised and what was kept."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in pairs:
        groups.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, right))
    return [
        Bin(len(many), sum(c for c, _ in many) / len(many), sum(r for _, r in many) / len(many))
        for _, many in sorted(groups.items())
    ]


def calibration_error(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """The expected calibration error: how far promise and truth lie apart, weighted by how many are promised.

    >>> calibration_error([(0.5, True), (0.5, False), (0.9, True)])
    0.033
    """
    total = sum(each.count * abs(each.confidence - each.accuracy) for each in reliability(pairs, bins))
    return round(total / max(len(pairs), 1), 3)


def table(calibration: Calibration) -> str:
    """The text of ``confidence.tsv``."""
    lines = ["# How often each rule was right on gold, and the weights of the evidence. Written by tools/calibrate.py."]
    lines.append("\t".join(COLUMNS))
    lines += [f"rule\t{name}\t{right}\t{total}\t" for name, (right, total) in calibration.counts.items()]
    lines += [f"weight\t{name}\t\t\t{weight}" for name, weight in _sorted(calibration.weights)]
    return "\n".join(lines) + "\n"


def _sorted(weights: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(weights.items())
