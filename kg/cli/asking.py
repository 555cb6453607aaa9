"""Commands that ask a graph: query, queries, find."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import GraphDir, out, pairs, shown, write
from kg.errors import InputError, QueryError

if TYPE_CHECKING:
    from kg.graph.query import Answer
    from kg.graph.store import GraphStore

FORMATS = ("table", "json", "csv", "tsv", "turtle")
_WIDEST_CELL = 80


def query(
    directory: GraphDir,
    asked: Annotated[str, typer.Argument(metavar="FILE.rq|NAME|-", help="A file, a named query, or - for stdin.")],
    param: Annotated[list[str], typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter.")] = [],  # noqa: B006
    kind: Annotated[str, typer.Option("--format", metavar="KIND", help=", ".join(FORMATS) + ".")] = "table",
) -> None:
    """Ask a graph in SPARQL (SELECT, ASK, CONSTRUCT, DESCRIBE), or one of the named queries.

    A table is drawn in a terminal and is tab-separated in a pipe. Values of named queries may be names in Arabic
    or English, ids, dates.

    Example: [bold]kg query graph attacks -p subject='Islamic Resistance in Iraq'[/bold]
    """
    from kg.graph.folder import GraphFolder

    if kind not in FORMATS:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    values = pairs(param, "--param")
    with GraphFolder.open(directory, read_only=True) as folder:
        found = _ask(folder.store, asked, values)
    if kind == "table" and sys.stdout.isatty():
        _draw(found)
        return
    write(next(found.text(name) for name in ("table", "json", "csv", "tsv", "turtle") if name == kind))


def _ask(store: GraphStore, asked: str, values: dict[str, str]) -> Answer:
    from kg.graph.query import ask
    from kg.graph.questions import answer, questions

    if asked in questions():
        return answer(store, asked, values)
    if asked != "-" and not asked.endswith(".rq") and "/" not in asked:
        return answer(store, asked, values)
    if values:
        raise QueryError("--param belongs to the named queries; write the values into your own query")
    return ask(store, _text(asked))


def _text(asked: str) -> str:
    if asked == "-":
        return sys.stdin.read()
    try:
        return Path(asked).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{asked}: {error.strerror}; `kg queries` lists the named queries") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{asked}: not valid UTF-8 at byte {error.start}") from None


def _draw(found: Answer) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in found.headings():
        table.add_column(heading, overflow="fold", max_width=_WIDEST_CELL)
    rows = found.texts()
    for row in rows:
        table.add_row(*(escape(shown(cell)) for cell in row))
    console = out()
    console.print(table)
    if found.kind != "ask":
        console.print(f"[dim]{len(rows)} row{'s' if len(rows) != 1 else ''}[/dim]")


def queries(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="Print this query's text.")] = "",
    language: Annotated[str, typer.Option(help="Language of the questions: en or ar.")] = "en",
) -> None:
    """List the named queries, each with the question it answers; or print one of them.

    Example: [bold]kg queries attacks[/bold]
    """
    from kg.graph.questions import question, questions

    if name:
        write(question(name).text)
        return
    found = questions().values()
    width = max(len(each.name) for each in found)
    for each in found:
        parameters = " ".join(f"{p.name}={p.default or p.kind.upper()}" for p in each.parameters)
        asked = each.question_ar if language == "ar" else each.question_en
        write(
            f"{each.name:{width}}  {shown(asked)}  [{parameters}]"
            if parameters
            else f"{each.name:{width}}  {shown(asked)}"
        )


def find(
    directory: GraphDir,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name or part of one, in Arabic or Latin letters.")],
    limit: Annotated[int, typer.Option(min=1, help="How many.")] = 10,
    evidence: Annotated[bool, typer.Option(help="Find sentences of evidence that have the text in them.")] = False,
) -> None:
    """Find entities by name; spellings need not agree: Qassem, Qasim and Kassem are one name.

    Prints id, type, English and Arabic label, best first; with --evidence the article and the sentence.

    Example: [bold]kg find graph sudani[/bold]
    """
    from kg.find import find_entities, find_evidence
    from kg.graph.folder import GraphFolder

    with GraphFolder.open(directory, read_only=True) as folder:
        rows: list[tuple[str, ...]]
        if evidence:
            rows = [(hit.article, shown(hit.text)) for hit in find_evidence(folder, name, limit=limit)]
        else:
            found = find_entities(folder, name, limit=limit)
            rows = [(each.id, each.type, shown(each.label_en), shown(each.label_ar)) for each in found]
    for row in rows:
        write("\t".join(row))
    if not rows:
        what = "no sentence has" if evidence else "no entity is named anything like"
        raise InputError(f"{directory}: {what} {name!r}")
