"""The words of the interface in both languages, and the look of types and modalities."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from kg.language.tables import read_table
from kg.resources import package_path
from kg.vocabulary import entity_types, event_types, label, predicates, roles

Language = Literal["ar", "en"]
STATIC: Final = package_path("view", "static")
_CONTROLS: Final = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]+"
)


@cache
def words() -> dict[str, dict[str, str]]:
    """Word id to its text by language.

    >>> words()["en"]["modality:negated"]
    'denied'
    """
    found = {"ar": _terms("ar"), "en": _terms("en")}
    for row in read_table(STATIC / "words.tsv", ("id", "en", "ar")):
        if row["id"] in found["en"]:
            raise row.error("this id stands twice", "id")
        for language, table in found.items():
            table[row["id"]] = row[language]
    return found


def _terms(language: Language) -> dict[str, str]:
    """The labels that the ontology gives to types, predicates, events and roles."""
    kinds = {"type": entity_types(), "predicate": predicates(), "event": event_types(), "role": roles()}
    return {f"{kind}:{name}": label(term, language) for kind, terms in kinds.items() for name, term in terms.items()}


def word(key: str, language: Language) -> str:
    """One word of the interface; the last part of the key where there is none.

    >>> word("type:City", "en"), word("type:Volcano", "en")
    ('city', 'Volcano')
    """
    return words()[language].get(key, key.rpartition(":")[2])


@cache
def style() -> dict[str, Any]:
    """Colours and shapes of types, line styles of modalities; the page and the figures share them."""
    loaded: dict[str, Any] = json.loads((STATIC / "style.json").read_text(encoding="utf-8"))
    return loaded


def clean_label(text: str, limit: int = 300) -> str:
    """A name fit to be drawn: no control that could turn its neighbours round, no line breaks, no flood.

    >>> clean_label("abc\\u202edef\\nghi")
    'abc def ghi'
    >>> len(clean_label("x" * 10_000))
    300
    """
    tidy = " ".join(_CONTROLS.sub(" ", text[: limit * 4]).split())
    return tidy if len(tidy) <= limit else tidy[: limit - 1] + "\N{HORIZONTAL ELLIPSIS}"


def web_address(value: object) -> str:
    """The address if it is of http or https, else nothing: ``javascript:`` in an article must not become a link.

    >>> web_address("https://example.org/1"), web_address("javascript:x"), web_address(None)
    ('https://example.org/1', '', '')
    """
    text = str(value or "")
    return text if text.startswith(("https://", "http://")) else ""


def static_text(*parts: str) -> str:
    """A file of ``static/`` as text."""
    return Path(STATIC, *parts).read_text(encoding="utf-8")
