"""Pieces to embed: an iframe that carries the whole page, SVG, PNG, Markdown with a figure; and the notebook view."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Literal

import networkx as nx

from kg.view.figure import network_svg, png, timeline_svg
from kg.view.page import page_html
from kg.view.report import markdown, report
from kg.view.words import Language, clean_label

View = Literal["network", "timeline"]


def iframe(page: str, *, title: str, height: int = 640) -> str:
    """A page inside another: sandboxed, without an origin, allowed its scripts and the saving of files.

    >>> iframe("<p>", title="x", height=10).startswith('<iframe title="x"')
    True
    """
    return (
        f'<iframe title="{escape(clean_label(title))}" sandbox="allow-scripts allow-downloads" loading="lazy" '
        f'referrerpolicy="no-referrer" width="100%" height="{int(height)}" '
        f'style="border:1px solid #d9d9d3;border-radius:8px" srcdoc="{escape(page)}"></iframe>\n'
    )


def html_fragment(graph: nx.MultiDiGraph, *, title: str, language: Language = "ar", height: int = 640) -> str:
    """The page of a graph as a fragment of HTML for any other page."""
    return iframe(page_html(graph, title=title, language=language), title=title, height=height)


def svg_fragment(graph: nx.MultiDiGraph, view: View, *, title: str, language: Language = "ar") -> str:
    """A figure as SVG."""
    draw = network_svg if view == "network" else timeline_svg
    return draw(graph, title=title, language=language)


def png_fragment(graph: nx.MultiDiGraph, view: View, *, title: str, language: Language = "ar") -> bytes:
    """A figure as PNG; MissingExtra where no program draws it."""
    return png(svg_fragment(graph, view, title=title, language=language))


def markdown_fragment(
    graph: nx.MultiDiGraph, figures: tuple[str, str], *, title: str, language: Language = "ar"
) -> str:
    """A report in Markdown that points at two figures saved beside it."""
    return markdown(report(graph, title=title, language=language), figures=figures)


@dataclass(frozen=True, slots=True)
class GraphView:
    """A graph as notebooks show it: the last expression of a cell becomes the page."""

    graph: nx.MultiDiGraph
    title: str = "kg"
    language: Language = "ar"
    height: int = 640

    def _repr_html_(self) -> str:
        return html_fragment(self.graph, title=self.title, language=self.language, height=self.height)
