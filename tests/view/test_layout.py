from __future__ import annotations

from itertools import combinations

import pytest

from kg.view.layout import SPACING, layout


def star(leaves: int) -> dict[str, list[str]]:
    return {"hub": [f"n{i}" for i in range(leaves)]} | {f"n{i}": ["hub"] for i in range(leaves)}


def test_the_same_graph_lies_the_same() -> None:
    assert layout(star(20)) == layout(star(20))


@pytest.mark.parametrize("leaves", [1, 5, 30])
def test_no_two_nodes_share_a_place(leaves: int) -> None:
    places = layout(star(leaves))
    nearest = min(abs(ax - bx) + abs(ay - by) for (ax, ay), (bx, by) in combinations(places.values(), 2))
    assert nearest > SPACING / 4


def test_parts_do_not_overlap() -> None:
    pairs = {f"{side}{i}": [f"{'b' if side == 'a' else 'a'}{i}"] for i in range(12) for side in "ab"}
    places = layout(star(10) | pairs)
    middles = {i: [(places[f"a{i}"][j] + places[f"b{i}"][j]) / 2 for j in (0, 1)] for i in range(12)}
    for one, other in combinations(middles.values(), 2):
        assert abs(one[0] - other[0]) + abs(one[1] - other[1]) > SPACING / 2


def test_what_is_outside_the_core_hangs_on_its_anchor() -> None:
    places = layout(star(400), core=50)
    assert len(places) == 401
    assert all(
        abs(x - places["hub"][0]) + abs(y - places["hub"][1]) < 12 * SPACING
        for name, (x, y) in places.items()
        if name != "hub"
    )


def test_no_nodes_and_no_edges() -> None:
    assert layout({}) == {}
    assert len(set(layout({"a": [], "b": [], "c": []}).values())) == 3
