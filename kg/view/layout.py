"""Places for the nodes, computed before the page is written: the same graph gives the same picture.

Only the standard library: a force-directed layout whose repulsion looks at nearby grid cells, on the core
of the graph; then what overlaps is pushed apart. What hangs on the core is set around its anchor like the seeds of a
sunflower, where there is room.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)
Point = tuple[float, float]

CORE = 1200
"""How many nodes take part in the simulation; the rest is set around them."""
SPACING = 120.0
_GOLDEN = math.pi * (3 - math.sqrt(5))
_RADIUS = 14.0
_GAP = 26.0
"""Between two nodes, beyond their radii: room for a label."""
_FLAT = 1.5
"""Labels are wide, so nodes keep this much more distance side by side than one above the other."""


def layout(
    adjacency: Mapping[Node, Sequence[Node]],
    *,
    core: int = CORE,
    inner: Iterable[Node] = (),
    sizes: Mapping[Node, float] | None = None,
) -> dict[Node, Point]:
    """Place every node; ``adjacency`` is undirected and its order decides ties.

    ``inner`` are the nodes to place first, as if there were no others; if none are named, the ``core`` best
    connected. ``sizes`` are radii in the unit of the places.

    >>> layout({"a": ["b"], "b": ["a"]}) == layout({"a": ["b"], "b": ["a"]})
    True
    """
    kept = set(inner)
    links = {node: sum(1 for other in set(adjacency[node]) if other in kept or not kept) for node in adjacency}
    ranked = sorted(adjacency, key=lambda node: -links[node])
    first = [node for node in ranked if node in kept] if kept else ranked[:core]
    kept = kept or set(first)
    parts = [_place_part(part, adjacency, sizes or {}) for part in _components(first, adjacency, kept)]
    placed = _pack(parts)
    _hang([node for node in ranked if node not in kept], adjacency, placed)
    return placed


def _components(ranked: Sequence[Node], adjacency: Mapping[Node, Sequence[Node]], kept: set[Node]) -> list[list[Node]]:
    seen: set[Node] = set()
    parts = []
    for start in ranked:
        if start in seen:
            continue
        part = [start]
        seen.add(start)
        for node in part:
            for other in adjacency[node]:
                if other in kept and other not in seen:
                    seen.add(other)
                    part.append(other)
        parts.append(part)
    return parts


@dataclass(slots=True)
class _Simulation:
    """A connected part under attraction along its edges and repulsion between neighbours on a grid."""

    x: list[float]
    y: list[float]
    edges: list[tuple[int, int]]
    dx: list[float] = field(default_factory=list)
    dy: list[float] = field(default_factory=list)

    def step(self, heat: float) -> None:
        size = len(self.x)
        self.dx, self.dy = [0.0] * size, [0.0] * size
        self._repel()
        self._attract()
        for i in range(size):
            self.dx[i] -= self.x[i] * 0.012
            self.dy[i] -= self.y[i] * 0.02
            length = math.hypot(self.dx[i], self.dy[i])
            if length > 1e-9:
                scale = min(length, heat) / length
                self.x[i] += self.dx[i] * scale
                self.y[i] += self.dy[i] * scale

    def _repel(self) -> None:
        cell = SPACING * 2.5
        grid: dict[tuple[int, int], list[int]] = defaultdict(list)
        for i, (x, y) in enumerate(zip(self.x, self.y, strict=True)):
            grid[int(x // cell), int(y // cell)].append(i)
        for (column, row), members in grid.items():
            for other in ((0, 0), (1, 0), (0, 1), (1, 1), (1, -1)):
                near = members if other == (0, 0) else grid.get((column + other[0], row + other[1]), ())
                for position, i in enumerate(members):
                    for j in members[position + 1 :] if near is members else near:
                        self._push(i, j)

    def _push(self, i: int, j: int) -> None:
        ex, ey = self.x[i] - self.x[j], self.y[i] - self.y[j]
        square = ex * ex + ey * ey
        if square < 1e-6:
            ex, ey, square = 0.01 * (1 + i % 7), 0.01 * (1 + j % 5), 0.001
        force = SPACING * SPACING / square
        self.dx[i] += ex * force
        self.dy[i] += ey * force
        self.dx[j] -= ex * force
        self.dy[j] -= ey * force

    def _attract(self) -> None:
        for i, j in self.edges:
            ex, ey = self.x[i] - self.x[j], self.y[i] - self.y[j]
            force = math.hypot(ex, ey) / (SPACING * 1.4)
            self.dx[i] -= ex * force
            self.dy[i] -= ey * force
            self.dx[j] += ex * force
            self.dy[j] += ey * force


def _place_part(
    part: Sequence[Node], adjacency: Mapping[Node, Sequence[Node]], sizes: Mapping[Node, float]
) -> dict[Node, Point]:
    index = {node: i for i, node in enumerate(part)}
    edges = sorted(
        {(min(index[a], index[b]), max(index[a], index[b])) for a in part for b in adjacency[a] if b in index}
    )
    spiral = [(SPACING * 0.75 * math.sqrt(i), i * _GOLDEN) for i in range(len(part))]
    simulation = _Simulation(
        x=[radius * math.cos(angle) for radius, angle in spiral],
        y=[radius * math.sin(angle) for radius, angle in spiral],
        edges=[(i, j) for i, j in edges if i != j],
    )
    rounds = max(40, min(300, 45_000 // max(1, len(part))))
    for turn in range(rounds if len(part) > 1 else 0):
        simulation.step(SPACING * (1 - turn / rounds) ** 1.5 + 0.5)
    lying = _lie_down(simulation.x, simulation.y)
    return dict(zip(part, _part_bodies(lying, [sizes.get(node, _RADIUS) for node in part]), strict=True))


def _lie_down(xs: Sequence[float], ys: Sequence[float]) -> list[Point]:
    """Turn a picture so that its long side lies across the screen."""
    across = sum(x * x for x in xs)
    mixed = sum(x * y for x, y in zip(xs, ys, strict=True))
    angle = 0.5 * math.atan2(2 * mixed, across - sum(y * y for y in ys))
    cosine, sine = math.cos(angle), math.sin(angle)
    return [(x * cosine + y * sine, y * cosine - x * sine) for x, y in zip(xs, ys, strict=True)]


def _part_bodies(points: Sequence[Point], radii: Sequence[float], *, rounds: int = 80) -> list[Point]:
    """Push apart what overlaps, a little further each round, until nothing does."""
    xs, ys = [x / _FLAT for x, _ in points], [y for _, y in points]
    cell = 2 * max(radii) + _GAP
    for _ in range(rounds):
        grid: dict[tuple[int, int], list[int]] = defaultdict(list)
        for i, (x, y) in enumerate(zip(xs, ys, strict=True)):
            grid[int(x // cell), int(y // cell)].append(i)
        moved = False
        for i in range(len(xs)):
            column, row = int(xs[i] // cell), int(ys[i] // cell)
            near = (j for dx in (-1, 0, 1) for dy in (-1, 0, 1) for j in grid.get((column + dx, row + dy), ()))
            for j in near:
                if j > i:
                    moved |= _part_two(xs, ys, i, j, radii[i] + radii[j] + _GAP)
        if not moved:
            break
    return [(x * _FLAT, y) for x, y in zip(xs, ys, strict=True)]


def _part_two(xs: list[float], ys: list[float], i: int, j: int, wanted: float) -> bool:
    ex, ey = xs[i] - xs[j], ys[i] - ys[j]
    apart = math.hypot(ex, ey)
    if apart >= wanted - 0.5:
        return False
    if apart < 1e-6:
        ex, ey, apart = math.cos(i * _GOLDEN), math.sin(i * _GOLDEN), 1.0
    push = 0.5 * (wanted - min(apart, wanted)) / apart
    xs[i] += ex * push
    ys[i] += ey * push
    xs[j] -= ex * push
    ys[j] -= ey * push
    return True


def _pack(parts: Sequence[dict[Node, Point]]) -> dict[Node, Point]:
    """The largest part first, small ones beside it as far down as it reaches, the rest in rows below."""
    boxes = sorted((_Box.around(part) for part in parts), key=lambda box: -len(box.points))
    if not boxes:
        return {}
    main, area = boxes[0], sum(box.wide * box.high for box in boxes)
    width = max(main.wide, math.sqrt(area * 1.3), 8 * SPACING)
    placed = main.at(0.0, 0.0)
    left, top, row, edge = main.wide, 0.0, 0.0, main.wide
    for box in boxes[1:]:
        if left + box.wide > width and left > edge:
            left, top, row = edge, top + row, 0.0
        if edge and (edge + box.wide > width or top + box.high > main.high):
            left, top, row, edge = 0.0, max(main.high, top + row), 0.0, 0.0
        placed |= box.at(left, top)
        left, row = left + box.wide, max(row, box.high)
    return placed


@dataclass(frozen=True, slots=True)
class _Box(Generic[Node]):
    """A part with the room that it and its labels need."""

    points: dict[Node, Point]
    wide: float
    high: float

    @classmethod
    def around(cls, points: dict[Node, Point]) -> _Box[Node]:
        xs, ys = [p[0] for p in points.values()], [p[1] for p in points.values()]
        moved = {node: (x - min(xs), y - min(ys)) for node, (x, y) in points.items()}
        return cls(moved, max(xs) - min(xs) + 1.6 * SPACING, max(ys) - min(ys) + 0.8 * SPACING)

    def at(self, left: float, top: float) -> dict[Node, Point]:
        return {node: (x + left, y + top) for node, (x, y) in self.points.items()}


def _hang(rest: Sequence[Node], adjacency: Mapping[Node, Sequence[Node]], placed: dict[Node, Point]) -> None:
    """Set nodes around what they touch, from the core outwards; what touches nothing placed starts far below."""
    bottom = max((y for _, y in placed.values()), default=0.0) + 6 * SPACING
    taken = {_cell(point) for point in placed.values()}
    tries: dict[Node | None, int] = defaultdict(int)
    touching = [node for node in rest if any(other in placed for other in adjacency[node])]
    for start in (*touching, *rest):
        queue = [] if start in placed else [start]
        for node in queue:
            if node in placed:
                continue
            anchor = next((other for other in adjacency[node] if other in placed), None)
            centre = placed[anchor] if anchor is not None else (0.0, bottom)
            placed[node] = _free(centre, anchor, tries, taken)
            queue += [other for other in adjacency[node] if other not in placed]


def _free(centre: Point, anchor: Node | None, tries: dict[Node | None, int], taken: set[tuple[int, int]]) -> Point:
    while True:
        tries[anchor] += 1
        radius, angle = SPACING * (0.6 + 0.32 * math.sqrt(tries[anchor])), tries[anchor] * _GOLDEN
        point = (centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle))
        if _cell(point) not in taken:
            taken.add(_cell(point))
            return point


def _cell(point: Point) -> tuple[int, int]:
    return int(point[0] // (SPACING * 0.4)), int(point[1] // (SPACING * 0.3))
