"""Counts: a table of phrases, and laws that hold for any text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language.arabic import FoldedText
from kg.language.numbers import digits_value, find_numbers
from kg.language.tables import read_table

CASES = Path(__file__).parents[1] / "cases" / "numbers.tsv"
COLUMNS = ("value", "approximate", "dual", "unit_is", "gloss", "phrase_ar")
ROWS = [row.cells for row in read_table(CASES, COLUMNS)]


@pytest.mark.parametrize("row", ROWS, ids=[row["gloss"] for row in ROWS])
def test_phrase(row: dict[str, str]) -> None:
    before, _, rest = row["phrase_ar"].partition("[")
    text = row["phrase_ar"].replace("[", "").replace("]", "")
    span = (len(before), len(before) + len(rest.partition("]")[0]))
    found = find_numbers(FoldedText.of(text))
    assert [((n.span.start, n.span.end), n.value, n.approximate, n.dual) for n in found] == [
        (span, float(row["value"]), row["approximate"], row["dual"] == "1")
    ]
    assert bool(found[0].unit) if row["unit_is"] == "dual" else found[0].unit == row["unit_is"]


def test_the_table_is_not_empty() -> None:
    assert len(ROWS) >= 18


@pytest.mark.parametrize("text", ["BM-21", "F-16", "https://x.org/2018/5", "12:30", "2018-05-10", "+9647701234567"])
def test_not_a_count(text: str) -> None:
    assert find_numbers(FoldedText.of(text)) == ()


@given(st.integers(min_value=0, max_value=999_999_999))
def test_digits_with_separators(number: int) -> None:
    assert digits_value(f"{number:,}") == number


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for number in find_numbers(FoldedText.of(text)):
        assert number.span.of(text)


def test_an_endless_chain_of_scales_is_cut() -> None:
    thousand = (
        next(row["phrase_ar"] for row in ROWS if row["gloss"] == "thousand alone").partition("[")[2].partition("]")[0]
    )
    found = find_numbers(FoldedText.of(f"{thousand} " * 500))
    assert len(found) > 1
    assert all(number.value < 10**18 for number in found)
