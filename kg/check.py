"""Check the data in ``ontology/``; ``kg.graph.check`` checks graphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kg.errors import KgError
from kg.graph.evidence import weights
from kg.graph.questions import questions
from kg.language.arabic import fold
from kg.language.lexicon import WORD_COLUMNS, load_lexicon
from kg.language.morphology import default_morphology
from kg.language.patterns import load_frames
from kg.language.tables import read_table
from kg.resources import ontology_path
from kg.text.confidence import load_calibration
from kg.text.reading.dates import date_words
from kg.text.timex import rules as time_rules
from kg.vocabulary import triples


def check_data() -> Iterator[str]:
    """Load everything in ``ontology/``; each file holds itself to its laws as it loads."""
    loaders: tuple[Callable[[], object], ...] = (
        load_lexicon,
        default_morphology,
        load_frames,
        time_rules,
        load_calibration,
        weights,
        questions,
        date_words,
        triples,
    )
    sound = True
    for load in loaders:
        try:
            load()
        except KgError as error:
            sound = False
            yield str(error)
    if sound:
        yield from _unread_verbs()


def _unread_verbs() -> Iterator[str]:
    """Verbs that trigger frames and that no word of a text is ever read as."""
    for row in read_table(ontology_path("lexicon", "triggers.tsv"), WORD_COLUMNS):
        for form in row.many("forms_ar") if row["pos"] == "VERB" else ():
            read = default_morphology().readings(fold(form))
            if not any(reading.known and reading.lemma == fold(form) for reading in read):
                yield str(row.error(f"{form} is no verb of ontology/morphology/verbs.tsv; add it there", "forms_ar"))
