"""Reports: a story as Markdown, HTML or DOCX, every line with a footnote to the exact words.

The content is computed once (``report``) and set by Jinja templates, ``static/report/report.md`` and ``report.html``;
a folder of the user's own may hold templates of the same names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import networkx as nx
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from kg.errors import InputError
from kg.language.arabic import COMMA, isolate
from kg.view.figure import legend, name_of, network_svg, timeline_svg
from kg.view.rivals import FIGURES, Edge, denied_claims, edges, event_conflicts
from kg.view.words import STATIC, Language, clean_label, web_address, word

TOP_NAMES: Final = 15
TOP_CLAIMS: Final = 60
TOP_EVENTS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A footnote: the quoted words and where they stand."""

    number: int
    quote: str
    outlet: str
    published: str
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a table, with the numbers of its notes."""

    cells: tuple[str, ...]
    notes: tuple[int, ...]
    modality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report's content, in one language, before it takes a form."""

    title: str
    language: Language
    facts: tuple[tuple[str, str], ...]
    names: tuple[Line, ...]
    events: tuple[Line, ...]
    said: tuple[tuple[str, tuple[Line, ...]], ...]
    denials: tuple[tuple[str, str, str, tuple[int, ...]], ...]
    conflicts: tuple[tuple[str, str, str, tuple[int, ...]], ...]
    notes: tuple[Note, ...]
    left_out: int
    network: str
    timeline: str

    def word(self, key: str) -> str:
        """A word of the interface in the report's language."""
        return word(key, self.language)


def report(graph: nx.MultiDiGraph, *, title: str, language: Language = "ar", about: str | None = None) -> Report:
    """The report on a story graph, or on what touches one node of it."""
    return _Author(graph if about is None else around(graph, about), language).write(title)


def around(graph: nx.MultiDiGraph, about: str) -> nx.MultiDiGraph:
    """What touches a node: its claims, the events it takes part in with all their roles."""
    if about not in graph:
        raise InputError(f"{about}: no node of the graph has this id; `kg find` searches for names")
    near = {about, *graph.predecessors(about), *graph.successors(about)}
    events = {node for node in near if graph.nodes[node].get("kind") == "event"}
    kept = [
        (subject, object_, key)
        for subject, object_, key in graph.edges(keys=True)
        if about in (subject, object_) or subject in events
    ]
    found: nx.MultiDiGraph = graph.edge_subgraph(kept).copy() if kept else graph.subgraph([about]).copy()
    return found


@dataclass(slots=True)
class _Author:
    graph: nx.MultiDiGraph
    language: Language
    notes: dict[tuple[str, ...], int] = field(default_factory=dict)
    left_out: int = 0

    def write(self, title: str) -> Report:
        events, said = self.events(), self.said()
        return Report(
            title=clean_label(title),
            language=self.language,
            facts=self.facts(),
            names=self.names(),
            events=events,
            said=said,
            denials=self.denials(),
            conflicts=self.conflicts(),
            notes=tuple(_note(key, number) for key, number in self.notes.items()),
            left_out=self.left_out,
            network=network_svg(self.graph, title=title, language=self.language),
            timeline=timeline_svg(self.graph, title=title, language=self.language),
        )

    def word(self, key: str) -> str:
        return word(key, self.language)

    @property
    def comma(self) -> str:
        """What stands between the items of a list."""
        return f"{COMMA} " if self.language == "ar" else ", "

    def name(self, node: str) -> str:
        return name_of(self.graph, node, self.language)

    def note(self, data: dict[str, Any]) -> int:
        """The number of the footnote for what an edge or event quotes."""
        key = (
            str(data.get("quote") or ""),
            self.outlet(data),
            str(data.get("published") or "")[:10],
            clean_label(str(data.get("title") or "")),
            web_address(data.get("url")),
        )
        return self.notes.setdefault(key, len(self.notes) + 1)

    def outlet(self, data: dict[str, Any]) -> str:
        arabic = data.get("outlet_ar") if self.language == "ar" else None
        return clean_label(str(arabic or data.get("outlet") or ""))

    def holders(self, data: dict[str, Any]) -> str:
        """The chain of speakers after the outlet, or that the outlet speaks itself."""
        named = [str(holder) for holder in data.get("holders") or () if holder != "author"]
        return " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} ".join(map(self.name, named)) or self.word("own-voice")

    def triple(self, edge: Edge) -> str:
        predicate = self.word(f"predicate:{edge.data.get('predicate')}")
        return f"{self.name(edge.subject)} {predicate} {self.name(edge.object)}"

    def facts(self) -> tuple[tuple[str, str], ...]:
        rows = edges(self.graph)
        days = sorted({str(edge.data["published"])[:10] for edge in rows if edge.data.get("published")})
        kinds = [data.get("kind") == "event" for _, data in self.graph.nodes(data=True)]
        period = " \N{EN DASH} ".join(dict.fromkeys((days[0], days[-1]))) if days else self.word("undated")
        return (
            (self.word("report:articles"), str(len({edge.data.get("document") for edge in rows}))),
            (self.word("outlets"), self.comma.join(sorted({self.outlet(edge.data) for edge in rows} - {""}))),
            (self.word("report:period"), period),
            (self.word("entities"), str(len(kinds) - sum(kinds))),
            (self.word("events"), str(sum(kinds))),
            (self.word("claims"), str(len(edges(self.graph, "claim")))),
        )

    def names(self) -> tuple[Line, ...]:
        entities = [node for node, data in self.graph.nodes(data=True) if data.get("kind") != "event"]
        ranked = sorted(entities, key=lambda node: (-self.graph.degree(node), str(node)))[:TOP_NAMES]
        return tuple(
            Line(
                cells=(
                    self.name(node),
                    self.word(f"type:{self.graph.nodes[node].get('type') or ''}"),
                    str(self.graph.degree(node)),
                ),
                notes=(),
            )
            for node in ranked
            if self.graph.degree(node)
        )

    def events(self) -> tuple[Line, ...]:
        dated = sorted(
            (str(data["date"]), str(node), data)
            for node, data in self.graph.nodes(data=True)
            if data.get("kind") == "event" and data.get("date")
        )
        self.left_out += max(0, len(dated) - TOP_EVENTS)
        return tuple(
            Line(
                cells=(day, self.name(node), self.figures(data), self.word(f"modality:{_modality(data)}")),
                notes=self.event_notes(node, data),
                modality=_modality(data),
            )
            for day, node, data in dated[:TOP_EVENTS]
        )

    def event_notes(self, node: str, data: dict[str, Any]) -> tuple[int, ...]:
        if data.get("quote"):
            return (self.note(data),)
        return tuple(
            sorted({self.note(role) for *_, role in self.graph.out_edges(node, data=True) if role.get("quote")})
        )

    def figures(self, data: dict[str, Any]) -> str:
        return self.comma.join(f"{self.word(name)}: {data[name]}" for name in FIGURES if data.get(name) is not None)

    def said(self) -> tuple[tuple[str, tuple[Line, ...]], ...]:
        claims = sorted(edges(self.graph, "claim"), key=lambda edge: (str(edge.data.get("published") or ""), edge.key))
        self.left_out += max(0, len(claims) - TOP_CLAIMS)
        groups: dict[str, list[Line]] = defaultdict(list)
        for edge in claims[:TOP_CLAIMS]:
            modality = _modality(edge.data)
            cells = (self.triple(edge), self.word(f"modality:{modality}"), str(edge.data.get("date") or ""))
            line = Line(cells=(*cells, self.outlet(edge.data)), notes=(self.note(edge.data),), modality=modality)
            groups[self.holders(edge.data)].append(line)
        own = self.word("own-voice")
        return tuple((who, tuple(groups[who])) for who in sorted(groups, key=lambda who: (who == own, who)))

    def speakers(self, sides: Sequence[Edge]) -> str:
        named = [f"{self.outlet(edge.data)}: {self.holders(edge.data)}" for edge in sides]
        return "; ".join(dict.fromkeys(named))

    def denials(self) -> tuple[tuple[str, str, str, tuple[int, ...]], ...]:
        return tuple(
            (
                self.triple(yes[0]),
                self.speakers(yes),
                self.speakers(no),
                tuple(sorted({self.note(edge.data) for edge in (*yes, *no)})),
            )
            for yes, no in denied_claims(self.graph)
        )

    def conflicts(self) -> tuple[tuple[str, str, str, tuple[int, ...]], ...]:
        found = []
        for conflict in event_conflicts(self.graph):
            one, other = self.graph.nodes[conflict.first], self.graph.nodes[conflict.second]
            differ = self.comma.join(
                self.word("role:agent") if name == "agent" else f"{self.word(name)}: {one[name]} / {other[name]}"
                for name in conflict.differ
            )
            notes = {*self.event_notes(conflict.first, one), *self.event_notes(conflict.second, other)}
            found.append((self.name(conflict.first), self.name(conflict.second), differ, tuple(sorted(notes))))
        return tuple(found)


def _modality(data: dict[str, Any]) -> str:
    return str(data.get("modality") or "asserted")


def _note(key: tuple[str, ...], number: int) -> Note:
    words, outlet, published, title, url = key
    return Note(number=number, quote=words, outlet=outlet, published=published, title=title, url=url)


def markdown(content: Report, *, templates: Path | None = None, figures: Sequence[str] = ()) -> str:
    """The report as Markdown with footnotes; ``figures`` are the addresses of the two pictures, if any."""
    return _render(
        "report.md",
        content,
        templates,
        {"isolate": isolate, "md": plain_markdown, "address": _address},
        figures=figures,
    )


def html(content: Report, *, templates: Path | None = None) -> str:
    """The report as one HTML file, fit to print: figures inside, no script, nothing fetched."""
    return _render("report.html", content, templates, {}, legend=legend(content.language))


def _render(
    name: str, content: Report, templates: Path | None, filters: dict[str, Callable[[str], str]], **more: object
) -> str:
    folders = [str(folder) for folder in (templates, STATIC / "report") if folder is not None]
    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(filters)
    return environment.get_template(name).render(report=content, **more)


def plain_markdown(text: str) -> str:
    """Text that Markdown takes as text: one line, its marks escaped, no HTML.

    >>> plain_markdown("<b>*x*</b> | [a](b)")
    '&lt;b&gt;\\\\*x\\\\*&lt;/b&gt; \\\\| \\\\[a\\\\](b)'
    """
    flat = " ".join(text.split()).replace("\\", "\\\\")
    for mark in "*_`[]|#~":
        flat = flat.replace(mark, f"\\{mark}")
    return flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _address(text: str) -> str:
    """An address that cannot leave the angle brackets it stands in."""
    return quote(text, safe=":/?#[]@!$&'()*+,;=%-._~")
