"""Choosing readings in context."""

from __future__ import annotations

import pytest

from kg.datamodel import Reading
from kg.language.almor.letters import bare, key, transliterated
from kg.language.disambiguate import disambiguate
from kg.language.morphology import default_morphology

# A sentence in transliteration, the place of a word, and what it must be there.
CASES = (
    ("qAl Alwzyr", 0, "VERB qAl"),
    ("lm yqtl AlrjAl", 1, "VERB qtl"),
    ("fy qtl AlrjAl", 1, "NOUN qtl"),
    ("bEd qtl Almtqdm", 1, "NOUN qtl"),
    ("AlwzArh Alty AElnt", 2, "VERB AEln"),
    ("qd wqE Alhjwm", 1, "VERB wqE"),
    ("ln yElm AlwzrA'", 1, "VERB Elm"),
    ("kAn yEml fy Aljy$", 1, "VERB Eml"),
    ("Ely Eml Alljnh", 1, "NOUN Eml"),
    ("Ely ryys AlHkwmh", 0, "ADP Ely"),
    ("AlHkwmh AlErAqyh", 1, "ADJ ErAqy"),
    ("fy mdynh bgdAd", 1, "NOUN mdynh"),
    ("Ely Aldwlh An tElm", 3, "VERB Elm"),
    ("hw yqwd Alfryq", 1, "VERB qAd"),
)


@pytest.mark.parametrize(("sentence", "place", "expected"), CASES)
def test_context_decides(sentence: str, place: int, expected: str) -> None:
    words = [(key(word), default_morphology().readings(key(word))) for word in sentence.split()]
    chosen = disambiguate(words)[place]
    assert f"{chosen.pos} {bare(transliterated(chosen.lemma))}" == expected


def test_the_table_is_not_emptied() -> None:
    assert len(CASES) >= 14


def word(*readings: Reading) -> tuple[str, tuple[Reading, ...]]:
    return "x", readings


def test_weight_decides_where_context_is_silent() -> None:
    light, heavy = Reading(lemma="a", pos="X", weight=-3.0), Reading(lemma="b", pos="X", weight=-2.0)
    assert disambiguate([word(light, heavy)]) == [heavy]


def test_a_preposition_asks_for_a_noun() -> None:
    preposition = Reading(lemma="p", pos="ADP")
    verb, noun = Reading(lemma="v", pos="VERB", weight=-1.0, aspect="p"), Reading(lemma="n", pos="NOUN", weight=-2.0)
    assert disambiguate([word(preposition), word(verb, noun)])[1] is noun


def test_an_adjective_agrees_with_its_noun() -> None:
    noun = Reading(lemma="n", pos="NOUN", gender="f", number="s", proclitics=("al",), definite=True)
    wrong = Reading(lemma="w", pos="ADJ", gender="m", number="s", proclitics=("al",), definite=True)
    right = Reading(lemma="r", pos="ADJ", gender="f", number="s", proclitics=("al",), definite=True)
    assert disambiguate([word(noun), word(wrong, right)])[1] is right


def test_as_many_readings_as_words() -> None:
    assert disambiguate([]) == []
    readings = default_morphology().readings
    words = [(key(w), readings(key(w))) for w in ["qAl", "AlwzArh", "fy", "byAn"] * 50]
    assert len(disambiguate(words)) == 200
