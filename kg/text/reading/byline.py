"""Metadata that stands in the text itself: the byline above it, the publication line below it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.language.arabic import COMMA, QUESTION, fold
from kg.text.reading.dates import date_words, parse_date

_BYLINE = re.compile(r"\s*(?P<place>[^\W\d_]+(?: [^\W\d_]+){0,2})\s*/\s*(?P<name>[^\W\d_]+(?:[ .-]+[^\W\d_]+){0,4})\s*")
_DATELINE = re.compile(
    r"\s*(?P<place>[^\W\d_]+(?: [^\W\d_]+){0,2})\s*"
    r"(?:/\s*[^\W\d_]+(?: [^\W\d_]+){0,2}\s*/|\([^()\n]{2,40}\)|,? [^\W\d_]+ \([^()\n]{2,40}\))\s*[-:\u2013\u2014]?\s"
)
_WORD = re.compile(r"[^\W_]+")
_LOOK_ABOVE, _LOOK_BELOW, _LONGEST = 4, 4, 90
_TITLE_STOPS = (".", ":", COMMA, ",")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMetadata:
    """What the text says about itself; empty strings where it does not."""

    byline: str = ""
    dateline: str = ""
    published: str = ""
    title: str = ""


def metadata_in(text: str) -> TextMetadata:
    """Read byline, dateline, publication date and headline from the first and last lines.

    >>> metadata_in("Baghdad/ Layla Hasan\\nThe body of the article starts here.")
    TextMetadata(byline='Layla Hasan', dateline='Baghdad', published='', title='')
    """
    lines = [line for line in text.splitlines() if line.strip()]
    byline, dateline = _author(lines[:_LOOK_ABOVE])
    return TextMetadata(
        byline=byline, dateline=dateline, published=_published(lines), title=_headline(lines) if not byline else ""
    )


def _author(lines: list[str]) -> tuple[str, str]:
    for line in lines:
        if len(line) <= _LONGEST and (found := _BYLINE.fullmatch(line)):
            return found["name"].strip(), found["place"].strip()
    for line in lines:
        if len(line) > _LONGEST and (found := _DATELINE.match(line)):
            return "", found["place"].strip()
    return "", ""


def _published(lines: list[str]) -> str:
    for line in [*reversed(lines[-_LOOK_BELOW:]), *lines[:_LOOK_ABOVE]]:
        if len(line) <= _LONGEST and _is_date_line(line) and (found := parse_date(line)):
            return found
    return ""


def _is_date_line(line: str) -> bool:
    """A cue such as "published on" opens the line, or nothing but a date stands in it."""
    words = date_words()
    folded = fold(line).strip().lower()
    if folded.startswith((*words.cues, "published", "updated", "date:")):
        return True
    return all(word in words.known or word.isdecimal() for word in _WORD.findall(folded))


def _headline(lines: list[str]) -> str:
    """The first line, where it is short, unstopped and followed by a longer one."""
    if len(lines) < 2:
        return ""
    first = lines[0].strip()
    if len(first) > 160 or first.endswith(_TITLE_STOPS) or len(lines[1]) <= len(first):
        return ""
    return "" if first.endswith(QUESTION) and len(lines[1]) < 160 else first
