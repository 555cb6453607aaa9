"""What all recognisers look at: the tokens of one document, joined for matching, and the candidates they propose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from kg.datamodel import LexiconId, Mention, Sentence, Span, Token
from kg.language.arabic import BEH, DEFINITE, FEH, KAF, LAM, WAW, FoldedText
from kg.language.lexicon import Lexicon

QUOTES = frozenset("\"\u00ab\u00bb\u201c\u201d\u201e\u2018\u2019\u2039\u203a'")
_CONJUNCTIONS = frozenset((WAW, FEH))
_PREPOSITIONS = frozenset((BEH, LAM, KAF))
_CLOSED = (
    "prep", "according", "complementiser", "relative", "conditional", "subordinator", "negator", "possibility",
    "planning", "carrier", "source-head", "group-noun", "former", "death", "say-participle",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A proposed mention: tokens ``first`` to ``last`` (half-open), without ``skip`` proclitic characters."""

    first: int
    last: int
    type: str
    score: float
    source: str
    reason: str
    skip: int = 0
    entries: tuple[LexiconId, ...] = ()
    short: bool = False
    metonym: bool = False
    weight: int = 0
    """Breaks ties between equally long candidates of different recognisers."""


@dataclass(slots=True)
class Scene:
    """One document under the recognisers' eyes; token indices count over the whole document."""

    folded: FoldedText
    sentences: Sequence[Sentence]
    tokens: Sequence[Token]
    lexicon: Lexicon
    norms: list[str] = field(default_factory=list)
    joined: str = ""
    starts: dict[int, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    _variants: list[tuple[tuple[str, int], ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.norms = [token.norm for token in self.tokens]
        pieces: list[str] = []
        place = 0
        for sentence in self.sentences:
            for index in range(sentence.first_token, sentence.last_token):
                norm = self.norms[index]
                if norm in QUOTES:
                    continue
                self.starts[place] = index
                place += len(norm)
                self.ends[place] = index + 1
                pieces += (norm, " ")
                place += 1
            pieces.append("\n")
            place += 1
        self.joined = "".join(pieces)

    def bounds(self, index: int) -> tuple[int, int]:
        """The token range of the sentence that token ``index`` is in."""
        sentence = self.sentences[self.tokens[index].sentence]
        return sentence.first_token, sentence.last_token

    def bare(self, index: int) -> str:
        """The normalised token without the separable proclitics of its reading."""
        token = self.tokens[index]
        return token.norm[token.reading.core :]

    def classes(self, index: int) -> frozenset[str]:
        """The trigger classes of a token's reading."""
        reading = self.tokens[index].reading
        return self.lexicon.triggers.get((reading.pos, reading.lemma), frozenset())

    def name(self, first: int, last: int, skip: int) -> str:
        """The words of a range as they would be listed: no proclitics, no quotation marks."""
        parts = [self.norms[first][skip:]]
        return " ".join(parts + [norm for norm in self.norms[first + 1 : last] if norm not in QUOTES])

    def variants(self, index: int) -> tuple[tuple[str, int], ...]:
        """The token as it stands and with one or two possible proclitics taken off, with how many."""
        if not self._variants:
            known: dict[str, tuple[tuple[str, int], ...]] = {}
            for norm in self.norms:
                if norm not in known:
                    known[norm] = _variants(norm)
            self._variants = [known[norm] for norm in self.norms]
        return self._variants[index]

    def phrase(self, table: Mapping[str, object], index: int, limit: int = 4) -> tuple[int, int, str] | None:
        """The longest entry of ``table`` that starts at token ``index``: (last, proclitic characters, key)."""
        _, end = self.bounds(index)
        best: tuple[int, int, str] | None = None
        for start, skip in self.variants(index):
            key = start
            for last in range(index + 1, min(index + limit, end) + 1):
                if last > index + 1:
                    key = f"{key} {self.norms[last - 1]}"
                if key in table and (best is None or last > best[0]):
                    best = (last, skip, key)
        return best

    def attached(self, index: int) -> bool:
        """Whether a separable proclitic stands before the word, also where a name was listed with one."""
        token = self.tokens[index]
        norm = token.norm
        if token.reading.core:
            return True
        return len(norm) > 5 and norm[0] in _CONJUNCTIONS | _PREPOSITIONS and norm[1:3] == DEFINITE

    def functional(self, index: int) -> bool:
        """Whether a closed-class word stands here, whatever a dictionary of names says."""
        norm, closed = self.norms[index], _closed(self.lexicon)
        return norm in closed or norm[0] in _CONJUNCTIONS and norm[1:] in closed

    def is_word(self, index: int) -> bool:
        """Whether the token is an Arabic word."""
        return self.tokens[index].kind == "word"

    def mention(self, candidate: Candidate) -> Mention:
        """The mention a candidate stands for, its span without separable proclitics."""
        first, last = self.tokens[candidate.first], self.tokens[candidate.last - 1]
        start = first.span.start
        if candidate.skip:
            place = self.folded.forth(start)
            start = self.folded.back(place + candidate.skip, place + len(first.norm)).start
        return Mention(
            span=Span(start, last.span.end),
            type=candidate.type,
            norm=self.name(candidate.first, candidate.last, candidate.skip),
            sentence=first.sentence,
            source=candidate.source,
            score=candidate.score,
            reason=candidate.reason,
            candidates=candidate.entries,
            metonym=candidate.metonym,
            short=candidate.short,
        )


def _variants(norm: str) -> tuple[tuple[str, int], ...]:
    found = [(norm, 0)]
    if len(norm) > 3 and norm[0] in _CONJUNCTIONS:
        found.append((norm[1:], 1))
        if norm[1] in _PREPOSITIONS:
            found.append((norm[2:], 2))
    elif len(norm) > 3 and norm[0] in _PREPOSITIONS:
        if norm.startswith(LAM + LAM):
            found.append((DEFINITE + norm[2:], 0))
        found.append((norm[1:], 1))
    return tuple(found)


@cache
def _closed(lexicon: Lexicon) -> frozenset[str]:
    """The words of the closed classes."""
    return frozenset(form for name in _CLOSED for form in lexicon.words(name))


def definite(norm: str) -> bool:
    """Whether a folded word starts with the article, contracted or not."""
    return len(norm) > 3 and norm.startswith((DEFINITE, LAM + LAM))
