"""From words to labels and back to tokens: what goes wrong around token classifiers is mended here, once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.language.arabic import strip_diacritics
from kg.text.recognition.crf import label_spans
from kg.text.recognition.scene import QUOTES, Candidate, Scene

Labeller = Callable[[list[list[str]]], Sequence[Sequence[tuple[str, float]]]]
"""Sentences of words to a label and its probability for every word."""
TYPES = {
    "PER": "Person", "PERS": "Person", "PERSON": "Person", "ORG": "Organization", "LOC": "City", "GPE": "City",
    "FAC": "Facility", "WEA": "Weapon", "WEAPON": "Weapon", "EVENT": "Event", "LAW": "Agreement",
}  # fmt: skip
"""What a label means where no word of the name says more; others (MISC, dates, numbers) propose nothing."""
LONGEST, LONGEST_WORD, BATCH = 96, 40, 16
_LEAST = 0.5
_TRUST = 0.75
_SOFT = frozenset((".", ",", ";", ":", "\u060c", "\u061b"))


def visible(word: str) -> str:
    """The word as a model was trained to see it: no marks, nothing invisible, not longer than any word is.

    >>> visible("a\\u200fb\\u064e"), visible("\\u200f")
    ('ab', '')
    """
    kept = "".join(char for char in strip_diacritics(word) if unicodedata.category(char) not in ("Cf", "Cc", "Cn"))
    return kept.strip()[:LONGEST_WORD]


def windows(scene: Scene, longest: int = LONGEST) -> Iterator[list[int]]:
    """The tokens of each sentence that show something; a long sentence in parts, cut after punctuation if it can be."""
    for sentence in scene.sentences:
        rest = [n for n in range(sentence.first_token, sentence.last_token) if visible(_word(scene, n))]
        while len(rest) > longest:
            cut = next((n for n in range(longest, longest // 2, -1) if scene.norms[rest[n - 1]] in _SOFT), longest)
            yield rest[:cut]
            rest = rest[cut:]
        if rest:
            yield rest


def _word(scene: Scene, token: int) -> str:
    return scene.tokens[token].span.of(scene.folded.original)


@dataclass(slots=True)
class Proposing:
    """A ``Proposer`` around a labeller; ``faults`` counts windows whose labels did not fit their words."""

    labeller: Labeller
    source: str
    batch: int = BATCH
    longest: int = LONGEST
    faults: list[int] = field(default_factory=list)

    def __call__(self, scene: Scene, lexical: Sequence[Candidate]) -> Iterator[Candidate]:
        """Yield a candidate a labelled span, typed by the ontology's evidence."""
        listed = {(c.first, c.last): c.type for c in lexical if not c.short}
        parts = list(windows(scene, self.longest))
        for start in range(0, len(parts), self.batch):
            some = parts[start : start + self.batch]
            asked = [[visible(_word(scene, n)) for n in part] for part in some]
            for part, labelled in zip(some, self._labels(asked), strict=True):
                yield from self._candidates(scene, part, labelled, listed)

    def _labels(self, asked: list[list[str]]) -> list[Sequence[tuple[str, float]]]:
        """Labels for every window; none for one that comes back with another length."""
        found = self.labeller(asked)
        if len(found) != len(asked):
            self.faults.append(len(asked))
            return [()] * len(asked)
        self.faults += [1 for words, labels in zip(asked, found, strict=True) if len(words) != len(labels)]
        return [labels if len(words) == len(labels) else () for words, labels in zip(asked, found, strict=True)]

    def _candidates(
        self,
        scene: Scene,
        part: Sequence[int],
        labelled: Sequence[tuple[str, float]],
        listed: dict[tuple[int, int], str],
    ) -> Iterator[Candidate]:
        for start, end, kind in label_spans([label for label, _ in labelled]):
            sure = sum(probability for _, probability in labelled[start:end]) / (end - start)
            if kind not in TYPES or sure < _LEAST:
                continue
            first, last = part[start], part[end - 1] + 1
            while first < last and scene.tokens[first].kind == "punct":
                first += 1
            while last > first and (scene.norms[last - 1] in QUOTES or scene.tokens[last - 1].kind == "punct"):
                last -= 1
            if first < last and any(scene.tokens[n].kind in ("word", "latin") for n in range(first, last)):
                yield Candidate(
                    first=first, last=last, skip=scene.tokens[first].reading.core,
                    type=listed.get((first, last)) or announced(scene, first, kind), score=round(sure * _TRUST, 3),
                    source=self.source, reason=f"labelled {kind} with probability {sure:.2f}",
                )  # fmt: skip


def announced(scene: Scene, first: int, kind: str) -> str:
    """The type that the first word of a name announces (movement, ministry, base), else what the label means."""
    head = scene.lexicon.heads.get(scene.bare(first)) or scene.lexicon.heads.get(scene.tokens[first].reading.lemma)
    if head is not None and TYPES[kind] != "Person" and head.type:
        return head.type
    return TYPES[kind]
