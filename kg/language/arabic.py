"""Arabic characters: folding that keeps its way back, digits, classes, romanisation.

The only module that names Arabic characters. ``fold`` maps a text to the form that lexicon and rules are
matched on; ``FoldedText`` carries the offsets back, so that nothing else ever computes an offset.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass

from kg.datamodel import Span

ALEF = "\N{ARABIC LETTER ALEF}"
LAM = "\N{ARABIC LETTER LAM}"
WAW = "\N{ARABIC LETTER WAW}"
FEH = "\N{ARABIC LETTER FEH}"
BEH = "\N{ARABIC LETTER BEH}"
KAF = "\N{ARABIC LETTER KAF}"
SEEN = "\N{ARABIC LETTER SEEN}"
YEH = "\N{ARABIC LETTER YEH}"
HEH = "\N{ARABIC LETTER HEH}"
TEH = "\N{ARABIC LETTER TEH}"
NOON = "\N{ARABIC LETTER NOON}"
MEEM = "\N{ARABIC LETTER MEEM}"
HAMZA = "\N{ARABIC LETTER HAMZA}"
TEH_MARBUTA = "\N{ARABIC LETTER TEH MARBUTA}"
ALEF_MAKSURA = "\N{ARABIC LETTER ALEF MAKSURA}"
TATWEEL = "\N{ARABIC TATWEEL}"
COMMA = "\N{ARABIC COMMA}"
SEMICOLON = "\N{ARABIC SEMICOLON}"
QUESTION = "\N{ARABIC QUESTION MARK}"
FULL_STOP = "\N{ARABIC FULL STOP}"
FIRST_STRONG_ISOLATE = "\N{FIRST STRONG ISOLATE}"
POP_ISOLATE = "\N{POP DIRECTIONAL ISOLATE}"
DEFINITE = ALEF + LAM

_FOLDED = {
    "\N{ARABIC LETTER ALEF WITH HAMZA ABOVE}": ALEF,
    "\N{ARABIC LETTER ALEF WITH HAMZA BELOW}": ALEF,
    "\N{ARABIC LETTER ALEF WITH MADDA ABOVE}": ALEF,
    "\N{ARABIC LETTER ALEF WASLA}": ALEF,
    "\N{ARABIC LETTER HIGH HAMZA ALEF}": ALEF,
    ALEF_MAKSURA: YEH,
    "\N{ARABIC LETTER FARSI YEH}": YEH,
    "\N{ARABIC LETTER YEH BARREE}": YEH,
    "\N{ARABIC LETTER YEH WITH HAMZA ABOVE}": YEH,
    "\N{ARABIC LETTER WAW WITH HAMZA ABOVE}": WAW,
    TEH_MARBUTA: HEH,
    "\N{ARABIC LETTER HEH GOAL}": HEH,
    "\N{ARABIC LETTER AE}": HEH,
    "\N{ARABIC LETTER TEH MARBUTA GOAL}": HEH,
    "\N{ARABIC LETTER HEH DOACHASHMEE}": HEH,
    "\N{ARABIC LETTER KEHEH}": KAF,
    "\N{ARABIC LETTER SWASH KAF}": KAF,
    "\N{ARABIC LETTER GAF}": KAF,
    "\N{ARABIC LETTER PEH}": BEH,
    "\N{ARABIC LETTER TCHEH}": "\N{ARABIC LETTER JEEM}",
    "\N{ARABIC LETTER VEH}": FEH,
    "\N{ARABIC LETTER JEH}": "\N{ARABIC LETTER ZAIN}",
    "\N{NO-BREAK SPACE}": " ",
    "\t": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
    "_": " ",
}
_DIGITS = {
    ord(start) + i: str(i)
    for start in ("\N{ARABIC-INDIC DIGIT ZERO}", "\N{EXTENDED ARABIC-INDIC DIGIT ZERO}")
    for i in range(10)
}
_DIGITS[ord("\N{ARABIC DECIMAL SEPARATOR}")] = "."
_DIGITS[ord("\N{ARABIC THOUSANDS SEPARATOR}")] = ","
_DROPPED = frozenset(
    [TATWEEL, "\N{ARABIC LETTER SUPERSCRIPT ALEF}", "\N{ZERO WIDTH NO-BREAK SPACE}", "\N{SOFT HYPHEN}"]
    + [chr(c) for c in range(0x064B, 0x0660)]
    + [chr(c) for c in range(0x0610, 0x061B)]
    + [chr(c) for c in range(0x06D6, 0x06EE) if unicodedata.category(chr(c)) in ("Mn", "Cf")]
    + [chr(c) for c in range(0x200B, 0x2010)]
    + [chr(c) for c in range(0x202A, 0x202F)]
    + [chr(c) for c in range(0x2066, 0x206A)]
    + [chr(0x061C)]
)
_MAPPED = tuple(_FOLDED.items()) + tuple((chr(code), digit) for code, digit in _DIGITS.items())
_NEEDS_WORK = re.compile(
    "[" + "".join(re.escape(c) for c in sorted(_DROPPED)) + "\N{ARABIC LIGATURE LAM WITH ALEF ISOLATED FORM}"
    "\ufb50-\ufdff\ufe70-\ufefe]"
)
_LETTERS = "\u0621-\u063a\u0641-\u064a\u0671-\u06d3"
ARABIC_LETTER = re.compile(f"[{_LETTERS}]")
"""One Arabic letter."""
DIACRITICS = re.compile("[\u064b-\u0652\u0670\u0640]")
"""Short vowels, shadda, sukun, dagger alef and tatweel."""


def fold(text: str) -> str:
    """The matching form: hamza seats, alef maksura, ta marbuta, Persian letters, digits; marks dropped.

    >>> fold("A\\u0623\\u0640\\u0649\\u0663") == "A\\u0627\\u064a3"
    True
    """
    if _NEEDS_WORK.search(text) is None:
        return _mapped(text)
    return FoldedText.of(text).folded


def _mapped(text: str) -> str:
    """Each character by its folded one: as ``str.translate``, many times faster."""
    for char, folded in _MAPPED:
        if char in text:
            text = text.replace(char, folded)
    return text


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A folded copy of a text with the offset of every character in the original.

    ``offsets`` is None where folding moved nothing, which is the common case.
    """

    original: str
    folded: str
    offsets: tuple[int, ...] | None

    @classmethod
    def of(cls, text: str) -> FoldedText:
        """Fold ``text``; linear in its length."""
        if _NEEDS_WORK.search(text) is None:
            return cls(text, _mapped(text), None)
        pieces: list[str] = []
        offsets: list[int] = []
        start = 0
        for match in _NEEDS_WORK.finditer(text):
            index, char = match.start(), match.group()
            pieces.append(text[start:index])
            offsets += range(start, index)
            start = index + 1
            if char not in _DROPPED:
                kept = [c for c in unicodedata.normalize("NFKC", char) if c not in _DROPPED]
                pieces += kept
                offsets += [index] * len(kept)
        pieces.append(text[start:])
        offsets += range(start, len(text))
        offsets.append(len(text))
        return cls(text, _mapped("".join(pieces)), tuple(offsets))

    def back(self, start: int, end: int) -> Span:
        """The span of the original that ``folded[start:end]`` stands for, marks on the last letter kept."""
        if self.offsets is None:
            return Span(start, end)
        first = self.offsets[start]
        if end <= start:
            return Span(first, first)
        last = self.offsets[end - 1] + 1
        while last < len(self.original) and self.original[last] in _DROPPED:
            last += 1
        return Span(first, max(first, last))

    def forth(self, offset: int) -> int:
        """The folded offset of the first kept character at or after ``offset``."""
        return offset if self.offsets is None else bisect_left(self.offsets, offset)


def name_key(name: str) -> str:
    """What two spellings of one name share: folded, no case, hyphens as spaces, no apostrophes, single spaces.

    >>> name_key("  Ain al-Asad ")
    'ain al asad'
    """
    return " ".join(fold(name).casefold().replace("-", " ").replace("'", "").split())


def strip_diacritics(text: str) -> str:
    """Without short vowels and tatweel."""
    return DIACRITICS.sub("", text)


def isolate(text: str) -> str:
    """Wrapped in bidi isolates, so that a name reads right inside a line of the other direction."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
