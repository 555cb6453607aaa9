"""Rows of ``ontology/lexicon`` as a machine proposes them; a reviewer fills in what stands as ``?``."""

from __future__ import annotations

import re

from kg.language.romanise import romanise


def slug(name: str) -> str:
    """An ASCII id for a row.

    >>> slug("Sa'd al-Husayn")
    'sa-d-al-husayn'
    """
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") or "x"


def name_row(kind: str, form: str, gloss: str) -> str:
    """A row of names; gloss and source wait for the reviewer."""
    english = romanise(form)
    return "\t".join((slug(english), kind, english, english.lower(), gloss, "", "", "", "?", form))


def trigger_row(kind: str, pos: str, lemma: str, gloss: str) -> str:
    """A row of ``triggers.tsv``."""
    word = romanise(lemma)
    return "\t".join((slug(f"{kind}-{pos[:1]}-{word}"), kind, pos, word.lower(), gloss, lemma))
