"""Words and frames that the rules would need to read what a model proved: tried before anybody is asked.

A proposal that, put in its place, does not make the rules read the sentence as the model did is marked as such. What is
tried is one word in one class, or one frame with the arguments where the sentence has them; a reviewer generalises.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from kg.datamodel import Analysis, ChainId, EventMention, RelationMention, Span
from kg.language.arguments import Arguments, Reference, verb_arguments
from kg.language.lexicon import load_lexicon
from kg.language.nominal import noun_arguments
from kg.language.patterns import Frames, load_frames
from kg.models.llm.merge import relation_key
from kg.models.llm.rules_view import RuleView
from kg.pipeline import Knowledge, analyse

MOST_CLASSES = 4
_POS = ("VERB", "NOUN")
Said = RelationMention | EventMention


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A proposal: a class for a word, or a frame (``text`` is its YAML); ``works`` if the rules then say it too."""

    kind: str
    pos: str
    lemma: str
    trigger: str
    said: str
    """The predicate or type of event."""
    works: bool
    adds: int
    """What else the article says with it that it did not say before, for a reviewer to mistrust."""
    text: str = ""


def drafts(rules: Analysis, model: Analysis) -> Iterator[Draft]:
    """What the rules lack for what only the model says, in the order of the text."""
    view = RuleView(rules)
    known = {relation_key(relation) for relation in rules.relations}
    seen: set[tuple[str, ...]] = set()
    relations = [relation for relation in model.relations if relation_key(relation) not in known]
    events = [event for event in model.events if not _has_event(rules, event)]
    wanted: list[Said] = [*relations, *events]
    for said in wanted:
        found = _draft(rules, view, said, model.events)
        if found is not None and (key := (found.kind, found.pos, found.lemma, found.trigger, found.said)) not in seen:
            seen.add(key)
            yield found


def _draft(rules: Analysis, view: RuleView, said: Said, events: Sequence[EventMention]) -> Draft | None:
    name = said.predicate if isinstance(said, RelationMention) else said.type
    token = _teller(rules, view, said)
    if token < 0:
        return None
    reading = rules.tokens[token].reading
    classes = view.parse(said.sentence).classes(token)
    if not classes:
        return _word(rules, said, name, reading.pos, reading.lemma)
    if not isinstance(said, RelationMention):
        return None
    event = next((each.type for each in events if each.trigger.overlaps(rules.tokens[token].core)), "")
    return _frame(rules, view, said, token, (sorted(classes)[0], event))


def _teller(rules: Analysis, view: RuleView, said: Said) -> int:
    """The word that may tell it: a trigger or verb of the evidence, else the last verb before it; -1 if none."""
    token = view.trigger(said.sentence, said.trigger)
    parsed = view.parse(said.sentence)
    if token < 0:
        before = [
            item.head for item in parsed.items if item.kind == "verb" and _start(rules, item.head) < said.trigger.start
        ]
        token = before[-1] if before else -1
    if token < 0 and isinstance(said, EventMention):
        first, last = parsed.sentence.first_token, parsed.sentence.last_token
        token = next((t for t in range(first, last) if said.trigger.covers(rules.tokens[t].core)), -1)
    fits = token >= 0 and rules.tokens[token].reading.pos in _POS and rules.tokens[token].kind == "word"
    return token if fits else -1


def _start(rules: Analysis, token: int) -> int:
    return rules.tokens[token].span.start


# ---------------------------------------------------------------- a word in a class


def _word(rules: Analysis, said: Said, name: str, pos: str, lemma: str) -> Draft:
    lexicon = load_lexicon()
    choices = _classes(name, pos, isinstance(said, EventMention))
    for trigger in choices:
        trial = copy.copy(lexicon)
        trial.triggers = {**lexicon.triggers, (pos, lemma): frozenset((trigger,))}
        works, adds = _tried(rules, said, Knowledge(lexicon=trial, frames=load_frames()))
        if works:
            return Draft(kind="trigger", pos=pos, lemma=lemma, trigger=trigger, said=name, works=True, adds=adds)
    first = choices[0] if choices else "?"
    return Draft(kind="trigger", pos=pos, lemma=lemma, trigger=first, said=name, works=False, adds=0)


def _classes(name: str, pos: str, event: bool) -> list[str]:
    """Classes of triggers whose frames say such a thing, those with most frames first."""
    counts: dict[str, int] = {}
    for frame in load_frames().all:
        told = frame.event == name if event else any(each.predicate == name for each in frame.relations)
        if frame.pos == pos and told:
            counts[frame.trigger] = counts.get(frame.trigger, 0) + 1
    return sorted(counts, key=lambda trigger: (-counts[trigger], trigger))[:MOST_CLASSES]


# ---------------------------------------------------------------- a frame


def _frame(rules: Analysis, view: RuleView, said: RelationMention, token: int, tells: tuple[str, str]) -> Draft | None:
    """A frame with the two arguments where this sentence has them; None where the parse does not reach one."""
    trigger, event = tells
    parsed = view.parse(said.sentence)
    item = parsed.item_of(token)
    if item < 0:
        return None
    verb = parsed.items[item].kind == "verb"
    found = verb_arguments(parsed, item) if verb else noun_arguments(parsed, item, token)
    ends = [_source(rules, view, found, chain) for chain in (said.subject, said.object)]
    kinds = [_group(view, chain) for chain in (said.subject, said.object)]
    if not all((*ends, *kinds)) or ends[0] == ends[1]:
        return None
    pos = "VERB" if verb else "NOUN"
    text = yaml.safe_dump(
        [
            {
                "id": f"proposed-{trigger}-{pos.lower()}-{said.predicate}",
                "trigger": trigger,
                "pos": pos,
                "event": event,
                "slots": {"agent": f"{ends[0]} : {kinds[0]}", "target": f"{ends[1]} : {kinds[1]}"},
                "needs": ["agent+target"],
                "relations": [f"agent {said.predicate} target"],
                "confidence": 0.5,
            }
        ],
        sort_keys=False,
    )
    works, adds = _tried(rules, said, Knowledge(lexicon=load_lexicon(), frames=_with(text)))
    lemma = rules.tokens[token].reading.lemma
    return Draft(
        kind="frame", pos=pos, lemma=lemma, trigger=trigger, said=said.predicate, works=works, adds=adds, text=text
    )


def _with(text: str) -> Frames:
    """The frames with one more, which comes first: where it holds, the others were at fault."""
    base = load_frames()
    types = {name: " ".join(sorted(members)) for name, members in base.types.items()}
    with TemporaryDirectory(prefix="kg-frames-") as place:
        document = {"types": types, "frames": yaml.safe_load(text)}
        (Path(place) / "proposed.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
        made = load_frames.__wrapped__(Path(place))
    return Frames((*made.all, *base.all), base.types)


def _source(rules: Analysis, view: RuleView, found: Arguments, chain: ChainId) -> str:
    """The grammatical place in which an entity stands; empty where the parse has it in none."""
    for source, references in found.slots.items():
        if any(_is(rules, view, reference, chain) for reference in references):
            return source
    return ""


def _is(rules: Analysis, view: RuleView, reference: Reference, chain: ChainId) -> bool:
    if isinstance(reference, int):
        span = rules.mentions[reference].span
        return view.chain_at.get((span.start, span.end)) == chain
    return view.entries.get(chain) == reference


def _group(view: RuleView, chain: ChainId) -> str:
    """The narrowest group of types that frames know for an entity."""
    known = view.chains.get(chain)
    groups = load_frames().types
    fitting = [name for name, members in groups.items() if known is not None and known.type in members]
    return min(fitting, key=lambda name: (len(groups[name]), name), default="")


# ---------------------------------------------------------------- the trial


def _tried(rules: Analysis, said: Said, knowledge: Knowledge) -> tuple[bool, int]:
    """Whether the rules then say it, and say all they said before; and how much else they say."""
    again = analyse(rules.document, knowledge=knowledge)
    before, after = ({relation_key(r) for r in each.relations} for each in (rules, again))
    events = [{(event.type, event.trigger) for event in each.events} for each in (rules, again)]
    reads = relation_key(said) in after if isinstance(said, RelationMention) else _has_event(again, said)
    kept = before <= after and events[0] <= events[1]
    return reads and kept, len(after - before) + len(events[1] - events[0]) - 1


def _has_event(analysis: Analysis, said: EventMention) -> bool:
    return any(_same(event, said.type, said.trigger) for event in analysis.events)


def _same(event: EventMention, kind: str, trigger: Span) -> bool:
    return event.type == kind and event.trigger.overlaps(trigger)


def summed(found: Sequence[Draft]) -> str:
    """What a reviewer is told of one proposal that was made several times."""
    works = sum(draft.works for draft in found)
    tried = f"tried: the rules then read {works} of {len(found)}" if works else "tried: the rules do not read it so"
    more = sum(draft.adds for draft in found if draft.works)
    told = " and ".join(sorted({draft.said for draft in found}))
    return f"seen {len(found)}, told {told}, {tried}" + (f", and {more} other statements" if more > 0 else "")
