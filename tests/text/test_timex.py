"""Time expressions: the rules' own examples, a table of sentences, and laws that hold for any text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.datamodel import Sentence, Span
from kg.language.arabic import FoldedText
from kg.language.tables import read_table
from kg.text.timex import Rule, anchored, find_times, rules

CASES = Path(__file__).parents[1] / "cases" / "timex.tsv"
COLUMNS = ("grade", "published", "value", "type", "gloss", "sentence_ar")
ROWS = [row.cells for row in read_table(CASES, COLUMNS)]


def times_of(text: str, published: str | None) -> list[tuple[int, int, str, str]]:
    found = anchored_or_open(text, published)
    return [(time.span.start, time.span.end, time.value, time.type) for time in found]


def anchored_or_open(text: str, published: str | None) -> list:  # type: ignore[type-arg]
    return [t for t in find_times(FoldedText.of(text), (), published) if t.rule not in ("bare-unit", "now")]


def test_the_table_is_not_empty() -> None:
    assert sum(row["grade"] == "STRONG" for row in ROWS) >= 60


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r["grade"] != "WEAK"], ids=[r["gloss"] for r in ROWS if r["grade"] != "WEAK"]
)
def test_sentence(row: dict[str, str]) -> None:
    before, bracket, rest = row["sentence_ar"].partition("[")
    expression = rest.partition("]")[0]
    text = row["sentence_ar"].replace("[", "").replace("]", "")
    expected = [(len(before), len(before) + len(expression), row["value"], row["type"])] if bracket else []
    assert times_of(text, row["published"] or None) == expected


@pytest.mark.parametrize("rule", rules(), ids=[rule.id for rule in rules()])
def test_example_of_the_rule(rule: Rule) -> None:
    found = find_times(FoldedText.of(rule.example), (), "2018-06-20")
    if rule.resolve == "nothing":
        assert found == ()
        return
    assert [time.rule for time in found] == [rule.id]
    covered = rule.example[found[0].span.start : found[0].span.end]
    assert covered == rule.example or (rule.id.endswith("-cued") and rule.example.endswith(covered))
    assert rule.gloss.isascii()


def test_the_eve_is_the_day_before_the_last_day_named() -> None:
    example = next(rule.example for rule in rules() if rule.id == "eve")
    found = find_times(FoldedText.of(f"2018-05-10 x x {example}"), (), "2018-06-20")
    assert [time.value for time in found] == ["2018-05-10", "2018-05-09"]


def test_vague_expressions_are_not_anchored() -> None:
    examples = " x ".join(rule.example for rule in rules() if rule.id in ("now", "bare-unit", "frequency", "clock"))
    assert anchored(find_times(FoldedText.of(examples), (), "2018-06-20")) == ()


def test_sentences_are_told_apart() -> None:
    text = "2018-05-10 x\n2018-05-11 y"
    sentences = [
        Sentence(span=Span(0, 12), index=0, first_token=0, last_token=2),
        Sentence(span=Span(13, len(text)), index=1, first_token=2, last_token=4),
    ]
    found = find_times(FoldedText.of(text), sentences, None)
    assert [(time.sentence, time.value) for time in found] == [(0, "2018-05-10"), (1, "2018-05-11")]


def test_impossible_days_have_no_value() -> None:
    assert [t.value for t in find_times(FoldedText.of("2018-02-30"), (), None)] == [""]


def test_a_broken_publication_date_counts_as_none() -> None:
    example = next(rule.example for rule in rules() if rule.id == "weekday")
    assert [t.value for t in find_times(FoldedText.of(example), (), "soon")] == [""]


WORDS = [word for rule in rules() for word in rule.example.split()]


@given(st.lists(st.sampled_from([*WORDS, "31", "2018", "99999999999", "1/1/1", "\u0640", "\u200f", "\n"]), max_size=12))
def test_any_order_of_time_words_keeps_spans_and_values_well_formed(words: list[str]) -> None:
    text = " ".join(words)
    for published in (None, "2018-06-20", "0001-01-01"):
        found = find_times(FoldedText.of(text), (), published)
        ends = [0, *(time.span.end for time in found)]
        assert all(time.span.start >= end for time, end in zip(found, ends, strict=False))
        assert all(re.fullmatch(r"[0-9A-Z_:./T-]*", time.value) for time in found)


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for time in find_times(FoldedText.of(text), (), "2018-06-20"):
        assert time.span.of(text)
