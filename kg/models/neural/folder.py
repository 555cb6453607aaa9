"""A recogniser in a local folder, run by ONNX Runtime or torch: a token classifier, or a GLiNER-type span model.

A classifier's folder holds ``config.json`` with ``id2label``, ``tokenizer.json`` or what transformers makes one of
(``vocab.txt``, a sentencepiece model), and ``model.onnx`` or what transformers saves. No hub is asked unless the user
sets ``HF_HUB_OFFLINE=0``.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import InputError, MissingExtra
from kg.extras import install
from kg.models.neural.labels import BATCH, Labeller

Encode = Callable[[list[str]], tuple[list[int], list[int | None]]]
"""Words to piece ids with special pieces, and the word of each piece (None for special ones)."""
Score = Callable[[list[list[int]]], Sequence[Sequence[Sequence[float]]]]
"""Piece ids of some sentences to the scores of every label for every piece; padding is the runtime's business."""
RUNTIMES = ("auto", "onnx", "torch")
SPANS = "gliner_config.json"
"""The file that tells a span model from a classifier."""
_SCHEME = re.compile(r"(?P<place>[BILUES])[-_](?P<kind>.+)")
_BEGINS = {"B": "B", "U": "B", "S": "B", "I": "I", "L": "I", "E": "I"}
_SHIFTED = ("roberta", "camembert", "xlm-roberta", "mpnet")
"""Types of models whose positions begin behind that of the padding."""
WEIGHTS = ("model.onnx", "model.safetensors", "pytorch_model.bin")
TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json", "sentencepiece.bpe.model", "spiece.model", "spm.model")
"""The tokenizer itself, and what transformers makes one of."""
_NAMELESS = re.compile(r"LABEL_\d+")


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
            scores = self.score([self._cut(ids) for ids, _ in encoded])
            for (n, start, _), (_, owners), rows in zip(some, encoded, scores, strict=True):
                seen: set[int] = set()
                for owner, row in zip(owners, rows, strict=False):
                    if owner is not None and owner not in seen:
                        seen.add(owner)
                        found[n][start + owner] = self._best(row)
        return found

    def _cut(self, ids: list[int]) -> list[int]:
        """One word of more pieces than the model takes is cut; its label is that of its first piece."""
        longest = self.pieces + 2
        return ids if len(ids) <= longest else [*ids[: longest - 1], ids[-1]]

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


def offline() -> None:
    """Before the libraries are imported: what they do not find here is not looked for elsewhere."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")


def load(folder: Path, runtime: str = "auto", batch: int = BATCH, threads: int = 0) -> Labeller:
    """The recogniser of a folder; InputError where it is none, MissingExtra where its runtime is missing.

    ``threads`` bounds what the runtime takes; 0 leaves it to the runtime.
    """
    if runtime not in RUNTIMES:
        raise InputError(f"--set runtime={runtime}: it is one of {', '.join(RUNTIMES)}")
    offline()
    onnx = (folder / "model.onnx").is_file()
    if runtime == "onnx" and not onnx:
        raise InputError(f"{folder}: no model.onnx in it")
    onnx = onnx and runtime != "torch"
    if (folder / SPANS).is_file():
        from kg.models.neural.spans import load_spans

        return load_spans(folder, onnx=onnx, batch=batch, threads=threads)
    config = _config(folder)
    labels = [bio(str(config["id2label"][str(n)])) for n in range(len(config["id2label"]))]
    if all(_NAMELESS.fullmatch(name) for name in config["id2label"].values()):
        raise InputError(f"{folder / 'config.json'}: id2label has no names; what LABEL_0 means, its maker knows")
    pad, encode = int(config.get("pad_token_id") or 0), _tokenizer(folder)
    score = _onnx(folder, pad, threads) if onnx else _torch(folder, pad, threads)
    return FolderNames(labels, encode, score, _pieces(config, pad), batch)


def bio(label: str) -> str:
    """A label in the one scheme that is read here; others close names (BILOU, BIOES) or do not open them (IO).

    >>> [bio(label) for label in ("B-Person", "S-LOC", "E-org", "PER", "O", "L_GPE")]
    ['B-PERSON', 'B-LOC', 'I-ORG', 'I-PER', 'O', 'I-GPE']
    """
    if label in ("O", "0", ""):
        return "O"
    match = _SCHEME.fullmatch(label)
    return f"{_BEGINS[match['place']]}-{match['kind'].upper()}" if match else f"I-{label.upper()}"


def _pieces(config: dict[str, Any], pad: int) -> int:
    """How many pieces a model takes at once, beside the two special ones."""
    positions = int(config.get("max_position_embeddings") or 512)
    if config.get("model_type") in _SHIFTED:
        positions -= pad + 1
    return max(min(positions, 512) - 2, 8)


def _config(folder: Path) -> dict[str, Any]:
    if not (folder / "config.json").is_file():
        raise InputError(f"{folder}: no config.json in it; a folder with config, tokenizer and weights is needed")
    if not any((folder / name).is_file() for name in TOKENIZERS):
        raise InputError(f"{folder}: no tokenizer.json in it, nor a vocabulary that transformers could make one of")
    try:
        found = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{folder / 'config.json'}: not JSON: {error}") from None
    names = found.get("id2label") if isinstance(found, dict) else None
    if not isinstance(names, dict) or not names or set(names) != {str(n) for n in range(len(names))}:
        raise InputError(f"{folder / 'config.json'}: no id2label; this is no token classifier")
    return dict(found)


def _tokenizer(folder: Path) -> Encode:
    """The fast tokenizer of the folder; where only its vocabulary is there, transformers makes one."""
    try:
        from tokenizers import Tokenizer
    except ImportError:
        raise MissingExtra(f"a model folder needs tokenizers: {install('neural')}") from None
    if (folder / "tokenizer.json").is_file():
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    else:
        tokenizer = _made_fast(folder)
    tokenizer.no_padding()
    tokenizer.no_truncation()

    def encode(words: list[str]) -> tuple[list[int], list[int | None]]:
        found = tokenizer.encode(words, is_pretokenized=True)
        return list(found.ids), list(found.word_ids)

    return encode


def _made_fast(folder: Path) -> Any:
    try:
        from transformers import AutoTokenizer
    except ImportError:
        raise MissingExtra(f"{folder} has no tokenizer.json; to make one: {install('neural')}") from None
    return AutoTokenizer.from_pretrained(str(folder), local_files_only=True, use_fast=True).backend_tokenizer


def _padded(batch: list[list[int]], pad: int) -> tuple[list[list[int]], list[list[int]]]:
    """Ids and mask, as long as the longest of the batch and not longer."""
    width = max(len(ids) for ids in batch)
    return (
        [ids + [pad] * (width - len(ids)) for ids in batch],
        [[1] * len(ids) + [0] * (width - len(ids)) for ids in batch],
    )


def _onnx(folder: Path, pad: int, threads: int) -> Score:
    try:
        import numpy as np
        import onnxruntime
    except ImportError:
        raise MissingExtra(f"model.onnx needs its runtime: {install('onnx')}") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
    names = {given.name for given in session.get_inputs()}

    def score(batch: list[list[int]]) -> Sequence[Sequence[Sequence[float]]]:
        ids, mask = (np.array(rows, dtype=np.int64) for rows in _padded(batch, pad))
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": ids * 0}
        found = session.run(None, {name: rows for name, rows in given.items() if name in names})[0]
        rows: Sequence[Sequence[Sequence[float]]] = found.tolist()
        return rows

    return score


def _torch(folder: Path, pad: int, threads: int) -> Score:
    try:
        import torch
        from transformers import AutoModelForTokenClassification
    except ImportError:
        raise MissingExtra(f"this folder needs torch and transformers: {install('neural')}") from None
    if threads:
        torch.set_num_threads(threads)
    try:
        model = AutoModelForTokenClassification.from_pretrained(str(folder), local_files_only=True)
    except OSError as error:
        raise InputError(f"{folder}: no weights that transformers reads: {str(error).splitlines()[0]}") from None
    model.eval()

    def score(batch: list[list[int]]) -> Sequence[Sequence[Sequence[float]]]:
        ids, mask = _padded(batch, pad)
        with torch.no_grad():
            found = model(input_ids=torch.tensor(ids), attention_mask=torch.tensor(mask)).logits
        rows: Sequence[Sequence[Sequence[float]]] = found.tolist()
        return rows

    return score
