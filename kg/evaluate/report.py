"""Sum the counts of many documents into the figures that are printed and compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kg.evaluate.coreference import Parts
from kg.evaluate.figures import Figure, f1, figure, mean, total
from kg.evaluate.gold import GoldDocument
from kg.evaluate.score import DocumentScore, score_document

Report = dict[str, Any]
"""The JSON object that the reference scorer prints."""
_GROUPS = {"type": "by_type", "pred": "by_predicate", "role": "by_role", "etype": "by_event_type"}
_CHAINS = ("B3", "CEAF-e", "MUC")


def score(predicted: Mapping[str, GoldDocument], gold: Mapping[str, GoldDocument]) -> Report:
    """Score every gold document; one without prediction counts as predicted empty."""
    scores = {name: score_document(predicted.get(name), document) for name, document in gold.items()}
    report: Report = {
        "docs": len(gold),
        "missing_predictions": [name for name in gold if name not in predicted],
        "micro": {},
        "macro": {},
        "by_type": {},
        "by_predicate": {},
        "by_role": {},
        "by_event_type": {},
    }
    _add_rows(report, scores.values())
    _add_chains(report, scores.values())
    for name in ("relations", "events"):
        report[f"accuracy_{name}"] = _accuracy(each.accuracy[name] for each in scores.values())
    wrong, of = (sum(each.false_assertions[i] for each in scores.values()) for i in (0, 1))
    report["false_assertion_rate"] = {"rate": wrong / of if of else None, "wrongly_asserted": wrong, "of": of}
    report["macro_over_types_f1"] = mean(row["f1"] for row in report["by_type"].values() if row["gold"])
    report["per_doc"] = {name: _per_document(each) for name, each in scores.items()}
    return report


def _add_rows(report: Report, scores: Iterable[DocumentScore]) -> None:
    scores = list(scores)
    for key in sorted({key for each in scores for key in each.rows}):
        counts = [each.rows[key] for each in scores if key in each.rows]
        group, _, name = key.partition("/")
        if group in _GROUPS:
            report[_GROUPS[group]][name] = figure(total(counts)).to_json()
            continue
        report["micro"][key] = figure(total(counts)).to_json()
        told = [figure(each) for each in counts if each.predicted or each.expected]
        report["macro"][key] = {part: mean(getattr(each, part) for each in told) for part in ("p", "r", "f1")}


def _add_chains(report: Report, scores: Iterable[DocumentScore]) -> None:
    scores = list(scores)
    figures = {name: _chain(name, [each.chains[name] for each in scores]) for name in _CHAINS}
    average = mean(each.f1 for each in figures.values())
    for name, each in (*figures.items(), ("CoNLL-average", Figure(None, None, average))):
        report["micro"][f"coref/{name}"] = each.to_json()


def _chain(name: str, parts: list[Parts]) -> Figure:
    precision, of_precision, recall, of_recall = (sum(each[i] for each in parts) for i in range(4))
    if name != "MUC":
        of_precision, of_recall = max(1, of_precision), max(1, of_recall)
    p = precision / of_precision if of_precision else 0.0
    r = recall / of_recall if of_recall else 0.0
    return Figure(p, r, f1(p, r))


def _accuracy(rows: Iterable[tuple[int, int, int, int]]) -> dict[str, float | None]:
    matched, holders, modality, both = (sum(column) for column in zip(*rows, strict=True))
    share = {name: n / matched if matched else None for name, n in
             (("attribution", holders), ("modality", modality), ("both", both))}  # fmt: skip
    return {"matched": matched, **share}


def _per_document(each: DocumentScore) -> dict[str, float]:
    shown = ("mention", "entity", "relation", "event", "timex")
    return {
        key: round(figure(counts).f1 or 0.0, 4) for key, counts in each.rows.items() if key.partition("/")[0] in shown
    }


def difference(report: Mapping[str, Any], baseline: Mapping[str, Any]) -> list[tuple[str, float, float]]:
    """The rows of ``micro`` and the class groups whose F1 moved: name, before, now.

    >>> difference({"micro": {"a": {"f1": 0.5}}}, {"micro": {"a": {"f1": 0.25}}})
    [('a', 0.25, 0.5)]
    """
    moved = []
    for group in ("micro", "by_type", "by_predicate", "by_event_type", "by_role"):
        for name, row in report.get(group, {}).items():
            before = baseline.get(group, {}).get(name, {}).get("f1")
            now = row["f1"]
            if before is not None and now is not None and abs(now - before) > 5e-5:
                moved.append((name, before, now))
    return moved
