"""Bytes to text: encodings told apart by evidence, damage reported with its place."""

from __future__ import annotations

import codecs
import re

from kg.errors import UnreadableInput
from kg.language.arabic import ARABIC_LETTER

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})"""
    rb"""|<\?xml[^>]{0,80}?encoding=["']([A-Za-z0-9_.:-]{2,40})""",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_ARABIC_WORD = re.compile(f"(?:{ARABIC_LETTER.pattern}){{2,}}")
_ONE_BYTE = ("windows-1256", "iso-8859-6")
_OF_PAGES = frozenset(
    "ascii cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp720 cp864 cp866 cp874 mac-arabic mac-roman "
    "mac-cyrillic koi8-r koi8-u iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 "
    "iso8859-9 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 gb2312 gbk gb18030 big5 euc_jp euc_kr shift_jis "
    "iso2022_jp utf-16 utf-16-le utf-16-be".split()
)
"""What a page may name, much as browsers have it. Python knows more: unicode_escape, idna, rot13, utf_7, undefined."""


def decode(data: bytes, source: str, *, encoding: str | None = None, html: bool = False) -> str:
    r"""Return the text of ``data``; line ends become ``\n`` and nothing else changes.

    >>> decode(b"\xc7\xe1\xda\xd1\xc7\xde", "windows-1256.txt").encode("ascii", "namereplace")[:22]
    b'\\N{ARABIC LETTER ALEF}'
    """
    if encoding is None and html:
        encoding = _declared(data)
    text = _as(data, encoding, source) if encoding else _guess(data, source)
    if len(_CONTROL.findall(text)) > len(text) // 1000:
        raise UnreadableInput(f"{source}: a binary file, not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _declared(data: bytes) -> str | None:
    """The encoding a page names for itself, unless a byte order mark or valid UTF-8 says better."""
    if data.startswith(tuple(mark for mark, _ in _MARKS)) or _is_utf8(data):
        return None
    found = _DECLARED.search(data[:4096])
    name = (found[1] or found[2]).decode("ascii") if found else None
    if name is None or name.lower().replace("_", "-") in ("utf-8", "utf8"):
        return None
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return None
    return known if known in _OF_PAGES else None


def _as(data: bytes, encoding: str, source: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise UnreadableInput(f"{source}: no encoding is called {encoding!r}; try utf-8 or windows-1256") from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableInput(f"{source}: line {line}, byte {error.start}: not valid {encoding}") from None
    except UnicodeError:
        raise UnreadableInput(f"{source}: not valid {encoding}") from None


def _guess(data: bytes, source: str) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _as(data, name, source)
    if wide := _wide(data):
        return _as(data, wide, source)
    if _is_utf8(data):
        return data.decode("utf-8")
    if _mostly_utf8(data):
        return _as(data, "utf-8", source)
    best = max(_ONE_BYTE, key=lambda name: _arabic_share(data, name))
    if _arabic_share(data, best) < 0.6:
        return _as(data, "utf-8", source)
    return _as(data, best, source)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every second byte is NUL, or the Arabic block's 0x06."""
    sample = data[:4000]
    if len(sample) < 4:
        return None
    for name, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if sum(byte in (0, 6) for byte in high) > 0.9 * len(high) and 0 in high:
            return name
    return None


def _mostly_utf8(data: bytes) -> bool:
    """Damaged UTF-8 keeps nearly all its multi-byte characters; one-byte Arabic keeps almost none."""
    outside = sum(byte > 127 for byte in data)
    kept = sum(len(char.encode()) for char in data.decode("utf-8", "ignore") if char > "\x7f")
    return kept > 0.5 * outside


def _arabic_share(data: bytes, encoding: str) -> float:
    """How many of the characters beyond ASCII are Arabic letters that stand in words."""
    text = data[:20000].decode(encoding, "replace")
    beyond = sum(char > "\x7f" for char in text)
    return sum(len(word) for word in _ARABIC_WORD.findall(text)) / beyond if beyond else 0.0
