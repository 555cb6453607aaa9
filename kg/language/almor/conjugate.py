"""The verb: stems of forms I to X and of four-letter roots, sound and weak, and where each stem stands.

Written in Buckwalter transliteration with every hamza as ``'``; ``letters.seated`` puts it on its seat.
A stem stands in *slots*: the names of the endings in ``affixes`` it takes. A ``+`` marks the ending with an
object suffix, before which an alef maksura becomes an alef.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.language.almor.letters import bare, seated

VOWEL_SLOTS = {"P3ms": "a", "P3fs": "at", "P3md": "A", "P3fd": "atA", "P3mp": "uwA"}
CONSONANT_SLOTS = {
    "P1s": "tu", "P1p": "nA", "P2ms": "ta", "P2fs": "ti", "P2d": "tumA", "P2mp": "tum", "P2fp": "tunna", "P3fp": "na",
}  # fmt: skip
LONG_SLOTS = {"Iuna": "uwna", "Iuu": "uwA", "Iani": "Ani", "Iaa": "A", "Iina": "iyna", "Iii": "iy"}


@dataclass(frozen=True, slots=True)
class Stems:
    """The stems of one tense and voice. ``long`` before a vowel, ``short`` before a consonant, both in full."""

    long: str
    short: str
    weak: str = ""
    """What the last radical does: ``aY`` ``iya`` ``A`` in the perfect, ``iy`` ``uw`` ``aY`` in the imperfect."""
    jussive: str = ""
    """The stem of the jussive where it differs from ``long``."""


@dataclass(frozen=True, slots=True)
class Conjugation:
    """All stems of one verb."""

    lemma: str
    perfect: Stems
    imperfect: Stems
    perfect_passive: Stems
    imperfect_passive: Stems
    vowel: str
    """The vowel of the person prefix: ``a`` or ``u``."""
    masdars: tuple[str, ...]
    active: str
    passive: str


_ASSIMILATED = {"d": "d", "*": "*", "z": "d", "T": "T", "Z": "Z", "S": "T", "D": "T", "v": "v"}


def _frames(form: str, c: tuple[str, ...]) -> tuple[str, str, str, str, str]:
    """Beginnings: perfect, imperfect, perfect passive, imperfect passive, verbal noun, up to the middle radical."""
    a = c[0]
    infix = "t"
    if form == "VIII":
        infix = _ASSIMILATED.get(a, "t")
        a = "t" if a in "w" else a
    table = {
        "I": (a + "a", a + "o", a + "u", a + "o", ""),
        "II": (a + "a", a + "a", a + "u", a + "a", "ta" + a + "o"),
        "III": (a + "A", a + "A", a + "uw", a + "A", "mu" + a + "A"),
        "IV": ("'a" + a + "o", a + "o", "'u" + a + "o", a + "o", "'i" + a + "o"),
        "V": ("ta" + a + "a", "ta" + a + "a", "tu" + a + "u", "ta" + a + "a", "ta" + a + "a"),
        "VI": ("ta" + a + "A", "ta" + a + "A", "tu" + a + "uw", "ta" + a + "A", "ta" + a + "A"),
        "VII": ("{ino" + a + "a", "no" + a + "a", "{uno" + a + "u", "no" + a + "a", "{ino" + a + "i"),
        "VIII": (
            "{i" + a + "o" + infix + "a", a + "o" + infix + "a", "{u" + a + "o" + infix + "u", a + "o" + infix + "a",
            "{i" + a + "o" + infix + "i",
        ),
        "IX": ("{i" + a + "o", a + "o", "{u" + a + "o", a + "o", "{i" + a + "o"),
        "X": ("{isota" + a + "o", "sota" + a + "o", "{usotu" + a + "o", "sota" + a + "o", "{isoti" + a + "o"),
    }  # fmt: skip
    return table[form]


def _doubled_letter(text: str) -> str:
    """A letter, sukun and the same letter contract: ``{itotaHad`` is ``{it~aHad``."""
    for letter in "td*zTZDSv":
        text = text.replace(letter + "o" + letter, letter + "~")
    return text


def _sound(form: str, c: tuple[str, ...], vowels: str) -> Conjugation:
    first, imperfect, passive, imperfect_passive, noun = _frames(form, c)
    past, present = (vowels[0], vowels[1]) if form == "I" else ("a", "a" if form in ("V", "VI") else "i")
    double = "~" if form in ("II", "V") else ""
    b, d = c[1] + double, c[2]
    masdars = {
        "II": (f"ta{c[0]}o{c[1]}iy{d}",), "III": (f"mu{c[0]}A{c[1]}a{d}ap", f"{c[0]}i{c[1]}A{d}"),
        "V": (noun + b + "u" + d,), "VI": (noun + b + "u" + d,),
    }.get(form, () if form == "I" else (noun + b + "A" + d,))  # fmt: skip
    prefix = "mu"
    active, passive_noun = prefix + imperfect + b + "i" + d, prefix + imperfect + b + "a" + d
    if form == "I":
        active, passive_noun = f"{c[0]}A{b}i{d}", f"ma{c[0]}o{b}uw{d}"
        if c[0] == "w" and vowels in ("ai", "aa", "ii"):
            imperfect = ""
    stem = imperfect + b + present + d
    return _finished(
        form, (_even(first + b + past + d), _even(stem), _even(passive + b + "i" + d),
               _even(imperfect_passive + b + "a" + d)), masdars, active, passive_noun,
    )  # fmt: skip


def _even(stem: str) -> Stems:
    """A tense with one stem."""
    return Stems(stem, stem)


def _finished(
    form: str, tenses: tuple[Stems, Stems, Stems, Stems], masdars: tuple[str, ...], active: str, passive_noun: str
) -> Conjugation:
    """Puts the parts together: perfect, imperfect, their passives, verbal nouns, participles."""
    perfect, imperfect, passive, imperfect_passive = tenses
    vowel = "u" if form in ("II", "III", "IV", "QI") else "a"

    def tidy(stems: Stems) -> Stems:
        parts = (_doubled_letter(s) for s in (stems.long, stems.short, stems.jussive))
        long, short, jussive = parts
        return Stems(long, short, stems.weak, jussive)

    lemma = perfect.long + {"aY": "aY", "A": "A", "iya": "iya"}.get(perfect.weak, "a")
    return Conjugation(
        _doubled_letter(lemma), tidy(perfect), tidy(imperfect), tidy(passive), tidy(imperfect_passive), vowel,
        tuple(_doubled_letter(m) for m in masdars), _doubled_letter(active), _doubled_letter(passive_noun),
    )  # fmt: skip


def _hollow(form: str, c: tuple[str, ...], vowels: str) -> Conjugation:
    a, w, d = c
    if form == "I":
        present = vowels[1]
        long = {"u": "uw", "i": "iy", "a": "A"}[present]
        short = "u" if present == "u" else "i"
        return _finished(
            form, (Stems(f"{a}A{d}", f"{a}{short}{d}"), Stems(f"{a}{long}{d}", f"{a}{present}{d}"),
                   Stems(f"{a}iy{d}", f"{a}i{d}"), Stems(f"{a}A{d}", f"{a}a{d}")), (), f"{a}A'i{d}",
            f"ma{a}{'uw' if w == 'w' else 'iy'}{d}",
        )  # fmt: skip
    if form in ("IV", "X"):
        p, i, u, n = {
            "IV": ("'a", "", "'u", "'i"), "X": ("{isota", "sota", "{usotu", "{isoti"),
        }[form]  # fmt: skip
        return _finished(
            form, (Stems(f"{p}{a}A{d}", f"{p}{a}a{d}"), Stems(f"{i}{a}iy{d}", f"{i}{a}i{d}"),
                   Stems(f"{u}{a}iy{d}", f"{u}{a}i{d}"), Stems(f"{i}{a}A{d}", f"{i}{a}a{d}")), (f"{n}{a}A{d}ap",),
            f"mu{i}{a}iy{d}", f"mu{i}{a}A{d}",
        )  # fmt: skip
    infix = f"{a}ot" if form == "VIII" else f"no{a}"
    if form == "VIII":
        infix = ("t" if a == "w" else a) + "o" + _ASSIMILATED.get(a, "t")
    return _finished(
        form, (Stems("{i" + f"{infix}A{d}", "{i" + f"{infix}a{d}"), Stems(f"{infix}A{d}", f"{infix}a{d}"),
               Stems("{u" + f"{infix}iy{d}", "{u" + f"{infix}i{d}"), Stems(f"{infix}A{d}", f"{infix}a{d}")),
        ("{i" + f"{infix}iyA{d}",), f"mu{infix}A{d}", f"mu{infix}A{d}",
    )  # fmt: skip


def _geminate(form: str, c: tuple[str, ...], vowels: str) -> Conjugation:
    sound = _sound(form, c, vowels)
    a, b = c[0], c[1]
    first, imperfect, passive, imperfect_passive, _ = _frames(form, c)
    present = vowels[1] if form == "I" else "i"

    def joined(frame: str, vowel: str) -> str:
        """The vowel moves back before the doubled letter, unless a vowel stands there already."""
        return (frame[:-1] + vowel if frame.endswith("o") else frame) + b + "~"

    present_stem = joined(imperfect, present)
    active = {"I": f"{a}A{b}~"}.get(form, "mu" + present_stem)
    passive_noun = sound.passive if form == "I" else "mu" + joined(imperfect_passive, "a")
    return _finished(
        form, (Stems(joined(first, "a"), sound.perfect.short), Stems(present_stem, sound.imperfect.short),
               Stems(joined(passive, "i"), sound.perfect_passive.short),
               Stems(joined(imperfect_passive, "a"), sound.imperfect_passive.short)), sound.masdars,
        active, passive_noun,
    )  # fmt: skip


def _defective(form: str, c: tuple[str, ...], vowels: str) -> Conjugation:
    first, imperfect, passive, imperfect_passive, noun = _frames(form, c)
    double = "~" if form in ("II", "V") else ""
    b = c[1] + double
    past = "iya" if form == "I" and vowels[0] == "i" else "A" if form == "I" and c[2] == "w" else "aY"
    if form == "I":
        present = {"u": "uw", "i": "iy", "a": "aY"}[vowels[1]]
        if c[0] == "w" and present == "iy":
            imperfect = ""
    else:
        present = "aY" if form in ("V", "VI") else "iy"
    masdars = {
        "I": (), "II": (f"ta{c[0]}o{c[1]}iyap",), "III": (f"mu{c[0]}A{c[1]}Ap",), "V": (noun + b + "iy",),
        "VI": (noun + b + "iy",),
    }.get(form, (noun + b + "A'",))  # fmt: skip
    middle = b
    if c[:2] == ("r", "'") and form in ("I", "IV"):
        imperfect = imperfect_passive = "r"
        middle = ""
        first, passive = (first, passive) if form == "I" else ("'a", "'u")
        b = b if form == "I" else "r"
    active, passive_noun = f"mu{imperfect}{middle}iy", f"mu{imperfect}{middle}aY"
    if form == "I":
        active = f"{c[0]}A{b}iy"
        passive_noun = f"ma{c[0]}o{b}{'uw~' if c[2] == 'w' else 'iy~'}"
    return _finished(
        form, (Stems(first + b, first + b, past), Stems(imperfect + middle, imperfect + middle, present),
               Stems(passive + b, passive + b, "iya"),
               Stems(imperfect_passive + middle, imperfect_passive + middle, "aY")), masdars,
        active, passive_noun,
    )  # fmt: skip


def _quadriliteral(form: str, c: tuple[str, ...]) -> Conjugation:
    a, b, d, e = c
    t = "ta" if form == "QII" else ""
    tu = "tu" if form == "QII" else ""
    body = f"{a}a{b}o{d}"
    present = "a" if t else "i"
    return _finished(
        form, (_even(f"{t}{body}a{e}"), _even(f"{t}{body}{present}{e}"), _even(f"{tu}{a}u{b}o{d}i{e}"),
               _even(f"{t}{body}a{e}")),
        (f"ta{body}u{e}",) if t else (f"{body}a{e}ap",), f"mu{t}{body}i{e}", f"mu{t}{body}a{e}",
    )  # fmt: skip


def conjugation(root: str, form: str, vowels: str = "") -> Conjugation:
    """All stems of the verb of ``root`` in ``form`` (``I`` with its two vowels, ``II`` ... ``X``, ``QI``, ``QII``).

    >>> conjugation("qwl", "I", "au").lemma, conjugation("hjm", "III").lemma, conjugation("hdf", "X").lemma
    ('qAla', 'hAjama', '{isotahodafa')
    >>> conjugation("mdd", "IV").imperfect.long, conjugation("wfy", "V").masdars
    ('mid~', ('tawaf~iy',))
    """
    c = tuple(root)
    if len(c) == 4:
        return _quadriliteral(form, c)
    if c[2] in "wy":
        return _defective(form, c, vowels)
    hollow = c[1] in "wy" and form in ("I", "IV", "VII", "VIII", "X")
    if hollow and not (form == "I" and vowels in ("ia", "uu") and vowels[1] != "a" or form + "!" in vowels):
        return _hollow(form, c, vowels)
    if form == "IX":
        return _ninth(c)
    if c[1] == c[2] and form in ("I", "IV", "VII", "VIII", "X"):
        return _geminate(form, c, vowels)
    return _sound(form, c, vowels)


def _ninth(c: tuple[str, ...]) -> Conjugation:
    a, b, d = c
    return _finished(
        "IX", (Stems("{i" + f"{a}o{b}a{d}~", "{i" + f"{a}o{b}a{d}a{d}"), Stems(f"{a}o{b}a{d}~", f"{a}o{b}a{d}i{d}"),
               Stems("{u" + f"{a}o{b}u{d}~", "{u" + f"{a}o{b}u{d}i{d}"), Stems(f"{a}o{b}a{d}~", f"{a}o{b}a{d}a{d}")),
        ("{i" + f"{a}o{b}i{d}A{d}",), f"mu{a}o{b}a{d}~", f"mu{a}o{b}a{d}~",
    )  # fmt: skip


def perfect_forms(stems: Stems) -> Iterator[tuple[str, str, str]]:
    """Slot, stem in that slot, ending: their sum is the form."""
    weak = stems.weak
    for slot, ending in VOWEL_SLOTS.items():
        if weak in ("aY", "A"):
            final = {"P3md": ("ay" if weak == "aY" else "aw"), "P3mp": "a"}.get(slot, "")
            if slot == "P3ms":
                yield "P3ms", stems.long + weak, ""
                yield "P3ms+", stems.long + "A", ""
                continue
            yield slot, stems.long + final, "woA" if slot == "P3mp" else ending
        elif weak == "iya":
            yield slot, stems.long + ("" if slot == "P3mp" else "iy"), ending
        else:
            yield slot, stems.long, ending
        yield slot + "+", *_last(slot, stems)
    glide = {"aY": "ay", "A": "aw", "iya": "iy"}.get(weak, "")
    for slot, ending in CONSONANT_SLOTS.items():
        yield slot, stems.short + glide, ending
        yield slot + "+", stems.short + glide, ending


def _last(slot: str, stems: Stems) -> tuple[str, str]:
    """Stem and ending before an object suffix; the plural loses its silent alef."""
    ending = {"P3mp": "uw"}.get(slot, VOWEL_SLOTS[slot])
    if stems.weak in ("aY", "A"):
        glide = {"P3md": "ay" if stems.weak == "aY" else "aw", "P3mp": "a"}.get(slot, "")
        return stems.long + glide, "wo" if slot == "P3mp" else ending
    if stems.weak == "iya":
        return stems.long + ("" if slot == "P3mp" else "iy"), ending
    return stems.long, ending


def imperfect_forms(stems: Stems) -> Iterator[tuple[str, str, str]]:
    """Slot, stem without the person prefix, ending."""
    if stems.weak:
        yield from _weak_imperfect(stems)
        return
    if bare(stems.long) == bare(stems.short):
        yield from (("I0x", stems.long, "u"), ("I0x+", stems.long, "u"))
    else:
        yield from (("I0i", stems.long, "u"), ("I0i+", stems.long, "u"))
        yield from (("I0j", stems.short, ""), ("I0j+", stems.short, ""))
    for slot, ending in LONG_SLOTS.items():
        yield slot, stems.long, ending
        yield slot + "+", stems.long, "uw" if slot == "Iuu" else ending
    yield from (("Ina", stems.short, "na"), ("Ina+", stems.short, "na"))


def _weak_imperfect(stems: Stems) -> Iterator[tuple[str, str, str]]:
    base, weak = stems.long, stems.weak
    plural, glide = ("a", "ay") if weak == "aY" else ("", weak)
    yield "I0i", base + weak, ""
    yield "I0i+", base + ("A" if weak == "aY" else weak), ""
    yield from (("I0j", base + weak[0], ""), ("I0j+", base + weak[0], ""))
    for slot, ending in LONG_SLOTS.items():
        if slot in ("Iuna", "Iuu"):
            stem, ending = base + plural, "wo" + ending[2:] if weak == "aY" else ending
        elif slot in ("Iina", "Iii"):
            stem, ending = base + plural, "yo" + ending[2:] if weak == "aY" else ending
        else:
            stem = base + glide
        yield slot, stem, ending
        yield slot + "+", stem, ending[:-1] if slot == "Iuu" else ending
    yield from (("Ina", base + glide, "na"), ("Ina+", base + glide, "na"))


def spelt(prefix: str, stem: str, ending: str) -> str:
    """A form with its hamzas seated.

    >>> spelt("ya", "'okul", "u"), spelt("", "bada'", "uwA")
    ('ya>okulu', 'bada&uwA')
    """
    return seated(prefix + stem + ending)
