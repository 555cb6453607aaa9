"""Sources that do not want to be named, and groups of people who act: "sources close to ...", "demonstrators"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.language.arabic import DEFINITE, HEH, WAW, YEH
from kg.text.recognition.scene import QUOTES, Candidate, Scene

_REACH = 4


class Sources:
    """Proposes unnamed sources where somebody is said to speak, and acting groups."""

    def __init__(self, scene: Scene, blocked: frozenset[int]) -> None:
        self.scene = scene
        self.blocked = blocked
        self.heads = scene.lexicon.words("source-head")
        self.groups = scene.lexicon.words("group-noun")
        self.cues = scene.lexicon.words("according")

    def candidates(self) -> Iterator[Candidate]:
        """Yield sources next to speech, and groups anywhere."""
        introduced: set[str] = set()
        for index in range(len(self.scene.norms)):
            if not self.scene.is_word(index):
                continue
            group = self._key(index, self.groups)
            if group is not None:
                yield self._make(index, index + 1, group, "Group", "frame:group")
            head = self._key(index, self.heads)
            if head is None:
                continue
            lemma = self.scene.tokens[index].reading.lemma
            if self._known_person(index, lemma in introduced) or self._of_origin(index):
                continue
            if self._speaks(index) or (lemma in introduced and self.scene.norms[index].startswith(DEFINITE)):
                introduced.add(lemma)
                yield self._make(index, self._end(index), head, "UnnamedSource", "frame:source")

    def _known_person(self, index: int, introduced: bool) -> bool:
        """ "the leading member in X" or "he is a diplomat" speak of somebody with a name."""
        norm, reading = self.scene.norms[index], self.scene.tokens[index].reading
        if norm.startswith(DEFINITE) and reading.number != "p" and not introduced:
            return True
        return index > 0 and self.scene.norms[index - 1].lstrip(WAW) in (
            "\u0647\u0648",
            "\u0647\u064a",
            "\u062b\u0627\u0646\u064a",
        )

    def _of_origin(self, index: int) -> bool:
        """ "rockets unknown of source": an adjective governs the noun."""
        first, _ = self.scene.bounds(index)
        before = self.scene.tokens[index - 1] if index > first else None
        return (
            before is not None
            and before.reading.pos == "ADJ"
            and not before.norm.startswith(DEFINITE)
            and (self.scene.norms[index].startswith(DEFINITE))
        )

    def _key(self, index: int, table: Mapping[str, str]) -> int | None:
        for form, skip in self.scene.variants(index):
            if form in table or (form.startswith(DEFINITE) and form[2:] in table):
                return skip
        return None

    def _make(self, first: int, last: int, skip: int, kind: str, source: str) -> Candidate:
        return Candidate(
            first=first, last=last, skip=skip, type=kind, score=0.75, source=source, reason=source, weight=1
        )

    def _end(self, index: int) -> int:
        """The head and its adjectives, no names."""
        _, stop = self.scene.bounds(index)
        last = index + 1
        while last < min(stop, index + 4):
            token = self.scene.tokens[last]
            if token.kind != "word" or token.reading.core or last in self.blocked:
                break
            if token.norm in self.scene.lexicon.words("say-participle"):
                break
            adjective = token.reading.pos == "ADJ" or token.norm in self.scene.lexicon.nisba
            unknown = not token.reading.known and token.norm[-1] in (HEH, YEH)
            if (
                token.norm == "\u0642\u0631\u064a\u0628"
                or not adjective
                and not unknown
                or token.norm in self.scene.lexicon.words("former")
            ):
                break
            last += 1
        return last

    def _speaks(self, index: int) -> bool:
        """A verb of speech stands shortly before or after, or an "according to" before."""
        first, stop = self.scene.bounds(index)
        for near in range(max(first, index - _REACH), index):
            token = self.scene.tokens[near]
            if self._is_speech(near) and not self._broken(near + 1, index):
                return True
            if token.norm in self.cues or token.norm[1:] in self.cues:
                return not self._broken(near + 1, index)
        limit = min(stop, index + 2 * _REACH)
        return any(self._is_speech(near) for near in range(index + 1, limit)) and not self._governed(index)

    def _governed(self, index: int) -> bool:
        return bool(self.scene.tokens[index].reading.core)

    def _is_speech(self, index: int) -> bool:
        said = self.scene.classes(index) & {"say", "deny", "accuse"}
        return bool(said) and self.scene.tokens[index].reading.pos == "VERB"

    def _broken(self, first: int, last: int) -> bool:
        return any(
            self.scene.tokens[i].kind == "punct" and self.scene.norms[i] not in QUOTES for i in range(first, last)
        )
