"""Runs all frames over a document: which frame holds where, with its arguments, holder and modality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.datamodel import AUTHOR, Attribution, ChainId, Modality
from kg.language.arguments import Arguments
from kg.language.discourse import Discourse, innermost
from kg.language.modality import scope_modality
from kg.language.nominal import PARTICIPLES, adjective_arguments, noun_arguments
from kg.language.patterns import Filled, Frame, Frames, fill
from kg.language.senses import near, other_sense
from kg.language.syntax import Parse

_MENTIONED_TRIGGERS = frozenset(("Agreement", "Event"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameMatch:
    """A frame that holds at a trigger."""

    frame: Frame
    sentence: int
    item: int
    token: int
    filled: Filled
    arguments: Arguments
    modality: Modality
    holders: tuple[ChainId, ...]
    accused: tuple[ChainId, ...]
    denied_by: tuple[tuple[ChainId, ...], ...]
    """Holders who take the whole proposition back: "which the coalition denied"."""
    definite: bool
    """A noun trigger with the article: it may take up an event told before."""


def match_frames(discourse: Discourse, attributions: Sequence[Attribution], frames: Frames) -> tuple[FrameMatch, ...]:
    """All matches in text order; at each trigger the first frame whose needs are met."""
    found = []
    by_sentence: dict[int, list[Attribution]] = {}
    for attribution in attributions:
        by_sentence.setdefault(attribution.sentence, []).append(attribution)
    for sentence, parse in enumerate(discourse.parses):
        own = by_sentence.get(sentence, [])
        for index, token in _triggers(parse):
            match = _match(discourse, own, frames, sentence, index, token)
            if match is not None:
                found.append(match)
    return tuple(found)


def _triggers(parse: Parse) -> Iterator[tuple[int, int]]:
    for index, item in enumerate(parse.items):
        if item.kind == "verb":
            yield index, item.head
        elif item.kind == "np":
            covered = {
                place
                for m in item.mentions
                if parse.mentions[m].type not in _MENTIONED_TRIGGERS
                for place in range(*parse.ranges[m])
            }
            for token in range(item.first, item.last):
                if token not in covered and parse.tokens[token].reading.pos in ("NOUN", "ADJ"):
                    yield index, token


def _match(
    discourse: Discourse, own: Sequence[Attribution], frames: Frames, sentence: int, index: int, token: int
) -> FrameMatch | None:
    parse = discourse.parses[sentence]
    classes = parse.classes(token)
    if not classes or other_sense(parse, token, classes):
        return None
    verb = parse.items[index].kind == "verb"
    reading = parse.tokens[token].reading
    found = _arguments(discourse, sentence, index, token)
    discourse.fill_owners(sentence, found)
    for frame in frames.of(classes, "VERB" if verb else _frame_pos(classes, reading.pos)):
        filled = fill(frame, found, discourse.type_of) if _has_word(parse, frame, found) else None
        if filled is None:
            continue
        place = parse.tokens[token].span.start
        direct = [attribution for attribution in own if attribution.rule != "resumptive-denial"]
        attribution = innermost(direct, sentence, place)
        modality, holders = _status(parse, index, token, attribution)
        return FrameMatch(
            frame=frame,
            sentence=sentence,
            item=index,
            token=token,
            filled=filled,
            arguments=found,
            modality=modality,
            holders=holders,
            accused=attribution.accused if attribution is not None else (),
            denied_by=tuple(a.holders for a in own if a not in direct and a.scope.start <= place < a.scope.end),
            definite=not verb and reading.definite,
        )
    return None


def _has_word(parse: Parse, frame: Frame, found: Arguments) -> bool:
    if frame.near and not near(parse, frame.near):
        return False
    if frame.word is None:
        return True
    slot, name = frame.word
    words = parse.lexicon.words(name)
    for item in found.items.get(slot, ()):
        for token in range(parse.items[item].first, parse.items[item].last):
            reading, norm = parse.tokens[token].reading, parse.tokens[token].norm
            if reading.lemma in words or norm in words:
                return True
    return False


def _frame_pos(classes: frozenset[str], pos: str) -> str:
    """Participles tagged as nouns run the frames of adjectives."""
    return "ADJ" if classes & PARTICIPLES else pos


def _arguments(discourse: Discourse, sentence: int, index: int, token: int) -> Arguments:
    parse = discourse.parses[sentence]
    if parse.items[index].kind == "verb":
        return discourse.verb(sentence, index)
    if parse.classes(token) & PARTICIPLES:
        return adjective_arguments(parse, index, token)
    if parse.classes(token) & {"part", "ally-of"}:
        found = noun_arguments(parse, index, token)
        before = adjective_arguments(parse, index, token).slots.get("antecedent", ())
        if before:
            found.add("antecedent", before, index)
        return found
    found = noun_arguments(parse, index, token)
    owner = discourse.possessor(sentence, index, token)
    if owner:
        found.add("possessor", owner, index)
    return found


def _status(
    parse: Parse, index: int, token: int, attribution: Attribution | None
) -> tuple[Modality, tuple[ChainId, ...]]:
    modality = scope_modality(parse, index, token)
    if parse.classes(token) & PARTICIPLES and modality != "negated":
        modality = "asserted"  # what a participle says of a noun is taken for granted, whatever the clause says
    if attribution is None:
        return modality, (AUTHOR,)
    if attribution.denied:
        return "negated", attribution.holders
    return ("claimed" if modality == "asserted" else modality), attribution.holders
