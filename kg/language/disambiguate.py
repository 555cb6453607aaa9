"""Chooses one reading for each word of a sentence: lexicon weight plus how well neighbours go together.

A best path over the sentence. Every reading falls into a *shape* (part of speech, clitics, agreement, and the
lemma where it governs what follows); the bonus of two shapes in a row is the sum of the rules below, which are
log10 weights set by hand and checked on a treebank. Shapes and pairs are kept, so that a warm sentence costs a
few look-ups a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.datamodel import Reading
from kg.language.almor.letters import key

Word = tuple[str, tuple[Reading, ...]]
BEAM = 6
_KEPT = 60_000
_NOMINAL = frozenset(("NOUN", "ADJ", "PROPN", "NUM", "DET"))
_VERBAL = frozenset(("VERB", "AUX"))
_OF_LEMMA = {
    **dict.fromkeys((key("lm"), key("ln"), key("swf")), "imperfect"), key("lA"): "not", key("qd"): "already",
    key("lqd"): "already", key("mA"): "what", key("An"): "that", key("Ely"): "on",
    **dict.fromkeys((key("EndmA"), key("bynmA"), key("kmA"), key("Hyv"), key("bEdmA"), key("A*A"), key("lw")), "when"),
    **dict.fromkeys((key("gyr"), key("kl"), key("bED"), key("jmyE"), key("Ay"), key("nfs"), key("AHd")), "quantity"),
    **dict.fromkeys((key("zAl"), key("kAd"), key("bdA"), key("Zl"), key("ASbH"), key("lys")), "auxiliary"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """What the rules look at."""

    pos: str
    article: bool
    preposition: bool
    conjunction: bool
    future: bool
    enclitic: bool
    gender: str
    number: str
    aspect: str
    person: str
    governs: str


START = Shape("", False, False, False, False, False, "", "", "", "", "start")


def shape(reading: Reading) -> Shape:
    """The shape of a reading."""
    clitics = reading.proclitics
    governs = _OF_LEMMA.get(reading.lemma, "") if not reading.enclitic and reading.pos not in ("PROPN", "ADJ") else ""
    if governs == "auxiliary" and reading.pos not in _VERBAL:
        governs = ""
    return Shape(
        reading.pos, "al" in clitics, any(c in clitics for c in ("bi", "li", "ka")),
        "wa" in clitics or "fa" in clitics, "sa" in clitics, bool(reading.enclitic), reading.gender, reading.number,
        reading.aspect, reading.person, governs,
    )  # fmt: skip


_GOVERNED = {
    # governor: (imperfect verb, other verb, no verb)
    "imperfect": (3.0, -2.0, -2.0),
    "already": (2.5, 2.5, -1.5),
    "not": (1.2, -1.5, 0.0),
    "that": (2.0, 0.6, 0.0),
    "when": (1.0, 1.0, 0.0),
    "what": (0.6, 0.6, -0.5),
}


def _after_governor(first: Shape, second: Shape) -> float:
    """Particles and prepositions that fix what follows."""
    verb = second.pos in _VERBAL and not second.conjunction
    table = _GOVERNED.get(first.governs)
    if table is not None:
        return table[2] if not verb else table[0] if second.aspect == "i" else table[1]
    if first.pos == "ADP" and not first.enclitic:
        return -4.0 if verb else 0.5 if second.pos in ("NOUN", "PROPN", "NUM", "DET", "PRON") else 0.0
    if first.governs == "quantity":
        return -2.0 if verb else 0.3 if second.pos == "NOUN" else 0.0
    return 0.0


def _before_verb(first: Shape, second: Shape) -> float:
    """What a verb likes before it."""
    if second.pos not in _VERBAL:
        return 0.0
    if first.governs == "start":
        return 0.8 if second.aspect == "p" else 0.3
    if first.pos in _VERBAL and not second.conjunction:
        good = first.pos == "AUX" or first.governs == "auxiliary"
        return -1.2 if not good else 0.8 if second.aspect == "i" else -0.3
    if first.pos == "PRON" and first.number and not first.preposition:
        return 1.4 if first.gender == second.gender else 0.2
    if first.pos in ("SCONJ", "CCONJ"):
        return 0.8 if first.pos == "SCONJ" and first.enclitic else 0.2 if first.pos == "CCONJ" else 0.0
    return _after_noun(first, second) if first.pos in _NOMINAL and not second.conjunction else 0.0


def _after_noun(first: Shape, second: Shape) -> float:
    """A verb after a noun: its subject with the article, or the relative clause of an indefinite noun."""
    if first.preposition and not first.article and not first.enclitic:
        return -0.8
    if first.pos in ("NOUN", "ADJ") and not first.article and not first.enclitic:
        return -0.4
    if first.gender and first.number == "s" and second.person == "3" and second.number == "s":
        return 0.3 if first.gender == second.gender else -0.4
    return 0.0


def _before_subject(first: Shape, second: Shape) -> float:
    """A verb agrees with the subject that follows; broken plurals count as feminine."""
    if first.pos not in _VERBAL or second.pos not in ("NOUN", "PROPN") or not second.article or second.preposition:
        return 0.0
    if not second.gender or first.person != "3":
        return 0.0
    same = first.gender == second.gender or (second.number == "p" and first.gender == "f")
    return 0.4 if same else -0.3


def _in_phrase(first: Shape, second: Shape) -> float:
    """Noun phrases: annexation, adjectives that agree, names in a row."""
    if first.pos not in _NOMINAL or second.pos not in _NOMINAL or second.conjunction or second.preposition:
        return 0.0
    score = 0.0
    if first.enclitic and second.pos == "NOUN" and second.article:
        score -= 0.8
    if second.pos == "ADJ":
        if first.pos in ("NOUN", "ADJ"):
            definite = first.article or first.enclitic
            agrees = not first.gender or first.gender == second.gender or first.number == "p" and second.gender == "f"
            score += (0.5 if definite == second.article else -0.4) + (0.4 if agrees else -0.5)
        else:
            score -= 0.2
    elif second.pos == "NOUN" and first.pos == "NOUN":
        score += -0.4 if first.article and not second.article else 0.3 if second.article and not first.article else 0.0
        score -= 0.6 if first.article and second.article else 0.0
    elif first.pos == "PROPN" == second.pos or first.pos == "NUM" and second.pos == "NOUN":
        score += 0.4
    return score


def bonus(first: Shape, second: Shape) -> float:
    """How well two readings go together."""
    score = _after_governor(first, second) + _before_verb(first, second)
    score += _before_subject(first, second) + _in_phrase(first, second)
    if second.pos == "ADJ" and (first.pos in ("ADP", "") or second.preposition) and not second.article:
        score -= 0.4
    return score


class _Memory:
    """Shapes as small numbers, the numbers and weights of each word's readings, and the bonus of each pair."""

    def __init__(self) -> None:
        self.shapes: list[Shape] = [START]
        self.numbers: dict[Shape, int] = {START: 0}
        self.pairs: dict[int, float] = {}
        self.words: dict[int, tuple[tuple[Reading, ...], list[tuple[int, float]]]] = {}

    def options(self, readings: tuple[Reading, ...]) -> list[tuple[int, float]]:
        """Shape number and weight of the readings in the beam."""
        found = self.words.get(id(readings))
        if found is not None:
            return found[1]
        if len(self.words) >= _KEPT:
            self.words.clear()
        options = []
        for reading in readings[:BEAM]:
            kind = shape(reading)
            number = self.numbers.setdefault(kind, len(self.shapes))
            if number == len(self.shapes):
                self.shapes.append(kind)
            options.append((number, reading.weight))
        self.words[id(readings)] = readings, options
        return options

    def pair(self, first: int, second: int) -> float:
        """The bonus of two shape numbers, worked out once."""
        value = bonus(self.shapes[first], self.shapes[second])
        self.pairs[first << 20 | second] = value
        return value


_MEMORY = _Memory()


def disambiguate(words: Sequence[Word]) -> list[Reading]:
    """One reading for each word of a sentence.

    >>> disambiguate([])
    []
    """
    memory, pairs = _MEMORY, _MEMORY.pairs
    before: list[tuple[int, float]] = [(0, 0.0)]
    trail: list[list[int]] = []
    for _, readings in words:
        options = memory.options(readings)
        scores: list[tuple[int, float]] = []
        origins: list[int] = []
        for number, weight in options:
            best, origin = -1e9, 0
            for index, (previous, total) in enumerate(before):
                value = pairs.get(previous << 20 | number)
                if value is None:
                    value = memory.pair(previous, number)
                value += total
                if value > best:
                    best, origin = value, index
            scores.append((number, best + weight))
            origins.append(origin)
        before = scores
        trail.append(origins)
    return _path(words, before, trail)


def _path(words: Sequence[Word], last: list[tuple[int, float]], trail: list[list[int]]) -> list[Reading]:
    place = max(range(len(last)), key=lambda i: last[i][1]) if trail else 0
    chosen: list[Reading] = []
    for (_, readings), origins in zip(reversed(words), reversed(trail), strict=True):
        chosen.append(readings[place])
        place = origins[place]
    return chosen[::-1]
