"""Reports as tables for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from kg.evaluate.corpus import CorpusReport
from kg.evaluate.report import Report

_CLASSES = (
    ("by_type", "entity types"),
    ("by_predicate", "predicates"),
    ("by_event_type", "event types"),
    ("by_role", "event roles"),
)
_PER_DOCUMENT = (
    ("mention/token-exact+type", "mention"),
    ("entity/canonical (1-1)", "entity"),
    ("relation/triple", "triple"),
    ("relation/triple core", "core"),
    ("relation/claim (s,p,o,by,modality)", "claim"),
    ("event/type+sentence", "event"),
    ("event/arguments", "arguments"),
    ("timex/span+value", "timex"),
)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _counts(row: Mapping[str, Any]) -> str:
    return f"{row['tp']:g}/{row['pred']:g}/{row['gold']:g}" if "tp" in row else ""


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right", no_wrap=True)
    return table


def report_tables(report: Report) -> list[RenderableType]:
    """All figures of a gold report: overall, by class, by document."""
    return [_overall(report), *_accuracies(report), *_by_class(report), _by_document(report)]


def reliability_table(rows: Mapping[str, Mapping[str, Any]]) -> Table:
    """What confidences promise and keep."""
    table = _table("confidence", "", "count", "promised", "kept", "error")
    for name, row in rows.items():
        table.add_row(name, str(row["count"]), *(_number(row[column]) for column in ("promised", "kept", "error")))
    return table


def _overall(report: Report) -> Table:
    missing = report["missing_predictions"]
    title = f"{report['docs']} documents" + (f" (no prediction for {', '.join(missing)})" if missing else "")
    table = _table(title, "micro", "P", "R", "F1", "macro F1", "right/predicted/gold")
    for name, row in report["micro"].items():
        macro = report["macro"].get(name, {}).get("f1")
        table.add_row(name, _number(row["p"]), _number(row["r"]), _number(row["f1"]), _number(macro), _counts(row))
    return table


def _accuracies(report: Report) -> list[RenderableType]:
    table = _table("of the matched", "", "n", "attribution", "modality", "both")
    for name in ("relations", "events"):
        row = report[f"accuracy_{name}"]
        shares = (_number(row[part]) for part in ("attribution", "modality", "both"))
        table.add_row(name, str(row["matched"]), *shares)
    false = report["false_assertion_rate"]
    told = f"{false['wrongly_asserted']} of {false['of']} non-factual gold triples stated as plain fact"
    return [table, f"false assertion rate {_number(false['rate'])} ({told})"]


def _by_class(report: Report) -> list[RenderableType]:
    tables: list[RenderableType] = []
    for key, title in _CLASSES:
        table = _table(title, "", "P", "R", "F1", "right/predicted/gold")
        for name, row in sorted(report[key].items(), key=_most_first):
            table.add_row(name, _number(row["p"]), _number(row["r"]), _number(row["f1"]), _counts(row))
        tables.append(table)
    return tables


def _most_first(item: tuple[str, Mapping[str, Any]]) -> tuple[float, str]:
    return -item[1]["gold"], item[0]


def _by_document(report: Report) -> Table:
    table = _table("F1 by document", "", *(short for _, short in _PER_DOCUMENT))
    for name, row in report["per_doc"].items():
        table.add_row(name, *(_number(row.get(key)) for key, _ in _PER_DOCUMENT))
    return table


def corpus_tables(report: CorpusReport) -> list[RenderableType]:
    """One table, and notes."""
    table = _table(f"{report.name}: {report.size}", "", "P", "R", "F1", "right/predicted/expected")
    for name, row in report.rows:
        table.add_row(name, _number(row.p), _number(row.r), _number(row.f1), _counts(row.to_json()))
    return [table, *report.notes]


def difference_table(moved: Sequence[tuple[str, float, float]]) -> RenderableType:
    """What moved against a baseline, the largest losses first."""
    if not moved:
        return "no figure moved against the baseline"
    table = _table("F1 against the baseline", "", "before", "now", "difference")
    for name, before, now in sorted(moved, key=_loss):
        style = "red" if now < before else "green"
        table.add_row(name, _number(before), _number(now), f"[{style}]{now - before:+.3f}[/]")
    return table


def _loss(row: tuple[str, float, float]) -> float:
    return row[2] - row[1]
