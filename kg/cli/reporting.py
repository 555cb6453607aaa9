"""Commands that write for readers: view, report, difference."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import GraphDir, say, write

if TYPE_CHECKING:
    import networkx as nx

    from kg.graph.folder import GraphFolder
    from kg.view.words import Language

FORMS = (".html", ".md", ".docx")
Tongue = Annotated[str, typer.Option("--language", metavar="ar|en", help="Language: ar or en.")]
Title = Annotated[str, typer.Option(help="Title; the folder's name if not given.")]
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
    about: Annotated[str, typer.Option(metavar="ID", help="Only what touches this entity; see kg find.")] = "",
    language: Tongue = "ar",
    title: Title = "",
    since: Since = "",
    until: Until = "",
) -> None:
    """Write a report: names, events, who said what, what is denied and contested, every line with its source.

    Example: [bold]kg report graph --about kataib-hezbollah --out report.docx[/bold]
    """
    from kg.graph.folder import GraphFolder
    from kg.view.docx import docx
    from kg.view.report import html, markdown
    from kg.view.report import report as write_report

    if out.suffix not in FORMS:
        raise typer.BadParameter(f"{out} ends in none of {', '.join(FORMS)}", param_hint="--out")
    with GraphFolder.open(directory, read_only=True) as folder:
        told = _told(folder, since, until)
        name = title or directory.resolve().name
        content = write_report(told, title=name, language=_language(language), about=about or None)
    if out.suffix == ".docx":
        out.write_bytes(docx(content))
    else:
        write(html(content) if out.suffix == ".html" else markdown(content), out)
    say(f"kg: wrote {out}")


def difference(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="The folder of the earlier graph.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="The folder of the later one.")],
    language: Tongue = "ar",
) -> None:
    """Tell in Markdown what is new, gone, or said otherwise in a later graph.

    Example: [bold]kg difference monday tuesday --language en > changes.md[/bold]
    """
    from kg.graph.folder import GraphFolder
    from kg.view.difference import difference_markdown

    with GraphFolder.open(before, read_only=True) as first, GraphFolder.open(after, read_only=True) as second:
        write(difference_markdown(_told(first), _told(second), language=_language(language)))


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
