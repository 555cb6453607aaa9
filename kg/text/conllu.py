"""Tokens as CoNLL-U: clitics as syntactic words of a multiword token, offsets in MISC."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.datamodel import Document, Reading, Sentence, Span, Token
from kg.language.arabic import BEH, FEH, HEH, KAF, LAM, SEEN, WAW, FoldedText

_PROCLITICS = {
    "wa": (WAW, "CCONJ"),
    "fa": (FEH, "CCONJ"),
    "bi": (BEH, "ADP"),
    "li": (LAM, "ADP"),
    "ka": (KAF, "ADP"),
    "sa": (SEEN, "AUX"),
}
_VALUES = {
    "gender": ("Gender", {"m": "Masc", "f": "Fem"}),
    "number": ("Number", {"s": "Sing", "d": "Dual", "p": "Plur"}),
    "person": ("Person", {"1": "1", "2": "2", "3": "3"}),
    "aspect": ("Aspect", {"p": "Perf", "i": "Imp"}),
    "mood": ("Mood", {"i": "Ind", "s": "Sub", "j": "Jus"}),
    "voice": ("Voice", {"a": "Act", "p": "Pass"}),
}
_VERBS = ("VERB", "AUX")


@dataclass(frozen=True, slots=True)
class Piece:
    """A syntactic word inside a token."""

    span: Span
    lemma: str
    pos: str
    features: str


def cuts(token: Token, text: str) -> list[int]:
    """The offsets inside a token where a clitic ends or begins; ``al-`` is not cut off."""
    folded = FoldedText.of(token.span.of(text))
    before = sum(name != "al" for name in token.reading.proclitics)
    places = [*range(1, before + 1)]
    if length := token.reading.enclitic_length:
        places.append(len(folded.folded) - length)
    inside = [place for place in places if 0 < place < len(folded.folded)]
    return [token.span.start + folded.back(place, place).start for place in inside]


def pieces(token: Token, text: str) -> list[Piece]:
    """The syntactic words of a token in order."""
    reading = token.reading
    bounds = [token.span.start, *cuts(token, text), token.span.end]
    spans = [Span(a, b) for a, b in pairwise(bounds)]
    before = [name for name in reading.proclitics if name != "al"]
    whole = len(spans) != len(before) + 1 + bool(reading.enclitic_length)
    if whole:
        return [Piece(token.span, reading.lemma or token.norm, reading.pos, features(reading))]
    found = [Piece(span, *_PROCLITICS[name], "") for name, span in zip(before, spans, strict=False)]
    found.append(Piece(spans[len(before)], reading.lemma or token.norm, reading.pos, features(reading)))
    if reading.enclitic_length:
        found.append(Piece(spans[-1], HEH + WAW, "PRON", _pronoun(reading.enclitic)))
    return found


def features(reading: Reading) -> str:
    """The FEATS cell, in alphabetical order."""
    found = {}
    for name, (label, values) in _VALUES.items():
        value = getattr(reading, name)
        if value in values and (reading.pos in _VERBS or name in ("gender", "number")):
            found[label] = values[value]
    if reading.definite:
        found["Definite"] = "Def"
    if reading.participle:
        found["VerbForm"] = "Part"
    return "|".join(f"{label}={found[label]}" for label in sorted(found))


def _pronoun(enclitic: str) -> str:
    names = {"Person": {"1": "1", "2": "2", "3": "3"}, "Gender": {"m": "Masc", "f": "Fem"},
             "Number": {"s": "Sing", "d": "Dual", "p": "Plur"}}  # fmt: skip
    found = {label: values[char] for label, values in names.items() for char in enclitic if char in values}
    return "|".join(f"{label}={found[label]}" for label in sorted(found))


def to_conllu(document: Document, sentences: Sequence[Sentence], tokens: Sequence[Token]) -> Iterator[str]:
    """Yield lines; ``MISC`` has the offsets into the document and ``SpaceAfter=No``."""
    yield f"# newdoc id = {document.id}"
    for sentence in sentences:
        yield f"# sent_id = {document.id}-{sentence.index + 1}"
        yield "# text = " + " ".join(sentence.span.of(document.text).split())
        yield from _rows(document, tokens[sentence.first_token : sentence.last_token])
        yield ""


def _rows(document: Document, tokens: Sequence[Token]) -> Iterator[str]:
    number = 1
    for index, token in enumerate(tokens):
        glued = index + 1 < len(tokens) and tokens[index + 1].span.start == token.span.end
        misc = f"{'SpaceAfter=No|' if glued else ''}start={token.span.start}|end={token.span.end}"
        parts = pieces(token, document.text)
        if len(parts) > 1:
            form = token.span.of(document.text)
            yield _line(f"{number}-{number + len(parts) - 1}", form, "_", "_", "_", misc)
            misc = ""
        for part in parts:
            inner = misc or f"start={part.span.start}|end={part.span.end}"
            yield _line(str(number), part.span.of(document.text), part.lemma, part.pos, part.features or "_", inner)
            number += 1


def _line(number: str, form: str, lemma: str, pos: str, feats: str, misc: str) -> str:
    return "\t".join((number, form, lemma or form, pos or "X", "_", feats, "_", "_", "_", misc))
