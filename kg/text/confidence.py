"""How sure a relation or event is: a probability measured on gold, from its rule and the evidence of its arguments.

``ontology/rules/confidence.tsv`` holds how often each rule was right and the weights of the evidence; it is written by
``tools/calibrate.py`` and holds counts only. Without it the priors of the frames stay.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from kg.datamodel import AUTHOR, UNCLAIMED, UNKNOWN, ChainId, EventMention, Link, RelationMention
from kg.language.tables import read_table
from kg.resources import ontology_path

COLUMNS = ("kind", "name", "right", "total", "weight")
SHRINKAGE = 24.0
"""A rule seen this often is believed half by its own record, half by the prior of its frame."""
FLOOR, CEILING, STEP = 0.05, 0.95, 0.05
"""Some hundred statements tell no finer steps apart."""
_NOBODY = (AUTHOR, UNCLAIMED, UNKNOWN)
_PLAIN = ("asserted", "claimed")
Said = RelationMention | EventMention
Features = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Counts by ``relation:rule`` and ``event:rule``, with the sums under the bare kind; weights by name."""

    counts: Mapping[str, tuple[int, int]]
    weights: Mapping[str, float]

    def record(self, said: Said) -> float:
        """How often statements of this rule are right; few cases lean on the prior that the frame states."""
        right, total = self.counts.get(f"{kind_of(said)}:{said.rule}", (0, 0))
        return (right + SHRINKAGE * min(max(said.confidence, FLOOR), CEILING)) / (total + SHRINKAGE)

    def probability(self, said: Said, linked: Collection[ChainId]) -> float:
        """The probability that the statement is right, between ``FLOOR`` and ``CEILING``."""
        kind = kind_of(said)
        score = sum(
            self.weights.get(f"{kind}:{name}", 0.0) * value
            for name, value in features(said, linked, self.record(said)).items()
        )
        probability = min(max(1 / (1 + math.exp(-score)), FLOOR), CEILING)
        return round(round(probability / STEP) * STEP, 2)


def kind_of(said: Said) -> str:
    """``relation`` or ``event``."""
    return "relation" if isinstance(said, RelationMention) else "event"


def features(said: Said, linked: Collection[ChainId], record: float) -> Features:
    """What speaks for a statement: the record of its rule, how its arguments are known, who says it and how."""
    arguments = (
        (said.subject, said.object)
        if isinstance(said, RelationMention)
        else tuple(c for c in (*said.agents, *said.targets, *said.place, *said.instrument) if c not in _NOBODY)
    )
    known = sum(argument in linked for argument in arguments)
    return {
        "intercept": 1.0,
        "record": math.log(record / (1 - record)),
        "linked": known / len(arguments) - 0.5 if arguments else -0.5,
        "arguments": min(len(arguments), 3) - 1.5,
        "held": 0.5 if said.holders != (AUTHOR,) else -0.5,
        "hedged": 0.5 if said.modality not in _PLAIN else -0.5,
    }


@cache
def load_calibration(path: Path | None = None) -> Calibration | None:
    """The shipped calibration; None where there is no file."""
    file = path or ontology_path("rules", "confidence.tsv")
    if not file.is_file():
        return None
    counts: dict[str, tuple[int, int]] = {}
    weights: dict[str, float] = {}
    for row in read_table(file, COLUMNS):
        try:
            if row["kind"] == "rule":
                counts[row["name"]] = int(row["right"]), int(row["total"])
            elif row["kind"] == "weight":
                weights[row["name"]] = float(row["weight"])
            else:
                raise row.error(f"{row['kind']!r} is neither rule nor weight", "kind")
        except ValueError as problem:
            raise row.error(str(problem)) from problem
        if row["kind"] == "rule" and not 0 <= counts[row["name"]][0] <= counts[row["name"]][1]:
            raise row.error("more right than there are", "right")
    return Calibration(counts=counts, weights=weights)


def with_confidence(
    relations: Sequence[RelationMention],
    events: Sequence[EventMention],
    links: Sequence[Link],
    calibration: Calibration | None,
) -> tuple[tuple[RelationMention, ...], tuple[EventMention, ...]]:
    """The statements with the probability measured for their like."""
    if calibration is None:
        return tuple(relations), tuple(events)
    linked = frozenset(link.chain for link in links if link.target is not None)
    return (
        tuple(replace(said, confidence=calibration.probability(said, linked)) for said in relations),
        tuple(replace(said, confidence=calibration.probability(said, linked)) for said in events),
    )
