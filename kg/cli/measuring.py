"""The command that measures: evaluate."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.console import as_json, counting, out, write
from kg.cli.profiles import At, Chosen, Model, ProfileName, Settings
from kg.errors import InputError, UnreadableInput

if TYPE_CHECKING:
    from kg.evaluate.corpus import CorpusReport
    from kg.pipeline import Analyser

CORPORA = ("ner", "conllu", "timex", "events", "names")


def evaluate(
    path: Annotated[Path, typer.Argument(metavar="FOLDER|FILE", help="articles/ and gold/; with --as a corpus.")],
    kind: Annotated[str, typer.Option("--as", metavar="KIND", help=f"A corpus: {', '.join(CORPORA)}.")] = "",
    predictions: Annotated[Path | None, typer.Option(metavar="DIR", help="Write what was predicted, NN.json.")] = None,
    machine: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    baseline: Annotated[Path | None, typer.Option(metavar="FILE", help="An earlier --json; print what moved.")] = None,
    profile: ProfileName = "rules",
    endpoint: At = "",
    model: Model = "",
    settings: Settings = [],  # noqa: B006 - typer copies it
) -> None:
    """Measure on gold annotations (FOLDER/articles/*.txt, FOLDER/gold/*.json), or on a corpus.

    Corpora: ner (token TAB label), conllu, timex and events (JSON Lines), names (arabic TAB english). On gold it also
    tells what confidences promise and keep. Gold can be measured under any profile, ner under neural.

    Example: [bold]kg evaluate gold --baseline before.json; kg evaluate --as ner test.conll[/bold]
    """
    if kind and kind not in CORPORA:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(CORPORA)}", param_hint="--as")
    before = _baseline(baseline) if baseline else None
    chosen = Chosen(profile=profile, endpoint=endpoint, model=model, settings=settings)
    if kind:
        if profile != "rules" and (kind, profile) != ("ner", "neural"):
            raise typer.BadParameter(f"--as {kind} is measured under the profile rules", param_hint="--profile")
        _corpus(path, kind, chosen, machine=machine, before=before)
        return
    from kg.evaluate.calibration import reliability_report
    from kg.evaluate.folder import documents_of, evaluate_folder, write_predictions
    from kg.evaluate.gold import gold_documents
    from kg.evaluate.tables import reliability_table, report_tables
    from kg.pipeline import to_gold

    documents = documents_of(path)
    analyses = {}
    with chosen.running(lambda _: list(documents.values())) as run, counting("articles", len(documents)) as advance:
        for name, document in documents.items():
            analyses[name] = run(document)
            advance(1)
    told = {document.id: to_gold(analyses[name]) for name, document in documents.items()}
    result = evaluate_folder(path, lambda document: told[document.id])
    if predictions:
        write_predictions(result.predictions, predictions)
    kept = reliability_report(analyses, gold_documents(path / "gold"))
    tables = [*report_tables(result.report), reliability_table(kept)]
    _print({**result.report, "confidence": kept}, tables, machine=machine, before=before)


def _corpus(path: Path, kind: str, chosen: Chosen, *, machine: bool, before: Mapping[str, Any] | None) -> None:
    from kg.evaluate.tables import corpus_tables

    if not path.is_file():
        raise InputError(f"{path}: no such file; --as {kind} reads one file")
    with chosen.running(lambda _: []) as run:
        report = _measured(path, kind, run)
    _print(report.to_json(), corpus_tables(report), machine=machine, before=before)


def _measured(path: Path, kind: str, run: Analyser) -> CorpusReport:
    from kg.evaluate import adapters, conllu, event_sets, names, ner, times

    with counting(kind) as advance:
        if kind == "ner":
            return ner.evaluate_ner(path, partial(adapters.find_names, run=run), progress=advance)
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
