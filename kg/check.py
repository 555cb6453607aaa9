"""Check the data in ``ontology/``; ``kg.graph.check`` checks graphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kg.errors import KgError
from kg.graph.questions import questions
from kg.language.lexicon import load_lexicon
from kg.language.morphology import default_morphology
from kg.language.patterns import load_frames
from kg.text.reading.dates import date_words
from kg.vocabulary import triples


def check_data() -> Iterator[str]:
    """Load everything in ``ontology/``; each file holds itself to its laws as it loads."""
    loaders: tuple[Callable[[], object], ...] = (
        load_lexicon,
        default_morphology,
        load_frames,
        questions,
        date_words,
        triples,
    )
    for load in loaders:
        try:
            load()
        except KgError as error:
            yield str(error)
