"""Readings of words that the lexicon lacks: cautious about clitics, since names are what it lacks most."""

from __future__ import annotations

from collections.abc import Iterator

from kg.datamodel import Reading
from kg.language.almor.letters import key

_WEIGHT = -8.0
_LONG = frozenset(key("Awy"))
_CONJUNCTIONS = ((key("w"), ("wa",)), (key("f"), ("fa",)), ("", ()))
_ARTICLES = sorted(
    (
        (before + key(text), (*first, *clitics))
        for before, first in _CONJUNCTIONS
        for text, clitics in (
            ("ll", ("li", "al")), ("bAl", ("bi", "al")), ("kAl", ("ka", "al")), ("Al", ("al",)),
        )
    ),
    key=lambda pair: (-len(pair[0]), pair[0]),
)  # fmt: skip
_WAW, _FUTURE, _Y, _T, _S, _ALEF, _HEH = (key(c) for c in "wsytsAh")
_PLURAL, _RELATIVE, _TENTH = key("At"), (key("y"), key("yh")), key("Ast")
_VERB_PLURAL = (key("wn"), key("wA"))
_NOT_STRIPPED = tuple(key(text) for text in ("wA", "wyl", "wly", "wnd", "wrn", "wtr"))


def guesses(norm: str) -> Iterator[Reading]:
    """At least one reading of an unknown word.

    Articles and their prepositions are sure; a leading waw of a longer word is a conjunction three times in
    four; single bi-, li-, ka-, fa- are more often part of a name and stay.
    """
    for prefix, clitics in _ARTICLES:
        rest = norm[len(prefix) :]
        if norm.startswith(prefix) and len(rest) >= 3:
            core = sum(1 for c in clitics if c not in ("al", "li"))
            yield _nominal(rest, clitics, core)
            return
    if norm.startswith(_WAW) and len(norm) >= 5 and not norm.startswith(_NOT_STRIPPED):
        yield _open(norm[1:], ("wa",))
        return
    yield _open(norm, ())


def _open(word: str, clitics: tuple[str, ...]) -> Reading:
    """Without an article: a verb if it looks like one, else a name."""
    verb = word
    if word.startswith(_FUTURE) and word[1:2] in (_Y, _T) and _imperfect(word[1:]):
        verb, clitics = word[1:], (*clitics, "sa")
    if _imperfect(verb):
        gender = "m" if verb.startswith(_Y) else "f"
        number = "p" if verb.endswith(_VERB_PLURAL) else "s"
        stem = verb[1:-2] if number == "p" else verb[1:]
        lemma = _ALEF + stem if stem.startswith(_S + _T) else stem
        return Reading(
            lemma=lemma, pos="VERB", proclitics=clitics, core=len(clitics), gender=gender, number=number, person="3",
            aspect="i", voice="a", weight=_WEIGHT,
        )  # fmt: skip
    if word.startswith(_TENTH) and 6 <= len(word) <= 8 and word[-2] != _ALEF and word[4] not in _LONG:
        return _perfect(word, clitics)
    return _nominal(word, clitics, len(clitics))


def _perfect(word: str, clitics: tuple[str, ...]) -> Reading:
    plural, feminine = word.endswith(_VERB_PLURAL), word.endswith(_T) and len(word) > 6
    lemma = word[:-2] if plural else word[:-1] if feminine else word
    return Reading(
        lemma=lemma, pos="VERB", proclitics=clitics, core=len(clitics), gender="f" if feminine else "m",
        number="p" if plural else "s", person="3", aspect="p", voice="a", weight=_WEIGHT,
    )  # fmt: skip


def _imperfect(word: str) -> bool:
    """Whether an unknown word has the build of an imperfect verb rather than of a foreign name."""
    if word[:1] not in (_Y, _T) or not 4 <= len(word) <= 8:
        return False
    plural = word.endswith(_VERB_PLURAL)
    body = word[1:-2] if plural else word[1:]
    if word.startswith(_T):
        return len(body) == 3 and not _LONG & set(body) or word[1] == _T or word.startswith(_T + _S + _T)
    if body[:1] in _LONG:
        return False
    return sum(1 for c in body if c in _LONG) <= 1 and len(body) <= 6


def _nominal(rest: str, clitics: tuple[str, ...], core: int) -> Reading:
    definite, plural = "al" in clitics, rest.endswith(_PLURAL) and len(rest) > 4
    feminine = plural or rest.endswith(_HEH)
    lemma, pos = rest, "NOUN" if definite or plural else "PROPN"
    if definite and rest.endswith(_RELATIVE):
        lemma, pos = (rest[:-1] if rest.endswith(_HEH) else rest), "ADJ"
    elif plural:
        lemma = rest[:-2] + _HEH
    return Reading(
        lemma=lemma, pos=pos, proclitics=clitics, core=core, gender="f" if feminine else "m",
        number="p" if plural else "s", definite=definite, weight=_WEIGHT,
    )  # fmt: skip
