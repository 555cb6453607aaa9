"""Make ``kg/view/static/outlines.json`` from the npm package world-atlas (Natural Earth, public domain).

    npm pack world-atlas && tar xf world-atlas-*.tgz && python tools/outlines.py package

The countries around the news come in 1:50m, the others in 1:110m. Each ring is a list of hundredths of a
degree, the first point absolute, the rest as steps. Names are left out: the map draws lines, it names no state.
"""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path

Ring = list[tuple[int, int]]
NEAR = (20.0, 8.0, 75.0, 45.0)
TARGET = Path(__file__).parent.parent / "kg" / "view" / "static" / "outlines.json"


def countries(path: Path) -> list[list[list[tuple[float, float]]]]:
    topology = json.loads(path.read_text(encoding="utf-8"))
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)

    def ring(indices: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for index in indices:
            part = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += part[1:] if points else part
        return points

    found = []
    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = shape.get("arcs", []) if shape["type"] == "MultiPolygon" else [shape.get("arcs", [])]
        found.append([ring(indices) for polygon in polygons for indices in polygon])
    return found


def near(rings: list[list[tuple[float, float]]]) -> bool:
    west, south, east, north = NEAR
    largest = max(rings, key=len)
    x = sum(p[0] for p in largest) / len(largest)
    y = sum(p[1] for p in largest) / len(largest)
    return west <= x <= east and south <= y <= north


def simplify(points: list[tuple[float, float]], tolerance: float) -> list[tuple[float, float]]:
    if len(points) < 3:
        return points
    (ax, ay), (bx, by) = points[0], points[-1]
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
    worst, at = 0.0, 0
    for i in range(1, len(points) - 1):
        px, py = points[i]
        if length:
            distance = abs((bx - ax) * (ay - py) - (ax - px) * (by - ay)) / length
        else:
            distance = ((px - ax) ** 2 + (py - ay) ** 2) ** 0.5
        if distance > worst:
            worst, at = distance, i
    if worst <= tolerance:
        return [points[0], points[-1]]
    return simplify(points[: at + 1], tolerance)[:-1] + simplify(points[at:], tolerance)


def packed(points: list[tuple[float, float]], tolerance: float) -> list[int]:
    rounded = [(round(x * 100), round(y * 100)) for x, y in simplify(points, tolerance)]
    steps = [rounded[0]] + [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(rounded)]
    return [number for step in steps for number in step]


def main(folder: Path) -> None:
    fine = [rings for rings in countries(folder / "countries-50m.json") if rings and near(rings)]
    coarse = [rings for rings in countries(folder / "countries-110m.json") if rings and not near(rings)]
    made = [[packed(r, 0.02) for r in rings] for rings in fine] + [[packed(r, 0.08) for r in rings] for rings in coarse]
    made = [[ring for ring in rings if len(ring) > 8] for rings in made]
    text = json.dumps([rings for rings in made if rings], separators=(",", ":"))
    TARGET.write_text(text + "\n", encoding="utf-8")
    print(TARGET, len(text), "characters", len(fine), "countries near", len(coarse), "others")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
