"""From a lexeme to the stems of the database, each with what may stand before and behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kg.errors import TermError
from kg.language.almor import affixes, conjugate
from kg.language.almor.letters import bare, seated, unseated
from kg.language.almor.lexemes import Lexeme

_VERBAL = {"VERB": "verb", "AUX": "verb"}
_LABEL = re.compile("([123])?([mf])?([sdp])?")
_ALL_PERSONS = tuple(affixes.PERSONS)
_HAMZA_CASES = ("u", "i", "a")


@dataclass(slots=True)
class Stem:
    """One line of STEMS before its category has a name."""

    key: str
    diac: str
    prefixes: frozenset[str]
    suffixes: frozenset[str]
    features: dict[str, str] = field(default_factory=dict)


def stems(lexeme: Lexeme) -> Iterator[Stem]:
    """All stems of a lexeme."""
    if lexeme.kind.startswith("V"):
        yield from _verb(lexeme)
    elif lexeme.kind.startswith("P"):
        yield from _particle(lexeme)
    elif lexeme.kind in ("name", "Alname"):
        yield from _name(lexeme)
    else:
        yield from _nominal(lexeme)


# ---------------------------------------------------------------- verbs


def verb_class(lexeme: Lexeme) -> tuple[str, str]:
    """Form and vowels of a class such as ``V:I-au``; ``V:X``."""
    form, _, vowels = lexeme.kind.removeprefix("V:").partition("-")
    if form == "I" and len(vowels) < 2:
        raise TermError(f"{lexeme.id}: form I needs two vowels")
    return form, vowels


def _verb(lexeme: Lexeme) -> Iterator[Stem]:
    form, vowels = verb_class(lexeme)
    table = conjugate.conjugation(lexeme.root, form, vowels)
    yield from _perfect(table.perfect, "a", True)
    yield from _perfect(table.perfect_passive, "p", False)
    yield from _imperfect(table.imperfect, table.vowel, "a", True)
    yield from _imperfect(table.imperfect_passive, "u", "p", False)
    yield from _command(table, form)


def _split(full: str, ending: str, prefix: str = "") -> tuple[str, str] | None:
    """Stem of a spelt form: its key and its vocalised text; None where spelling ate into the affixes."""
    key, tail, head = bare(full), bare(ending), bare(prefix)
    if tail and not key.endswith(tail) or not key.startswith(head):
        return None
    stem = key[len(head) : len(key) - len(tail)]
    return (stem, full[len(prefix) : len(full) - len(ending)]) if stem else None


def _gather(
    found: dict[tuple[str, str], set[str]], prefixes: frozenset[str], features: dict[str, str]
) -> Iterator[Stem]:
    """One stem for each key, standing wherever any spelling of it stands."""
    merged: dict[str, tuple[str, set[str]]] = {}
    for (key, diac), slots in found.items():
        merged.setdefault(key, (diac, set()))[1].update(slots)
    for key, (diac, slots) in merged.items():
        yield Stem(key, diac, prefixes, frozenset(slots), dict(features))


def _perfect(table: conjugate.Stems, voice: str, objects: bool) -> Iterator[Stem]:
    found: dict[tuple[str, str], set[str]] = {}
    for slot, stem, ending in conjugate.perfect_forms(table):
        if slot.endswith("+") and not objects:
            continue
        base, plus = (slot[:-1], "+") if slot.endswith("+") else (slot, "")
        if base in ("P1p", "P3fp") and stem.endswith("n"):
            base, stem, ending = base + "~", stem + "~", ending[1:]
        for full in _perfect_spellings(stem, ending, plus):
            parts = _split(full, ending)
            if parts:
                found.setdefault(parts, set()).add(base + plus)
    yield from _gather(found, frozenset("W"), {"asp": "p", "vox": voice, "mod": "i"})


def _perfect_spellings(stem: str, ending: str, plus: str) -> Iterator[str]:
    """The spelling with the seat that the ending asks for; after ``a`` the plural also keeps the alef."""
    if plus and ending in ("a", "u") and stem.endswith("'"):
        yield seated(stem + ending + "h")[:-1]
        return
    yield seated(stem + ending)
    if stem.endswith("a'") and ending in ("uwA", "uw", "uwna"):
        yield seated(stem + "a") + ending[0:]


def _imperfect(table: conjugate.Stems, vowel: str, voice: str, objects: bool) -> Iterator[Stem]:
    found: dict[tuple[str, str], set[str]] = {}
    first: dict[tuple[str, str], set[str]] = {}
    for slot, stem, ending in conjugate.imperfect_forms(table):
        if slot.endswith("+") and not objects:
            continue
        base, plus = (slot[:-1], "+") if slot.endswith("+") else (slot, "")
        if base == "Ina" and stem.endswith("n"):
            base, stem, ending = "Ina~", stem + "~", "a"
        for full in _perfect_spellings("y" + vowel + stem, ending, plus):
            parts = _split(full, ending, "y" + vowel)
            if parts:
                found.setdefault(parts, set()).add(base + plus)
        parts = _split(seated("'" + vowel + stem + ending), ending, ">" + vowel if stem[:2] != "'o" else ">")
        if parts and base in ("I0x", "I0i", "I0j"):
            first.setdefault(parts, set()).add(base + plus)
    features = {"asp": "i", "vox": voice}
    same = {bare(k[0]) for k in first} == {bare(k[0]) for k, s in found.items() if any(x.startswith("I0") for x in s)}
    persons = _ALL_PERSONS if same else tuple(p for p in _ALL_PERSONS if p != "1s")
    yield from _gather(found, _person_categories(persons, vowel), features)
    if not same:
        yield from _gather(first, _person_categories(("1s",), vowel), features)


def _person_categories(persons: tuple[str, ...], vowel: str) -> frozenset[str]:
    return frozenset(c for person in persons for c in affixes.verb_prefix_categories(person, vowel))


def _command(table: conjugate.Conjugation, form: str) -> Iterator[Stem]:
    imperfect = table.imperfect
    if imperfect.weak:
        singular = imperfect.long + imperfect.weak[0]
        rest = {"C2mp": imperfect.long + ("a" if imperfect.weak == "aY" else "")}
    else:
        singular, rest = imperfect.short, dict.fromkeys(("C2mp", "C2fs", "C2d"), imperfect.long)
    found: dict[tuple[str, str], set[str]] = {}
    for slot, stem in {"C2ms": singular, **rest}.items():
        ending = affixes.COMMAND_ENDINGS[slot]
        start = ""
        if form == "IV":
            start = "'a"
        elif stem[1:2] == "o":
            start = "{u" if imperfect.long[-2:-1] == "u" and not imperfect.weak else "{i"
        parts = _split(seated(start + stem + ending), ending)
        if parts:
            found.setdefault(parts, set()).update((slot, slot + "+"))
    yield from _gather(found, frozenset("W"), {"asp": "c", "vox": "a", "mod": "i"})


# ---------------------------------------------------------------- nouns and adjectives


def _article(stem: str) -> frozenset[str]:
    return frozenset(("W", "B", "A", "BA", "BL" if bare(stem).startswith("l") else "BLA"))


def _nominal(lexeme: Lexeme) -> Iterator[Stem]:
    """Classes: N noun, A adjective, with letters: u (-un), t (-at), h (takes -a), f (feminine), d (defective), 0."""
    flags = lexeme.kind[1:]
    if lexeme.kind.startswith("A") and "0" not in flags:
        flags += "uth"
    lemma = lexeme.lemma
    gender = "f" if "f" in flags or lemma.endswith("p") else "m"
    if lemma.endswith("p"):
        yield from _feminine(lemma, "t" in flags or "0" not in flags)
    else:
        yield from _singular(lemma, gender, flags)
    for label in sorted(set(lexeme.stems)):
        for form in lexeme.labelled(label):
            yield from _listed(form, label, gender)


def _listed(form: str, label: str, gender: str) -> Iterator[Stem]:
    number = {"p": "p", "fp": "p", "mp": "p", "d": "d"}.get(label, "s")
    feminine = "f" if label.startswith("f") else gender
    if form.endswith("p"):
        base = form.removesuffix("p").removesuffix("a")
        features = {"gen": feminine, "num": number}
        for stem in _feminine(base + "ap", False):
            kept = stem.suffixes & {"Nh", "Nt+"}
            if kept:
                yield Stem(stem.key, stem.diac, stem.prefixes, frozenset(kept), features)
        return
    flags = "f" if number == "s" else "x"
    yield from _singular(form, feminine, flags, number)


def _singular(lemma: str, gender: str, flags: str, number: str = "s") -> Iterator[Stem]:
    """Stem without a feminine ending; ``x`` in the flags: neither dual nor sound plural."""
    slots = {"N0", "N0+"}
    if "0" not in flags:
        slots |= {"NA"}
    if "0" not in flags and "x" not in flags:
        slots |= {"NdN", "NdO", "NdcN", "NdcO", "NdcN+", "NdcO+"}
    if "u" in flags:
        slots |= {"NpN", "NpO", "NpcN", "NpcO", "NpcN+", "NpcO+"}
    if "h" in flags:
        slots |= {"Nh", "Nt+", "NhdN", "NhdO", "NhdcN", "NhdcO", "NhdcN+", "NhdcO+", "Nat", "Nat+"}
    if "t" in flags:
        slots |= {"Nat", "Nat+"}
    found: dict[tuple[str, str], set[str]] = {}
    for slot in sorted(slots):  # the first spelling of a key stays
        for full, ending in _nominal_forms(lemma, slot, "d" in flags):
            parts = _split(full, ending)
            if parts:
                found.setdefault(parts, set()).add(slot)
    yield from _gather(found, _article(lemma), {"gen": gender, "num": number})
    if "d" in flags and lemma.endswith("iy"):
        key = bare(lemma)[:-1]
        yield Stem(key, lemma[:-2], frozenset(("W", "B")), frozenset({"N0"}), {"gen": gender, "num": number})


def _nominal_forms(lemma: str, slot: str, defective: bool) -> Iterator[tuple[str, str]]:
    """Spelt form and ending of a slot; several where the seat of hamza follows the case."""
    ending = affixes.NOMINAL_ENDINGS[slot.rstrip("+")][0]
    plain = unseated(lemma)
    if slot == "N0+" and plain.endswith("'"):
        for vowel in _HAMZA_CASES:
            yield seated(plain + vowel + "h")[:-2] + vowel, vowel
    elif slot == "N0+":
        yield re.sub("Y$", "A", lemma), ""
    elif not ending:
        yield lemma, ""
    elif slot == "NA":
        if not lemma.endswith(("Y", "A")) and not plain.endswith("A'"):
            yield _accusative(plain) if plain.endswith("'") else lemma + ending, ending
    elif lemma.endswith(("Y", "A")):
        stem = lemma[:-1] + ("w" if lemma.endswith("A") and "y" not in lemma[-3:] else "y")
        yield (lemma[:-1] + "wo" + ending[2:], ending) if slot.startswith("Np") else (stem + ending, ending)
    elif defective and slot.startswith("Np"):
        yield lemma[:-2] + ending, ending
    else:
        yield seated(plain + ending), ending


def _accusative(plain: str) -> str:
    """The indefinite accusative of a word on hamza: after a sukun the seat joins only where the letter before does.

    >>> _accusative("juzo'"), _accusative("Eibo'")
    ("juzo'AF", 'Eibo}AF')
    """
    if plain[-2] == "o":
        return plain[:-1] + ("'" if plain[-3] in "d*rzw" else "}") + "AF"
    return seated(plain + "A") + "F"


def _feminine(lemma: str, plural: bool) -> Iterator[Stem]:
    slots = {"Nh", "Nt+", "NhdN", "NhdO", "NhdcN", "NhdcO", "NhdcN+", "NhdcO+"} | ({"Nat", "Nat+"} if plural else set())
    base = lemma.removesuffix("p")
    stem = base.removesuffix("a")
    if base.endswith("A"):
        slots -= {"Nat", "Nat+"}
        stem = base
    features = {"gen": "f", "num": "s"}
    yield Stem(bare(stem), stem, _article(stem), frozenset(slots), features)


def _name(lexeme: Lexeme) -> Iterator[Stem]:
    stem = lexeme.lemma
    ap = stem.endswith("p")
    label = next((s for s in lexeme.stems if s in ("m", "f")), "f" if ap else "m")
    features = {"gen": label, "num": "s"}
    prefixes = _article(stem) - {"W", "B"} if lexeme.kind == "Alname" else frozenset(("W", "B"))
    yield Stem(bare(stem), stem, prefixes, frozenset({"N0"}), features)


# ---------------------------------------------------------------- particles


def _particle(lexeme: Lexeme) -> Iterator[Stem]:
    """Letters of the class: c conjunctions, b prepositions, a article, e enclitics, v enclitics with -ni."""
    flags = lexeme.kind[2:]
    prefixes = {"0"} if "c" not in flags else {"W"}
    prefixes |= {"B"} if "b" in flags else set()
    prefixes |= set(_article(lexeme.lemma)) - {"W", "B"} if "a" in flags else set()
    joined = lexeme.labelled("e")
    enclitics = ({"E"} if "e" in flags else set()) | ({"E", "E1"} if "v" in flags else set())
    suffixes = {"0"} | (enclitics if not joined else set())
    yield Stem(bare(lexeme.lemma), lexeme.lemma, frozenset(prefixes), frozenset(suffixes), _label(""))
    for form in joined:
        yield Stem(bare(form), form, frozenset(prefixes), frozenset(enclitics))
    for label, form in zip(lexeme.stems, lexeme.forms[1:], strict=True):
        if label != "e":
            yield Stem(bare(form), form, frozenset(prefixes), frozenset({"0"} | enclitics), _label(label))


def _label(label: str) -> dict[str, str]:
    match = _LABEL.fullmatch(label)
    if match is None:
        return {}
    return {name: value for name, value in zip(("per", "gen", "num"), match.groups(), strict=True) if value}
