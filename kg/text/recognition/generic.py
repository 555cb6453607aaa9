"""Short and generic mentions: "the government", "the factions", "the party", weapon types, documents.

A definite class noun stands for the thing the document names in full, else for that of the country it is about.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import accumulate

from kg.datamodel import LexiconId
from kg.language.arabic import DEFINITE
from kg.language.lexicon import Lexicon
from kg.text.recognition.scene import QUOTES, Candidate, Scene, definite

_BACK_TYPES = ("Faction", "PoliticalGroup", "Organization", "MilitaryForce", "Base")
_RECENT = 1
"""Sentences back that "the government" goes to the one just named."""


@cache
def _national(lexicon: Lexicon) -> dict[tuple[str, str], LexiconId]:
    """(definite class noun, country) -> entry: "the government", iraq -> iraqi-government."""
    found: dict[tuple[str, str], LexiconId] = {}
    bare = lexicon.words("bare-head")
    for entry in lexicon.entries.values():
        if entry.type not in ("Government", "GovernmentBody", "MilitaryForce") or not entry.country:
            continue
        for form in entry.forms:
            words = form.folded.split()
            if len(words) > 1 and lexicon.nisba.get(words[-1]) == entry.country:
                head = " ".join(words[:-1])
                if head in bare:
                    found.setdefault((head, entry.country), entry.id)
    return found


def _last(candidate: Candidate) -> int:
    return candidate.last


class Generic:
    """Proposes generic mentions of one document."""

    def __init__(self, scene: Scene, blocked: frozenset[int], lexical: Sequence[Candidate]) -> None:
        self.scene = scene
        self.blocked = blocked
        self.full = sorted((c for c in lexical if not c.short), key=_last)
        self.lasts = [c.last for c in self.full]
        self._of_noun: dict[str, tuple[list[Candidate], list[int]]] = {}
        self.weapons = {c.last: c for c in lexical if c.type == "Weapon"}
        self.named = {entry for c in self.full for entry in c.entries[:1]}
        entries = scene.lexicon.entries
        self.countries = Counter(entries[e].country or e for c in self.full for e in c.entries[:1])

    def candidates(self) -> Iterator[Candidate]:
        """Yield all generic mentions."""
        words = self.scene.lexicon.words
        for index in range(len(self.scene.norms)):
            if index in self.blocked or not self.scene.is_word(index):
                continue
            yield from self._bare(index)
            yield from self._back(index)
            yield from self._armed(index)
            yield from self._listed(index, words("document-noun"), "Document")
        yield from self._weapon_types()

    def _make(
        self, first: int, last: int, skip: int, kind: str, reason: str, entry: LexiconId | None = None
    ) -> Candidate:
        return Candidate(
            first=first,
            last=last,
            skip=skip,
            type=kind,
            score=0.7,
            source="frame:generic",
            reason=reason,
            entries=(entry,) if entry else (),
            weight=2,
        )

    def _bare(self, index: int) -> Iterator[Candidate]:
        """ "the government", "the army", "the armed forces", not followed by an adjective of place."""
        hit = self.scene.phrase(self.scene.lexicon.words("bare-head"), index, 2)
        if hit is None:
            return
        last, skip, key = hit
        if last < len(self.scene.norms) and self.scene.norms[last] in self.scene.lexicon.nisba:
            return
        head = self.scene.lexicon.heads.get(key) or self.scene.lexicon.heads.get(key.split()[0])
        entry = self._entry(key, index)
        kind = self.scene.lexicon.entries[entry].type if entry else head.type if head is not None else ""
        if kind:
            yield self._make(index, last, skip, kind, f"the one of {entry or 'the text'}", entry)

    def _entry(self, key: str, index: int) -> LexiconId | None:
        """The entry just named in full, else one named anywhere, else that of the country the document names most."""
        national = _national(self.scene.lexicon)
        ranked = [country for country, _ in self.countries.most_common(6)]
        found = [national[key, country] for country in ranked if (key, country) in national]
        recent = self.scene.tokens[index].sentence - _RECENT
        before = bisect_right(self.lasts, index)
        for candidate in reversed(self.full[:before]):
            if self.scene.tokens[candidate.first].sentence < recent:
                break
            if candidate.entries[0] in found:
                return candidate.entries[0]
        return next((entry for entry in found if entry in self.named), found[0] if found else None)

    def _back(self, index: int) -> Iterator[Candidate]:
        """ "the party", "the movement", "the extremist organisation": the last one of that noun named before."""
        token = self.scene.tokens[index]
        bare = token.norm[token.reading.core :]
        if not definite(bare) or bare.removeprefix(DEFINITE) not in self.scene.lexicon.words("back-head"):
            return
        noun = bare.removeprefix(DEFINITE)
        last = index + 1
        if last < len(self.scene.norms) and self.scene.norms[last] in self.scene.lexicon.words("epithet"):
            last += 1
        elif last < len(self.scene.norms) and definite(self.scene.norms[last]):
            return
        candidate = self._named_before(noun, index)
        if candidate is not None:
            reason = f"goes back to {candidate.entries[0]}"
            found = self._make(index, last, token.reading.core, candidate.type, reason, candidate.entries[0])
            yield replace(found, weight=4 if candidate.type == "Base" else 3)

    def _named_before(self, noun: str, index: int) -> Candidate | None:
        """The last name of that noun that ends before a token."""
        if noun not in self._of_noun:
            own = [c for c in self.full if c.type in _BACK_TYPES and self._is_a(c, noun)]
            ends = list(accumulate((c.last for c in reversed(own)), min))[::-1]  # no end after this one is earlier
            self._of_noun[noun] = own, ends
        own, ends = self._of_noun[noun]
        place = bisect_right(ends, index) - 1
        return own[place] if place >= 0 else None

    def _is_a(self, candidate: Candidate, noun: str) -> bool:
        forms = self.scene.lexicon.entries[candidate.entries[0]].forms
        if self.scene.norms[candidate.first][candidate.skip :] == noun:
            return True
        return any(noun == form.folded.split()[0].removeprefix(DEFINITE) for form in forms)

    def _armed(self, index: int) -> Iterator[Candidate]:
        """ "the factions", "armed groups", "Iraqi fighters": people under arms without a name."""
        for form, skip in self.scene.variants(index):
            bare = form.removeprefix(DEFINITE)
            kind = self.scene.lexicon.words("armed-group").get(bare, "")
            if not kind:
                continue
            last = index + 1
            stop = self.scene.bounds(index)[1]
            while last < stop and last < index + 3 and self._qualifies(last):
                last += 1
            alone = kind.endswith("alone")
            if last > index + 1 or alone and (form.startswith(DEFINITE) or self._acts(index)):
                group = "Faction" if kind.startswith("faction") else "PoliticalGroup" if "party" in kind else "Group"
                yield self._make(index, last, skip, group, f"generic noun {kind}")
            return

    def _qualifies(self, index: int) -> bool:
        norm, lexicon = self.scene.norms[index], self.scene.lexicon
        return norm in lexicon.nisba or norm in lexicon.words("armed-adjective")

    def _acts(self, index: int) -> bool:
        """Right after a verb, as its subject."""
        first, _ = self.scene.bounds(index)
        return index > first and self.scene.tokens[index - 1].reading.pos == "VERB"

    def _listed(self, index: int, words: Mapping[str, str], kind: str) -> Iterator[Candidate]:
        hit = self.scene.phrase(words, index, 2)
        if hit is not None:
            yield self._make(index, hit[0], hit[1], kind, f"listed {kind.lower()} noun")

    def _weapon_types(self) -> Iterator[Candidate]:
        """ "rockets of the type X": the name of a make after a weapon; "guided", "ballistic" belong to the weapon."""
        norms, scene = self.scene.norms, self.scene
        for last, weapon in self.weapons.items():
            stop = scene.bounds(weapon.first)[1]
            end = last
            while end < stop and scene.tokens[end].reading.lemma in scene.lexicon.words("weapon-adjective"):
                end += 1
            if end > last:
                yield Candidate(
                    first=weapon.first,
                    last=end,
                    skip=weapon.skip,
                    type="Weapon",
                    score=0.8,
                    source="frame:weapon",
                    reason="weapon and its adjective",
                    entries=weapon.entries,
                    weight=3,
                )
            place = end
            while place < stop and norms[place] in scene.lexicon.words("weapon-type"):
                place += 1
            if place == end:
                continue
            while place < stop and (norms[place] in QUOTES or norms[place] == "("):
                place += 1
            if place < stop and scene.tokens[place].kind in ("word", "latin"):
                yield self._make(place, place + 1, 0, "Weapon", "name of a make after a weapon")
