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


def test_what_hangs_outside_does_not_pile_up() -> None:
    places = list(layout(star(400), core=50).values())
    near = sum(1 for (ax, ay), (bx, by) in combinations(places, 2) if abs(ax - bx) + abs(ay - by) < SPACING / 20)
    assert near < 4


def test_named_nodes_are_placed_as_if_there_were_no_others() -> None:
    inner = ["hub", "n1", "n2"]
    places = layout(star(60), inner=inner)
    assert {name: places[name] for name in inner} == layout({"hub": ["n1", "n2"], "n1": ["hub"], "n2": ["hub"]})
    assert len(places) == 61


def test_large_nodes_keep_clear_of_each_other() -> None:
    sizes = dict.fromkeys(star(40), 40.0)
    wide = {(one, other) for one, other in combinations(range(41), 2)}
    places = list(layout(star(40), sizes=sizes).values())
    gaps = [abs(places[i][0] - places[j][0]) + abs(places[i][1] - places[j][1]) for i, j in wide]
    assert min(gaps) > 70


def test_no_nodes_and_no_edges() -> None:
    assert layout({}) == {}
    assert len(set(layout({"a": [], "b": [], "c": []}).values())) == 3
