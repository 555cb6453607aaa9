from __future__ import annotations

from typing import Any

import pytest

from kg.view.story import widen, window

TEXT = "Title\nFirst sentence here. The quoted sentence. Another one follows.\nEnd."


@pytest.mark.parametrize("room", [0, 1, 7, 20, 1000])
def test_a_window_holds_its_span_and_cuts_no_word(room: int) -> None:
    start = TEXT.index("The quoted")
    end = start + len("The quoted sentence.")
    first, last = window(TEXT, start, end, room)
    assert first <= start
    assert last >= end
    assert end - start <= last - first <= end - start + 2 * room
    assert first in {0, start} or TEXT[first - 1].isspace()
    assert last in {len(TEXT), end} or TEXT[last].isspace()


def test_widen_keeps_the_quote_where_it_is() -> None:
    start = TEXT.index("The quoted")
    data: dict[str, Any] = {"start": start, "end": start + 20, "quote": TEXT[start : start + 20], "context": ""}
    widen(data, TEXT)
    assert data["context"][data["quote_start"] : data["quote_end"]] == "The quoted sentence."
    assert data["context"] == TEXT


def test_a_quote_that_is_not_there_is_left_alone() -> None:
    data: dict[str, Any] = {"start": 3, "end": 9, "quote": "absent", "context": "absent"}
    widen(data, TEXT)
    assert data == {"start": 3, "end": 9, "quote": "absent", "context": "absent"}
