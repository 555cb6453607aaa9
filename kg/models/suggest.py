"""What a reviewer should look at first: names that recognisers see differently, and words that may tell an event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg import vocabulary
from kg.datamodel import Analysis, Document, Mention, Span
from kg.errors import InputError
from kg.language.arabic import FoldedText
from kg.language.lexicon import NAME_COLUMNS, WORD_COLUMNS, load_lexicon
from kg.language.patterns import load_frames
from kg.language.romanise import romanise
from kg.language.tables import read_table
from kg.models.rows import name_row, trigger_row
from kg.pipeline import analyse, proposers
from kg.text.recognition import Proposer
from kg.text.recognition.lexical import lexical_candidates
from kg.text.recognition.scene import Scene

COLUMNS = (
    "answer", "kind", "guess", "seen", "score", "romanisation", "why", "document", "start", "end", "form", "context",
)  # fmt: skip
UNANSWERED = ("", "?")
_CONTEXT = 60
_DIFFERENT_TYPE, _DIFFERENT_SPAN, _UNKNOWN_NAME, _UNKNOWN_VERB = 1.5, 1.25, 1.0, 0.6
"""How much a reviewer's minute is worth, by what is open; a wrong type misleads more than a missing name."""
_ACTORS = frozenset(
    "Faction PoliticalGroup Government GovernmentBody MilitaryForce Official Person Country Organization".split()
)
_COARSE = {"Person": "human", "Official": "human", "City": "place", "Region": "place", "Country": "place"}
_PLACES = frozenset(("Base", "Facility"))


@dataclass(slots=True, kw_only=True)
class Suggestion:
    """One form and why somebody should look at it; ``document``, ``span`` and ``context`` show its first place."""

    kind: str
    form: str
    guess: str
    why: str
    score: float
    document: str
    span: Span
    context: str
    seen: int = 1


def rank(documents: Iterable[Document], recognisers: Sequence[Proposer] | None = None) -> list[Suggestion]:
    """Everything open in the documents, what is seen most and is most open first; forms are counted once."""
    found: dict[tuple[str, str], Suggestion] = {}
    further = proposers() if recognisers is None else recognisers
    for document in documents:
        analysis = analyse(document)
        for suggestion in (*_names(analysis, further), *_verbs(analysis)):
            known = found.setdefault((suggestion.kind, suggestion.form), suggestion)
            if known is not suggestion:
                known.seen += 1
                known.score += suggestion.score
    return sorted(found.values(), key=_order)


def _order(suggestion: Suggestion) -> tuple[float, str]:
    return -round(suggestion.score, 3), suggestion.form


def _names(analysis: Analysis, recognisers: Sequence[Proposer]) -> Iterator[Suggestion]:
    """Spans of a further recogniser that lexicon and frames do not have, or have otherwise."""
    folded = FoldedText.of(analysis.document.text)
    scene = Scene(folded=folded, sentences=analysis.sentences, tokens=analysis.tokens, lexicon=load_lexicon())
    own = [
        mention for mention in analysis.mentions if mention.source == "lexicon" or mention.source.startswith("frame:")
    ]
    lexical = list(lexical_candidates(scene))
    for recogniser in recognisers:
        for candidate in recogniser(scene, lexical):
            mention = scene.mention(candidate)
            opened = _open(mention, own)
            if opened is not None:
                why, weight = opened
                yield _suggestion(
                    analysis, "name", mention.span, mention.type, f"{mention.source}: {why}", weight * mention.score
                )


def _open(mention: Mention, own: Sequence[Mention]) -> tuple[str, float] | None:
    rivals = [other for other in own if other.span.overlaps(mention.span)]
    if not rivals:
        return "not known to lexicon or frames", _UNKNOWN_NAME
    rival = rivals[0]
    if any(_coarse(other.type) == _coarse(mention.type) for other in rivals):
        if any(other.candidates or other.span.covers(mention.span) for other in rivals):
            return None
        return f"{rival.source} has other words of it", _DIFFERENT_SPAN
    return f"{rival.source} says {rival.type}", _DIFFERENT_TYPE


def _coarse(kind: str) -> str:
    return "place" if kind in _PLACES else _COARSE.get(kind, "body")


def _verbs(analysis: Analysis) -> Iterator[Suggestion]:
    """Finite verbs of no class in sentences that name two actors."""
    triggers = load_lexicon().triggers
    for sentence in analysis.sentences:
        actors = {m.norm for m in analysis.mentions if m.sentence == sentence.index and m.type in _ACTORS}
        if len(actors) < 2:
            continue
        for token in analysis.tokens[sentence.first_token : sentence.last_token]:
            reading = token.reading
            if reading.pos == "VERB" and reading.known and ("VERB", reading.lemma) not in triggers:
                why = f"{len(actors)} actors, a verb of no class"
                made = _suggestion(analysis, "trigger", token.core, "?", why, _UNKNOWN_VERB)
                made.form = reading.lemma
                yield made


def _suggestion(analysis: Analysis, kind: str, span: Span, guess: str, why: str, score: float) -> Suggestion:
    text = analysis.document.text
    context = text[max(0, span.start - _CONTEXT) : span.end + _CONTEXT]
    return Suggestion(
        kind=kind, form=_plain(span.of(text)), guess=guess, why=why, score=score, document=analysis.document.id,
        span=span, context=_plain(context),
    )  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(text.split())


def row(suggestion: Suggestion) -> str:
    """A line of the list, in the order of ``COLUMNS``; ``answer`` waits for the reviewer."""
    cells = (
        "?", suggestion.kind, suggestion.guess, str(suggestion.seen), f"{suggestion.score:.2f}",
        romanise(suggestion.form), suggestion.why, suggestion.document, str(suggestion.span.start),
        str(suggestion.span.end), suggestion.form, suggestion.context,
    )  # fmt: skip
    return "\t".join(cells)


def answered(path: Path) -> Iterator[str]:
    """Rows of the lexicon from a reviewed list: a type for a name, a class for a trigger, ``-`` for neither."""
    if not path.is_file():
        raise InputError(f"{path}: no such file; --answers reads a list that `kg suggest` printed")
    classes = {frame.trigger for frame in load_frames().all}
    names, triggers = [], []
    for line in read_table(path, COLUMNS):
        answer, kind, form = line["answer"].strip(), line["kind"], line["form"]
        if answer in UNANSWERED or answer == "-":
            continue
        if kind == "name" and answer in vocabulary.entity_types():
            names.append(name_row(answer, form, f"? {line['why']}"))
        elif kind == "trigger" and answer in classes:
            triggers.append(trigger_row(answer, "VERB", form, f"? {line['why']}"))
        else:
            known = sorted(vocabulary.entity_types() if kind == "name" else classes)
            raise line.error(f"{answer!r} is none of {', '.join(known)}", "answer")
    if names:
        yield "\t".join(NAME_COLUMNS)
        yield from names
    if triggers:
        yield "\t".join(WORD_COLUMNS)
        yield from triggers
