"""Commands that make a graph and write it out: build, remove, view, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import (
    Encoding,
    Fields,
    GraphDir,
    Kind,
    Outlet,
    Paths,
    Published,
    counting,
    read_options,
    say,
    write,
)
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.build import BuildReport, Summary
    from kg.graph.network import Slice
    from kg.graph.store import GraphStore

EXPORTS = "turtle, trig, nquads, jsonld, graphml"
_MOST_TOLD = 20


def build(
    paths: Paths,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the graph; made or added to.")],
    jobs: Annotated[int, typer.Option(min=1, help="Processes that analyse at the same time.")] = 1,
    page: Annotated[bool, typer.Option("--page/--no-page", help="Write graph.html.")] = True,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 if anything could not be read.")] = False,
    kind: Kind = "auto",
    encoding: Encoding = "",
    field: Fields = [],  # noqa: B006 - typer copies it
    outlet: Outlet = "",
    published: Published = "",
) -> None:
    """Build a graph of articles, or add to it what is new.

    Reads plain text, web pages, JSON Lines and CSV. Writes the store, graph.trig, graph.html and summary.json.
    What cannot be read is told and skipped.

    Example: [bold]kg build articles/ 'more/*.jsonl.xz' --out graph --jobs 4[/bold]
    """
    from kg.build import build as build_graph
    from kg.build import summarise, write_summary
    from kg.graph.folder import GraphFolder
    from kg.text.read import read

    options = read_options(kind, encoding, field, outlet=outlet, published=published)
    with GraphFolder.open(out) as folder:
        with counting("articles") as advance:
            seen = 0

            def step(report: BuildReport) -> None:
                nonlocal seen
                advance(report.seen - seen)
                seen = report.seen

            report = build_graph(read(paths, options), folder, jobs=jobs, progress=step)
        _tell_failures(report)
        if report.written or not (out / "graph.trig").exists():
            folder.finish()
        summary = summarise(folder.store)
        write_summary(summary, out / "summary.json")
        if page:
            _write_page(folder.store, out / "graph.html", title=out.resolve().name, language="ar")
    write(_told(summary, report))
    say(f"kg: the graph is in {out}" + (f"; open {out / 'graph.html'}" if page else ""))
    if report.failures and (strict or report.seen == len(report.failures)):
        raise typer.Exit(1)
    if not report.seen:
        raise InputError(f"{' '.join(paths)}: nothing to read")


def _tell_failures(report: BuildReport) -> None:
    for failure in report.failures[:_MOST_TOLD]:
        say(f"kg: {failure.reason}")
    if len(report.failures) > _MOST_TOLD:
        say(f"kg: and {len(report.failures) - _MOST_TOLD:,} more that could not be read")


def _told(summary: Summary, report: BuildReport) -> str:
    """The summary in lines: name, tab, number."""
    rows = [("articles", summary.articles), ("entities", summary.entities), ("claims", summary.claims),
            ("events", summary.events), ("new", report.written), ("unchanged", report.unchanged),
            ("repeated", report.repeated), ("skipped", len(report.failures))]  # fmt: skip
    return "\n".join(f"{name}\t{number}" for name, number in rows)


def remove(
    directory: GraphDir,
    articles: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids or addresses of articles.")],
) -> None:
    """Take articles out of a graph, with everything that stands on them alone.

    Example: [bold]kg remove graph 3f2a91c04b7de865[/bold]
    """
    from kg.datamodel import DocumentId
    from kg.graph.folder import GraphFolder

    with GraphFolder.open(_existing(directory)) as folder:
        known = {document.url: document.id for document in folder.documents() if document.url}
        missing = [name for name in articles if not folder.remove(known.get(name, DocumentId(name)))]
        folder.finish()
    for name in missing:
        say(f"kg: {name}: no such article in {directory}")
    if missing:
        raise typer.Exit(1)


def view(
    directory: GraphDir,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where; DIR/graph.html if not given.")
    ] = None,
    language: Annotated[str, typer.Option(help="Language of the page: ar or en.")] = "ar",
    title: Annotated[str, typer.Option(help="Title of the page; the folder's name if not given.")] = "",
    since: Annotated[str, typer.Option(metavar="DATE", help="Only articles published on or after.")] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="Only articles published on or before.")] = "",
) -> None:
    """Write the page of a graph: one HTML file that works without a network.

    Example: [bold]kg view graph --language en --since 2024-07-01[/bold]
    """
    from kg.graph.folder import GraphFolder
    from kg.graph.network import Slice

    path = out or directory / "graph.html"
    with GraphFolder.open(directory, read_only=True) as folder:
        part = Slice(since=since, until=until)
        _write_page(folder.store, path, title=title or directory.resolve().name, language=language, part=part)
    write(str(path))


def _write_page(store: GraphStore, path: Path, *, title: str, language: str, part: Slice | None = None) -> None:
    from kg.graph.network import EVERYTHING, network
    from kg.view.page import write_page

    if language not in ("ar", "en"):
        raise typer.BadParameter(f"{language!r} is neither ar nor en", param_hint="--language")
    write_page(network(store, part or EVERYTHING), path, title=title, language="en" if language == "en" else "ar")


def export(
    directory: GraphDir,
    kind: Annotated[str, typer.Option("--format", metavar="KIND", help=f"{EXPORTS}.")] = "trig",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where; stdout if not given.")] = None,
) -> None:
    """Write the whole graph in a format that other programs read.

    nquads is canonical: the same articles give the same bytes. turtle has no named graphs and merges them.

    Example: [bold]kg export graph --format nquads > graph.nq[/bold]
    """
    from kg.export import FORMATS
    from kg.export import export as export_graph
    from kg.graph.folder import GraphFolder

    chosen = next((name for name in FORMATS if name == kind), None)
    if chosen is None:
        raise typer.BadParameter(f"{kind!r} is none of {EXPORTS}", param_hint="--format")
    with GraphFolder.open(directory, read_only=True) as folder:
        write(export_graph(folder.store, chosen).decode("utf-8"), out)


def _existing(directory: Path) -> Path:
    if not (directory / "store").is_dir():
        raise InputError(f"{directory}: there is no graph here; build one with `kg build PATH... --out {directory}`")
    return directory
