"""Names between the scripts: a press spelling for labels, keys both scripts share, and a ranked search.

The weights of ``lexicon/romanisation.tsv`` say how often a letter is written in which way.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import islice, product

from rapidfuzz import fuzz, process

from kg.language.arabic import ALEF, ARABIC_LETTER, BEH, DEFINITE, HEH, NOON, WAW, YEH, fold, strip_diacritics
from kg.language.tables import read_table
from kg.language.wordclass import COLUMNS
from kg.resources import ontology_path

_LONGEST_CHUNK = 4
_UNSEEN = 8.0
_UNSEEN_LETTER = 2.5
_PART_COST = 1.5
"""What a name pays when only one of its words matches the whole query."""
LIKELY = 16.0
"""What 19 in 20 right answers cost at the most, and 4 in 5 of the names that only come nearest cost more."""
_CANDIDATES = 60
_MOST_KEYS = 16
_LATIN_ARTICLE = re.compile(r"\b(?:al|el|ul|il)[\s'-]+|\b(?:a[dnrstz]|ash|es|er|en|ed|et)-")
_LATIN_LINK = re.compile(r"\b(?:ibn|bin|ben|bint)\s+")
_LATIN_SERVANT = re.compile(r"\babd[aeiou]?(?:l[\s'-]*|([rsntdz])[\s'-]*(?=\1))")
_SERVANT = fold("\N{ARABIC LETTER AIN}\N{ARABIC LETTER BEH}\N{ARABIC LETTER DAL}")
_LINKS = frozenset({BEH + NOON, ALEF + BEH + NOON})
_SHORTEST_WITH_ARTICLE = 4
_LATIN_CODES = (
    *(("tsch", "C"), ("sch", "C"), ("tch", "C"), ("sh", "C"), ("ch", "C"), ("kh", "x"), ("gh", "k"), ("ph", "f")),
    *(("th", "T"), ("dh", "D"), ("dj", "j"), ("ck", "k"), ("qu", "k"), ("ce", "s"), ("ci", "s"), ("x", "x")),
    *(("c", "k"), ("q", "k"), ("g", "G"), ("p", "b"), ("v", "f")),
)
_LATIN_VARIANTS = {"T": "ts", "D": "dz", "G": "kj"}
_LATIN_SOUNDS = str.maketrans({"T": "t", "D": "d", "G": "j", "e": "i", "y": "i", "o": "u", "w": "u"})
_DOUBLE = re.compile(r"(.)\1+")


@cache
def _rows() -> tuple[tuple[str, str, float, str], ...]:
    """(class, Latin, value, Arabic) of the table."""
    rows = read_table(ontology_path("lexicon", "romanisation.tsv"), COLUMNS)
    return tuple(
        (row["class"], row["romanisation"] if row["romanisation"] != "-" else "", float(row["value"]), form)
        for row in rows
        for form in row.many("forms_ar")
    )


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    """Letter -> Latin chunk -> cost."""
    weights: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for kind, latin, value, letter in _rows():
        if kind == "weight":
            weights[letter][latin] = value
    return weights


@cache
def _codes(kind: str) -> Mapping[str, str]:
    """Folded letter or name -> its code of one class."""
    return {fold(form): latin for row_kind, latin, _, form in _rows() if row_kind == kind}


def _is_arabic(name: str) -> bool:
    return ARABIC_LETTER.search(name) is not None


def _latin_forms(name: str) -> tuple[str, ...]:
    """The letters of a Latin name as written, and without article, "ibn" and the link of "Abd al-"."""
    plain = "".join(c for c in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(c))
    plain = re.sub(r"[^a-z\s-]", "", plain.replace("_", " ")).strip()
    bare = _LATIN_LINK.sub("", _LATIN_ARTICLE.sub("", _LATIN_SERVANT.sub("abd ", plain)))
    forms = (re.sub(r"[^a-z]", "", form) for form in (plain, bare))
    return tuple(dict.fromkeys(form for form in forms if form))


def _arabic_words(name: str) -> list[str]:
    spaced = re.sub(rf"{_SERVANT}\s?{DEFINITE}(?=\w)", f"{_SERVANT} ", fold(strip_diacritics(name)))
    return ["".join(ARABIC_LETTER.findall(word)) for word in re.split(r"[\s-]+", spaced) if ARABIC_LETTER.search(word)]


def _arabic_forms(name: str) -> tuple[str, ...]:
    """The folded letters of an Arabic name as written, and without article and "ibn"."""
    words = _arabic_words(name)
    bare = [_bare(word) for word in words if word not in _LINKS or len(words) == 1]
    return tuple(dict.fromkeys(form for form in ("".join(words), "".join(bare)) if form))


def _bare(word: str) -> str:
    return word[len(DEFINITE) :] if word.startswith(DEFINITE) and len(word) > _SHORTEST_WITH_ARTICLE else word


def _latin_code(letters: str) -> str:
    code = letters
    for chunk, short in _LATIN_CODES:
        code = code.replace(chunk, short)
    return _DOUBLE.sub(r"\1", code)


def _latin_keys(letters: str) -> Iterable[str]:
    code = _latin_code(letters).removesuffix("h") if letters.endswith(("ah", "eh")) else _latin_code(letters)
    consonants = re.sub("[aeiouwy]", "", code)
    choices = [_LATIN_VARIANTS.get(char, char) for char in consonants]
    return _spelled(choices)


def _spelled(choices: list[str]) -> Iterable[str]:
    """All ways to choose one character at each place, at most ``_MOST_KEYS``."""
    return ("".join(letters) for letters in islice(product(*choices), _MOST_KEYS))


def _arabic_keys(letters: str) -> Iterable[str]:
    codes = _codes("key")
    body = letters[:-1] if len(letters) > 1 and letters.endswith(HEH) else letters
    return _spelled([code for letter in _DOUBLE.sub(r"\1", body) if (code := codes.get(letter, ""))])


def search_keys(name: str) -> frozenset[str]:
    """Consonant keys; two spellings of one name, in either script, share a key.

    >>> search_keys("Qassem") & search_keys("Kasim") == search_keys("Qasim")
    True
    """
    if _is_arabic(name):
        keys = (key for form in _arabic_forms(name) for key in _arabic_keys(form))
    else:
        keys = (key for form in _latin_forms(name) for key in _latin_keys(form))
    return frozenset(key for key in keys if key)


def spelling_cost(arabic: str, latin: str) -> float:
    """How unlikely it is (-ln p) that folded Arabic letters are written as these Latin letters."""
    weights = _weights()
    width = len(latin)
    far = float("inf")
    row = [0.0] + [far] * width
    for letter in arabic:
        costs = weights.get(letter, {})
        after = [far] * (width + 1)
        for start, cost in enumerate(row):
            if cost == far:
                continue
            for end in range(start, min(start + _LONGEST_CHUNK, width) + 1):
                chunk = latin[start:end]
                step = cost + costs.get(chunk, _UNSEEN + _UNSEEN_LETTER * len(chunk))
                after[end] = min(after[end], step)
        row = after
    return row[width]


class NameIndex:
    """Arabic names, found by an English spelling or an Arabic one."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names: tuple[str, ...] = tuple(dict.fromkeys(names))
        self._units: list[tuple[str, int, float]] = []
        for index, name in enumerate(self.names):
            forms = dict.fromkeys(_arabic_forms(name), 0.0)
            words = _arabic_words(name)
            if len(words) > 1:
                forms |= {_bare(w): _PART_COST for w in words if w not in _LINKS and _bare(w) not in forms}
            self._units += [(form, index, cost) for form, cost in forms.items()]
        self._keys = [next(iter(_arabic_keys(form)), "") for form, _, _ in self._units]
        self._sounds = [_arabic_sound(form) for form, _, _ in self._units]

    def search(self, query: str, limit: int = 5, worst: float = math.inf) -> tuple[str, ...]:
        """The names most likely meant, best first; none that costs more than ``worst``."""
        if _is_arabic(query):
            ranked = self._rank(_arabic_forms(query), arabic=True)
        else:
            ranked = self._rank(_latin_forms(query), arabic=False)
        return tuple(self.names[index] for cost, index in ranked[:limit] if cost <= worst)

    def _rank(self, forms: tuple[str, ...], *, arabic: bool) -> list[tuple[float, int]]:
        best: dict[int, float] = {}
        for form in forms:
            key = next(iter(_arabic_keys(form) if arabic else _latin_keys(form)), "")
            sound = _arabic_sound(form) if arabic else _latin_sound(form)
            for place in self._near(key, sound):
                letters, index, extra = self._units[place]
                cost = extra + (_arabic_cost(letters, form) if arabic else spelling_cost(letters, form))
                best[index] = min(cost, best.get(index, cost))
        return sorted((cost, index) for index, cost in best.items())

    def _near(self, key: str, sound: str) -> set[int]:
        by_key = process.extract(key, self._keys, scorer=fuzz.ratio, limit=_CANDIDATES)
        by_sound = process.extract(sound, self._sounds, scorer=fuzz.ratio, limit=_CANDIDATES)
        return {place for _, _, place in by_key} | {place for _, _, place in by_sound}


def _arabic_cost(letters: str, query: str) -> float:
    return 100.0 - fuzz.ratio(letters, query)


def _arabic_sound(letters: str) -> str:
    codes = _codes("sound")
    return "".join([codes.get(letter, "") for letter in letters])


def _latin_sound(letters: str) -> str:
    return _DOUBLE.sub(r"\1", _latin_code(letters).translate(_LATIN_SOUNDS))


def romanise(name_ar: str) -> str:
    """The common press spelling; short vowels of names the table does not list are guessed as "a".

    >>> romanise("")
    ''
    """
    words = re.split(r"[\s_]+", strip_diacritics(name_ar).strip())
    spelled = [_roman_word(word, first=index == 0) for index, word in enumerate(words) if word]
    return re.sub(r"\bAbdul al-", "Abdul ", " ".join(spelled))


def _roman_word(word: str, *, first: bool) -> str:
    if not _is_arabic(word):
        return word
    known = _codes("name")
    folded = fold(word)
    article = folded.startswith(DEFINITE) and len(folded) > _SHORTEST_WITH_ARTICLE
    bare = folded.removeprefix(DEFINITE) if article else folded
    spelled = known.get(folded) or known.get(bare) or _spell(bare).capitalize()
    if not article:
        return spelled
    return f"Al-{spelled}" if first else f"al-{spelled}"


def _spell(letters: str) -> str:
    """Consonants and the long vowels that are written, with short vowels guessed: CaCCaC, and CaCiC after a long a."""
    codes = _codes("letter")
    spelled = ""
    shape = ""
    for place, letter in enumerate(letters):
        last = place == len(letters) - 1
        if letter == ALEF or (letter in (WAW, YEH) and shape.endswith("C")):
            vowel = _glide(letters, place) if letter != ALEF else "a"
            spelled, shape = spelled + vowel, shape + ("VC" if vowel[-1] in "wy" else "V")
        elif letter == HEH and last and shape.endswith("C"):
            spelled, shape = spelled + "a", shape + "V"
        else:
            if shape.endswith("C") and (last or not shape.endswith("VC")):
                spelled, shape = spelled + ("i" if letters[place - 2 : place - 1] == ALEF else "a"), shape + "V"
            spelled, shape = spelled + codes.get(letter, ""), shape + "C"
    return spelled


def _glide(letters: str, place: int) -> str:
    """Waw or ya after a consonant: a long vowel, or a consonant before a long one."""
    following = letters[place + 1] if place + 1 < len(letters) else ""
    if following == ALEF:
        return "aw" if letters[place] == WAW else "iy"
    return "u" if letters[place] == WAW else "i"
