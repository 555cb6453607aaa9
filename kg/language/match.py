"""Finds the forms of the lexicon in folded text: one automaton, proclitics and word boundaries checked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import ahocorasick_rs

from kg.language.arabic import BEH, DEFINITE, FEH, KAF, LAM, WAW
from kg.language.lexicon import Lexicon

_CONJUNCTIONS = (WAW, FEH)
_PREPOSITIONS = (BEH, KAF, LAM)
_PROCLITICS = frozenset((*_CONJUNCTIONS, *_PREPOSITIONS))
_LONGEST_PROCLITIC = 2


class Hit(NamedTuple):
    """A form found at ``folded[start:end]``; the characters of ``proclitics`` stand before it in the word."""

    start: int
    end: int
    form: str
    proclitics: str
    contracted: bool
    """li + al: the word keeps its first lam inside the hit."""


class Matcher:
    """All forms of a lexicon as one Aho-Corasick automaton over folded text."""

    def __init__(self, forms: tuple[str, ...]) -> None:
        patterns: list[str] = []
        self._forms: list[tuple[str, bool]] = []
        for form in forms:
            patterns.append(form)
            self._forms.append((form, False))
            if form.startswith(DEFINITE):
                patterns.append(LAM + LAM + form[2:])
                self._forms.append((form, True))
        self._automaton = ahocorasick_rs.AhoCorasick(patterns)

    def hits(self, folded: str) -> Iterator[Hit]:
        """All hits with good boundaries, overlapping ones included, in text order of their ends."""
        length = len(folded)
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if end < length and folded[end].isalnum():
                continue
            proclitics = ""
            if start and (before := folded[start - 1]).isalnum():
                if before not in _PROCLITICS:
                    continue
                proclitics = _proclitics(folded, start)
                if not proclitics:
                    continue
            form, contracted = self._forms[index]
            yield Hit(start, end, form, proclitics, contracted)


def _proclitics(folded: str, start: int) -> str:
    """The proclitics that fill the word before ``start``, or empty if something else stands there."""
    left = start
    while left and start - left <= _LONGEST_PROCLITIC and folded[left - 1].isalnum():
        left -= 1
    found = folded[left:start]
    if len(found) == 1 and found in (*_CONJUNCTIONS, *_PREPOSITIONS):
        return found
    if len(found) == _LONGEST_PROCLITIC and found[0] in _CONJUNCTIONS and found[1] in _PREPOSITIONS:
        return found
    return ""


@cache
def lexicon_matcher(lexicon: Lexicon) -> Matcher:
    """The matcher of a lexicon, built once."""
    return Matcher(tuple(lexicon.forms))
