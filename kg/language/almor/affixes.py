"""Prefixes and suffixes of the database: clitics, person prefixes, endings, object and possessive suffixes.

A prefix category says what a stem may stand behind, a suffix category what may follow; ``follows`` is the
table between the two. Transliterated; ``+`` at the end of a suffix category means an enclitic is on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

CONJUNCTIONS = (("", "0", ""), ("wa", "wa_conj", "wa+_"), ("fa", "fa_conj", "fa+_"))
PREPOSITIONS = (("bi", "bi_prep", "bi+_"), ("li", "li_prep", "li+_"), ("ka", "ka_prep", "ka+_"))
POSSESSIVES = {
    "3ms": "hu", "3fs": "hA", "3d": "humA", "3mp": "hum", "3fp": "hun~a", "2ms": "ka", "2d": "kumA", "2mp": "kum",
    "2fp": "kun~a", "1s": "iy", "1p": "nA",
}  # fmt: skip
OBJECTS = POSSESSIVES | {"1s": "niy"}
PERSONS = {
    "1s": "'", "1p": "n", "2ms": "t", "2fs": "t", "2d": "t", "2mp": "t", "2fp": "t", "3ms": "y", "3fs": "t",
    "3md": "y", "3fd": "t", "3mp": "y", "3fp": "y",
}  # fmt: skip
PERFECT_ENDINGS = {
    "P3ms": "a", "P3fs": "ato", "P3md": "A", "P3fd": "atA", "P3mp": "uwA", "P1s": "tu", "P1p": "nA", "P1p~": "A",
    "P2ms": "ta", "P2fs": "ti", "P2d": "tumA", "P2mp": "tum", "P2fp": "tun~a", "P3fp": "na", "P3fp~": "a",
}  # fmt: skip
IMPERFECT_ENDINGS = {
    "I0x": ("", "u"), "I0i": ("", "i"), "I0j": ("", "j"), "Iuna": ("uwna", "i"), "Iuu": ("uwA", "j"),
    "Iani": ("Ani", "i"), "Iaa": ("A", "j"), "Iina": ("iyna", "i"), "Iii": ("iy", "j"), "Ina": ("na", "u"),
    "Ina~": ("a", "u"),
}  # fmt: skip
_ZERO = ("I0x", "I0i", "I0j")
SLOTS_OF_PERSON = {
    "1s": _ZERO, "1p": _ZERO, "2ms": _ZERO, "3ms": _ZERO, "3fs": _ZERO, "2fs": ("Iina", "Iii"),
    "2d": ("Iani", "Iaa"), "3md": ("Iani", "Iaa"), "3fd": ("Iani", "Iaa"), "2mp": ("Iuna", "Iuu"),
    "3mp": ("Iuna", "Iuu"), "2fp": ("Ina", "Ina~"), "3fp": ("Ina", "Ina~"),
}  # fmt: skip
COMMAND_ENDINGS = {"C2ms": "", "C2fs": "iy", "C2d": "A", "C2mp": "uwA"}
PLURAL, DUAL, SINGULAR = "p", "d", "s"
NOMINAL_ENDINGS = {
    # category: (ending, gender, number, case, state)
    "N0": ("", "", "", "u", "u"),
    "NA": ("AF", "", "", "a", "i"),
    "Nh": ("ap", "f", "s", "u", "u"),
    "Nt": ("at", "f", "s", "u", "c"),
    "NdN": ("Ani", "m", "d", "n", "u"),
    "NdO": ("ayoni", "m", "d", "g", "u"),
    "NdcN": ("A", "m", "d", "n", "c"),
    "NdcO": ("ayo", "m", "d", "g", "c"),
    "NhdN": ("atAni", "f", "d", "n", "u"),
    "NhdO": ("atayoni", "f", "d", "g", "u"),
    "NhdcN": ("atA", "f", "d", "n", "c"),
    "NhdcO": ("atayo", "f", "d", "g", "c"),
    "NpN": ("uwna", "m", "p", "n", "u"),
    "NpO": ("iyna", "m", "p", "g", "u"),
    "NpcN": ("uw", "m", "p", "n", "c"),
    "NpcO": ("iy", "m", "p", "g", "c"),
    "Nat": ("At", "f", "p", "u", "u"),
}
"""Endings of nouns and adjectives; those of ``ONLY_ENCLITIC`` stand before a possessive only."""
ONLY_ENCLITIC = ("Nt",)
TAKES_ENCLITIC = ("N0", "Nt", "NdcN", "NdcO", "NhdcN", "NhdcO", "NpcN", "NpcO", "Nat")
_AFTER_ARTICLE = ("N0", "Nh", "NdN", "NdO", "NhdN", "NhdO", "NpN", "NpO", "Nat", "Q0")
NOMINATIVE_OR_ACCUSATIVE = ("NA", "NdN", "NdcN", "NhdN", "NhdcN", "NpN", "NpcN")


@dataclass(frozen=True, slots=True)
class Affix:
    """One line of the PREFIXES or SUFFIXES section."""

    form: str
    category: str
    features: dict[str, str]


def prefixes() -> Iterator[Affix]:
    """Every prefix of nouns, particles and verbs."""
    for text, conjunction, token in CONJUNCTIONS:
        base = {"prc2": conjunction, "d3tok": token, "d2tok": token, "d1tok": token, "atbtok": token}
        yield Affix(text, "W", base | {"diac": text})
        yield from _article_prefixes(text, base)
        for preposition, name, piece in PREPOSITIONS:
            tokens = {"prc1": name, "d3tok": token + piece, "d2tok": token + piece, "atbtok": token + piece}
            yield Affix(text + preposition, "B", base | tokens | {"diac": text + preposition})
        yield from _verb_prefixes(text, base)
    yield Affix("", "0", {"diac": ""})


def _article_prefixes(text: str, base: dict[str, str]) -> Iterator[Affix]:
    token = base["d3tok"]
    article = {"prc0": "Al_det", "stt": "d"}
    yield Affix(text + "Al", "A", base | article | {"diac": text + "Al", "d3tok": token + "Al+_"})
    for preposition, name, piece in PREPOSITIONS:
        tokens = {"d3tok": token + piece + "Al+_", "d2tok": token + piece, "atbtok": token + piece, "prc1": name}
        feats = base | article | tokens
        if preposition == "li":
            yield Affix(text + "lil", "BLA", feats | {"diac": text + "lil"})
            yield Affix(text + "li", "BL", feats | {"diac": text + "li"})
        else:
            yield Affix(text + preposition + "Al", "BA", feats | {"diac": text + preposition + "Al"})


def _verb_prefixes(text: str, base: dict[str, str]) -> Iterator[Affix]:
    marks = (("", "0", ""), ("sa", "sa_fut", "sa+_"), ("li", "li_sub", "li+_"))
    for mark, name, piece in marks:
        token = base["d3tok"] + piece
        marked = base | {"prc1": name, "d3tok": token, "d2tok": token, "atbtok": token}
        for person, letter in PERSONS.items():
            features = {"per": person[0], "num": person[-1]}
            features["gen"] = person[1] if len(person) == 3 else "m"
            for vowel in "au":
                form = text + mark + letter.replace("'", ">") + vowel
                yield Affix(form, f"I{person}{vowel}{name[0]}", marked | features | {"diac": form})


def verb_prefix_categories(person: str, vowel: str) -> tuple[str, ...]:
    """The categories of one person prefix: plain, with sa-, with li-."""
    return tuple(f"I{person}{vowel}{mark}" for mark in "0sl")


def suffixes() -> Iterator[Affix]:
    """Every ending, with and without an enclitic."""
    yield Affix("", "0", {"diac": ""})
    for slot, ending in PERFECT_ENDINGS.items():
        person = slot.strip("P~")
        features = {"per": person[0], "num": person[-1], "gen": person[1] if len(person) == 3 else "m"}
        yield from _with_objects(slot, ending, features)
    for slot, (ending, mood) in IMPERFECT_ENDINGS.items():
        yield from _with_objects(slot, ending, {"mod": mood})
    for slot, ending in COMMAND_ENDINGS.items():
        features = {"per": "2", "num": slot[-1], "gen": slot[2] if len(slot) == 4 else "m"}
        yield from _with_objects(slot, ending, features)
    yield from _nominal_suffixes()
    for name, piece in POSSESSIVES.items():
        yield Affix(piece, "E", {"enc0": name + "_pron", "diac": piece, **_enclitic_tokens(piece)})
    yield Affix("niy", "E1", {"enc0": "1s_dobj", "diac": "niy", **_enclitic_tokens("niy")})


def _enclitic_tokens(piece: str) -> dict[str, str]:
    return dict.fromkeys(("d3tok", "d2tok", "atbtok"), "_+" + piece)


def _with_objects(slot: str, ending: str, features: dict[str, str]) -> Iterator[Affix]:
    tokens = dict.fromkeys(("d3tok", "d2tok", "d1tok", "atbtok"), ending)
    yield Affix(ending, slot, features | tokens | {"diac": ending})
    base = ending[:-1] if slot in ("P3mp", "Iuu", "C2mp") else ending + "uw" if slot == "P2mp" else ending
    for name, piece in OBJECTS.items():
        marks = dict.fromkeys(("d3tok", "d2tok", "atbtok"), base + "_+" + piece) | {"d1tok": base + piece}
        yield Affix(base + piece, slot + "+", features | marks | {"enc0": name + "_dobj", "diac": base + piece})


def _nominal_suffixes() -> Iterator[Affix]:
    for name, (ending, gender, number, case, state) in NOMINAL_ENDINGS.items():
        features = {"gen": gender, "num": number, "cas": case, "stt": state}
        features = {k: v for k, v in features.items() if v}
        tokens = dict.fromkeys(("d3tok", "d2tok", "d1tok", "atbtok"), ending)
        if name not in ONLY_ENCLITIC:
            yield Affix(ending, name, features | tokens | {"diac": ending})
        if name in TAKES_ENCLITIC:
            for enclitic, piece in POSSESSIVES.items():
                marks = dict.fromkeys(("d3tok", "d2tok", "atbtok"), ending + "_+" + piece) | {"d1tok": ending + piece}
                extra = {"enc0": enclitic + "_poss", "stt": "c", "diac": ending + piece}
                yield Affix(ending + piece, name + "+", features | marks | extra)


def follows() -> Iterator[tuple[str, str]]:
    """Which suffix category may go with which prefix category."""
    yield from (("0", "0"), ("W", "0"), ("B", "0"), ("A", "0"), ("BA", "0"), ("BL", "0"), ("BLA", "0"))
    yield from ((prefix, suffix) for prefix in ("0", "W", "B") for suffix in ("E", "E1"))
    for slot in (*PERFECT_ENDINGS, *COMMAND_ENDINGS):
        yield from (("W", slot), ("W", slot + "+"))
    for person, slots in SLOTS_OF_PERSON.items():
        for prefix in (*verb_prefix_categories(person, "a"), *verb_prefix_categories(person, "u")):
            for slot in slots:
                yield from ((prefix, slot), (prefix, slot + "+"))
    yield from _nominal_follows()


def _nominal_follows() -> Iterator[tuple[str, str]]:
    for name in NOMINAL_ENDINGS:
        oblique = name not in NOMINATIVE_OR_ACCUSATIVE
        for prefix in ("W", "B") if oblique else ("W",):
            yield prefix, name
            yield prefix, name + "+"
        if name in _AFTER_ARTICLE:
            yield "A", name
            if oblique:
                yield from (("BA", name), ("BL", name), ("BLA", name))
