"""Tokens and sentences with exact offsets into the untouched text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.datamodel import Reading, Sentence, Span, Token, TokenKind
from kg.language.arabic import ALEF, COMMA, FULL_STOP, HEH, QUESTION, SEMICOLON, TEH_MARBUTA, WAW, YEH, FoldedText
from kg.language.disambiguate import disambiguate
from kg.language.morphology import Morphology

_WORD = "\u0621-\u063a\u0641-\u064a\u0671-\u06d3"
_TOKEN = re.compile(
    rf"""
    (?P<url>(?:https?://|www\.)[^\s\u00ab\u00bb"{COMMA}]{{1,2000}}|[\w.+-]{{1,64}}@[\w-]{{1,64}}\.[\w.-]{{1,64}})
  | (?P<mixed>(?:[A-Za-z]{{1,20}}|[{_WORD}]{{2,20}})(?:-\d{{1,4}})+(?![\d{_WORD}]))
  | (?P<number>\d+(?:[.,:/-]\d+)*%?)
  | (?P<word>[{_WORD}]+)
  | (?P<latin>[^\W\d_{_WORD}][\w'\u2019.&-]*\w|[^\W\d_{_WORD}])
  | (?P<dots>\.{{2,}}|\u2026)
  | (?P<punct>[^\w\s])
    """,
    re.VERBOSE,
)
_ENDS = frozenset([".", "!", "?", QUESTION, FULL_STOP, "\u3002"])
_QUOTES = frozenset('"\u00ab\u00bb\u201c\u201d\u201e\u2018\u2019\u2039\u203a')
_CLOSERS = frozenset('")]\u00bb\u201d\u2019\u203a')
_ABBREVIATION_LENGTH = 1
_MAXIMUM_SENTENCE = 400
"""Tokens after which a run-on sentence is cut at the next comma: keeps every later step linear."""
_SOFT = frozenset([COMMA, SEMICOLON, ",", ";", ":", "-", "\u2013"])
_PUNCT = Reading(lemma="", pos="PUNCT", known=True)
_NUMBER = Reading(lemma="", pos="NUM", known=True)
_LATIN = Reading(lemma="", pos="X")


@dataclass(frozen=True, slots=True)
class RawToken:
    """A token before morphology: folded offsets, folded form, kind."""

    start: int
    end: int
    norm: str
    kind: TokenKind


def raw_tokens(folded: str) -> list[RawToken]:
    """Split folded text; every character that is not white space belongs to exactly one token or is a mark."""
    found = []
    for match in _TOKEN.finditer(folded):
        group = match.lastgroup or "punct"
        kind: TokenKind = "word"
        if group in ("url", "number", "latin"):
            kind = group  # type: ignore[assignment]
        elif group == "mixed":
            kind = "latin"
        elif group in ("punct", "dots"):
            kind = "punct"
        found.append(RawToken(match.start(), match.end(), match.group(), kind))
    return found


def sentence_ranges(folded: str, tokens: Sequence[RawToken]) -> Iterator[tuple[int, int]]:
    """Yield half-open token ranges. A line break always ends a sentence; a stop ends it when white space follows."""
    start = 0
    for index in range(len(tokens)):
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if after is None or _breaks(folded, tokens, index, start):
            if index + 1 > start:
                yield start, index + 1
            start = index + 1


def _breaks(folded: str, tokens: Sequence[RawToken], index: int, start: int) -> bool:
    token, after = tokens[index], tokens[index + 1]
    gap = folded[token.end : after.start]
    if "\n" in gap or "\r" in gap:
        return True
    if index - start >= _MAXIMUM_SENTENCE and (token.norm in _SOFT or index - start >= 2 * _MAXIMUM_SENTENCE):
        return True
    if token.norm in _ENDS:
        if after.norm in _ENDS or after.norm in _CLOSERS and not gap:
            return False
        before = tokens[index - 1] if index > start else None
        if token.norm == "." and before is not None and len(before.norm) <= _ABBREVIATION_LENGTH and not gap:
            return False
        return bool(gap) or after.norm in _QUOTES
    if token.norm in _CLOSERS and index > start and tokens[index - 1].norm in _ENDS:
        return bool(gap) and after.kind != "punct" and not _continues(tokens, index)
    return False


def _continues(tokens: Sequence[RawToken], index: int) -> bool:
    return tokens[index + 1].norm in _SOFT


def segment(folded: FoldedText, morphology: Morphology) -> tuple[tuple[Sentence, ...], tuple[Token, ...]]:
    """Tokens with readings in context, and sentences."""
    raws = raw_tokens(folded.folded)
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    for first, last in sentence_ranges(folded.folded, raws):
        words = _reported([(raw.norm, _spelled(folded, raw, morphology)) for raw in raws[first:last]])
        readings = _indicative(words, disambiguate(words))
        readings = _with_verb(words, _with_predicates(words, _with_masdars(words, readings)))
        index = len(sentences)
        for raw, reading in zip(raws[first:last], readings, strict=True):
            span = folded.back(raw.start, raw.end)
            core = span if not reading.core else folded.back(raw.start + reading.core, raw.end)
            tokens.append(Token(span=span, norm=raw.norm, kind=raw.kind, reading=reading, core=core, sentence=index))
        span = Span(tokens[first].span.start, tokens[last - 1].span.end)
        sentences.append(
            Sentence(
                span=span,
                index=index,
                first_token=first,
                last_token=last,
                question=any(token.norm in (QUESTION, "?") for token in tokens[max(first, last - 3) : last]),
            )
        )
    return tuple(sentences), tuple(tokens)


def _spelled(folded: FoldedText, raw: RawToken, morphology: Morphology) -> tuple[Reading, ...]:
    """The readings that the original letters allow: a ta marbuta, folded to ha, is no pronoun."""
    readings = _candidates(raw, morphology)
    if raw.kind != "word" or not raw.norm.endswith(HEH):
        return readings
    last = folded.original[folded.back(raw.end - 1, raw.end).start]
    if last != TEH_MARBUTA:
        return readings
    return tuple(r for r in readings if r.enclitic != "3ms") or readings


def _reported(words: list[tuple[str, tuple[Reading, ...]]]) -> list[tuple[str, tuple[Reading, ...]]]:
    """Outside quotations news speaks in the third person: drop "I" and "you" where "he" or "she" is possible."""
    quoted = False
    found = []
    for norm, readings in words:
        if norm in _QUOTES:
            quoted = not quoted
        third = tuple(r for r in readings if r.person not in ("1", "2")) if not quoted else readings
        verbs = any(r.pos == "VERB" for r in third)
        found.append((norm, third if verbs else readings))
    return found


def _with_verb(words: Sequence[tuple[str, tuple[Reading, ...]]], readings: list[Reading]) -> list[Reading]:
    """A full sentence without a verb whose first word may be one has it there: "tahalafa", not "alliance"."""
    if len(words) < 4 or words[-1][0] != "." or any(reading.pos in ("VERB", "AUX") for reading in readings):
        return readings
    first = readings[0]
    verb = next((r for r in words[0][1] if r.pos == "VERB" and r.aspect == "p" and r.person == "3"), None)
    if verb is None or first.pos != "NOUN" or first.definite:
        return readings
    return [verb, *readings[1:]]


def _indicative(words: Sequence[tuple[str, tuple[Reading, ...]]], readings: list[Reading]) -> list[Reading]:
    """A hollow verb loses its long vowel only after "lam", "la" and the like: "yasta'idd" prepares, "lam yasta'id"
    did not recapture.
    """
    found = list(readings)
    for place, reading in enumerate(readings):
        if reading.pos != "VERB" or reading.aspect != "i" or reading.number != "s" or reading.lemma[-2:-1] != ALEF:
            continue
        governed = place and readings[place - 1].pos in ("PART", "SCONJ") or "li" in reading.proclitics
        if reading.enclitic or governed or words[place][0][-2:-1] in _LONG:
            continue
        other = (r for r in words[place][1] if r.pos == "VERB" and r.aspect == "i" and r.lemma[-2:-1] != ALEF)
        found[place] = next(other, reading)
    return found


_LONG = frozenset((ALEF, WAW, YEH))


def _with_masdars(words: Sequence[tuple[str, tuple[Reading, ...]]], readings: list[Reading]) -> list[Reading]:
    """A verb and its definite subject have a noun for their object: "announced Israel *the launching of* raids", not
    "launched".
    """
    found = list(readings)
    subject = 0
    for place, reading in enumerate(readings):
        if subject > 1 and _bare_perfect(reading):
            noun = next((r for r in words[place][1] if r.pos == "NOUN" and not r.proclitics and not r.enclitic), None)
            found[place] = noun or reading
        if reading.pos == "VERB":
            subject = 1 if found[place] is reading else 0
        elif subject == 1:
            definite = reading.pos == "PROPN" or "al" in reading.proclitics
            subject = 2 if definite and "li" not in reading.proclitics and "bi" not in reading.proclitics else 0
        elif subject:
            subject = subject if reading.pos in ("ADJ", "PROPN") and not reading.core else 0
    return found


def _with_predicates(words: Sequence[tuple[str, tuple[Reading, ...]]], readings: list[Reading]) -> list[Reading]:
    """A clause after "that" has a verb: "that the army *shelled*", not "the shelling", where no other verb is there."""
    found = list(readings)
    subject, candidate = 0, -1
    for place, reading in enumerate(readings):
        if reading.pos == "SCONJ" and words[place][0][-2:] == _THAT and not reading.enclitic:
            subject, candidate = 1, -1
        elif reading.pos in ("VERB", "AUX", "PUNCT", "SCONJ", "CCONJ", "PART"):
            subject = 0
        elif subject == 1:
            subject = 2 if reading.pos == "PROPN" or "al" in reading.proclitics else 0
        elif subject == 2 and reading.pos == "NOUN" and not reading.proclitics and not reading.enclitic:
            candidate, subject = place, 3
        elif subject == 2 and not (reading.pos in ("ADJ", "PROPN") and not reading.core):
            subject = 0
        if candidate == place and not _verb_before_stop(readings, place):
            verb = next((r for r in words[place][1] if r.pos == "VERB" and r.person == "3" and not r.enclitic), None)
            found[place] = verb or reading
    return found


def _verb_before_stop(readings: Sequence[Reading], place: int) -> bool:
    for reading in readings[place + 1 :]:
        if reading.pos in ("PUNCT", "SCONJ"):
            return False
        if reading.pos in ("VERB", "AUX"):
            return True
    return False


_THAT = "\u0627\u0646"
"""an, inna"""


def _bare_perfect(reading: Reading) -> bool:
    third = reading.person == "3" and reading.gender == "m" and reading.number == "s"
    return reading.pos == "VERB" and reading.aspect == "p" and third and not reading.proclitics and not reading.enclitic


def _candidates(raw: RawToken, morphology: Morphology) -> tuple[Reading, ...]:
    if raw.kind == "word":
        return morphology.readings(raw.norm)
    if raw.kind == "number":
        return (_NUMBER,)
    return (_PUNCT,) if raw.kind == "punct" else (_LATIN,)
