"""A GLiNER-type span model: asked for kinds of names in words, it gives spans; they become labels of words."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from kg.errors import InputError, MissingExtra
from kg.extras import install
from kg.models.neural.labels import BATCH

ASKED = {
    "person": "PERSON", "organization": "ORG", "armed group": "ORG", "location": "LOC", "military base": "FAC",
    "weapon": "WEAPON",
}  # fmt: skip
"""What the model is asked for, and the label it becomes."""
_LEAST = 0.5


@dataclass(slots=True)
class SpanNames:
    """A labeller around ``GLiNER``; its own splitter may cut words, so spans are laid back over ours."""

    model: Any
    batch: int = BATCH

    def __call__(self, sentences: list[list[str]]) -> list[list[tuple[str, float]]]:
        """The label of every word, with the score of its span."""
        texts = [" ".join(words) for words in sentences]
        found = self.model.inference(texts, list(ASKED), threshold=_LEAST, flat_ner=True, batch_size=self.batch)
        return [_labels(words, spans) for words, spans in zip(sentences, found, strict=True)]


def _labels(words: list[str], spans: list[dict[str, Any]]) -> list[tuple[str, float]]:
    """Labels of words from spans of characters, the surest first; one that overlaps a surer one is left out.

    >>> _labels(["in", "New", "York"], [{"start": 3, "end": 11, "label": "location", "score": 0.9}])
    [('O', 1.0), ('B-LOC', 0.9), ('I-LOC', 0.9)]
    """
    starts = [0, *accumulate(len(word) + 1 for word in words)]
    labels = [("O", 1.0)] * len(words)
    for span in sorted(spans, key=_surest):
        first, last = bisect_right(starts, span["start"]) - 1, bisect_right(starts, span["end"] - 1)
        if span["label"] not in ASKED or any(label != "O" for label, _ in labels[first:last]):
            continue
        for place in range(first, min(last, len(words))):
            labels[place] = ("B-" if place == first else "I-") + ASKED[span["label"]], float(span["score"])
    return labels


def _surest(span: dict[str, Any]) -> tuple[float, int, int]:
    return -float(span["score"]), span["start"], span["end"]


def load_spans(folder: Path, *, onnx: bool, batch: int = BATCH, threads: int = 0) -> SpanNames:
    """The span model of a folder; its encoder and tokenizer must lie in the folder too."""
    try:
        import torch
        from gliner import GLiNER
    except ImportError as error:
        raise MissingExtra(f"a span model needs {error.name}: {install('span')}") from None
    if threads:
        torch.set_num_threads(threads)
    try:
        model = GLiNER.from_pretrained(str(folder), local_files_only=True, load_onnx_model=onnx, map_location="cpu")
    except OSError as error:
        why = (str(error).splitlines() or ["no reason given"])[0]
        raise InputError(f"{folder}: not all of the span model lies there: {why}") from None
    model.eval()
    return SpanNames(model, batch)
