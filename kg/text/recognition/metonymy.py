"""A capital that speaks, pledges or negotiates is its Country; where things happen in it, it is a City."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from kg.datamodel import LexiconId
from kg.language.arabic import COMMA
from kg.language.lexicon import Lexicon
from kg.text.recognition.scene import Candidate, Scene

_ACTS = frozenset(("say", "deny", "accuse", "threat", "request", "negotiate", "support", "oppose", "agree", "close"))
_HERE = frozenset(
    ("fi", "min", "ila", "dakhil", "kharij", "qurb", "north", "south", "east", "west", "centre", "towards", "via")
)
_TOGETHER = frozenset(("bayn", "maa", "didd", "amam"))


@cache
def _capitals(lexicon: Lexicon) -> dict[LexiconId, LexiconId]:
    return {
        LexiconId(entry.attributes["capital"]): entry.id
        for entry in lexicon.entries.values()
        if entry.type in ("Country", "Government") and "capital" in entry.attributes
    }


def with_metonyms(scene: Scene, chosen: list[Candidate]) -> list[Candidate]:
    """The same candidates, capitals that act retyped to their country."""
    capitals = _capitals(scene.lexicon)
    found: list[Candidate] = []
    for candidate in chosen:
        country = next((capitals[e] for e in candidate.entries if e in capitals), None)
        joined = bool(found) and found[-1].metonym and found[-1].last == candidate.first and candidate.skip > 0
        if country is not None and candidate.type == "City" and (joined or _acts(scene, candidate)):
            candidate = replace(
                candidate,
                type=scene.lexicon.entries[country].type,
                metonym=True,
                entries=(country,),
                reason=f"capital that acts as {country}",
            )
        found.append(candidate)
    return found


def _acts(scene: Scene, candidate: Candidate) -> bool:
    first, stop = scene.bounds(candidate.first)
    token = scene.tokens[candidate.first]
    if {"bi", "fi"} & set(token.reading.proclitics):
        return False
    before = candidate.first - 1
    if "li" in token.reading.proclitics and before >= first:
        return _acts_by(scene, first, before)
    if candidate.last < stop and scene.tokens[candidate.last].kind == "punct" and candidate.last == first + 1:
        return False  # a dateline
    if before < first:
        return _verb_class(scene, candidate.last, stop)
    return _acts_after(scene, candidate, first, stop)


def _acts_by(scene: Scene, first: int, before: int) -> bool:
    """After li-: "a statement by Washington", "it is possible for Washington"."""
    possible, norm = scene.lexicon.words("possibility"), scene.norms[before]
    if norm in possible or norm[1:] in possible:
        return True
    return any(scene.classes(index) & _ACTS for index in range(max(first, before - 2), before + 1))


def _acts_after(scene: Scene, candidate: Candidate, first: int, stop: int) -> bool:
    """By the word before and, where that tells nothing, the verb behind."""
    before = candidate.first - 1
    preposition = scene.lexicon.words("prep").get(scene.norms[before])
    if preposition in _HERE:
        return False
    if preposition == "ala":
        return before > first and scene.tokens[before - 1].reading.lemma in scene.lexicon.words("planning-verb")
    if scene.tokens[before].reading.lemma in scene.lexicon.words("state-noun"):
        return True
    if scene.norms[before] in (COMMA, ","):
        return _charged(scene, first, before)
    if preposition in _TOGETHER:
        return True
    classes, reading = scene.classes(before), scene.tokens[before].reading
    if reading.pos == "VERB":
        happens = reading.lemma in scene.lexicon.words("witness-verb")
        return not happens and (bool(classes) or reading.gender == "f")
    if classes & _ACTS and scene.tokens[before].reading.pos == "NOUN":
        return True
    return _verb_class(scene, candidate.last, stop)


def _charged(scene: Scene, first: int, before: int) -> bool:
    """After a parenthesis between commas: the object of an accusation or a demand."""
    for index in range(before - 1, first - 1, -1):
        if scene.tokens[index].reading.pos == "VERB":
            return bool(scene.classes(index) & {"accuse", "request", "threat"})
    return False


def _verb_class(scene: Scene, index: int, stop: int) -> bool:
    """Whether a feminine verb that people do follows at once: "Washington closes its consulate"."""
    if index >= stop:
        return False
    reading = scene.tokens[index].reading
    return reading.pos == "VERB" and reading.gender == "f" and not reading.proclitics
