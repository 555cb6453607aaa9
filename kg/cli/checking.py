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

    Example: [bold]kg check; kg check graph[/bold]
    """
    from kg.check import check_data, check_graph

    found = list(check_graph(directory) if directory else check_data())
    for problem in found:
        write(problem)
    say(f"kg: {len(found)} problem{'s' if len(found) != 1 else ''} found" if found else "kg: no problem found")
    if found:
        raise typer.Exit(1)
