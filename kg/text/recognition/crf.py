"""The statistical recogniser: a linear-chain CRF that proposes names the lexicon and the frames do not know.

Trained by ``tools/train_crf.py`` on CC BY-SA data; see ``ontology/models/ner.md`` for the model card.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pycrfsuite

from kg.language.arabic import DEFINITE
from kg.resources import ontology_path
from kg.text.recognition.scene import QUOTES, Candidate, Scene

_TYPES = {"PER": "Person", "ORG": "Organization", "LOC": "City"}
_LEAST = 0.5
_MODEL = ("models", "ner.crfsuite")


def sentence_features(scene: Scene, first: int, last: int, listed: Sequence[str]) -> list[list[str]]:
    """Features of the tokens ``first`` to ``last``; ``listed`` holds each token's lexicon label or ``O``."""
    own = [_token_features(scene, index, listed[index]) for index in range(first, last)]
    rows = []
    for place, features in enumerate(own):
        row = list(features)
        for offset, name in ((-2, "-2"), (-1, "-1"), (1, "+1"), (2, "+2")):
            near = place + offset
            if 0 <= near < len(own):
                row += [f"{name}:{feature}" for feature in own[near][: 6 if abs(offset) == 1 else 3]]
            else:
                row.append(f"{name}:edge")
        if place:
            row.append(f"bigram:{own[place - 1][0]}|{own[place][0]}")
        rows.append(row)
    return rows


def _token_features(scene: Scene, index: int, listed: str) -> list[str]:
    """The first six are also seen by the neighbours."""
    token = scene.tokens[index]
    norm, reading = token.norm, token.reading
    bare = norm[reading.core :]
    titles = scene.lexicon.titles.get(norm) or scene.lexicon.titles.get(bare)
    head = scene.lexicon.heads.get(bare)
    triggers = scene.lexicon.triggers.get((reading.pos, reading.lemma))
    features = [
        f"w={norm}",
        f"l={listed}",
        f"p={reading.pos}{'+' if reading.known else '-'}",
        f"t={titles[0].kind if titles else '-'}",
        f"h={head.id if head else '-'}",
        f"v={min(triggers) if triggers else '-'}",
        f"b={bare}",
        f"c={'+'.join(reading.proclitics)}",
        f"k={token.kind}",
        f"d={bare.startswith(DEFINITE)}",
        f"n={min(len(bare), 8)}",
    ]
    features += [f"pre{n}={bare[:n]}" for n in (1, 2, 3, 4) if len(bare) > n]
    features += [f"suf{n}={bare[-n:]}" for n in (1, 2, 3, 4) if len(bare) > n]
    return features


def listed_labels(scene: Scene, candidates: Iterable[Candidate]) -> list[str]:
    """Per token the type of the longest full lexicon form over it, with B- and I-."""
    labels = ["O"] * len(scene.norms)
    for candidate in sorted(candidates, key=_length):
        mark = "s" if candidate.short else ""
        labels[candidate.first] = f"B{mark}-{candidate.type}"
        for index in range(candidate.first + 1, candidate.last):
            labels[index] = f"I{mark}-{candidate.type}"
    return labels


def _length(candidate: Candidate) -> int:
    return candidate.last - candidate.first


@cache
def _tagger(path: Path) -> pycrfsuite.Tagger:
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    return tagger


class CrfProposer:
    """Proposes PER, ORG and LOC spans, typed Person, Organization and City until better evidence comes."""

    def __init__(self, model: Path | None = None) -> None:
        self.model = model or ontology_path(*_MODEL)

    def available(self) -> bool:
        """Whether the weights are there."""
        return self.model.is_file()

    def __call__(self, scene: Scene, lexical: Iterable[Candidate]) -> Iterator[Candidate]:
        """Yield a candidate a span, its score the mean marginal of its labels."""
        tagger = _tagger(self.model)
        listed = listed_labels(scene, lexical)
        for sentence in scene.sentences:
            first, last = sentence.first_token, sentence.last_token
            labels = tagger.tag(sentence_features(scene, first, last, listed))
            yield from self._spans(scene, tagger, labels, first)

    def _spans(
        self, scene: Scene, tagger: pycrfsuite.Tagger, labels: Sequence[str], offset: int
    ) -> Iterator[Candidate]:
        place = 0
        while place < len(labels):
            if labels[place] == "O":
                place += 1
                continue
            kind, start = labels[place][2:], place
            place += 1
            while place < len(labels) and labels[place] == f"I-{kind}":
                place += 1
            score = sum(tagger.marginal(labels[n], n) for n in range(start, place)) / (place - start)
            if score >= _LEAST and kind in _TYPES:
                yield from self._candidate(scene, offset + start, offset + place, kind, score)

    def _candidate(self, scene: Scene, first: int, last: int, kind: str, score: float) -> Iterator[Candidate]:
        while first < last and scene.tokens[first].kind == "punct":
            first += 1
        while last > first and scene.norms[last - 1] in QUOTES:
            last -= 1
        if first < last:
            yield Candidate(
                first=first,
                last=last,
                skip=scene.tokens[first].reading.core,
                type=_TYPES[kind],
                score=round(score * 0.7, 3),
                source="crf",
                reason=f"looks like {kind} with probability {score:.2f}",
            )
