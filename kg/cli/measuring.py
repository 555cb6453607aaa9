"""The command that measures: evaluate."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.console import as_json, counting, out, write
from kg.errors import InputError, UnreadableInput

if TYPE_CHECKING:
    from kg.evaluate.corpus import CorpusReport

CORPORA = ("ner", "conllu", "timex", "events", "names")


def evaluate(
    path: Annotated[Path, typer.Argument(metavar="FOLDER|FILE", help="articles/ and gold/; with --as a corpus.")],
    kind: Annotated[str, typer.Option("--as", metavar="KIND", help=f"A corpus: {', '.join(CORPORA)}.")] = "",
    predictions: Annotated[Path | None, typer.Option(metavar="DIR", help="Write what was predicted, NN.json.")] = None,
    machine: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    baseline: Annotated[Path | None, typer.Option(metavar="FILE", help="An earlier --json; print what moved.")] = None,
) -> None:
    """Measure on gold annotations (FOLDER/articles/*.txt, FOLDER/gold/*.json), or on a corpus.

    Corpora: ner (token TAB label), conllu, timex and events (JSON Lines), names (arabic TAB english).

    Example: [bold]kg evaluate gold --baseline before.json; kg evaluate --as ner test.conll[/bold]
    """
    if kind and kind not in CORPORA:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(CORPORA)}", param_hint="--as")
    before = _baseline(baseline) if baseline else None
    if kind:
        _corpus(path, kind, machine=machine, before=before)
        return
    from kg.evaluate.folder import evaluate_folder, write_predictions
    from kg.evaluate.tables import report_tables
    from kg.pipeline import analyse, to_gold

    with counting("articles") as advance:
        result = evaluate_folder(path, lambda document: to_gold(analyse(document)), progress=advance)
    if predictions:
        write_predictions(result.predictions, predictions)
    _print(result.report, report_tables(result.report), machine=machine, before=before)


def _corpus(path: Path, kind: str, *, machine: bool, before: Mapping[str, Any] | None) -> None:
    from kg.evaluate.tables import corpus_tables

    if not path.is_file():
        raise InputError(f"{path}: no such file; --as {kind} reads one file")
    report = _measured(path, kind)
    _print(report.to_json(), corpus_tables(report), machine=machine, before=before)


def _measured(path: Path, kind: str) -> CorpusReport:
    from kg.evaluate import adapters, conllu, event_sets, names, ner, times

    with counting(kind) as advance:
        if kind == "ner":
            return ner.evaluate_ner(path, adapters.find_names, progress=advance)
        if kind == "conllu":
            return conllu.evaluate_conllu(path, adapters.tokenise)
        if kind == "timex":
            return times.evaluate_times(path, adapters.find_times)
        if kind == "events":
            return event_sets.evaluate_events(path, adapters.find_events, progress=advance)
        return names.evaluate_names(path, adapters.name_search, progress=advance)


def _baseline(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise UnreadableInput(f"{path}: not JSON: {error}; write one with --json") from None
    if not isinstance(found, dict) or "micro" not in found:
        raise UnreadableInput(f"{path}: not a report of kg evaluate --json")
    return found


def _print(
    report: Mapping[str, Any], tables: Sequence[Any], *, machine: bool, before: Mapping[str, Any] | None
) -> None:
    from kg.evaluate.report import difference
    from kg.evaluate.tables import difference_table

    moved = difference(report, before) if before is not None else []
    if machine:
        changes = [{"name": name, "before": old, "now": new} for name, old, new in moved]
        write(as_json(dict(report) | ({"moved": changes} if before is not None else {})))
        return
    console = out()
    for table in [*tables, *([difference_table(moved)] if before is not None else [])]:
        console.print(table)
