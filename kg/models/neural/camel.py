"""CAMeL's BERT models on data that the user fetched: names, and readings in context."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.datamodel import Reading, Sentence, Token
from kg.errors import MissingExtra
from kg.extras import install
from kg.language.arabic import FoldedText
from kg.language.camel import camel, user_data
from kg.language.morphology import Morphology, reading
from kg.models.neural.labels import BATCH, LONGEST, visible

_SEEN = "."
"""Stands for a word of which the model's tokenizer makes nothing."""
_CERTAIN = 0.9
"""NERecognizer gives no probabilities."""
_LETTERS = 500
"""The tagger takes 510 pieces, and no piece is shorter than a letter."""
PACKAGES = {
    "NamedEntityRecognition": "ner-arabert",
    "DisambigBertUnfactored": "disambig-bert-unfactored-msa",
}
"""What ``camel_data -i`` calls the data of a component."""


@dataclass(slots=True)
class CamelNames:
    """A labeller around ``NERecognizer``, which drops words that its tokenizer makes nothing of and shifts the rest."""

    recogniser: Any
    batch: int = BATCH

    def __call__(self, sentences: list[list[str]]) -> list[list[tuple[str, float]]]:
        """The label of every word."""
        tokenize = self.recogniser.tokenizer.tokenize
        asked = [[word if tokenize(word) else _SEEN for word in words] for words in sentences]
        found = self.recogniser.predict(asked, batch_size=self.batch)
        return [[(label, _CERTAIN) for label in labels] for labels in found]


@dataclass(slots=True)
class CamelReadings:
    """Chooses, for each word, the reading of our morphology that agrees most with ``BERTUnfactoredDisambiguator``.

    A word of which the model says nothing, or what our morphology does not know, keeps the reading it has.
    """

    disambiguator: Any
    morphology: Morphology
    batch: int = BATCH
    longest: int = LONGEST

    def __call__(self, folded: FoldedText, sentences: Sequence[Sentence], tokens: Sequence[Token]) -> tuple[Token, ...]:
        """The tokens with the readings chosen."""
        chosen = list(tokens)
        parts = [part for sentence in sentences for part in self._parts(folded, sentence, tokens)]
        for start in range(0, len(parts), self.batch):
            some = parts[start : start + self.batch]
            words = [[visible(tokens[n].span.of(folded.original)) for n in part] for part in some]
            answers = self.disambiguator.disambiguate_sentences(words)
            if len(answers) != len(some):
                continue
            for part, answer in zip(some, answers, strict=True):
                for token, told in zip(part, answer, strict=True) if len(part) == len(answer) else ():
                    if told.analyses:
                        chosen[token] = self._reread(folded, tokens[token], reading(told.analyses[0].analysis))
        return tuple(chosen)

    def _parts(self, folded: FoldedText, sentence: Sentence, tokens: Sequence[Token]) -> list[list[int]]:
        """Tokens that the tagger sees together: so few letters that they are no more pieces than it takes at once.

        It pads each batch to its own longest and then joins the batches, which fails where a sentence fell into two.
        """
        parts: list[list[int]] = []
        letters = 0
        for n in range(sentence.first_token, sentence.last_token):
            size = len(visible(tokens[n].span.of(folded.original)))
            if not size:
                continue
            if not parts or len(parts[-1]) == self.longest or letters + size > _LETTERS:
                parts.append([])
                letters = 0
            parts[-1].append(n)
            letters += size
        return parts

    def _reread(self, folded: FoldedText, token: Token, told: Reading) -> Token:
        if token.kind != "word":
            return token
        best = max(self.morphology.readings(token.norm), key=_Agreement(told), default=token.reading)
        if _Agreement(told)(best) <= _Agreement(told)(token.reading):
            return token
        start, end = folded.forth(token.span.start), folded.forth(token.span.end)
        core = folded.back(start + best.core, end) if best.core else token.span
        return replace(token, reading=best, core=core)


@dataclass(frozen=True, slots=True)
class _Agreement:
    told: Reading

    def __call__(self, other: Reading) -> int:
        told = self.told
        return (
            4 * (told.pos == other.pos) + 3 * (told.proclitics == other.proclitics) + 2 * (told.lemma == other.lemma)
            + 2 * (told.enclitic == other.enclitic) + (told.voice == other.voice) + (told.aspect == other.aspect)
            + (told.person == other.person) + (told.gender == other.gender) + (told.number == other.number)
        )  # fmt: skip


def data_of(component: str) -> Path:
    """The folder of the data that a component of camel-tools loads; MissingExtra where the user has not fetched it."""
    package = PACKAGES[component]
    if user_data() is None:
        raise MissingExtra(f"{package} is not on this machine; `kg models` tells how to fetch it")
    found = camel("data").CATALOGUE.components[component]
    path = next((data.path for name, data in found.datasets.items() if name == found.default), None)
    if path is None or not path.exists():
        raise MissingExtra(f"{package} is not on this machine; fetch it with `camel_data -i {package}`")
    return Path(path)


def load_names(batch: int = BATCH) -> CamelNames:
    """``NERecognizer`` with the user's data."""
    data_of("NamedEntityRecognition")
    try:
        recogniser = camel("ner").NERecognizer.pretrained(use_gpu=False)
    except ImportError as error:
        raise MissingExtra(f"CAMeL's recogniser needs {error.name}: {install('neural')}") from None
    return CamelNames(recogniser, batch)


def load_readings(morphology: Morphology, batch: int = BATCH) -> CamelReadings:
    """``BERTUnfactoredDisambiguator`` with the user's data."""
    data_of("DisambigBertUnfactored")
    try:
        bert = camel("disambig.bert").BERTUnfactoredDisambiguator
    except ImportError as error:
        raise MissingExtra(f"CAMeL's disambiguator needs {error.name}: {install('neural')}") from None
    return CamelReadings(bert.pretrained("msa", use_gpu=False, batch_size=batch), morphology, batch)
