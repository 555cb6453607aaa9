"""Commands that write for readers: view, report, embed, diff."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from kg.cli.console import GraphDir, say, write
from kg.errors import InputError, MissingExtra

if TYPE_CHECKING:
    import networkx as nx

    from kg.graph.folder import GraphFolder
    from kg.view.fragments import View
    from kg.view.report import Report
    from kg.view.words import Language

FORMS = (".html", ".md", ".docx")
VIEWS = ("page", "network", "timeline", "report")
Tongue = Annotated[str, typer.Option("--language", metavar="ar|en", help="Language: ar or en.")]
Title = Annotated[str, typer.Option(help="Title; the folder's name if not given.")]
About = Annotated[str, typer.Option(metavar="ID", help="Only what touches this entity; see kg find.")]
Since = Annotated[str, typer.Option(metavar="DATE", help="Only articles published on or after.")]
Until = Annotated[str, typer.Option(metavar="DATE", help="Only articles published on or before.")]


def view(
    directory: GraphDir,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where; DIR/graph.html if not given.")
    ] = None,
    language: Tongue = "ar",
    title: Title = "",
    since: Since = "",
    until: Until = "",
) -> None:
    """Write the page of a graph: one HTML file that works without a network.

    Example: [bold]kg view graph --language en --since 2024-07-01[/bold]
    """
    from kg.graph.folder import GraphFolder

    path = out or directory / "graph.html"
    with GraphFolder.open(directory, read_only=True) as folder:
        write_graph_page(folder, path, title=title, language=language, since=since, until=until)
    write(str(path))


def report(
    directory: GraphDir,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="A file that ends in .html, .md or .docx.")],
    about: About = "",
    language: Tongue = "ar",
    title: Title = "",
    since: Since = "",
    until: Until = "",
    templates: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Your own report.html or report.md, in Jinja.")
    ] = None,
) -> None:
    """Write a report: names, events, who said what, what is denied and contested, every line with its source.

    With --out FILE.docx the figures are in it where a program that draws PNG is installed; with FILE.md they are
    written beside it as SVG.

    Example: [bold]kg report graph --about kataib-hezbollah --out report.docx[/bold]
    """
    from kg.graph.folder import GraphFolder
    from kg.view.report import report as write_report

    if out.suffix not in FORMS:
        raise typer.BadParameter(f"{out} ends in none of {', '.join(FORMS)}", param_hint="--out")
    with GraphFolder.open(directory, read_only=True) as folder:
        told = _told(folder, since, until)
    name = title or directory.resolve().name
    content = write_report(told, title=name, language=_language(language), about=about or None)
    if out.suffix == ".docx":
        _write_docx(content, out)
    else:
        _write_by_template(content, out, templates)
    say(f"kg: wrote {out}")


def embed(
    directory: GraphDir,
    view: Annotated[str, typer.Argument(metavar="VIEW", help=", ".join(VIEWS) + ".")] = "page",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where; else stdout. A .png file gives a PNG.")
    ] = None,
    about: About = "",
    language: Tongue = "ar",
    title: Title = "",
    since: Since = "",
    until: Until = "",
    height: Annotated[int, typer.Option(min=100, help="Height of the page, in pixels.")] = 640,
) -> None:
    """Write a piece for a document of your own: the page in an iframe, a figure, or a report in Markdown.

    page is HTML that fetches nothing and is shut in a sandbox; network and timeline are SVG, or PNG by the name of
    the file; report is Markdown with both figures beside it.

    Example: [bold]kg embed graph timeline --out timeline.svg[/bold]
    """
    from kg.graph.folder import GraphFolder
    from kg.view.fragments import html_fragment
    from kg.view.report import around
    from kg.view.report import report as write_report

    if view not in VIEWS:
        raise typer.BadParameter(f"{view!r} is none of {', '.join(VIEWS)}", param_hint="VIEW")
    tongue, name = _language(language), title or directory.resolve().name
    with GraphFolder.open(directory, read_only=True) as folder:
        told = _told(folder, since, until)
    told = around(told, about) if about else told
    if view == "page":
        write(html_fragment(told, title=name, language=tongue, height=height), out)
    elif view == "report":
        _write_markdown(write_report(told, title=name, language=tongue), out)
    else:
        _write_figure(told, view, out, name, tongue)
    if out:
        say(f"kg: wrote {out}")


def _write_figure(told: nx.MultiDiGraph, view: str, out: Path | None, name: str, tongue: Language) -> None:
    from kg.view.fragments import png_fragment, svg_fragment

    drawn: View = "timeline" if view == "timeline" else "network"
    if out is not None and out.suffix == ".png":
        out.write_bytes(png_fragment(told, drawn, title=name, language=tongue))
    else:
        write(svg_fragment(told, drawn, title=name, language=tongue), out)


def _write_docx(content: Report, out: Path) -> None:
    from kg.view.docx import docx
    from kg.view.figure import png

    try:
        pictures = [png(content.network), png(content.timeline)]
    except MissingExtra as missing:
        say(f"kg: without figures: {missing}")
        pictures = []
    out.write_bytes(docx(content, pictures))


def _write_by_template(content: Report, out: Path, templates: Path | None) -> None:
    from jinja2 import TemplateError

    from kg.view.report import html

    try:
        if out.suffix == ".md":
            _write_markdown(content, out, templates)
        else:
            write(html(content, templates=templates), out)
    except TemplateError as error:
        raise InputError(f"{templates}: {type(error).__name__}: {error}") from None


def _write_markdown(content: Report, out: Path | None, templates: Path | None = None) -> None:
    """Markdown, and beside a file its two figures; on stdout there is nowhere to put them."""
    from kg.view.report import markdown

    if out is None:
        write(markdown(content, templates=templates))
        return
    figures = [out.with_name(f"{out.stem}-{name}.svg") for name in ("network", "timeline")]
    for path, figure in zip(figures, (content.network, content.timeline), strict=True):
        write(figure, path)
    write(markdown(content, templates=templates, figures=[quote(path.name) for path in figures]), out)


def diff(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="The folder of the earlier graph.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="The folder of the later one.")],
    language: Tongue = "ar",
) -> None:
    """Tell in Markdown what is new, gone, or said otherwise in a later graph.

    Example: [bold]kg diff monday tuesday --language en > changes.md[/bold]
    """
    from kg.graph.folder import GraphFolder
    from kg.view.difference import difference_markdown

    tongue = _language(language)
    with GraphFolder.open(before, read_only=True) as first, GraphFolder.open(after, read_only=True) as second:
        write(difference_markdown(_told(first), _told(second), language=tongue))


def write_graph_page(
    folder: GraphFolder, path: Path, *, title: str = "", language: str = "ar", since: str = "", until: str = ""
) -> None:
    """The page of a folder's graph, or of what was published in a span of days."""
    from kg.view.page import write_page

    name = title or folder.path.resolve().name
    write_page(_told(folder, since, until), path, title=name, language=_language(language))


def _told(folder: GraphFolder, since: str = "", until: str = "") -> nx.MultiDiGraph:
    from kg.graph.network import Slice
    from kg.view.story import story

    return story(folder, Slice(since=since, until=until))


def _language(name: str) -> Language:
    if name not in ("ar", "en"):
        raise typer.BadParameter(f"{name!r} is neither ar nor en", param_hint="--language")
    return "en" if name == "en" else "ar"
