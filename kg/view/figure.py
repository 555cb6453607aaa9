"""Static figures as SVG, made without a browser: the graph and the timeline, with Arabic left to the viewer to shape.

Names are wrapped in bidi isolates and nothing is reshaped: rsvg-convert and pyvips draw it right (so do browsers,
LibreOffice and Word), matplotlib and cairosvg would not.
"""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from importlib import import_module

import networkx as nx

from kg.errors import MissingExtra
from kg.graph.dates import bounds
from kg.language.arabic import isolate
from kg.view.layout import Point, layout
from kg.view.rivals import contested_events
from kg.view.words import Language, clean_label, style, word

_FONT = "Noto Sans Arabic, Segoe UI, Geeza Pro, Tahoma, Noto Sans, DejaVu Sans, sans-serif"
_INK, _PAPER, _LINE = "#1c2733", "#ffffff", "#d9d9d3"
_MAX_LABEL = 30
_TIGHT = 0.75  # paper has less room than a screen that can be zoomed


def name_of(graph: nx.MultiDiGraph, node: str, language: Language) -> str:
    """The name of a node in a language, in the other where there is none."""
    data = graph.nodes[node] if node in graph else {}
    first, second = ("label_ar", "label_en") if language == "ar" else ("label_en", "label_ar")
    return clean_label(str(data.get(first) or data.get(second) or node))


def network_svg(graph: nx.MultiDiGraph, *, title: str, language: Language, limit: int = 32) -> str:
    """The most spoken-of nodes and what is said between them."""
    ranked = sorted((node for node, degree in graph.degree() if degree), key=lambda n: (-graph.degree(n), str(n)))
    part = graph.subgraph(ranked[:limit])
    neighbours = {node: sorted({*part.predecessors(node), *part.successors(node)} - {node}) for node in ranked[:limit]}
    placed = layout({node: others for node, others in neighbours.items() if others})
    places = {node: (x * _TIGHT, y * _TIGHT) for node, (x, y) in placed.items()}
    if not places:
        return _sheet([], (0.0, 0.0, 400.0, 120.0), title, language)
    xs, ys = [p[0] for p in places.values()], [p[1] for p in places.values()]
    box = (min(xs) - 110, min(ys) - 50, max(xs) + 110, max(ys) + 70)
    marks = [_line(part, pair, places) for pair in sorted({tuple(sorted((a, b))) for a, b in part.edges() if a != b})]
    marks += [_node(part, node, places[node]) for node in places]
    taken: list[tuple[float, float, float, float]] = []
    marks += [_label(part, node, places[node], language, taken) for node in places]
    return _sheet(marks, box, title, language)


def _sheet(marks: Sequence[str], box: tuple[float, float, float, float], title: str, language: Language) -> str:
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    direction = "rtl" if language == "ar" else "ltr"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.0f} {top:.0f} {wide:.0f} {high:.0f}" '
        f'width="{wide:.0f}" height="{high:.0f}" role="img" lang="{language}" direction="{direction}" '
        f'font-family="{_FONT}" font-size="13">\n<title>{escape(clean_label(title))}</title>\n'
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{wide:.0f}" height="{high:.0f}" fill="{_PAPER}"/>\n'
        + "\n".join(mark for mark in marks if mark)
        + "\n</svg>\n"
    )


def _line(graph: nx.MultiDiGraph, pair: tuple[str, ...], places: dict[str, Point]) -> str:
    (ax, ay), (bx, by) = places[pair[0]], places[pair[1]]
    looks = style()["modalities"]
    said = [
        data.get("modality") if data.get("modality") in looks else "asserted"
        for first, second in (pair, pair[::-1])
        for data in (graph.get_edge_data(first, second) or {}).values()
    ]
    look = looks[said[0] if len(set(said)) == 1 else "asserted"]
    dash = f' stroke-dasharray="{" ".join(map(str, look["dash"]))}"' if look["dash"] else ""
    width = 1.3 + min(3.0, math.log2(len(said)))
    drawn = (
        f'<line x1="{ax:.1f}" y1="{ay:.1f}" x2="{bx:.1f}" y2="{by:.1f}" stroke="{look["light"]}" '
        f'stroke-width="{width:.1f}"{dash}/>'
    )
    if "negated" in said:
        x, y = (ax + bx) / 2, (ay + by) / 2
        drawn += f'<path d="M{x - 6:.1f} {y - 6:.1f}l12 12m0 -12l-12 12" stroke="#b3261e" stroke-width="2.5"/>'
    return drawn


_SHAPES = {
    "dot": '<circle r="1"/>',
    "square": '<rect x="-0.9" y="-0.9" width="1.8" height="1.8"/>',
    "triangle": '<polygon points="0,-1.1 1,0.8 -1,0.8"/>',
    "triangleDown": '<polygon points="0,1.1 1,-0.8 -1,-0.8"/>',
    "diamond": '<polygon points="0,-1.1 1.1,0 0,1.1 -1.1,0"/>',
    "hexagon": '<polygon points="-0.55,-1 0.55,-1 1.1,0 0.55,1 -0.55,1 -1.1,0"/>',
}


def _node(graph: nx.MultiDiGraph, node: str, place: Point) -> str:
    data = graph.nodes[node]
    look = style()["event"] if data.get("kind") == "event" else style()["types"].get(data.get("type"), style()["other"])
    size = _size(graph, node)
    return (
        f'<g transform="translate({place[0]:.1f} {place[1]:.1f}) scale({size:.1f})" fill="{look["colour"]}" '
        f'stroke="{_PAPER}" stroke-width="{1.5 / size:.2f}">{_SHAPES[look["shape"]]}</g>'
    )


def _size(graph: nx.MultiDiGraph, node: str) -> float:
    return float(7 + 3 * min(graph.degree(node), 60) ** 0.5)


def _label(
    graph: nx.MultiDiGraph,
    node: str,
    place: Point,
    language: Language,
    taken: list[tuple[float, float, float, float]],
) -> str:
    text = clean_label(name_of(graph, node, language), _MAX_LABEL)
    half, reach = len(text) * 3.7 + 4, _size(graph, node)
    for y in (place[1] + reach + 14, place[1] - reach - 6):
        box = (place[0] - half, y - 11, place[0] + half, y + 4)
        if not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
            taken.append(box)
            return (
                f'<text x="{place[0]:.1f}" y="{y:.1f}" text-anchor="middle" fill="{_INK}" stroke="{_PAPER}" '
                f'stroke-width="3" paint-order="stroke" stroke-linejoin="round">{escape(isolate(text))}</text>'
            )
    return ""


def timeline_svg(graph: nx.MultiDiGraph, *, title: str, language: Language, limit: int = 30, width: int = 900) -> str:
    """Dated events in lanes; time runs with the language, contested ones have a red edge.

    What lies far before or after the days of most of them is left out: it would press these together.
    """
    spans = {node: bounds(str(data.get("date") or "")) for node, data in graph.nodes(data=True)}
    dated = [
        (span[0], span[1], str(node))
        for node, span in spans.items()
        if span is not None and graph.nodes[node].get("kind") == "event"
    ]
    dated = sorted(_together(dated), key=lambda row: (-graph.degree(row[2]), row))[:limit]
    if not dated:
        return _sheet([], (0.0, 0.0, float(width), 60.0), title, language)
    low, high = min(row[0] for row in dated), max(row[1] for row in dated)
    slack = max(timedelta(days=2), (high - low) / 16)
    scale = _Axis(low - slack, high + slack, width, rtl=language == "ar")
    lanes = _Lanes(graph, scale, language)
    marks = [lanes.mark(day, event) for day, _, event in sorted(dated)]
    height = 36.0 + 26 * len(lanes.taken)
    return _sheet(scale.ticks(height) + marks, (0.0, 0.0, float(width), height), title, language)


def _together(dated: list[tuple[date, date, str]]) -> list[tuple[date, date, str]]:
    """The events of the middle of the time, where all would take three times as long; the page does the same."""
    days = sorted(row[0] for row in dated)
    if not days:
        return []
    early, late = (days[(len(days) - 1) * part // 4] for part in (1, 3))
    reach = 1.5 * max(timedelta(days=14), late - early)
    near = [row for row in dated if early - row[0] < reach and row[1] - late < reach]
    length = [max(row[1] for row in rows) - min(row[0] for row in rows) for rows in (near or dated, dated)]
    return near if near and length[0] * 3 < length[1] else dated


class _Axis:
    def __init__(self, low: date, high: date, width: int, *, rtl: bool) -> None:
        self.low, self.high, self.width, self.rtl = low, high, width, rtl

    def x(self, day: date) -> float:
        share = (day - self.low) / (self.high - self.low)
        place = 50 + share * (self.width - 100)
        return self.width - place if self.rtl else place

    def ticks(self, height: float) -> list[str]:
        """About seven lines with ISO days, months or years, which both languages read."""
        step = max(1, (self.high - self.low).days // 7)
        length = 4 if step > 300 else 7 if step > 25 else 10
        found = []
        for index in range(8):
            day = self.low + timedelta(days=index * step)
            if day > self.high:
                break
            x = self.x(day)
            found.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="20" y2="{height:.0f}" stroke="{_LINE}"/>'
                f'<text x="{x:.1f}" y="14" font-size="11" text-anchor="middle" fill="#55626f">'
                f"{day.isoformat()[:length]}</text>"
            )
        return found


class _Lanes:
    """Events set one below the other where they would overlap."""

    def __init__(self, graph: nx.MultiDiGraph, axis: _Axis, language: Language) -> None:
        self.graph, self.axis, self.language = graph, axis, language
        self.contested = contested_events(graph)
        self.taken: list[list[tuple[float, float]]] = []

    def lane(self, room: tuple[float, float]) -> int:
        """The first lane where there is room."""
        for index, used in enumerate(self.taken):
            if all(room[1] < start or room[0] > end for start, end in used):
                used.append(room)
                return index
        self.taken.append([room])
        return len(self.taken) - 1

    def mark(self, day: date, event: str) -> str:
        """A diamond with its name on the side where it fits."""
        x = self.axis.x(day)
        text = clean_label(name_of(self.graph, event, self.language), 40)
        length = len(text) * 7.4 + 24
        towards = -1 if self.axis.rtl else 1
        if not 0 <= x + towards * length <= self.axis.width:
            towards = -towards
        y = 40 + 26 * self.lane((min(x, x + towards * length) - 8, max(x, x + towards * length) + 8))
        anchor = "start" if (towards > 0) != self.axis.rtl else "end"
        edge = ' stroke="#b3261e" stroke-width="2.5"' if event in self.contested else ""
        return (
            f'<polygon points="{x:.1f},{y - 7} {x + 7:.1f},{y} {x:.1f},{y + 7} {x - 7:.1f},{y}" '
            f'fill="{style()["event"]["colour"]}"{edge}/>'
            f'<text x="{x + towards * 13:.1f}" y="{y + 4}" text-anchor="{anchor}" fill="{_INK}">'
            f"{escape(isolate(text))}</text>"
        )


def png(svg: str, *, zoom: float = 2.0) -> bytes:
    """An SVG as PNG, by rsvg-convert or pyvips; MissingExtra where neither is installed."""
    program = shutil.which("rsvg-convert")
    if program is not None:
        command = [program, "--zoom", str(zoom), "--format", "png"]
        return subprocess.run(command, input=svg.encode("utf-8"), check=True, capture_output=True).stdout
    try:
        pyvips = import_module("pyvips")
    except ImportError as error:
        raise MissingExtra(
            "a PNG needs rsvg-convert (Debian: librsvg2-bin) or the Python package pyvips[binary]; SVG needs nothing"
        ) from error
    image = pyvips.Image.svgload_buffer(svg.encode("utf-8"), scale=zoom)
    written: bytes = image.pngsave_buffer()
    return written


def legend(language: Language) -> list[tuple[str, str]]:
    """What the lines of the figures mean: modality and its words."""
    return [(name, word(f"modality:{name}", language)) for name in style()["modalities"]]
