"""Train a small token classifier from scratch on a two-column NER file, to see what the neural path is worth.

    python tools/train_neural.py FILE.conll --out FOLDER [--fold 0 --folds 5] [--minutes 12] [--seed 5]

A convolutional network over word pieces (dilated, masked, so that padding changes nothing), no pretraining. FOLDER gets
``config.json``, ``tokenizer.json`` and ``model.onnx``, as ``--profile neural --model FOLDER`` reads them. The sentences
of the fold are left out; they are the same that ``kg train`` leaves out. Needs torch, tokenizers, onnx.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from torch import nn

from kg.models.neural.labels import visible
from kg.train.data import dealt, read_sentences

KINDS = ("PER", "LOC", "ORG")
LABELS = ("O", *(f"{place}-{kind}" for kind in KINDS for place in "BI"))
PIECES, WIDTH, BATCH = 8000, 128, 24
DILATIONS = (1, 2, 4, 1, 2)
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
IGNORED = -100
Sentence = Sequence[tuple[str, str]]


class Network(nn.Module):
    """Piece ids and mask, both (sentences, pieces), to scores (sentences, pieces, labels)."""

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(pieces, WIDTH, padding_idx=0)
        self.drop = nn.Dropout(0.35)
        self.layers = nn.ModuleList(nn.Conv1d(WIDTH, 2 * WIDTH, 3, padding=d, dilation=d) for d in DILATIONS)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in DILATIONS)
        self.out = nn.Linear(WIDTH, len(LABELS))

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        mask = attention_mask.unsqueeze(-1).to(torch.float32)
        x = self.drop(self.embed(input_ids)) * mask
        for layer, norm in zip(self.layers, self.norms, strict=True):
            given, gate = layer((norm(x) * mask).transpose(1, 2)).transpose(1, 2).chunk(2, dim=-1)
            x = (x + self.drop(given * torch.sigmoid(gate))) * mask
        return self.out(self.drop(x))


def tokenizer_of(sentences: Sequence[Sentence]) -> Tokenizer:
    """Word pieces of the training words."""
    made = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=40))
    made.normalizer = normalizers.Strip()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=PIECES, special_tokens=list(SPECIAL), show_progress=False)
    made.train_from_iterator((visible(word) for sentence in sentences for word, _ in sentence), trainer)
    made.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return made


def encoded(sentence: Sentence, tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """Piece ids, and the label of each: that of the word on its first piece."""
    words = [visible(word) or "." for word, _ in sentence]
    found = tokenizer.encode(words, is_pretokenized=True)
    labels, before = [], None
    for owner in found.word_ids:
        fresh = owner is not None and owner != before
        labels.append(LABELS.index(sentence[owner][1]) if fresh else IGNORED)
        before = owner
    return list(found.ids)[:510], labels[:510]


def padded(rows: Sequence[tuple[list[int], list[int]]]) -> tuple[Any, Any, Any]:
    width = max(len(ids) for ids, _ in rows)
    ids = torch.tensor([ids + [0] * (width - len(ids)) for ids, _ in rows])
    labels = torch.tensor([labels + [IGNORED] * (width - len(labels)) for _, labels in rows])
    return ids, (ids != 0).long(), labels


def fit(rows: list[tuple[list[int], list[int]]], pieces: int, minutes: float, seed: int) -> Network:
    """Train until the time is up; the rate falls with the time that is left. Some pieces are hidden at random."""
    torch.set_num_threads(1)  # on shared cores threads wait for each other longer than they work
    torch.manual_seed(seed)
    dice = random.Random(seed)
    network = Network(pieces)
    optimizer = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=0.02)
    begin, epoch, share = time.monotonic(), 0, 0.0
    while share < 1:
        dice.shuffle(rows)
        total = 0.0
        order = sorted(range(len(rows)), key=[len(ids) + dice.randint(0, 8) for ids, _ in rows].__getitem__)
        batches = [order[n : n + BATCH] for n in range(0, len(order), BATCH)]
        dice.shuffle(batches)
        for batch in batches:
            share = (time.monotonic() - begin) / (60 * minutes)
            if share >= 1:
                break
            for group in optimizer.param_groups:
                group["lr"] = 2e-3 * max(1 - share, 0.02)
            ids, mask, labels = padded([rows[n] for n in batch])
            hidden = (torch.rand(ids.shape) < 0.1) & (ids > 3)
            scores = network(ids.masked_fill(hidden, 1), mask)
            loss = nn.functional.cross_entropy(scores.flatten(0, 1), labels.flatten(), ignore_index=IGNORED)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            total += float(loss.detach())
        epoch += 1
        sys.stderr.write(f"epoch {epoch}, loss {total / len(batches):.4f}, {min(share, 1):.0%} of the time\n")
    return network


def save(network: Network, tokenizer: Tokenizer, folder: Path) -> None:
    """The folder as the adapter reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"id2label": {str(n): name for n, name in enumerate(LABELS)}, "pad_token_id": 0, "model_type": "cnn"}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    network.eval()
    sample = torch.ones((2, 9), dtype=torch.long)
    axes = {0: "sentences", 1: "pieces"}
    torch.onnx.export(
        network, (sample, sample), str(folder / "model.onnx"), input_names=["input_ids", "attention_mask"],
        output_names=["logits"], dynamic_axes=dict.fromkeys(("input_ids", "attention_mask", "logits"), axes),
        dynamo=False,
    )  # fmt: skip


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    sentences = list(read_sentences(options.file))
    held = dealt(len(sentences), options.folds)[options.fold]
    kept = [sentence for n, sentence in enumerate(sentences) if n not in held]
    tokenizer = tokenizer_of(kept)
    rows = [encoded(sentence, tokenizer) for sentence in kept]
    save(fit(rows, tokenizer.get_vocab_size(), options.minutes, options.seed), tokenizer, options.out)


if __name__ == "__main__":
    main()
