"""Confidence is a probability: fitted to counts, measured over articles that were left out."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from kg.datamodel import AUTHOR, ChainId, EventMention, RelationMention, Span
from kg.errors import DataError
from kg.evaluate.calibration import (
    Judged,
    calibration_error,
    cross_validated,
    fit,
    judge,
    judge_names,
    logistic,
    reliability,
    reliability_report,
    table,
)
from kg.evaluate.gold import gold_document
from kg.models.llm.schema import examples
from kg.pipeline import analyse, to_gold
from kg.text.confidence import CEILING, FLOOR, Calibration, load_calibration, with_confidence
from kg.text.read import read_text

A, B = ChainId("a"), ChainId("b")


def relation(rule: str = "r", **changes: object) -> RelationMention:
    made = RelationMention(
        predicate="met", subject=A, object=B, sentence=0, span=Span(0, 1), trigger=Span(0, 1), rule=rule
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def world(seed: int, documents: int = 12, each: int = 30) -> list[Judged]:
    """Rules that are right nine times of ten and three of ten; unlinked ends halve the odds."""
    dice = random.Random(seed)
    items = []
    for number in range(documents):
        for _ in range(each):
            good, linked = dice.random() < 0.6, dice.random() < 0.5
            chance = (0.9 if good else 0.3) * (1.0 if linked else 0.7)
            items.append(
                Judged(
                    document=str(number), said=relation("good" if good else "bad"), right=dice.random() < chance,
                    linked=frozenset((A, B)) if linked else frozenset(),
                )
            )  # fmt: skip
    return items


@pytest.mark.parametrize("seed", range(2))
def test_left_out_articles_keep_what_is_promised(seed: int) -> None:
    pairs = cross_validated(world(seed, documents=8))
    assert calibration_error(pairs, 5) < 0.08
    flat = [(0.9, right) for _, right in pairs]
    assert calibration_error(flat, 5) > 0.15, "the measure must see overconfidence"


def test_a_better_rule_and_better_evidence_are_believed_more() -> None:
    fitted = fit(world(7))
    known = frozenset((A, B))
    assert fitted.probability(relation("good"), known) > fitted.probability(relation("good"), frozenset())
    assert fitted.probability(relation("good"), known) > fitted.probability(relation("bad"), known) + 0.2
    unseen = fitted.probability(relation("new"), known)
    assert fitted.probability(relation("bad"), known) < unseen < fitted.probability(relation("good"), known)


def test_a_probability_never_claims_to_be_certain() -> None:
    sure = Calibration(counts={"relation": (99, 99)}, weights={"relation:intercept": 50.0})
    lost = Calibration(counts={}, weights={"relation:intercept": -50.0})
    assert sure.probability(relation(), frozenset()) == CEILING
    assert lost.probability(relation(), frozenset()) == FLOOR


def test_the_table_comes_back_as_it_went(tmp_path: Path) -> None:
    fitted = fit(world(1, documents=3))
    path = tmp_path / "confidence.tsv"
    path.write_text(table(fitted), encoding="utf-8")
    assert load_calibration(path) == fitted
    path.write_text(table(fitted).replace("rule\trelation\t", "rule\trelation\t9999"), encoding="utf-8")
    load_calibration.cache_clear()
    with pytest.raises(DataError, match="more right"):
        load_calibration(path)


def test_no_file_leaves_the_priors(tmp_path: Path) -> None:
    assert load_calibration(tmp_path / "none.tsv") is None
    assert with_confidence([relation()], [], [], None) == ((relation(),), ())
    event = EventMention(type="Attack", trigger=Span(0, 1), sentence=0, span=Span(0, 1), agents=(AUTHOR,))
    fitted = fit(world(1, documents=3))
    _, (changed,) = with_confidence([], [event], [], fitted)
    assert FLOOR <= changed.confidence <= CEILING


def test_the_shipped_file_adds_up() -> None:
    shipped = load_calibration()
    assert shipped is not None
    for kind in ("relation", "event"):
        own = [counts for name, counts in shipped.counts.items() if name.startswith(f"{kind}:")]
        assert shipped.counts[kind] == (sum(right for right, _ in own), sum(total for _, total in own))
        assert shipped.weights[f"{kind}:record"] > 0


def test_right_and_wrong_are_what_gold_says() -> None:
    analysis = analyse(read_text("\n".join(examples()[1]["sentences"]) + "\n"))
    data = to_gold(analysis)
    gold = gold_document(data, analysis.document.text, name="x")
    assert all(item.right for item in judge(analysis, gold))
    empty = gold_document({**data, "relations": [], "events": []}, analysis.document.text, name="x")
    found = judge(analysis, empty)
    assert len(found) == len(analysis.relations) + len(analysis.events) > 3
    assert not any(item.right for item in found)


def test_names_are_judged_by_who_found_them() -> None:
    analysis = analyse(read_text("\n".join(examples()[1]["sentences"]) + "\n"))
    gold = gold_document(to_gold(analysis), analysis.document.text, name="x")
    found = judge_names(analysis, gold)
    assert len(found) == len(analysis.mentions) > 3
    assert all(right for _, _, right in found)
    assert {source for source, _, _ in found} <= {"lexicon", "frame", "crf"}
    told = reliability_report({"x": analysis}, {"x": gold})
    assert set(told) >= {"relations", "names, lexicon"}
    assert all(row["kept"] == 1.0 for row in told.values())
    scores = [score for source, score, _ in found if source == "lexicon"]
    row = told["names, lexicon"]
    assert (row["count"], row["promised"]) == (len(scores), round(sum(scores) / len(scores), 3))
    empty = gold_document({"entities": []}, analysis.document.text, name="x")
    assert not any(right for _, _, right in judge_names(analysis, empty))


def test_measures_of_small_tables() -> None:
    assert logistic([]) == {"record": 1.0}
    assert calibration_error([]) == 0
    (low, high) = reliability([(0.05, False), (1.0, True), (0.95, False)])
    assert (low.count, high.count, high.accuracy) == (1, 2, 0.5)
