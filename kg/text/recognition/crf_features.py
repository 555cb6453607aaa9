"""What the CRF sees of a token: its word, clitics, letters, reading, lexicon membership and word group.

All but pairs of neighbours depends on the word type, its reading and its lexicon label only, so it is built once for
each and kept; at run time features that the weights do not know are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.datamodel import Reading, Token
from kg.language.arabic import DEFINITE
from kg.language.lexicon import Lexicon
from kg.language.tables import read_table
from kg.resources import ontology_path
from kg.text.recognition.scene import Candidate, Scene

CLUSTER_COLUMNS = ("coarse", "fine", "forms_ar")
_KEPT = 60_000
_PERSONS = ("Official", "Person")
_EDGE = {-2: "-2:edge", -1: "-1:edge", 1: "+1:edge", 2: "+2:edge"}


@cache
def word_clusters(path: Path | None = None) -> dict[str, tuple[str, str]]:
    """Folded word -> (coarse, fine) group; empty where the file is missing."""
    path = path or ontology_path("models", "clusters.tsv")
    if not path.is_file():
        return {}
    return {
        word: (row["coarse"], row["fine"])
        for row in read_table(path, CLUSTER_COLUMNS)
        for word in row["forms_ar"].split(" ")
    }


@cache
def _name_words(lexicon: Lexicon) -> dict[str, str]:
    """Words of the listed people: "f" where some name of two words or more starts with it, else "n"."""
    found: dict[str, str] = {}
    for entry in lexicon.entries.values():
        if entry.type in _PERSONS:
            for form in entry.forms:
                words = form.folded.split()
                if len(words) > 1:
                    found[words[0]] = "f"
                    for word in words[1:]:
                        found.setdefault(word, "n")
    return found


@dataclass(frozen=True, slots=True)
class _Type:
    """The features of a word type as seen from its own place and from up to two tokens away."""

    reading: Reading
    near: tuple[tuple[str, ...], ...]
    """By the seeing token's distance: own, then ``_DISTANCES``."""
    group: str
    pos: str


_DISTANCES = (-2, -1, 1, 2)


class Features:
    """Feature rows of sentences, for one lexicon; ``known`` features only, or all of them."""

    def __init__(self, lexicon: Lexicon, known: Collection[str] | None = None) -> None:
        self._lexicon = lexicon
        self._known = known
        self._clusters = word_clusters()
        self._names = _name_words(lexicon)
        self._types: dict[tuple[str, int, str], _Type] = {}
        self._pairs: dict[str, tuple[str, ...]] = {}

    def rows(self, scene: Scene, first: int, last: int, listed: Sequence[str]) -> list[list[str]]:
        """Features of the tokens ``first`` to ``last``; ``listed`` holds each token's lexicon label or ``O``."""
        types = [self._type(scene.tokens[index], listed[index]) for index in range(first, last)]
        found = []
        for place, own in enumerate(types):
            row = list(own.near[0])
            for slot, distance in enumerate(_DISTANCES, 1):
                near = place + distance
                if 0 <= near < len(types):
                    row += types[near].near[slot]
                else:
                    row.append(_EDGE[distance])
            if place:
                row += self._pair("<", types[place - 1], own)
            if place + 1 < len(types):
                row += self._pair(">", own, types[place + 1])
            found.append(row)
        return found

    def _pair(self, mark: str, one: _Type, other: _Type) -> tuple[str, ...]:
        key = f"{mark}{one.group}|{other.group}|{one.pos}|{other.pos}"
        found = self._pairs.get(key)
        if found is None:
            if len(self._pairs) >= _KEPT:
                self._pairs.clear()
            pair = (f"{mark}g={one.group}|{other.group}", f"{mark}p={one.pos}|{other.pos}")
            found = self._pairs[key] = self._filtered(pair)
        return found

    def _type(self, token: Token, listed: str) -> _Type:
        key = (token.norm, id(token.reading), listed)
        found = self._types.get(key)
        if found is None:
            if len(self._types) >= _KEPT:
                self._types.clear()
            found = self._types[key] = self._built(token, listed)
        return found

    def _filtered(self, features: Iterable[str]) -> tuple[str, ...]:
        known = self._known
        return tuple(feature for feature in features if known is None or feature in known)

    def _built(self, token: Token, listed: str) -> _Type:
        shared = list(self._shared(token, listed))
        near = [self._filtered([*shared, *_letters(token)])]
        for distance in _DISTANCES:
            wide = shared if abs(distance) == 1 else shared[:6]
            near.append(self._filtered(f"{distance:+d}:{feature}" for feature in wide))
        return _Type(token.reading, tuple(near), shared[1][2:], shared[2][2:])

    def _shared(self, token: Token, listed: str) -> Iterator[str]:
        """What neighbours see too; two tokens away the first six. What is absent says nothing: it costs time."""
        norm, reading, lexicon = token.norm, token.reading, self._lexicon
        bare = norm[reading.core :]
        coarse, fine = self._clusters.get(norm) or self._clusters.get(bare) or ("-", "-")
        titles = lexicon.titles.get(norm) or lexicon.titles.get(bare)
        head = lexicon.heads.get(bare)
        triggers = lexicon.triggers.get((reading.pos, reading.lemma))
        yield f"w={norm}"
        yield f"g={coarse}"
        yield f"p={reading.pos}{'+' if reading.known else '-'}"
        yield f"f={fine}"
        if listed != "O":
            yield f"l={listed}"
        if titles:
            yield f"t={titles[0].kind}"
        if head is not None:
            yield f"h={head.id}"
        if triggers:
            yield f"v={min(triggers)}"
        if bare in self._names:
            yield f"i={self._names[bare]}"
        if bare in lexicon.nisba:
            yield "s=y"
        if reading.proclitics:
            yield f"c={'+'.join(reading.proclitics)}"


def _letters(token: Token) -> Iterator[str]:
    """Features that neighbours do not see."""
    reading = token.reading
    bare = token.norm[reading.core :]
    yield f"b={bare}"
    yield f"m={reading.lemma}"
    yield f"k={token.kind}"
    yield f"d={bare.startswith(DEFINITE)}"
    yield f"n={min(len(bare), 8)}"
    for size in (1, 2, 3, 4):
        if len(bare) > size:
            yield f"pre{size}={bare[:size]}"
            yield f"suf{size}={bare[-size:]}"


def listed_labels(scene: Scene, candidates: Iterable[Candidate]) -> list[str]:
    """Per token the type of the longest full lexicon form over it, with B- and I-."""
    labels = ["O"] * len(scene.norms)
    for candidate in sorted(candidates, key=_length):
        mark = "s" if candidate.short else ""
        labels[candidate.first] = f"B{mark}-{candidate.type}"
        for index in range(candidate.first + 1, candidate.last):
            labels[index] = f"I{mark}-{candidate.type}"
    return labels


def _length(candidate: Candidate) -> int:
    return candidate.last - candidate.first
