"""A token classifier in a local folder, run by ONNX Runtime or torch; no hub is ever asked.

The folder holds ``config.json`` with ``id2label``, ``tokenizer.json``, and ``model.onnx`` or what transformers saves.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import InputError, MissingExtra
from kg.models.neural.labels import BATCH

Encode = Callable[[list[str]], tuple[list[int], list[int | None]]]
"""Words to piece ids with special pieces, and the word of each piece (None for special ones)."""
Score = Callable[[list[list[int]]], Sequence[Sequence[Sequence[float]]]]
"""Piece ids of some sentences to the scores of every label for every piece; padding is the runtime's business."""
RUNTIMES = ("auto", "onnx", "torch")


@dataclass(slots=True)
class FolderNames:
    """A labeller: the label of a word is that of its first piece, a word without pieces has none."""

    labels: Sequence[str]
    encode: Encode
    score: Score
    pieces: int = 510
    batch: int = BATCH

    def __call__(self, sentences: list[list[str]]) -> list[list[tuple[str, float]]]:
        """The label of every word with its probability."""
        found: list[list[tuple[str, float]]] = [[("O", 1.0)] * len(words) for words in sentences]
        parts = [(n, start, end) for n, words in enumerate(sentences) for start, end in self._parts(words)]
        for begin in range(0, len(parts), self.batch):
            some = parts[begin : begin + self.batch]
            encoded = [self.encode(sentences[n][start:end]) for n, start, end in some]
            scores = self.score([ids for ids, _ in encoded])
            for (n, start, _), (_, owners), rows in zip(some, encoded, scores, strict=True):
                seen: set[int] = set()
                for owner, row in zip(owners, rows, strict=False):
                    if owner is not None and owner not in seen:
                        seen.add(owner)
                        found[n][start + owner] = self._best(row)
        return found

    def _parts(self, words: list[str]) -> list[tuple[int, int]]:
        """Ranges of words whose pieces the model can take at once."""
        parts, start, size = [], 0, 0
        for place, word in enumerate(words):
            length = sum(owner is not None for owner in self.encode([word])[1])
            if size and size + length > self.pieces:
                parts.append((start, place))
                start, size = place, 0
            size += length
        return [*parts, (start, len(words))] if words else []

    def _best(self, row: Sequence[float]) -> tuple[str, float]:
        top = max(row)
        total = sum(math.exp(value - top) for value in row)
        return self.labels[list(row).index(top)], 1 / total


def load(folder: Path, runtime: str = "auto", batch: int = BATCH) -> FolderNames:
    """The classifier of a folder; InputError where it is not one, MissingExtra where its runtime is missing."""
    if runtime not in RUNTIMES:
        raise InputError(f"--set runtime={runtime}: it is one of {', '.join(RUNTIMES)}")
    config = _config(folder)
    labels = [str(config["id2label"][str(n)]) for n in range(len(config["id2label"]))]
    onnx = (folder / "model.onnx").is_file()
    if runtime == "onnx" and not onnx:
        raise InputError(f"{folder}: no model.onnx in it")
    pieces = int(config.get("max_position_embeddings", 512)) - 2
    pad = int(config.get("pad_token_id") or 0)
    score = _onnx(folder, pad) if onnx and runtime != "torch" else _torch(folder, pad)
    return FolderNames(labels, _tokenizer(folder), score, max(pieces, 8), batch)


def _config(folder: Path) -> dict[str, Any]:
    for name in ("config.json", "tokenizer.json"):
        if not (folder / name).is_file():
            raise InputError(
                f"{folder}: no {name} in it; a folder with config.json, tokenizer.json and weights is needed"
            )
    try:
        found = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{folder / 'config.json'}: not JSON: {error}") from None
    names = found.get("id2label") if isinstance(found, dict) else None
    if not isinstance(names, dict) or set(names) != {str(n) for n in range(len(names))}:
        raise InputError(f"{folder / 'config.json'}: no id2label; this is no token classifier")
    return dict(found)


def _tokenizer(folder: Path) -> Encode:
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise MissingExtra("a model folder needs tokenizers: pip install 'sanad-kg[neural]'") from None
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()

    def encode(words: list[str]) -> tuple[list[int], list[int | None]]:
        found = tokenizer.encode(words, is_pretokenized=True)
        return list(found.ids), list(found.word_ids)

    return encode


def _padded(batch: list[list[int]], pad: int) -> tuple[list[list[int]], list[list[int]]]:
    """Ids and mask, as long as the longest of the batch and not longer."""
    width = max(len(ids) for ids in batch)
    return (
        [ids + [pad] * (width - len(ids)) for ids in batch],
        [[1] * len(ids) + [0] * (width - len(ids)) for ids in batch],
    )


def _onnx(folder: Path, pad: int) -> Score:
    try:
        import numpy as np
        import onnxruntime
    except ImportError:
        raise MissingExtra("model.onnx needs its runtime: pip install 'sanad-kg[onnx]'") from None
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    names = {given.name for given in session.get_inputs()}

    def score(batch: list[list[int]]) -> Sequence[Sequence[Sequence[float]]]:
        ids, mask = (np.array(rows, dtype=np.int64) for rows in _padded(batch, pad))
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": ids * 0}
        found = session.run(None, {name: rows for name, rows in given.items() if name in names})[0]
        rows: Sequence[Sequence[Sequence[float]]] = found.tolist()
        return rows

    return score


def _torch(folder: Path, pad: int) -> Score:
    try:
        import torch
        from transformers import AutoModelForTokenClassification
    except ImportError:
        raise MissingExtra("this folder needs torch and transformers: pip install 'sanad-kg[neural]'") from None
    model = AutoModelForTokenClassification.from_pretrained(str(folder), local_files_only=True)
    model.eval()

    def score(batch: list[list[int]]) -> Sequence[Sequence[Sequence[float]]]:
        ids, mask = _padded(batch, pad)
        with torch.no_grad():
            found = model(input_ids=torch.tensor(ids), attention_mask=torch.tensor(mask)).logits
        rows: Sequence[Sequence[Sequence[float]]] = found.tolist()
        return rows

    return score
