"""Class nouns that announce a name: "brigade X", "X base", "the Iraqi army", "the town of X"."""

from __future__ import annotations

from collections.abc import Iterator

from kg.language.lexicon import Head
from kg.text.recognition.people import name_words
from kg.text.recognition.scene import QUOTES, Candidate, Scene, definite

_PARTICIPLES = frozenset(("belonging", "loyal", "backed", "allied", "opposed", "stationed", "lying"))
_LONGEST = 5
_NEWS = frozenset(("\u0627\u0646\u0628\u0627\u0621", "\u0627\u0644\u0627\u0646\u0628\u0627\u0621"))
"""anba' after "agency"."""
_OPEN_NAMES = frozenset(("head-hizb", "head-kata-ib", "head-saraya", "head-i-tilaf", "head-tahaluf"))


class Heads:
    """Proposes mentions that a class noun announces."""

    def __init__(self, scene: Scene, blocked: frozenset[int], listed: dict[int, Candidate]) -> None:
        self.scene = scene
        self.blocked = blocked
        self.listed = listed
        self.first_names = name_words(scene.lexicon)[0]

    def candidates(self) -> Iterator[Candidate]:
        """Yield mentions for all class nouns of the document."""
        for index, token in enumerate(self.scene.tokens):
            if token.kind != "word" or token.reading.pos == "VERB":
                continue
            if token.reading.enclitic and token.reading.pos == "NOUN":
                yield from self._possessed(index)
                continue
            for form, skip in self.scene.variants(index):
                head = self.scene.lexicon.heads.get(form)
                if head is not None:
                    yield from self._of(head, index, skip)
                    break

    def _possessed(self, index: int) -> Iterator[Candidate]:
        """ "its consulate": the noun alone is a mention of the embassy or consulate."""
        token = self.scene.tokens[index]
        head = self.scene.lexicon.heads.get(token.reading.lemma)
        if head is not None and head.id in ("head-sifara", "head-qunsuliyya"):
            yield self._named(head, index, index + 1, token.reading.core)

    def _of(self, head: Head, index: int, skip: int) -> Iterator[Candidate]:
        _, stop = self.scene.bounds(index)
        if index + 1 < stop:
            if head.mode == "nisba-in":
                yield from self._with_nisba(head, index, skip, stop)
            elif head.mode == "name-in":
                yield from self._with_name(head, index, skip, stop)
            else:
                yield from self._name_alone(head, index, stop)

    def _with_nisba(self, head: Head, index: int, skip: int, stop: int) -> Iterator[Candidate]:
        """Head, up to three nouns or adjectives, closed by an adjective of place, a place name, or nothing."""
        scene, last, closed = self.scene, index + 1, False
        while last < min(stop, index + _LONGEST):
            token = scene.tokens[last]
            if token.kind != "word" or scene.attached(last) or last in self.blocked:
                break
            if token.norm in scene.lexicon.nisba:
                last, closed = last + 1, definite(token.norm)
                break
            listed = self.listed.get(last)
            if listed is not None and listed.type in ("Country", "Region", "City"):
                last, closed = (listed.last if head.type != "Facility" else last), True
                break
            if not definite(token.norm) or token.reading.pos not in ("ADJ", "NOUN"):
                break
            last += 1
        if not closed:
            if head.type != "Facility" or not definite(scene.norms[index][skip:]):
                return
            last = index + 1
        yield Candidate(
            first=index,
            last=last,
            skip=skip,
            type=head.type,
            score=0.75,
            source="frame:nisba",
            reason=f"{head.id} with an adjective of place",
            weight=1,
        )

    def _with_name(self, head: Head, index: int, skip: int, stop: int) -> Iterator[Candidate]:
        scene, last = self.scene, index + 1
        if index in self.listed:
            return
        listed = self._listed_name(last)
        if listed is not None:
            if listed.type in _EXTENDS.get(head.type, ()):
                yield Candidate(
                    first=index,
                    last=listed.last,
                    skip=skip,
                    type=listed.type,
                    score=listed.score,
                    source="lexicon",
                    reason=f"{head.id} and {listed.reason}",
                    entries=listed.entries,
                    weight=3,
                )
            elif head.type in ("Base", "Facility") and listed.type in ("City", "Region", "Country"):
                yield self._named(head, index, listed.last, skip)
            return
        opening = last + 1 if scene.norms[last] in _NEWS and last + 1 < stop else last
        if scene.norms[opening] in QUOTES:
            closing = self._closing(opening, stop)
            if closing and opening + 1 not in self.listed:
                yield self._named(head, opening + 1, closing, 0)
            return
        last = self._name_end(head, last, stop)
        if last > index + 1:
            yield self._named(head, index, last, skip)

    def _listed_name(self, index: int) -> Candidate | None:
        if index < len(self.scene.norms) and self.scene.norms[index] in QUOTES:
            return None
        listed = self.listed.get(index)
        return listed if listed is not None and not listed.skip else None

    def _closing(self, opening: int, stop: int) -> int:
        for index in range(opening + 2, min(stop, opening + 7)):
            if self.scene.norms[index] in QUOTES:
                return index
        return 0

    def _name_end(self, head: Head, index: int, stop: int) -> int:
        """Nominal tokens up to a definite end; at least one must be a name word or unknown, or the head is open."""
        scene, start, named, closed = self.scene, index, head.id in _OPEN_NAMES, 0
        while index < min(stop, start + 4):
            token = scene.tokens[index]
            reading = token.reading
            if token.kind != "word" or scene.attached(index) or index in self.blocked or scene.functional(index):
                break
            if index > start and self._ends(index):
                break
            if reading.pos not in ("NOUN", "ADJ", "PROPN", "X", "NUM") or token.norm in scene.lexicon.nisba:
                break
            if reading.known and reading.pos == "ADJ" and (not definite(token.norm) or self._governs(index, stop)):
                break
            is_name = reading.pos == "PROPN" or not reading.known
            named = named or is_name
            index += 1
            if definite(token.norm) or is_name:
                closed = index
        return closed if named and closed else start

    def _governs(self, index: int, stop: int) -> bool:
        """ "the party | close to X": an adjective with a complement is none of the name."""
        return index + 1 < stop and self.scene.norms[index + 1] in self.scene.lexicon.words("prep")

    def _ends(self, index: int) -> bool:
        """What begins something new behind a name: a person, a listed name, a rank, "belonging to"."""
        scene, norm = self.scene, self.scene.norms[index]
        titles = scene.lexicon.titles.get(norm, ())
        lemma = scene.tokens[index].reading.lemma
        participle = scene.lexicon.triggers.get(("ADJ", lemma), frozenset()) & _PARTICIPLES
        rank = any(title.kind in ("rank", "honorific") for title in titles)
        return norm in self.first_names or index in self.listed or rank or bool(participle)

    def _name_alone(self, head: Head, index: int, stop: int) -> Iterator[Candidate]:
        last = index + 1
        if self.scene.norms[last] in QUOTES:
            return
        listed = self._listed_name(last)
        if listed is not None:
            retypes = head.id in _RETYPES or head.type == "City"
            if listed.type in ("City", "Region") and listed.type != head.type and retypes:
                yield Candidate(
                    first=last,
                    last=listed.last,
                    type=head.type,
                    score=0.9,
                    source="frame:place",
                    reason=f"{head.id} before {listed.reason}",
                    entries=listed.entries,
                    weight=4,
                )
            return
        end = self._name_end(head, last, stop)
        if end > last:
            yield Candidate(
                first=last,
                last=last + 1,
                type=head.type,
                score=0.75,
                source="frame:place",
                reason=f"name after {head.id}",
                weight=1,
            )

    def _named(self, head: Head, first: int, last: int, skip: int) -> Candidate:
        return Candidate(
            first=first,
            last=last,
            skip=skip,
            type=head.type,
            score=0.7,
            source="frame:head",
            reason=f"name after {head.id}",
            weight=1,
        )


_RETYPES = ("head-muhafaza", "head-wilaya", "head-iqlim", "head-qada", "head-nahiya")
"""Nouns that say of which kind the place is; "area" and "quarter" do not."""
_EXTENDS = {
    "Faction": ("Faction", "MilitaryForce"),
    "PoliticalGroup": ("PoliticalGroup", "Faction"),
    "Base": ("Base",),
    "Facility": ("Facility", "Base"),
    "MediaOutlet": ("MediaOutlet",),
    "Organization": ("Organization",),
    "MilitaryForce": ("MilitaryForce", "Faction"),
}
