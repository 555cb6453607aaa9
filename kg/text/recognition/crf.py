"""The statistical recogniser: a linear-chain CRF that proposes names the lexicon and the frames do not know.

Trained by ``tools/train_crf.py`` on CC BY-SA data; see ``ontology/models/ner.md`` for the model card.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pycrfsuite

from kg.language.lexicon import Lexicon
from kg.resources import ontology_path
from kg.text.recognition.crf_features import Features, listed_labels
from kg.text.recognition.scene import QUOTES, Candidate, Scene

_TYPES = {"PER": "Person", "ORG": "Organization", "LOC": "City"}
_LEAST = 0.5
_MODEL = ("models", "ner.crfsuite")


@dataclass(frozen=True, slots=True)
class Found:
    """A span of tokens, its label, and the mean marginal probability of its tokens' labels."""

    first: int
    last: int
    kind: str
    probability: float


@cache
def _tagger(path: Path) -> pycrfsuite.Tagger:
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    return tagger


@cache
def _features(path: Path, lexicon: Lexicon) -> Features:
    return Features(lexicon, frozenset(_tagger(path).info().attributes))


class CrfProposer:
    """Proposes PER, ORG and LOC spans, typed Person, Organization and City until better evidence comes."""

    def __init__(self, model: Path | None = None) -> None:
        self.model = model or ontology_path(*_MODEL)

    def available(self) -> bool:
        """Whether the weights are there."""
        return self.model.is_file()

    def __call__(self, scene: Scene, lexical: Iterable[Candidate]) -> Iterator[Candidate]:
        """Yield a candidate a span, its score the mean marginal of its labels."""
        for found in self.spans(scene, lexical):
            if found.probability >= _LEAST and found.kind in _TYPES:
                yield from self._candidate(scene, found)

    def spans(self, scene: Scene, lexical: Iterable[Candidate]) -> Iterator[Found]:
        """All spans that the weights find, in text order."""
        tagger, features = _tagger(self.model), _features(self.model, scene.lexicon)
        listed = listed_labels(scene, lexical)
        for sentence in scene.sentences:
            first, last = sentence.first_token, sentence.last_token
            labels = tagger.tag(features.rows(scene, first, last, listed))
            for start, end, kind in label_spans(labels):
                marginal = sum(tagger.marginal(labels[n], n) for n in range(start, end)) / (end - start)
                yield Found(first + start, first + end, kind, marginal)

    def _candidate(self, scene: Scene, found: Found) -> Iterator[Candidate]:
        first, last = found.first, found.last
        while first < last and scene.tokens[first].kind == "punct":
            first += 1
        while last > first and scene.norms[last - 1] in QUOTES:
            last -= 1
        if first < last:
            yield Candidate(
                first=first,
                last=last,
                skip=scene.tokens[first].reading.core,
                type=_TYPES[found.kind],
                score=round(found.probability * 0.7, 3),
                source="crf",
                reason=f"looks like {found.kind} with probability {found.probability:.2f}",
                weight=-1,
            )


def label_spans(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Half-open spans of a BIO sequence; I- after another label opens one too.

    >>> list(label_spans(["B-PER", "I-PER", "O", "B-LOC", "B-LOC"]))
    [(0, 2, 'PER'), (3, 4, 'LOC'), (4, 5, 'LOC')]
    """
    start, kind = 0, ""
    for place, label in enumerate((*labels, "O")):
        if kind and label != f"I-{kind}":
            yield start, place, kind
            kind = ""
        if label != "O" and not kind:
            start, kind = place, label[2:]
