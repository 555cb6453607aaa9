"""The command that checks: the project's own data, or a graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.console import say, write


def check(
    directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A graph; without it, the data of ontology/.")
    ] = None,
) -> None:
    """Check a graph against its shapes and its quotes against the texts; or the lexicon, rules and queries.

    Prints a line a problem: article, node, what is wrong, what to do.

    Example: [bold]kg check; kg check graph[/bold]
    """
    found = _in_graph(directory) if directory else _in_data()
    for problem in found:
        write(problem)
    say(f"kg: {len(found)} problem{'s' if len(found) != 1 else ''} found" if found else "kg: no problem found")
    if found:
        raise typer.Exit(1)


def _in_data() -> list[str]:
    from kg.check import check_data

    return list(check_data())


def _in_graph(directory: Path) -> list[str]:
    from kg.graph.check import check as check_folder
    from kg.graph.folder import GraphFolder

    with GraphFolder.open(directory, read_only=True) as folder:
        return [f"{each.article or 'graph'}\t{each.node}\t{each.what}\t{each.fix}" for each in check_folder(folder)]
