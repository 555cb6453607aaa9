"""Readings of words that the lexicon lacks: cautious about clitics, since names are what it lacks most."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kg.datamodel import Reading
from kg.language.arabic import ALEF, BEH, DEFINITE, FEH, HEH, KAF, LAM, TEH, WAW, YEH

Lookup = Callable[[str], tuple[Reading, ...]]
_WEIGHT = -8.0
_ARTICLES = tuple(
    (before + after, clitics)
    for conjunction, first in ((WAW, ("wa",)), (FEH, ("fa",)), ("", ()))
    for before, after, clitics in (
        (conjunction, LAM + LAM, (*first, "li", "al")),
        (conjunction, BEH + DEFINITE, (*first, "bi", "al")),
        (conjunction, KAF + DEFINITE, (*first, "ka", "al")),
        (conjunction, DEFINITE, (*first, "al")),
    )
)
_LONGEST_FIRST = sorted(_ARTICLES, key=lambda pair: -len(pair[0]))


def guesses(norm: str, known: Lookup) -> Iterator[Reading]:
    """At least one reading of an unknown word."""
    for prefix, clitics in _LONGEST_FIRST:
        rest = norm[len(prefix) :]
        if norm.startswith(prefix) and len(rest) >= 3:
            core = sum(1 for c in clitics if c != "al" and not (c == "li"))
            yield from _nominal(rest, clitics, core)
            return
    yield from _nominal(norm, (), 0)


def _nominal(rest: str, clitics: tuple[str, ...], core: int) -> Iterator[Reading]:
    gender = "f" if rest.endswith((HEH, ALEF + TEH)) else "m"
    number = "p" if rest.endswith(ALEF + TEH) else "s"
    definite = "al" in clitics
    lemma = rest
    if definite and rest.endswith((YEH, YEH + HEH)):
        lemma = rest[:-1] if rest.endswith(HEH) else rest
        pos = "ADJ"
    elif definite or rest.endswith(ALEF + TEH):
        pos = "NOUN"
        lemma = rest[:-2] + HEH if rest.endswith(ALEF + TEH) and len(rest) > 4 else rest
    else:
        pos = "PROPN"
    yield Reading(
        lemma=lemma, pos=pos, proclitics=clitics, core=core, gender=gender, number=number, definite=definite,
        weight=_WEIGHT,
    )  # fmt: skip
