"""Event sets in JSON Lines: is there such an event in the sentence, and who did it to whom.

Two shapes, told apart by their keys: ``label`` (yes, easy no, difficult no, ambiguous) for detection, and
``annotations`` (several annotators' spans of actor, verb and target) for roles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import UnreadableInput
from kg.evaluate.corpus import CorpusReport, accuracy, json_rows
from kg.evaluate.figures import Counts, Figure, figure, total
from kg.evaluate.gold import Range, overlap

KINDS: dict[str, frozenset[str]] = {
    "ASSAULT": frozenset({"Attack", "Killing", "Clash", "MilitaryOperation"}),
    "PROTEST": frozenset({"Protest"}),
}
"""The sets' categories in our event types."""
HAPPENED = frozenset({"asserted", "claimed"})
"""The sets ask for events that took place; planned, denied and hypothetical ones are none."""
PHYSICAL = frozenset({"ASSAULT"})
"""Categories of acts that hurt (PLOVER): a raid that a sentence only mentions is none, one that it tells is."""
_ROLES = ("source_actor", "target_actor", "verb")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEvent:
    """An event of ours with the spans of those in it."""

    type: str
    modality: str
    trigger: Range
    agents: tuple[Range, ...] = ()
    targets: tuple[Range, ...] = ()
    told: bool = False
    """Told with its dead and wounded, or by a finite verb with its doer or weapon."""


FindEvents = Callable[[str], Sequence[FoundEvent]]


def evaluate_events(path: Path, find: FindEvents, *, progress: Callable[[int], None] | None = None) -> CorpusReport:
    """Score a set of either shape."""
    rows = json_rows(path, "text", "event_type")
    unknown = {row["event_type"] for row in rows} - KINDS.keys()
    if unknown:
        raise UnreadableInput(f"{path}: event types {', '.join(sorted(unknown))}; known are {', '.join(KINDS)}")
    events = []
    for row in rows:
        kinds = KINDS[row["event_type"]]
        events.append([event for event in find(row["text"]) if event.type in kinds and event.modality in HAPPENED])
        if progress:
            progress(1)
    table = _roles(rows, events) if rows and "annotations" in rows[0] else _detection(rows, events)
    return CorpusReport(name=path.name, size=f"{len(rows):,} sentences", rows=tuple(table))


def _detection(rows: Sequence[Mapping[str, Any]], events: Sequence[Sequence[FoundEvent]]) -> list[tuple[str, Figure]]:
    """F1 over the clear cases; then how often each label was told apart."""
    table: list[tuple[str, Figure]] = []
    for kind in KINDS:
        own = [(str(row["label"]), found) for row, found in zip(rows, events, strict=True)
               if row["event_type"] == kind and row["label"] != "ambiguous"]  # fmt: skip
        cases = [(label, any(event.told or kind not in PHYSICAL for event in found)) for label, found in own]
        table.append((kind, _found(cases)))
        if kind in PHYSICAL:
            table.append((f"{kind}, and those only mentioned", _found([(label, bool(found)) for label, found in own])))
        for label in ("easy no", "difficult no"):
            of = [found for name, found in cases if name == label]
            table.append((f"{kind}, {label}: left alone", accuracy(sum(not found for found in of), len(of))))
    return table


def _found(cases: Sequence[tuple[str, bool]]) -> Figure:
    right = sum(found and label == "yes" for label, found in cases)
    return figure(Counts(right, sum(found for _, found in cases), sum(label == "yes" for label, _ in cases)))


def _roles(rows: Sequence[Mapping[str, Any]], events: Sequence[Sequence[FoundEvent]]) -> list[tuple[str, Figure]]:
    """A role is right where it overlaps what an annotator marked; it is due where most annotators marked one."""
    counts: dict[str, list[Counts]] = {role: [] for role in _ROLES}
    for row, found in zip(rows, events, strict=True):
        for role in _ROLES:
            ours = {span for event in found for span in _spans(event, role)}
            marked = [[(a, b) for a, b in note[role]["spans"]] for note in row["annotations"]]
            any_marked = [span for spans in marked for span in spans]
            due = 2 * sum(bool(spans) for spans in marked) > len(marked)
            right = sum(_touches(span, any_marked) for span in ours)
            hit = due and any(_touches(span, any_marked) for span in ours)
            counts[role].append(Counts(right, len(ours), 0))
            counts[f"{role} due"] = [*counts.get(f"{role} due", []), Counts(hit, 0, due)]
    table = []
    for role in _ROLES:
        precision, recall = total(counts[role]), total(counts[f"{role} due"])
        p = precision.right / precision.predicted if precision.predicted else 0.0
        r = recall.right / recall.expected if recall.expected else 0.0
        table.append((role, Figure(p, r, 2 * p * r / (p + r) if p + r else 0.0)))
    detected = sum(bool(found) for found in events)
    return [("sentences with the event", accuracy(detected, len(rows))), *table]


def _spans(event: FoundEvent, role: str) -> Iterable[Range]:
    if role == "verb":
        return (event.trigger,)
    return event.agents if role == "source_actor" else event.targets


def _touches(span: Range, marked: Iterable[Range]) -> bool:
    return any(overlap(span, other) for other in marked)
