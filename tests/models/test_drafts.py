"""Words and frames are taken from the rules; what then only the model says must bring them back as proposals."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from kg.datamodel import Analysis
from kg.language.lexicon import WORD_COLUMNS, Lexicon, load_lexicon
from kg.language.patterns import Frames, load_frames
from kg.language.tables import read_table
from kg.models.llm import drafts as module
from kg.models.llm.drafts import Draft, drafts
from kg.models.llm.evidence import Tally
from kg.models.llm.extract import Outcome
from kg.models.llm.review import Review
from kg.models.llm.rules_view import RuleView
from kg.pipeline import Knowledge, analyse
from kg.text.read import read_text
from tests.models.test_llm import cases

Forget = Callable[[Lexicon, Frames], None]


def known(monkeypatch: pytest.MonkeyPatch, lexicon: Lexicon, frames: Frames) -> Knowledge:
    """What the rules know in this test."""

    def lesser() -> Frames:
        return frames

    lesser.__wrapped__ = load_frames.__wrapped__  # type: ignore[attr-defined]
    for place in ("kg.models.llm.drafts", "kg.models.llm.rules_view"):
        monkeypatch.setattr(f"{place}.load_lexicon", lambda: lexicon)
    monkeypatch.setattr(module, "load_frames", lesser)
    return Knowledge(lexicon=lexicon, frames=frames)


def without_word(pos: str, lemma: str) -> Lexicon:
    lesser = copy.copy(load_lexicon())
    lesser.triggers = {key: names for key, names in lesser.triggers.items() if key != (pos, lemma)}
    return lesser


def without_frame(identity: str) -> Frames:
    every = load_frames()
    return Frames([frame for frame in every.all if frame.id != identity], every.types)


def told(predicate: str, pos: str = "VERB") -> list[tuple[Analysis, str, str]]:
    """Sentences of ours that the rules read with a word of one class, the word, and the frame."""
    found = []
    for text in cases():
        analysis = analyse(read_text(text))
        view = RuleView(analysis)
        for relation in analysis.relations:
            token = view.trigger(relation.sentence, relation.trigger)
            if relation.predicate == predicate and token >= 0 and len(analysis.relations) == 1:
                reading = analysis.tokens[token].reading
                classes = load_lexicon().triggers.get((reading.pos, reading.lemma), frozenset())
                if reading.pos == pos and len(classes) == 1:
                    found.append((analysis, reading.lemma, relation.rule))
    return found


@pytest.fixture(scope="module")
def killings() -> list[tuple[Analysis, str, str]]:
    return told("killed")


def test_a_word_that_nobody_classed_gets_the_class_that_reads_it(
    killings: list[tuple[Analysis, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    brought_back = 0
    for model, lemma, _ in killings:
        lesser = known(monkeypatch, without_word("VERB", lemma), load_frames())
        rules = analyse(model.document, knowledge=lesser)
        if rules.relations:
            continue
        found = [draft for draft in drafts(rules, model) if draft.kind == "trigger" and draft.lemma == lemma]
        real = load_lexicon().triggers["VERB", lemma]
        brought_back += any(draft.works and draft.trigger in real for draft in found)
        for draft in found:
            assert draft.pos == "VERB"
            assert draft.works or draft.adds == 0
    assert brought_back >= 5


def test_a_frame_that_is_missing_is_drafted_and_tried(
    killings: list[tuple[Analysis, str, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    working: list[Draft] = []
    for model, _, rule in killings:
        lesser = known(monkeypatch, load_lexicon(), without_frame(rule))
        rules = analyse(model.document, knowledge=lesser)
        if rules.relations:
            continue
        working += [draft for draft in drafts(rules, model) if draft.kind == "frame" and draft.works]
    assert len(working) >= 5
    for draft in working:
        (made,) = yaml.safe_load(draft.text)
        assert made["relations"] == ["agent killed target"]
        types = {name: " ".join(members) for name, members in load_frames().types.items()}
        (tmp_path / "x.yaml").write_text(yaml.safe_dump({"types": types, "frames": [made]}), encoding="utf-8")
        assert load_frames.__wrapped__(tmp_path).all[0].trigger == draft.trigger


def test_what_the_rules_say_already_needs_no_proposal(killings: list[tuple[Analysis, str, str]]) -> None:
    for model, _, _ in killings[:5]:
        assert list(drafts(model, model)) == []


def test_a_proposal_that_loses_what_was_read_does_not_work(
    killings: list[tuple[Analysis, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, lemma, _ = killings[0]
    lesser = known(monkeypatch, without_word("VERB", lemma), load_frames())
    rules = analyse(model.document, knowledge=lesser)
    monkeypatch.setattr(module, "analyse", lambda document, knowledge: rules)
    assert not any(draft.works for draft in drafts(rules, model))


def test_proposals_are_tables_that_grow_from_run_to_run(
    killings: list[tuple[Analysis, str, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    outcomes = []
    for model, lemma, _ in killings[:4]:
        lesser = known(monkeypatch, without_word("VERB", lemma), load_frames())
        rules = analyse(model.document, knowledge=lesser)
        outcomes.append(Outcome(analysis=rules, rules=rules, model=model, flags=(), tally=Tally()))
        review = Review(tmp_path / "apart")  # as a run that is stopped after each article
        review(outcomes[-1])
        review.write()
        review.write()
    whole = Review(tmp_path / "whole")
    for (_, lemma, _), outcome in zip(killings, outcomes, strict=False):
        known(monkeypatch, without_word("VERB", lemma), load_frames())
        whole(outcome)
    whole.write()
    for name in ("differences.jsonl", "proposals.jsonl", "names.tsv", "triggers.tsv", "frames.yaml"):
        assert (tmp_path / "apart" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    rows = list(read_table(tmp_path / "whole" / "triggers.tsv", WORD_COLUMNS))
    assert rows
    assert "tried: the rules then read" in rows[0]["gloss"]
    lines = [json.loads(line) for line in (tmp_path / "whole" / "proposals.jsonl").read_text("utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows)
    assert {line["document"] for line in lines} <= {outcome.rules.document.id for outcome in outcomes}
    assert yaml.safe_load((tmp_path / "whole" / "frames.yaml").read_text("utf-8"))["frames"] is None
