"""Commands that make a graph and write it out: build, remove, export."""

from __future__ import annotations

import math
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
    existing,
    read_options,
    say,
    write,
)
from kg.cli.profiles import At, Chosen, Model, ProfileName, ReviewDir, Settings
from kg.cli.reporting import write_graph_page
from kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.build import BuildReport, Summary
    from kg.datamodel import Document
    from kg.graph.folder import GraphFolder
    from kg.pipeline import Analyser
    from kg.text.read import ReadFailure

EXPORTS = "trig, nquads, jsonld, turtle, rdfxml, graphml, gexf, csv, parquet, neo4j, acled, ftm"
_MOST_TOLD = 20


def build(
    paths: Paths,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the graph; made or added to.")],
    jobs: Annotated[int, typer.Option(min=1, help="Processes that analyse at the same time.")] = 1,
    limit: Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="Longest time for one article.")] = 300.0,
    engine: Annotated[
        str, typer.Option(metavar="ADDRESS", help="A Dask scheduler to analyse on, or: local (docs/scale.md).")
    ] = "",
    page: Annotated[bool, typer.Option("--page/--no-page", help="Write graph.html.")] = True,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 if anything could not be read.")] = False,
    kind: Kind = "auto",
    encoding: Encoding = "",
    field: Fields = [],  # noqa: B006 - typer copies it
    outlet: Outlet = "",
    published: Published = "",
    profile: ProfileName = "rules",
    endpoint: At = "",
    model: Model = "",
    settings: Settings = [],  # noqa: B006 - typer copies it
    review: ReviewDir = None,
) -> None:
    """Build a graph of articles, or add to it what is new.

    Reads plain text, web pages, JSON Lines and CSV. Writes the store, graph.trig, graph.html and summary.json.
    What cannot be read or analysed is told, listed in summary.json, and skipped. What was built under another profile
    is built anew; answers of a language model are kept in DIR/answers.

    Example: [bold]kg build articles/ 'more/*.jsonl.xz' --out graph --jobs 4[/bold]
    """
    from kg.build import build as build_graph
    from kg.build import pending, summarise, write_summary
    from kg.graph.folder import GraphFolder
    from kg.text.read import read

    options = read_options(kind, encoding, field, outlet=outlet, published=published)
    chosen = Chosen(profile=profile, endpoint=endpoint, model=model, settings=settings, review=review)
    found: Iterable[Document | ReadFailure] = read(paths, options)
    if profile == "llm":
        if jobs > 1 or engine:
            raise typer.BadParameter("one process asks the model, at the rate of --set rate", param_hint="--profile")
        found = list(found)  # the cost is told before the first is asked about
    with GraphFolder.open(out) as folder:

        def waiting(made: Analyser) -> list[Document]:
            return pending(found, folder, made.release)

        with (
            chosen.running(waiting, answers=out / "answers", limit=limit) as made,
            counting("articles") as advance,
        ):
            seen = 0

            def step(report: BuildReport) -> None:
                nonlocal seen
                advance(report.seen - seen)
                seen = report.seen

            seconds = math.inf if profile == "llm" else limit  # timeout and attempts bound the waiting there
            try:
                report = build_graph(
                    found, folder, jobs=jobs, limit=seconds, engine=engine, progress=step, profile=made
                )
            except KeyboardInterrupt as stop:
                say(f"kg: stopped; what is written stays in {out}, and the same command goes on from there")
                raise typer.Exit(130) from stop
        _tell_failures(report)
        if report.written or not folder.is_finished or not (out / "graph.trig").exists():
            folder.finish(jobs=jobs)
        summary = summarise(folder.store)
        write_summary(summary, out / "summary.json", report.failures)
        if page:
            write_graph_page(folder, out / "graph.html")
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

    with GraphFolder.open(existing(directory)) as folder:
        known = {document.url: document.id for document in folder.documents() if document.url}
        missing = [name for name in articles if not folder.remove(known.get(name, DocumentId(name)))]
        folder.finish()
        folder.store.rewrite()  # a store keeps the texts of quads that are gone
        refresh(folder)
    for name in missing:
        say(f"kg: {name}: no such article in {directory}")
    if missing:
        raise typer.Exit(1)


def refresh(folder: GraphFolder) -> None:
    """Bring what lies beside the graph in line with it, where it is there: summary.json and graph.html."""
    import json

    from kg.build import summarise, write_summary
    from kg.text.read import ReadFailure

    summary, page = folder.path / "summary.json", folder.path / "graph.html"
    if summary.exists():
        skipped = json.loads(summary.read_text(encoding="utf-8")).get("skipped", ())
        write_summary(summarise(folder.store), summary, [ReadFailure(**each) for each in skipped])
    if page.exists():
        with page.open("rb") as file:
            english = b'lang="en"' in file.read(200)
        write_graph_page(folder, page, language="en" if english else "ar")


def export(
    directory: GraphDir,
    kind: Annotated[str, typer.Option("--format", metavar="KIND", help=f"{EXPORTS}.")] = "trig",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="File; folder for csv, parquet, neo4j; else stdout.")
    ] = None,
) -> None:
    """Write the whole graph in a format that other programs read.

    trig, nquads and jsonld hold everything; nquads is canonical: the same articles give the same bytes. turtle and
    rdfxml merge the articles. graphml, gexf and neo4j are property graphs, csv, parquet and acled tables;
    ftm has the entities of FollowTheMoney.

    Example: [bold]kg export graph --format nquads > graph.nq[/bold]
    """
    from kg.graph.export import FORMATS
    from kg.graph.export import export as export_graph
    from kg.graph.folder import GraphFolder

    if kind not in FORMATS:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    if out is None and FORMATS[kind].file.endswith("/"):
        raise typer.BadParameter(f"{kind} is several files; name a folder for them", param_hint="--out")
    with GraphFolder.open(directory, read_only=True) as folder:
        if out is None:
            (content,) = FORMATS[kind].make(folder.store).values()
            write(content.decode("utf-8"))
            return
        for path in export_graph(folder.store, kind, out):
            say(f"kg: wrote {path}")
