"""The statistical recogniser: a linear-chain CRF that proposes names the lexicon and the frames do not know.

Trained by ``kg train`` on CC BY-SA data; see ``ontology/models/ner.md`` for the model card.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pycrfsuite

from kg.language.arabic import ALEF_MAKSURA, LAM
from kg.language.lexicon import Lexicon
from kg.resources import ontology_path
from kg.text.recognition.crf_features import Features, listed_labels
from kg.text.recognition.crf_types import DEFAULTS, typed
from kg.text.recognition.scene import QUOTES, Candidate, Scene

_LEAST, _LEAST_PHRASE, _LEAST_WORD = 0.5, 0.7, 0.95
"""Probability from which a span is proposed: names; phrases of words that are no names; such words alone."""
_SURE = 0.6
"""A name found with this probability is looked for in the rest of the article."""
_LONGEST = 6
_MODEL = ("models", "ner.crfsuite")


@dataclass(frozen=True, slots=True)
class Found:
    """A span of tokens, its label, and the mean marginal probability of its tokens' labels."""

    first: int
    last: int
    kind: str
    probability: float
    skip: int = 0


@cache
def _tagger(path: Path) -> pycrfsuite.Tagger:
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    return tagger


@cache
def _features(path: Path, lexicon: Lexicon) -> Features:
    return Features(lexicon, frozenset(_tagger(path).info().attributes))


class CrfProposer:
    """Proposes the names that the weights find, and the other places where the article has the same names."""

    def __init__(self, model: Path | None = None) -> None:
        self.model = model or ontology_path(*_MODEL)

    def available(self) -> bool:
        """Whether the weights are there."""
        return self.model.is_file()

    def __call__(self, scene: Scene, lexical: Iterable[Candidate]) -> Iterator[Candidate]:
        """Yield a candidate a span, its score from the mean marginal of its labels."""
        named: defaultdict[str, dict[str, float]] = defaultdict(dict)
        spans = []
        for found in self.spans(scene, lexical):
            trimmed = _trimmed(scene, found)
            if trimmed is not None and trimmed.kind in DEFAULTS and trimmed.probability >= _least(scene, trimmed):
                name = scene.name(trimmed.first, trimmed.last, trimmed.skip)
                votes = named[name]
                votes[trimmed.kind] = votes.get(trimmed.kind, 0.0) + trimmed.probability
                spans.append((trimmed, name))
        kinds = {name: max(votes, key=votes.__getitem__) for name, votes in named.items()}
        seen = {found.first for found, _ in spans}
        sure = {name for found, name in spans if found.probability >= _SURE and _proper(scene, found)}
        spans += [(found, name) for found, name in _repeated(scene, sure) if found.first not in seen]
        evidence = {name: _best_evidence(scene, [f for f, n in spans if n == name], kinds[name]) for name in kinds}
        for found, name in spans:
            yield _candidate(found, kinds[name], evidence[name])

    def spans(self, scene: Scene, lexical: Iterable[Candidate]) -> Iterator[Found]:
        """All spans that the weights find, in text order."""
        tagger, features = _tagger(self.model), _features(self.model, scene.lexicon)
        listed = listed_labels(scene, lexical)
        for sentence in scene.sentences:
            first, last = sentence.first_token, sentence.last_token
            labels = tagger.tag(features.rows(scene, first, last, listed))
            for start, end, kind in label_spans(labels):
                marginal = sum(tagger.marginal(labels[n], n) for n in range(start, end)) / (end - start)
                skip = scene.tokens[first + start].reading.core
                yield Found(first + start, first + end, kind, marginal, skip)


def _trimmed(scene: Scene, found: Found) -> Found | None:
    """Without punctuation at its ends; None if nothing is left, or what the lexicon has judged already."""
    first, last = found.first, found.last
    while first < last and scene.tokens[first].kind == "punct":
        first += 1
    while last > first and scene.norms[last - 1] in QUOTES:
        last -= 1
    if first == last or _grammar(scene, first, last):
        return None
    skip = scene.tokens[first].reading.core
    if found.kind != "PER" and scene.name(first, last, skip) in scene.lexicon.forms:
        return None
    return replace(found, first=first, last=last, skip=skip)


def _grammar(scene: Scene, first: int, last: int) -> bool:
    """Whether a particle begins the span (folding makes the preposition "on" and the name Ali alike), or all it is
    is a verb or an adjective of place."""
    token, alone = scene.tokens[first], last - first == 1
    written = scene.folded.original[token.span.end - 1]
    if scene.functional(first) and (alone or written == ALEF_MAKSURA or token.reading.pos != "PROPN"):
        return True
    verb = token.reading.known and token.reading.pos == "VERB"
    return alone and (verb or scene.bare(first) in scene.lexicon.nisba)


def _least(scene: Scene, found: Found) -> float:
    """How probable a span must be: ordinary words need more, and most of all alone or after a noun they describe."""
    readings = [scene.tokens[index].reading for index in range(found.first, found.last)]
    if any(not reading.known or reading.pos == "PROPN" for reading in readings):
        return _LEAST
    return _LEAST_WORD if len(readings) == 1 or readings[0].pos == "ADJ" else _LEAST_PHRASE


def _proper(scene: Scene, found: Found) -> bool:
    """Whether the words could hardly be anything but this name elsewhere."""
    reading = scene.tokens[found.first].reading
    return found.last - found.first > 1 or not reading.known or reading.pos == "PROPN"


def _repeated(scene: Scene, names: Collection[str]) -> Iterator[tuple[Found, str]]:
    """Every place in the article where one of ``names`` stands."""
    heads = {name.split(" ", 1)[0] for name in names}
    for index, norm in enumerate(scene.norms):
        if norm not in heads and norm[1:] not in heads and norm[2:] not in heads and not norm.startswith(LAM + LAM):
            continue
        for form, skip in scene.variants(index):
            if form in heads:
                _, stop = scene.bounds(index)
                for last in range(min(stop, index + _LONGEST), index, -1):
                    name = scene.name(index, last, skip)
                    if name in names and scene.norms[last - 1] not in QUOTES:
                        yield Found(index, last, "", _SURE, skip), name
                        break


def _best_evidence(scene: Scene, spans: Sequence[Found], kind: str) -> tuple[str, str]:
    """The type that most of the places where the name stands speak for; the default only if none says more."""
    votes: Counter[str] = Counter()
    reasons: dict[str, str] = {}
    for found in spans:
        name, reason = typed(scene, found.first, found.last, found.skip, kind)
        if name != DEFAULTS[kind]:
            votes[name] += 1
            reasons.setdefault(name, reason)
    if not votes:
        return DEFAULTS[kind], "by default"
    best = votes.most_common(1)[0][0]
    return best, reasons[best]


def _candidate(found: Found, kind: str, evidence: tuple[str, str]) -> Candidate:
    seen = f"with probability {found.probability:.2f}" if found.kind else "elsewhere in the article"
    return Candidate(
        first=found.first,
        last=found.last,
        skip=found.skip,
        type=evidence[0],
        score=round(found.probability * 0.7, 3),
        source="crf",
        reason=f"looks like {kind} {seen}; {evidence[0]} {evidence[1]}",
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
