"""The analysis of one sentence composed: phrases, coordination, clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.datamodel import Mention, Sentence, TimeExpression, Token
from kg.language.clauses import find_clauses
from kg.language.descriptions import Descriptions
from kg.language.lexicon import Lexicon
from kg.language.phrases import PhraseReader, coordinate
from kg.language.syntax import Parse


def parse(
    sentence: Sentence,
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    ranges: Mapping[int, tuple[int, int]],
    times: Sequence[TimeExpression],
    lexicon: Lexicon,
    descriptions: Descriptions,
) -> Parse:
    """Analyse one sentence; all but the first argument are the document's, ``ranges`` the mentions' token ranges."""
    reader = PhraseReader(sentence, tokens, mentions, ranges, times, lexicon)
    items = reader.read()
    coordinate(items)
    clauses = find_clauses(items, tokens)
    return Parse(
        sentence=sentence,
        items=items,
        clauses=clauses,
        tokens=tokens,
        mentions=mentions,
        ranges=ranges,
        lexicon=lexicon,
        descriptions=descriptions,
    )
