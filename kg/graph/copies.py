"""Which articles carry the same wire text: the later ones are copies of the earliest.

Texts are compared by five-word shingles of their folded words. A sketch keeps the 64 smallest hashes; two texts are
copies where at least 80 % of the smallest hashes of both together are in each. What is short says too little.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable

from kg.datamodel import Document, DocumentId
from kg.language.arabic import fold

SHINGLE = 5
SKETCH = 64
SAME = 0.8
SHORTEST = 30
"""Texts with fewer words are never copies."""
_WORD = re.compile(r"\w+")


def copies(documents: Iterable[Document]) -> dict[DocumentId, DocumentId]:
    """Copy -> original, whatever the order of the documents.

    The original is the earliest published, then the first id; articles without a date come last.
    """
    dated = sorted((document.published or "9999", document.id, sketch(document.text)) for document in documents)
    seen: dict[DocumentId, tuple[int, ...]] = {}
    by_hash: defaultdict[int, list[DocumentId]] = defaultdict(list)
    found: dict[DocumentId, DocumentId] = {}
    for _, name, hashes in dated:
        candidates = dict.fromkeys(other for each in hashes for other in by_hash.get(each, ()))
        original = next((other for other in candidates if likeness(hashes, seen[other]) >= SAME), None)
        if original is not None:
            found[name] = original
            continue
        seen[name] = hashes
        for each in hashes[:8]:
            by_hash[each].append(name)
    return found


def sketch(text: str) -> tuple[int, ...]:
    """The smallest hashes of a text's shingles, sorted; none for a short text."""
    words = _WORD.findall(fold(text))
    if len(words) < SHORTEST:
        return ()
    shingles = {" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}
    hashes = (int.from_bytes(hashlib.blake2b(each.encode(), digest_size=8).digest()) for each in shingles)
    return tuple(sorted(hashes)[:SKETCH])


def likeness(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """An estimate of the share of shingles that two texts have in common.

    >>> likeness((1, 2, 3), (1, 2, 3)), likeness((1, 2), (3, 4))
    (1.0, 0.0)
    """
    size = min(SKETCH, max(len(one), len(other)))
    union = sorted({*one, *other})[:size]
    both = set(one) & set(other)
    return sum(each in both for each in union) / len(union) if union else 0.0
