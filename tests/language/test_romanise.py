"""Names between the scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language.romanise import NameIndex, romanise, search_keys
from kg.language.tables import Row, read_table

CASES = Path(__file__).parents[1] / "cases" / "names.tsv"
ROWS = list(read_table(CASES, ("spellings", "name_ar")))
PAIRS = [(spelling, row["name_ar"]) for row in ROWS for spelling in row.many("spellings")]


@pytest.mark.parametrize(("spelling", "name"), PAIRS, ids=[spelling for spelling, _ in PAIRS])
def test_spellings_share_a_key_with_the_arabic_name(spelling: str, name: str) -> None:
    assert search_keys(spelling) & search_keys(name)


@pytest.mark.parametrize(("spelling", "name"), PAIRS, ids=[spelling for spelling, _ in PAIRS])
def test_the_index_finds_the_name_first(spelling: str, name: str) -> None:
    assert NameIndex(row["name_ar"] for row in ROWS).search(spelling)[0] == name


def test_different_names_share_no_key() -> None:
    assert not search_keys("Qassem") & search_keys("Hussein")


def test_a_family_name_finds_the_full_name() -> None:
    full = f"{ROWS[0]['name_ar']} {ROWS[2]['name_ar']}"
    assert NameIndex([ROWS[1]["name_ar"], full]).search("Khazali", 1) == (full,)


def test_an_arabic_query_finds_itself() -> None:
    names = [row["name_ar"] for row in ROWS]
    index = NameIndex(names)
    assert [index.search(name, 1)[0] for name in names] == names


@pytest.mark.parametrize(("row", "expected"), list(zip(ROWS[:3], ["Qasem", "Mohammed", "Al-Khazali"], strict=True)))
def test_press_spelling(row: Row, expected: str) -> None:
    assert romanise(row["name_ar"]) == expected


def test_article_inside_a_name_is_small_and_goes_after_abdul() -> None:
    assert romanise(f"{ROWS[0]['name_ar']} {ROWS[2]['name_ar']}") == "Qasem al-Khazali"
    assert romanise(ROWS[4]["name_ar"]) == "Abdul Rahman"


def test_an_empty_index_finds_nothing() -> None:
    assert NameIndex([]).search("Qassem") == ()


@given(st.text(max_size=30))
def test_any_text_has_ascii_keys(text: str) -> None:
    assert all(key.isascii() for key in search_keys(text))
    assert NameIndex(["x", ROWS[0]["name_ar"]]).search(text, 1) is not None
    romanise(text)
