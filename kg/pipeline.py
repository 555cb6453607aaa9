"""The stages composed: ``analyse(document) -> Analysis`` sees one document; no file, no clock, no network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from kg import release
from kg.datamodel import (
    AUTHOR,
    Analysis,
    ChainId,
    CoreferenceChain,
    Document,
    EventMention,
    Mention,
    RelationMention,
    Sentence,
    Token,
)
from kg.language.arabic import FoldedText
from kg.language.descriptions import Descriptions
from kg.language.discourse import Discourse
from kg.language.lexicon import Lexicon, load_lexicon
from kg.language.matches import match_frames
from kg.language.morphology import default_morphology
from kg.language.numbers import find_numbers
from kg.language.parsing import parse
from kg.language.patterns import Frames, load_frames
from kg.language.romanise import romanise
from kg.resources import knowledge_hash
from kg.text.attribution import attribute
from kg.text.confidence import load_calibration, with_confidence
from kg.text.coreference import resolve_mentions
from kg.text.events import extract_events
from kg.text.recognition import Proposer, recognise
from kg.text.recognition.crf import CrfProposer
from kg.text.relations import extract_relations, officeholders
from kg.text.segment import segment
from kg.text.timex import anchored, find_times

Reread = Callable[[FoldedText, Sequence[Sentence], Sequence[Token]], tuple[Token, ...]]
"""Tokens with other readings, the spans as they were."""


class Analyser(Protocol):
    """An analysis as the profiles make them; it is pickled where several processes do the work."""

    @property
    def release(self) -> str:
        """What an analysis is made with: ``code_version()`` and, under another profile, what is added to it."""

    def __call__(self, document: Document) -> Analysis:
        """Analyse one document."""


@cache
def code_version() -> str:
    """What an analysis is made with, for provenance and for builds that do only what changed: program and knowledge."""
    return f"{release()}+{knowledge_hash()}"


@cache
def proposers() -> tuple[Proposer, ...]:
    """The recognisers that guess: the CRF where its weights are there."""
    crf = CrfProposer()
    return (crf,) if crf.available() else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """The trigger words and frames that sentences are read with: the shipped ones, or with a proposal among them."""

    lexicon: Lexicon
    frames: Frames


def analyse(
    document: Document,
    *,
    more: Sequence[Proposer] = (),
    reread: Reread | None = None,
    priors: bool = False,
    knowledge: Knowledge | None = None,
) -> Analysis:
    """Everything one article says: mentions, chains, times, relations, events, and who says so.

    ``more`` are further recognisers; ``reread`` chooses the readings of words anew;
    ``priors`` keeps the confidences that the frames state. ``knowledge`` is for trials of words and frames; names are
    those of the shipped lexicon.
    """
    known = knowledge or Knowledge(lexicon=load_lexicon(), frames=load_frames())
    lexicon = load_lexicon()
    folded = FoldedText.of(document.text)
    sentences, tokens = segment(folded, default_morphology())
    if reread is not None:
        tokens = reread(folded, sentences, tokens)
    times = find_times(folded, sentences, document.published)
    mentions = recognise(folded, sentences, tokens, times, lexicon, (*proposers(), *more))
    resolved = resolve_mentions(document.text, mentions, lexicon, document.published, romanise)
    ranges = token_ranges(mentions, tokens)
    descriptions = Descriptions.of(tokens, mentions, ranges, lexicon)
    parses = [parse(each, tokens, mentions, ranges, times, known.lexicon, descriptions) for each in sentences]
    discourse = Discourse(
        parses=parses,
        mentions=mentions,
        lexicon=known.lexicon,
        chain_of_mention=resolved.chain_of_mention,
        chain_of_entry=resolved.chain_of_entry,
        types={chain.id: chain.type for chain in resolved.chains},
    )
    discourse.officeholders = officeholders(discourse)
    attributions = attribute(discourse)
    matches = match_frames(discourse, attributions, known.frames)
    events = extract_events(discourse, matches, anchored(times), find_numbers(folded))
    relations = extract_relations(discourse, matches, attributions, events)
    relations, events = with_confidence(relations, events, resolved.links, None if priors else load_calibration())
    return Analysis(
        document=document,
        sentences=sentences,
        tokens=tokens,
        mentions=mentions,
        times=times,
        chains=(*resolved.chains, *_used(discourse.added, relations, events)),
        links=resolved.links,
        relations=relations,
        events=events,
        attributions=attributions,
        version=code_version(),
    )


@dataclass(frozen=True, slots=True)
class Rules:
    """The default profile: rules, lexicon and CRF."""

    @property
    def release(self) -> str:
        """The program and its knowledge."""
        return code_version()

    def __call__(self, document: Document) -> Analysis:
        """Analyse one document."""
        return analyse(document)


def token_ranges(mentions: Sequence[Mention], tokens: Sequence[Token]) -> dict[int, tuple[int, int]]:
    """The token range of every mention; both are in text order."""
    found: dict[int, tuple[int, int]] = {}
    token = 0
    for index, mention in enumerate(mentions):
        while token < len(tokens) and tokens[token].span.end <= mention.span.start:
            token += 1
        last = token
        while last < len(tokens) and tokens[last].span.start < mention.span.end:
            last += 1
        found[index] = (token, last)
    return found


def _used(
    added: Sequence[CoreferenceChain], relations: Sequence[RelationMention], events: Sequence[EventMention]
) -> list[CoreferenceChain]:
    """Chains that only an adjective names, where something uses them."""
    used: set[ChainId] = set()
    for relation in relations:
        used.update((relation.subject, relation.object, *relation.holders))
    for event in events:
        used.update((*event.agents, *event.targets, *event.place, *event.instrument, *event.holders))
    return [chain for chain in added if chain.id in used]


# ---------------------------------------------------------------- the shape of the gold


def to_gold(analysis: Analysis) -> dict[str, Any]:
    """The analysis as JSON in the shape that evaluation and ``kg analyse`` use."""
    document, text = analysis.document, analysis.document.text
    return {
        "doc_id": document.id,
        "outlet": document.outlet,
        "doc_date": document.published,
        "title": document.title,
        "text_chars": len(text),
        "entities": [_entity(chain, analysis) for chain in analysis.chains],
        "relations": [_relation(f"r{n}", relation, text) for n, relation in enumerate(analysis.relations, 1)],
        "events": [_event(f"v{n}", event, text) for n, event in enumerate(analysis.events, 1)],
        "timex": [
            {
                "text": time.span.of(text),
                "start": time.span.start,
                "end": time.span.end,
                "type": "duration" if time.type == "duration" else "date",
                "value": time.value,
            }
            for time in anchored(analysis.times)
        ],
    }


def _entity(chain: CoreferenceChain, analysis: Analysis) -> dict[str, Any]:
    text = analysis.document.text
    target = next((link.target for link in analysis.links if link.chain == chain.id), None)
    mentions = [
        {"text": m.span.of(text), "start": m.span.start, "end": m.span.end} | ({"metonym": True} if m.metonym else {})
        for m in chain.mentions
    ]
    return {
        "id": chain.id,
        "type": chain.type,
        "name_ar": chain.name_ar,
        "name_en": chain.name_en,
        "global_id": target,
        "mentions": mentions,
    }


def _holder(holders: Sequence[ChainId]) -> list[str]:
    """The innermost holder: the one whose words they are."""
    return [holders[-1]] if holders else [AUTHOR]


def _relation(identity: str, relation: RelationMention, text: str) -> dict[str, Any]:
    return {
        "id": identity,
        "subject": relation.subject,
        "predicate": relation.predicate,
        "object": relation.object,
        "sentence": relation.span.of(text),
        "sent_start": relation.span.start,
        "sent_end": relation.span.end,
        "asserted_by": _holder(relation.holders),
        "modality": relation.modality,
        "date": relation.date,
        "confidence": relation.confidence,
    }


def _event(identity: str, event: EventMention, text: str) -> dict[str, Any]:
    casualties = {"killed": event.killed, "wounded": event.wounded}
    return {
        "id": identity,
        "type": event.type,
        "trigger": event.trigger.of(text),
        "trigger_start": event.trigger.start,
        "trigger_end": event.trigger.end,
        "agents": list(event.agents),
        "alleged_agents": [{"entity": entity, "asserted_by": by} for entity, by in event.alleged_agents],
        "targets": list(event.targets),
        "place": list(event.place),
        "instrument": list(event.instrument),
        "count": event.count,
        "date": event.date,
        "casualties": {k: v for k, v in casualties.items() if v is not None} or None,
        "asserted_by": _holder(event.holders),
        "modality": event.modality,
        "confidence": event.confidence,
        "sentence": event.span.of(text),
        "sent_start": event.span.start,
        "sent_end": event.span.end,
    }
