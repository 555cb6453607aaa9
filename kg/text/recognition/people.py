"""Titles, offices and the people they announce: "minister of defence X Y", "X Y, member of", "Abu X al-Y"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kg.language.arabic import COMMA, YEH
from kg.language.lexicon import Lexicon, Title
from kg.text.recognition.scene import QUOTES, Candidate, Scene, definite

_LONGEST_NAME = 4
_FULL_NAME = 2
_BODIES = frozenset(("Faction", "PoliticalGroup", "Government", "GovernmentBody", "MilitaryForce", "Organization"))
_LONGEST_OFFICE = 7
_PERSON_TYPES = ("Official", "Person")
_NOBLE = ("title-emir", "title-king", "title-prince")
"""Titles of nobility: before a bare name they are no post."""
_NO_OFFICE = (
    "title-spokes",
    "title-member",
    "title-leader",
    "title-za",
    "title-cadre",
    "title-lead",
    "title-official-in",
    "title-chief",
)
"""Titles that state a relation (speaks for, belongs to, leads) rather than a post."""


@dataclass(frozen=True, slots=True)
class TitleUse:
    """A title found in the text: its tokens, and the proclitic characters before it."""

    first: int
    last: int
    skip: int
    title: Title


@cache
def name_words(lexicon: Lexicon) -> tuple[frozenset[str], frozenset[str]]:
    """First names and all words of the people the lexicon lists."""
    first: set[str] = set()
    every: set[str] = set()
    for entry in lexicon.entries.values():
        if entry.type in _PERSON_TYPES:
            for form in entry.forms:
                words = form.folded.split()
                if len(words) > 1:
                    first.add(words[0])
                    every.update(words)
    return frozenset(first), frozenset(every)


def find_titles(scene: Scene) -> list[TitleUse]:
    """All titles, longest first at each place, not overlapping."""
    found: list[TitleUse] = []
    index = 0
    titles = scene.lexicon.titles
    while index < len(scene.norms):
        usable = scene.is_word(index) and not _place_noun(scene, index) and not scene.functional(index)
        hit = scene.phrase(titles, index) if usable else None
        if hit is None:
            index += 1
            continue
        last, skip, key = hit
        found.append(TitleUse(index, last, skip, titles[key][0]))
        index = last
    return found


def _place_noun(scene: Scene, index: int) -> bool:
    """muhafaza is a governorate far more often than a woman governor."""
    head = scene.lexicon.heads.get(scene.norms[index][scene.tokens[index].reading.core :])
    return head is not None and head.mode == "name-out"


class People:
    """Proposes offices and people of one document."""

    def __init__(self, scene: Scene, blocked: frozenset[int], listed: dict[int, Candidate]) -> None:
        """``blocked`` tokens (times, numbers) are never names; ``listed`` are full lexicon forms by first token."""
        self.scene = scene
        self.blocked = blocked
        self.listed = listed
        self.first_names, self.name_words = name_words(scene.lexicon)
        self.covered = {index for c in listed.values() for index in range(c.first, c.last)}
        self.titles = find_titles(scene)
        self.title_tokens = {
            index for use in self.titles if use.title.kind != "kunya" for index in range(use.first, use.last)
        }

    def candidates(self) -> Iterator[Candidate]:
        """Offices, people after titles, people before an appositive title, kunyas, and bare full names."""
        for use in self.titles:
            kind = use.title.kind
            if kind in ("office", "rank", "honorific", "role"):
                yield from self._titled(use)
            elif use.title.id.startswith(("title-abu", "title-umm")):
                yield from self._kunya(use)
        yield from self._bare_names()

    def _titled(self, use: TitleUse) -> Iterator[Candidate]:
        end = use.last
        if use.title.kind == "office":
            end = self._office_end(use)
            if self._names_office(use, end):
                yield Candidate(
                    first=use.first,
                    last=end,
                    skip=use.skip,
                    type="Office",
                    score=0.8,
                    source="frame:office",
                    reason=f"title {use.title.id}",
                    weight=2,
                )
        start = self._after_modifiers(end)
        body = self._body_end(use.last)
        if body:
            yield from self._named_after(use, body)
            return
        if start in self.listed:
            return
        last = self._name_end(start, titled=True)
        if last > start:
            yield _titled_name(use, start, last, 0.8 if last - start > 1 else 0.65, f"name after {use.title.id}")

    def _body_end(self, index: int) -> int:
        """The end of the organisation that a title names right after it: "spokesman of the ministry"."""
        scene = self.scene
        if index < len(scene.norms) and scene.norms[index] in scene.lexicon.words("name-link"):
            index += 1
        body = self.listed.get(index)
        return body.last if body is not None and body.type in _BODIES else 0

    def _named_after(self, use: TitleUse, body: int) -> Iterator[Candidate]:
        """An unlisted name of two words or more behind the organisation."""
        start = self._after_modifiers(body)
        last = self._name_end(start, titled=True) if start not in self.listed else start
        if last - start >= _FULL_NAME:
            yield _titled_name(use, start, last, 0.75, f"name after {use.title.id} of an organisation")

    def _names_office(self, use: TitleUse, end: int) -> bool:
        """An office is named with its complement, its holder, "former", or the article; a spokesperson has none."""
        if use.title.features.get("official") != "yes" or use.title.id.startswith(_NO_OFFICE):
            return False
        if use.title.features.get("number") == "pl" or end == use.last and use.title.id.startswith(_NOBLE):
            return False
        scene = self.scene
        if scene.tokens[use.first].reading.enclitic:
            return False  # "his deputy": whose, the name does not say
        if self._followed_by_name(end):
            return True
        former = end < len(scene.norms) and scene.norms[end] in scene.lexicon.words("former")
        idafa = end > use.last and not definite(scene.norms[use.first][use.skip :])
        placed = end > use.last and scene.norms[end - 1] in scene.lexicon.nisba
        return former or idafa or placed

    def _followed_by_name(self, end: int) -> bool:
        start = self._after_modifiers(end)
        return start in self.listed or self._name_end(start, titled=True) > start

    def _office_end(self, use: TitleUse) -> int:
        """Definite complements and adjectives belong to the office; names and former/acting do not."""
        scene = self.scene
        _, stop = scene.bounds(use.first)
        index = use.last
        while index < min(stop, use.first + _LONGEST_OFFICE) and index not in self.blocked:
            token = scene.tokens[index]
            if index in self.listed and self.listed[index].type not in ("GovernmentBody",):
                break
            if token.kind != "word" or scene.attached(index) or index in self.title_tokens and not self._general(index):
                break
            if scene.functional(index) or token.reading.enclitic or scene.norms[index - 1] in scene.lexicon.nisba:
                break
            if not definite(token.norm) and not self._complement(index, stop):
                break
            if token.norm in self.name_words and token.norm not in scene.lexicon.nisba and not token.reading.known:
                break
            index += 1
        return index

    def _general(self, index: int) -> bool:
        return any(t.id.startswith(("title-general", "title-first")) for t in self._titles_at(index))

    def _titles_at(self, index: int) -> tuple[Title, ...]:
        return self.scene.lexicon.titles.get(self.scene.norms[index], ())

    def _complement(self, index: int, stop: int) -> bool:
        """An indefinite noun inside an idafa that ends in a definite one: "head of the *staff* of the army"."""
        reading = self.scene.tokens[index].reading
        follows = index + 1 < stop and definite(self.scene.norms[index + 1])
        return reading.pos == "NOUN" and reading.known and not reading.proclitics and follows

    def _after_modifiers(self, index: int) -> int:
        """Skip a comma, quotation marks, modifiers, honorifics, ranks and adjectives of place up to a name."""
        scene = self.scene
        if index >= len(scene.norms):
            return index
        _, stop = scene.bounds(index - 1)
        start = index
        while index < stop and index < start + 6:
            norm = scene.norms[index]
            kinds = {title.kind for title in self._titles_at(index)}
            skip = norm in QUOTES or (norm in (COMMA, ",") and index == start) or norm in scene.lexicon.nisba
            if not skip and not kinds & {"modifier", "honorific", "rank"}:
                break
            if index in self.listed and self.listed[index].type in _PERSON_TYPES:
                break
            index += 1
        return index

    def _name_end(self, start: int, *, titled: bool) -> int:
        """The end of the name that starts at ``start``; ``start`` itself if none does."""
        scene = self.scene
        if start >= len(scene.norms):
            return start
        _, stop = scene.bounds(start)
        index, strong = start, 0
        while index < min(stop, start + _LONGEST_NAME):
            grade = self._grade(index, index == start)
            if grade == 0 or (grade == 1 and index == start and not (titled and self._family(index))):
                break
            strong += grade > 1
            index += 1
            if scene.norms[index - 1] in _particles(scene.lexicon) and index < stop and scene.is_word(index):
                index += 1
        if index == start or (strong == 0 and index - start < 2):
            return start
        if index - start == 1 and (not titled or self._grade(start, True) < 2):
            return start
        return index

    def _family(self, index: int) -> bool:
        return definite(self.scene.norms[index]) and self.scene.norms[index] in self.name_words

    def _grade(self, index: int, first: bool) -> int:
        """2: surely part of a name, 1: may follow one (al- adjective), 0: not."""
        scene = self.scene
        token = scene.tokens[index]
        norm, reading = token.norm, token.reading
        if token.kind != "word" or index in self.blocked or len(norm) < 3 or index in self.title_tokens:
            return 2 if norm in _particles(scene.lexicon) and token.kind == "word" else 0
        if scene.functional(index) or scene.attached(index) or reading.pos == "AUX":
            return 0
        if norm in _particles(scene.lexicon):
            return 2
        if index in self.covered:
            return 0
        if norm in self.first_names or (norm in self.name_words and not first):
            return 2
        if not reading.known:
            return 2 if not definite(norm) else 1 + (not first)
        if reading.pos == "PROPN" and not reading.core:
            return 2 if not definite(norm) or not first else 1
        nisba_like = definite(norm) and norm.endswith(YEH) and reading.pos in ("ADJ", "NOUN")
        return 1 if nisba_like and norm not in scene.lexicon.nisba else 0

    def _kunya(self, use: TitleUse) -> Iterator[Candidate]:
        scene = self.scene
        _, stop = scene.bounds(use.first)
        index = use.last
        if index >= stop or not scene.is_word(index) or index in self.blocked:
            return
        if use.first in self.listed or scene.tokens[index].reading.core:
            return
        reading = scene.tokens[index].reading
        if reading.known and reading.pos != "PROPN" and not definite(scene.norms[index]):
            return  # "or", "father of" something
        index += 1
        if index < stop and definite(scene.norms[index]) and self._grade(index, False):
            index += 1
        yield Candidate(
            first=use.first,
            last=index,
            skip=use.skip,
            type="Person",
            score=0.7,
            source="frame:kunya",
            reason="kunya",
            weight=1,
        )

    def _bare_names(self) -> Iterator[Candidate]:
        """A listed first name followed by more name: "Ghazi Faisal" anywhere."""
        scene = self.scene
        for index, norm in enumerate(scene.norms):
            if norm not in self.first_names or index in self.title_tokens:
                continue
            if index in self.covered or index in self.blocked:
                continue
            reading = scene.tokens[index].reading
            if reading.known and reading.pos in ("VERB", "ADP", "PART", "SCONJ", "CCONJ", "PRON"):
                continue
            if reading.pos == "NOUN" and "say" in scene.classes(index):
                continue  # "bayan" is a statement before it is a name
            last = self._name_end(index, titled=False)
            if last - index >= 2:
                yield Candidate(
                    first=index,
                    last=last,
                    type="Person",
                    score=0.6,
                    source="frame:bare-name",
                    reason="a listed first name and more name words",
                )


def _titled_name(use: TitleUse, start: int, last: int, score: float, reason: str) -> Candidate:
    official = use.title.features.get("official") == "yes"
    return Candidate(
        first=start,
        last=last,
        type="Official" if official else "Person",
        score=score,
        source="frame:titled-name",
        reason=reason,
        weight=2,
    )


@cache
def _particles(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(form for form, titles in lexicon.titles.items() if titles[0].kind == "kunya")
