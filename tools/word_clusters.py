"""Group the words of raw news by the words that stand next to them; writes ``ontology/models/clusters.tsv``.

    python tools/word_clusters.py NEWS.jsonl[.xz] [--words 30000] [--fine 512] [--coarse 64] [--out PATH]

Counts of neighbours become PPMI weights, those small vectors (SVD), those groups (k-means, and k-means of the groups'
centres). What is written is word lists by group: nothing of the texts. Needs numpy, which kg itself does not:
``pip install numpy``. The same input gives the same file.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from kg.language.arabic import ARABIC_LETTER, fold
from kg.resources import ontology_path
from kg.text.segment import raw_tokens

_HEADER = (
    "# Words by the company they keep in news: one group a line. coarse and fine: numbers of the group; the words are\n"
    "# folded, the most frequent first. Written by tools/word_clusters.py; see ner.md.\n"
    "coarse\tfine\tforms_ar\n"
)
np: Any = import_module("numpy")
_CONTEXTS = 2000
_DIMENSIONS = 80
_ROUNDS = 25


def tokens_of(path: Path) -> Iterator[str]:
    """The folded tokens of all texts; numbers look alike; an empty string stands between lines."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            for paragraph in f"{article.get('title', '')}\n{article['text']}".splitlines():
                for token in raw_tokens(fold(paragraph)):
                    yield "0" if token.kind == "number" else token.norm
                yield ""


def neighbours(path: Path, size: int) -> tuple[list[str], Any]:
    """The most frequent words, and how often each of the commonest stands right before and right after them."""
    counts: Counter[str] = Counter()
    ids: dict[str, int] = {}
    places: list[int] = []
    for token in tokens_of(path):
        places.append(ids.setdefault(token, len(ids)))
        counts[token] += 1
    del counts[""]
    every = [word for word, _ in sorted(counts.items(), key=_by_count)]
    words = [word for word in every if ARABIC_LETTER.search(word)][:size]
    text = np.array(places, dtype=np.int64)
    rows, columns = _ranks(words, ids)[text], _ranks(every[:_CONTEXTS], ids)[text]
    found = np.zeros((size, 2 * _CONTEXTS), dtype=np.float32)
    for one, other, start in ((rows[1:], columns[:-1], 0), (rows[:-1], columns[1:], _CONTEXTS)):
        good = (one >= 0) & (other >= 0)
        flat = np.bincount(one[good] * _CONTEXTS + other[good], minlength=size * _CONTEXTS)
        found[:, start : start + _CONTEXTS] = flat.reshape(size, _CONTEXTS)
    return words, found


def _ranks(words: Sequence[str], ids: dict[str, int]) -> Any:
    """By token id: the place of the word in ``words``, or -1."""
    found = np.full(len(ids), -1, dtype=np.int64)
    for place, word in enumerate(words):
        found[ids[word]] = place
    return found


def _by_count(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def vectors(counts: Any, random: Any) -> Any:
    """Rows of length one: the left singular vectors of the PPMI matrix, by random projection."""
    total = counts.sum()
    rows, columns = counts.sum(1, keepdims=True) + 1.0, counts.sum(0, keepdims=True) ** 0.75
    columns *= total / columns.sum()
    weights = np.log(np.maximum(counts * total / (rows * columns + 1e-9), 1.0)).astype(np.float32)
    basis = random.standard_normal((weights.shape[1], _DIMENSIONS + 20)).astype(np.float32)
    for _ in range(4):
        basis, _ = np.linalg.qr(weights.T @ (weights @ basis))
    left, sizes, _ = np.linalg.svd(weights @ basis, full_matrices=False)
    found = left[:, :_DIMENSIONS] * np.sqrt(sizes[:_DIMENSIONS])
    return found / (np.linalg.norm(found, axis=1, keepdims=True) + 1e-9)


def groups(points: Any, number: int, random: Any) -> tuple[Any, Any]:
    """k-means by cosine: the group of every point, and the centres."""
    centres = points[random.choice(len(points), number, replace=False)]
    for _ in range(_ROUNDS):
        chosen = (points @ centres.T).argmax(1)
        centres = np.zeros_like(centres)
        np.add.at(centres, chosen, points)
        empty = np.linalg.norm(centres, axis=1) < 1e-9
        centres[empty] = points[random.choice(len(points), int(empty.sum()))]
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    return (points @ centres.T).argmax(1), centres


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", type=Path)
    parser.add_argument("--words", type=int, default=30_000)
    parser.add_argument("--fine", type=int, default=512)
    parser.add_argument("--coarse", type=int, default=64)
    parser.add_argument("--out", type=Path, default=ontology_path("models", "clusters.tsv"))
    options = parser.parse_args()
    random = np.random.default_rng(7)
    words, counts = neighbours(options.news, options.words)
    fine, centres = groups(vectors(counts, random), options.fine, random)
    coarse, _ = groups(centres, options.coarse, random)
    lines = sorted(
        (int(coarse[group]), group, " ".join(word for word, own in zip(words, fine, strict=True) if own == group))
        for group in range(options.fine)
    )
    text = "".join(f"{wide}\t{narrow}\t{forms}\n" for wide, narrow, forms in lines if forms)
    options.out.write_text(_HEADER + text, encoding="utf-8")


if __name__ == "__main__":
    main()
