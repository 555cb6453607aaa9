"""A folder of articles with gold annotations: ``articles/*.txt``, ``articles/index.json``, ``gold/*.json``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.datamodel import Document
from kg.errors import InputError, UnreadableInput
from kg.evaluate.gold import gold_document, gold_documents, predicted_documents
from kg.evaluate.report import Report, score
from kg.text.read import ReadFailure, read

Predict = Callable[[Document], Mapping[str, Any]]
"""A document to its prediction, in the shape of the gold."""


def documents_of(folder: Path) -> dict[str, Document]:
    """The articles of a gold folder that have gold, by name."""
    return _articles(_sub(folder, "articles"), gold_documents(_sub(folder, "gold")).keys())


@dataclass(frozen=True, slots=True)
class FolderResult:
    """The figures, and what was predicted by document name."""

    report: Report
    predictions: Mapping[str, Mapping[str, Any]]


def evaluate_folder(folder: Path, predict: Predict, *, progress: Callable[[int], None] | None = None) -> FolderResult:
    """Analyse every article that has a gold file, and score it."""
    gold = gold_documents(_sub(folder, "gold"))
    predictions: dict[str, Mapping[str, Any]] = {}
    for name, document in _articles(_sub(folder, "articles"), gold.keys()).items():
        predictions[name] = {**predict(document), "doc_id": name, "file": f"articles/{name}.txt"}
        if progress:
            progress(1)
    records = {name: gold_document(data, gold[name].text, name=name) for name, data in predictions.items()}
    return FolderResult(score(records, gold), predictions)


def score_folder(folder: Path, predictions: Path) -> Report:
    """Score predictions that were written before, one ``NN.json`` each."""
    gold = gold_documents(_sub(folder, "gold"))
    return score(predicted_documents(predictions, gold), gold)


def write_predictions(predictions: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """One file a document, readable and stable."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in predictions.items():
        text = json.dumps(data, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def _sub(folder: Path, name: str) -> Path:
    if not (folder / name).is_dir():
        raise InputError(f"{folder}: no folder {name}/ in it; kg evaluate reads articles/*.txt and gold/*.json")
    return folder / name


def _articles(folder: Path, names: Any) -> dict[str, Document]:
    """The articles that ``names`` lists, in its order; a gold file without article is an error."""
    found = {}
    for name in names:
        path = folder / f"{name}.txt"
        item = next(iter(read([path])), None)
        if isinstance(item, ReadFailure):
            raise UnreadableInput(item.reason)
        if item is None:
            raise UnreadableInput(f"{path}: nothing to read")
        found[name] = item
    return found
