"""The pipeline in the shapes that the evaluations of corpora call."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set

from kg.datamodel import UNCLAIMED, UNKNOWN, Analysis, ChainId, Document, EventMention, Span, TimeExpression, Token
from kg.evaluate.event_sets import FoundEvent
from kg.evaluate.gold import Range
from kg.language.arabic import FoldedText
from kg.language.morphology import default_morphology
from kg.language.romanise import NameIndex
from kg.pipeline import analyse
from kg.text import timex
from kg.text.read import read_text
from kg.text.segment import segment


def tokenise(text: str) -> Sequence[Token]:
    """For ``--as conllu``."""
    return segment(FoldedText.of(text), default_morphology())[1]


def find_times(text: str, day: str | None) -> Sequence[TimeExpression]:
    """For ``--as timex``."""
    folded = FoldedText.of(text)
    return timex.find_times(folded, segment(folded, default_morphology())[0], day)


def find_names(text: str, run: Callable[[Document], Analysis] = analyse) -> Sequence[tuple[int, int, str]]:
    """For ``--as ner``: the mentions of a text, without the adjectives that only point to an entity."""
    return [(mention.span.start, mention.span.end, mention.type) for mention in run(read_text(text)).mentions]


def find_events(text: str) -> Sequence[FoundEvent]:
    """For ``--as events``: events with the spans of those in them that the same sentence names."""
    analysis = analyse(read_text(text))
    verbs = {token.span for token in analysis.tokens if token.reading.pos == "VERB"}
    return [
        FoundEvent(
            type=event.type,
            modality=event.modality,
            trigger=(event.trigger.start, event.trigger.end),
            agents=_spans(analysis, event.agents, event.span),
            targets=_spans(analysis, event.targets, event.span),
            told=_told(event, verbs),
        )
        for event in analysis.events
    ]


def _told(event: EventMention, verbs: Set[Span]) -> bool:
    """With its dead and wounded, or as news: by a finite verb with its doer or weapon, and no year that dates it."""
    doer = set(event.agents) - {UNCLAIMED, UNKNOWN} or event.instrument
    news = event.type != "MilitaryOperation" and event.trigger in verbs and doer and not event.date  # an arrest is none
    return bool(event.killed or event.wounded or news)


def _spans(analysis: Analysis, chains: Sequence[ChainId], inside: Span) -> tuple[Range, ...]:
    return tuple(
        (mention.span.start, mention.span.end)
        for chain in analysis.chains
        if chain.id in chains
        for mention in chain.mentions
        if inside.covers(mention.span)
    )


def name_search(names: Sequence[str]) -> Callable[[str, int], Sequence[str]]:
    """For ``--as names``."""
    return NameIndex(names).search
