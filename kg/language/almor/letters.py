"""Buckwalter transliteration, which the grammar is written in, and the seats of hamza.

Arabic letters lie in Unicode in the order of the Buckwalter table, so the table is two ranges.
"""

from __future__ import annotations

import re

from kg.language.arabic import fold

_LETTERS = "'|>&<}AbptvjHxd*rzs$SDTZEg"
_TAIL = "_fqklmnhwYyFNKaui~o"
_TO_ARABIC = {ord(c): chr(0x0621 + i) for i, c in enumerate(_LETTERS)}
_TO_ARABIC |= {ord(c): chr(0x0640 + i) for i, c in enumerate(_TAIL)}
_TO_ARABIC |= {ord("`"): chr(0x0670), ord("{"): chr(0x0671)}
_FROM_ARABIC = {ord(v): chr(k) for k, v in _TO_ARABIC.items()}
_MARKS = re.compile("[FNKaui~o`]")
_FOLDED = str.maketrans({"|": "A", ">": "A", "<": "A", "{": "A", "Y": "y", "}": "y", "&": "w", "p": "h"})
_ROMAN = {
    "'": "'", "|": "'a", ">": "'", "&": "'", "<": "'", "}": "'", "A": "a", "b": "b", "p": "a", "t": "t", "v": "th",
    "j": "j", "H": "h", "x": "kh", "d": "d", "*": "dh", "r": "r", "z": "z", "s": "s", "$": "sh", "S": "s", "D": "d",
    "T": "t", "Z": "z", "E": "'", "g": "gh", "f": "f", "q": "q", "k": "k", "l": "l", "m": "m", "n": "n", "h": "h",
    "w": "w", "Y": "a", "y": "y", "F": "an", "N": "un", "K": "in", "a": "a", "u": "u", "i": "i", "`": "a", "{": "",
    "o": "", "_": "",
}  # fmt: skip


def arabic(text: str) -> str:
    """Arabic script for a transliterated word.

    >>> arabic("wzyr") == "\\u0648\\u0632\\u064a\\u0631"
    True
    """
    return text.translate(_TO_ARABIC)


def transliterated(text: str) -> str:
    """The Buckwalter form of Arabic script; other characters stay."""
    return text.translate(_FROM_ARABIC)


def bare(text: str) -> str:
    """Without vowel marks and in the folded alphabet, still transliterated.

    >>> bare("mas&uwlap")
    'mswwlh'
    """
    return _MARKS.sub("", text).translate(_FOLDED)


def key(text: str) -> str:
    """The folded Arabic form that the database is keyed on."""
    return fold(arabic(_MARKS.sub("", text)))


def romanised(text: str) -> str:
    """ALA-LC without diacritics.

    >>> romanised("muHam~ad"), romanised("siyAsiy~ap"), romanised("waziyr")
    ('muhammad', 'siyasiyya', 'wazir')
    """
    pieces: list[str] = []
    for index, char in enumerate(text):
        before = text[index - 1] if index else ""
        if char == "~":
            pieces.append(_ROMAN.get(before, ""))
        elif (char == "y" and before == "i" or char == "w" and before == "u") and text[index + 1 : index + 2] != "~":
            following = text[index + 1 : index + 2]
            pieces.append(char if following in ("a", "i", "u", "A") else "")
        elif (char == "A" and before in ("a", "F")) or (char == "p" and before == "a"):
            continue
        else:
            pieces.append(_ROMAN.get(char, ""))
    return "".join(pieces)


def _neighbour(text: str, index: int) -> str:
    """What follows a hamza: ``a i u`` short, ``A`` long, empty at the end or before a sukun."""
    rest = text[index + 1 :].lstrip("~")
    if not rest or rest in ("a", "i", "u", "o"):
        return "end" if rest != "o" or len(text) == index + 2 else ""
    return rest[0] if rest[0] in "aiuA" else ""


def _seat_at(text: str, index: int) -> str:
    following = _neighbour(text, index)
    if index == 0:
        return "<" if following == "i" or text[1:2] == "i" else ">"
    before = text[index - 1]
    long = before == "A" or text[index - 2 : index] in ("uw", "iy", "ay", "aw")
    long = long or (before == "o" and text[index - 2 : index - 1] in ("y", "w"))
    glide = "" if before == "A" else text[index - 2] if before == "o" else before
    if following == "end":
        return "'" if long or before == "o" else {"a": ">", "u": "&", "i": "}"}.get(before, "'")
    if long and glide == "y":
        return "}"
    if before == "i" or following == "i" or text[index + 1 : index + 2] == "i":
        return "}"
    if long:
        return "&" if following == "u" and before == "A" else "'"
    if before == "u" or following == "u":
        return "&"
    return ">"


def seated(text: str) -> str:
    """Put each hamza (``'``) on its seat; two alefs become a madda.

    >>> [seated(w) for w in ("'akala", "'i'mAn", "sa'ala", "su'ila", "ra'iys", "mas'uwl", "yabda'u", "jA'a")]
    ['>akala', '<iymAn', 'sa>ala', 'su}ila', 'ra}iys', 'mas&uwl', 'yabda>u', "jA'a"]
    """
    text = re.sub("^'a'o?(?=[^aiuAo~])", "|", text)
    text = re.sub("^'i'o?(?=[^aiuAo~])", "<iy", text)
    text = re.sub("^'u'o?(?=[^aiuAo~])", ">uw", text)
    chars = list(text)
    for index, char in enumerate(text):
        if char == "'":
            chars[index] = _seat_at(text, index)
    return re.sub(">a?A", "|", "".join(chars))


def unseated(text: str) -> str:
    """The inverse for the last letter, where an ending may move the seat."""
    return text[:-1] + "'" if text and text[-1] in ">&}" else text
