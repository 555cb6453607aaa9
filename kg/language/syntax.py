"""A shallow analysis of one sentence: noun phrases, verbs, markers, and the clauses they stand in.

Serves relations, events, attribution and modality, so that no frame parses text again. Linear in the
number of tokens. A noun phrase is an idafa chain with its adjectives and at most one name (an office and
its holder count as one); coordination and apposition are links between phrases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.datamodel import LexiconId, Mention, Sentence, Token
from kg.language.arabic import DEFINITE, HEH
from kg.language.descriptions import Descriptions
from kg.language.lexicon import Lexicon

QUOTE_MARKS = frozenset('"\u00ab\u00bb\u201c\u201d\u201e\u2039\u203a')
PEOPLE = frozenset(("Official", "Person"))
MASCULINE = frozenset(
    (
        "\u0627\u0644\u0639\u0631\u0627\u0642",
        "\u0627\u0644\u064a\u0645\u0646",
        "\u0644\u0628\u0646\u0627\u0646",
        "\u0627\u0644\u0627\u0631\u062f\u0646",
        "\u0627\u0644\u0633\u0648\u062f\u0627\u0646",
        "\u0627\u0644\u0645\u063a\u0631\u0628",
    )
)
"""al-'Iraq, al-Yaman, Lubnan, al-Urdunn, as-Sudan, al-Maghrib: the countries of masculine gender."""


_FAR = 4
"""Items between a title and the name it announces, relative clauses not counted."""


@dataclass(slots=True)
class Item:
    """One constituent; token indices count over the document."""

    kind: str
    """np verb time mark comma stop quote other"""
    first: int
    last: int
    head: int
    prep: str = ""
    conj: bool = False
    word: str = ""
    """For marks: the word class; for quotes: open or close; for phrases: the lemma of the head; for verbs of speech:
    speech."""
    mentions: tuple[int, ...] = ()
    clause: int = 0
    quoted: bool = False
    joined: int = -1
    """For a coordinated np: the item it continues."""


@dataclass(slots=True)
class Clause:
    """A stretch with at most one finite verb of its own."""

    index: int
    kind: str
    """main complement relative conditional adverbial coordinate"""
    parent: int = -1
    opener: int = -1
    verb: int = -1
    antecedent: int = -1
    governor: int = -1
    """The item (verb or np) a complement clause hangs on."""
    items: list[int] = field(default_factory=list)
    pronoun: bool = False
    """The complementiser carried a pronoun: its subject is an earlier noun."""


@dataclass(slots=True)
class Parse:
    """The items and clauses of one sentence."""

    sentence: Sentence
    items: list[Item]
    clauses: list[Clause]
    tokens: Sequence[Token]
    mentions: Sequence[Mention]
    ranges: Mapping[int, tuple[int, int]]
    lexicon: Lexicon
    descriptions: Descriptions

    def lemma(self, token: int) -> str:
        """The lemma of a token."""
        return self.tokens[token].reading.lemma

    def classes(self, token: int) -> frozenset[str]:
        """The trigger classes of a token."""
        reading = self.tokens[token].reading
        found = self.lexicon.triggers.get((reading.pos, reading.lemma))
        if reading.pos in ("NOUN", "ADJ") and (found is None or reading.definite):
            bare = self.tokens[token].norm[reading.core :].removeprefix(DEFINITE).removesuffix(HEH)
            found = (found or frozenset()) | self.lexicon.triggers.get(("ADJ", bare), frozenset())
        return found or frozenset()

    def item_of(self, token: int) -> int:
        """The item that holds a token; -1 if none does."""
        for index, item in enumerate(self.items):
            if item.first <= token < item.last:
                return index
        return -1

    def denoted(self, index: int) -> tuple[int, ...]:
        """The mentions that an np stands for, coordinated phrases included."""
        found = list(self._own(self.items[index])) or list(self._partitive(index))
        for item in self.items[index + 1 :]:
            if item.joined == index:
                found += self._own(item)
        return tuple(found)

    def references(self, index: int) -> tuple[int | LexiconId, ...]:
        """What an np stands for: its mentions, the person its title announces, or the land its adjective names."""
        denoted = self.denoted(index)
        if denoted and self.mentions[denoted[0]].type == "Office":
            person = self._announced(index)
            return (person,) if person >= 0 else denoted
        if denoted:
            weapon = all(self.mentions[m].type == "Weapon" for m in denoted)
            return (*denoted, *self._owner(index)) if weapon else denoted
        person = self._announced(index) if self.is_title(index) else -1
        return (person,) if person >= 0 else self._nisba(index) or self._organ(index) or self._described(index)

    def _described(self, index: int) -> tuple[int, ...]:
        """ "The ministry", "the colonel", and "positions of the rebels" behind a carrier noun."""
        item = self.items[index]
        if item.kind != "np" or item.mentions:
            return ()
        carriers = self.lexicon.words("carrier")
        first = item.first
        while first < item.last - 1 and self._carries(first, carriers):
            first += 1
        found = self.descriptions.denoted(first, item.last)
        return (found,) if found >= 0 else ()

    def _organ(self, index: int) -> tuple[int, ...]:
        """ "the press office of X", "a statement of X": the organ speaks for its owner."""
        item = self.items[index]
        if item.kind != "np" or self._names(item) or index + 1 >= len(self.items):
            return ()
        after = self.items[index + 1]
        if after.kind != "np" or after.joined >= 0:
            return ()
        last = self.classes(item.last - 1)
        if last & {"loyal", "backed", "allied", "opposed"}:
            return ()  # what follows is to whom it is loyal, not whose it is
        belongs = "belonging" in last
        if after.prep in ("li", "an") and (
            belongs or self._word(item.head, "organ") or self._word(item.head, "carrier")
        ):
            return self._own(after) or self._described(index + 1)
        return self._own(after) if after.prep == "fi" and self._word(item.head, "ground") else ()

    def _names(self, item: Item) -> bool:
        """Whether a phrase names more than the weapons of a nameless thing."""
        return any(self.mentions[m].type != "Weapon" for m in item.mentions) or bool(self._own(item))

    def _owner(self, index: int) -> tuple[int, ...]:
        """ "a vehicle of the militia": whom the phrase behind it names."""
        after = self.items[index + 1] if index + 1 < len(self.items) else None
        return self._own(after) if after is not None and after.prep == "li" and after.joined < 0 else ()

    def _word(self, token: int, name: str) -> bool:
        """Whether a token is a word of a class, by lemma or form."""
        words = self.lexicon.words(name)
        bare = self.tokens[token].norm[self.tokens[token].reading.core :]
        return self.lemma(token) in words or bare.removeprefix(DEFINITE) in words

    def is_title(self, index: int) -> bool:
        """Whether a phrase begins with a title of one word or two: "the spokesman", "the man of religion"."""
        item = self.items[index]
        token = self.tokens[item.head]
        bare = token.norm[token.reading.core :]
        titles, speaks = self.lexicon.titles, self.lexicon.words("spokesperson-title")
        two = f"{bare} {self.tokens[item.head + 1].norm}" if item.head + 1 < item.last else ""
        return item.kind == "np" and (bare in titles or bare in speaks or two in titles)

    def _announced(self, index: int) -> int:
        """The person in apposition to a title: "the spokesman of the coalition X Y", "the prime minister, X Y"."""
        own, seen = self.items[index].clause, 0
        for place in range(index + 1, len(self.items)):
            item = self.items[place]
            if item.clause != own and self.clauses[item.clause].kind == "relative":
                continue
            seen += 1
            if seen > _FAR:
                break
            if item.kind in ("comma", "quote", "paren"):
                continue
            if item.kind != "np":
                break
            people = [m for m in item.mentions if self.mentions[m].type in PEOPLE]
            if people and (item.prep in ("", "behalf") or item.mentions[0] != people[0]):
                return people[0]
            office = not item.prep and any(self.mentions[m].type == "Office" for m in item.mentions)
            if not office and item.prep not in ("behalf", "li", "fi", "lada"):
                break
        return -1

    def _nisba(self, index: int) -> tuple[LexiconId, ...]:
        """ "an American aircraft", "Turkish forces": a carrier noun with an adjective of place."""
        item = self.items[index]
        if item.kind != "np" or item.mentions or not self._word(item.head, "carrier"):
            return ()
        for place in range(item.first + 1, item.last):
            entity = self.lexicon.nisba.get(self.tokens[place].norm)
            if entity is not None:
                return (entity,)
        return ()

    def _partitive(self, index: int) -> tuple[int, ...]:
        """ "27 people of the fighters of X", "dozens of": the whole stands for its part."""
        item = self.items[index]
        if item.kind != "np" or item.mentions or index + 1 >= len(self.items):
            return ()
        after = self.items[index + 1]
        if after.kind != "np" or after.prep != "min":
            return ()
        for place in range(item.first, item.last):
            counted = self.tokens[place].reading.pos == "NUM" or self.tokens[place].kind == "number"
            if counted or self._word(place, "carrier"):
                return self._own(after)
        return ()

    def _own(self, item: Item) -> tuple[int, ...]:
        if item.kind != "np" or not item.mentions:
            return ()
        last = item.mentions[-1]
        if self.mentions[last].type in PEOPLE:
            return (last,)
        first = item.mentions[0]
        if self.ranges[first][0] <= item.head < self.ranges[first][1]:
            return (first,)
        carriers = self.lexicon.words("carrier")
        start = self.ranges[first][0]
        if all(self._carries(token, carriers) for token in range(item.first, start)):
            return (first,)
        return ()

    def _carries(self, token: int, carriers: Mapping[str, str]) -> bool:
        reading = self.tokens[token].reading
        norm = self.tokens[token].norm
        bare = norm[reading.core :]
        if bare in carriers or reading.lemma in carriers or bare.removeprefix(DEFINITE) in carriers:
            return True
        if bare in self.lexicon.heads or bare in self.lexicon.titles or bare in self.lexicon.words("organ"):
            return True
        return reading.pos in ("NUM", "ADJ", "DET") or norm in QUOTE_MARKS


def is_definite(token: Token) -> bool:
    """Whether a token is definite by article, reading or pronoun."""
    return token.norm.startswith(DEFINITE) or token.reading.definite or bool(token.reading.enclitic)
