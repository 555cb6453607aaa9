"""Entities and chains: which predicted entity is which gold entity, and B-cubed, CEAF-e and MUC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from kg.evaluate.assignment import assign
from kg.evaluate.gold import GoldDocument, GoldEntity, Range, widen

Clusters = Mapping[Range, str]


class Parts(NamedTuple):
    """Sums above and below the line, for precision and for recall."""

    precision: float
    of_precision: float
    recall: float
    of_recall: float


def clusters(document: GoldDocument, text: str | None) -> dict[Range, str]:
    """Each mention, widened to words, with the entity it belongs to."""
    return {widen(text, span): entity.id for entity in document.entities for span in entity.mentions}


def similarity(predicted: tuple[GoldEntity, ...], gold: tuple[GoldEntity, ...], text: str | None) -> list[list[float]]:
    """How much each predicted entity looks like each gold entity: shared mentions first, names last."""
    ours = [{widen(text, span) for span in entity.mentions} for entity in predicted]
    theirs = [{widen(text, span) for span in entity.mentions} for entity in gold]
    return [
        [_alike(entity, spans, other, other_spans) for other, other_spans in zip(gold, theirs, strict=True)]
        for entity, spans in zip(predicted, ours, strict=True)
    ]


def _alike(entity: GoldEntity, spans: set[Range], other: GoldEntity, other_spans: set[Range]) -> float:
    exact, names, same_type = len(spans & other_spans), len(entity.aliases & other.aliases), entity.type == other.type
    if not spans:
        return names + 0.2 * (entity.name == other.name) + 0.01 * same_type if names else 0.0
    if exact:
        return exact + 0.001 * names + 0.0005 * same_type
    if touching := sum(any(a < y and x < b for x, y in other_spans) for a, b in spans):
        return 0.1 * touching
    return 0.05 * min(names, 1)


def _sets(mentions: Clusters) -> dict[str, set[Range]]:
    found: dict[str, set[Range]] = defaultdict(set)
    for mention, cluster in mentions.items():
        found[cluster].add(mention)
    return found


def b_cubed(predicted: Clusters, gold: Clusters) -> Parts:
    """Per mention; one that the other side does not have scores 0."""
    ours, theirs = _sets(predicted), _sets(gold)
    shared = {m: len(ours[predicted[m]] & theirs[gold[m]]) for m in predicted if m in gold}
    return Parts(
        sum(common / len(ours[predicted[m]]) for m, common in shared.items()),
        len(predicted),
        sum(shared[m] / len(theirs[gold[m]]) for m in gold if m in predicted),
        len(gold),
    )


def ceaf_e(predicted: Clusters, gold: Clusters) -> Parts:
    """Entities paired one to one, each pair weighing twice its overlap over both sizes."""
    ours, theirs = list(_sets(predicted).values()), list(_sets(gold).values())
    weights = [[2 * len(a & b) / (len(a) + len(b)) for b in theirs] for a in ours]
    score = sum(weight for _, _, weight in assign(weights))
    return Parts(score, len(ours), score, len(theirs))


def muc(predicted: Clusters, gold: Clusters) -> Parts:
    """Links."""
    return Parts(*_links(predicted, gold), *_links(gold, predicted))


def _links(first: Clusters, second: Clusters) -> tuple[int, int]:
    kept = possible = 0
    for members in _sets(first).values():
        parts = {second[m] for m in members if m in second}
        missing = sum(m not in second for m in members)
        kept += len(members) - len(parts) - missing
        possible += len(members) - 1
    return kept, possible
