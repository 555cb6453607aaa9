"""Definite descriptions: "the ministry", "the colonel", "the rebels" stand for what the document named before.

They are no names, so they are no mentions; they only fill the roles of relations and events.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.datamodel import LexiconId, Mention, Token
from kg.language.arabic import DEFINITE, HEH, LAM
from kg.language.lexicon import Lexicon

_BODIES = frozenset(
    "GovernmentBody Organization MediaOutlet MilitaryForce Faction PoliticalGroup Government Base Facility".split()
)
_PLACES = frozenset(("City", "Region", "Country"))
_PEOPLE = frozenset(("Official", "Person"))
_KINDS = frozenset(("office", "rank", "role"))
_REACH = 12
"""Tokens before a name that its titles may stand in."""


@dataclass(slots=True)
class Descriptions:
    """What each noun of one document can go back to: (first token, mention) in text order."""

    tokens: Sequence[Token]
    lexicon: Lexicon
    of_noun: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    lands: dict[int, frozenset[LexiconId]] = field(default_factory=dict)
    """Mention of a person -> the lands that the title before it names."""
    places: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """City, governorate, region, country -> those named, in text order."""
    actors: list[tuple[int, int]] = field(default_factory=list)
    """People and bodies."""
    factions: list[tuple[int, int, str]] = field(default_factory=list)
    """(first token, mention, who) of every named faction."""

    @classmethod
    def of(
        cls,
        tokens: Sequence[Token],
        mentions: Sequence[Mention],
        ranges: Mapping[int, tuple[int, int]],
        lexicon: Lexicon,
    ) -> Descriptions:
        """Note the titles before the names of people and the nouns that the names of bodies begin with."""
        found = cls(tokens, lexicon)
        nouns: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for index, mention in enumerate(mentions):
            first = ranges[index][0]
            if mention.type in _PEOPLE:
                titles, lands = found._titles(first, tokens[first].sentence)
                found.lands[index] = lands
                for noun in titles:
                    nouns[noun].append((first, index))
            elif mention.type in _BODIES and " " in mention.norm:
                nouns[_bare(tokens[first])].append((first, index))
            if mention.type in _PEOPLE or mention.type in _BODIES:
                found.actors.append((first, index))
            if mention.type in _PLACES and not mention.metonym:
                kind = "governorate" if found._governorate(first) else mention.type.lower()
                found.places.setdefault(kind, []).append((first, index))
            if mention.type == "Faction" and mention.source != "frame:generic":
                found.factions.append((first, index, str(mention.candidates[:1] or mention.norm)))
        found.of_noun = dict(nouns)
        return found

    def denoted(self, first: int, last: int) -> int:
        """The mention that the phrase of tokens ``first`` to ``last`` goes back to; -1 if there is none."""
        token = self.tokens[first]
        noun = _bare(token)
        if not _definite(token):
            return -1
        if noun in self.lexicon.words("rebel"):
            return self._rebels(first) if self._qualified(first + 1, last) else -1
        if noun in self.lexicon.words("latter"):
            return self._latter(first, feminine=token.norm.endswith(HEH)) if last == first + 1 else -1
        if noun in self.lexicon.words("place-noun"):
            return self._place(self.lexicon.words("place-noun")[noun], first) if last == first + 1 else -1
        before = self.of_noun.get(noun)
        if before is None or not self._qualified(first + 1, last):
            return -1
        lands = self._lands(first + 1, last)
        for start, mention in reversed(before[: bisect_left(before, (first, -1))]):
            if start < first and (not lands or lands & self.lands.get(mention, frozenset())):
                return mention
            if not lands:
                break
        return -1

    def _latter(self, first: int, *, feminine: bool) -> int:
        """The body or person named last, of the gender asked for where its noun has one."""
        for start, mention in reversed(self.actors[: bisect_left(self.actors, (first, -1))]):
            reading = self.tokens[start].reading
            if reading.gender in ("", "f" if feminine else "m") or not reading.known:
                return mention
        return -1

    def _governorate(self, first: int) -> bool:
        words = self.lexicon.words("place-noun")
        return any(
            words.get(_bare(self.tokens[place]), "").startswith("governorate")
            for place in range(max(first - 1, 0), first + 1)
        )

    def _place(self, kind: str, first: int) -> int:
        """ "The city", "the country": the last one named before."""
        before = self.places.get(kind.partition("-")[0], [])
        place = bisect_left(before, (first, -1)) - 1
        return before[place][1] if place >= 0 else -1

    def _rebels(self, first: int) -> int:
        """ "The rebels" are the one faction that the document has named, if it has named but one."""
        named = [(mention, who) for start, mention, who in self.factions if start < first]
        before = [(mention, who) for mention, who in named if who.startswith("(")] or named  # listed ones first
        return before[-1][0] if len({who for _, who in before}) == 1 else -1

    def _qualified(self, first: int, last: int) -> bool:
        """Only adjectives follow."""
        return all(self.tokens[place].reading.pos == "ADJ" for place in range(first, last))

    def _lands(self, first: int, last: int) -> frozenset[LexiconId]:
        nisba = self.lexicon.nisba
        return frozenset(nisba[self.tokens[p].norm] for p in range(first, last) if self.tokens[p].norm in nisba)

    def _titles(self, first: int, sentence: int) -> tuple[list[str], frozenset[LexiconId]]:
        """The nouns of office, rank and role in the phrase that leads up to a name, and the lands named there."""
        found: list[str] = []
        start = first
        for place in range(first - 1, max(-1, first - 1 - _REACH), -1):
            token = self.tokens[place]
            if token.sentence != sentence or not self._leads(token):
                break
            start = place
            noun = _bare(token)
            kinds = {title.kind for title in self.lexicon.titles.get(noun, ())}
            if kinds & _KINDS or noun in self.lexicon.words("spokesperson-title"):
                found.append(noun)
        return found, self._lands(start, first)

    def _leads(self, token: Token) -> bool:
        """Whether a token may stand between a title and the name."""
        if token.kind == "punct":
            return token.norm in ("\u060c", ",")
        if token.reading.pos in ("NOUN", "ADJ", "PROPN", "NUM", "X"):
            return not {"wa", "fa"} & set(token.reading.proclitics)
        return self.lexicon.words("prep").get(token.norm) in ("behalf", "fi")


def _bare(token: Token) -> str:
    norm = token.norm[token.reading.core :]
    return norm[2:] if norm.startswith((DEFINITE, LAM + LAM)) and len(norm) > 4 else norm


def _definite(token: Token) -> bool:
    norm = token.norm[token.reading.core :]
    return norm.startswith((DEFINITE, LAM + LAM)) and not token.reading.enclitic
