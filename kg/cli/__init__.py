"""The command ``kg``. Each command parses, calls one function of the library, and prints.

Data goes to stdout, messages to stderr. Exit codes: 0 done, 1 the input was at fault, 2 wrong usage, 130 interrupted.
Everything heavy is imported inside the commands, so that ``kg --help`` is quick.
"""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from kg.cli import (
    analysing,
    asking,
    building,
    checking,
    measuring,
    modelling,
    reporting,
    reviewing,
    serving,
    training,
    verifying,
)
from kg.errors import KgError

app = typer.Typer(
    name="kg",
    help="A knowledge graph of Arabic news in which every edge knows who said it, where, how sure, and when.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
GRAPH, TEXT, QUALITY = "A graph", "One text", "Quality"
_COMMANDS: tuple[tuple[str, Any, str], ...] = (
    ("build", building.build, GRAPH),
    ("remove", building.remove, GRAPH),
    ("review", reviewing.review, GRAPH),
    ("view", reporting.view, GRAPH),
    ("report", reporting.report, GRAPH),
    ("embed", reporting.embed, GRAPH),
    ("diff", reporting.diff, GRAPH),
    ("serve", serving.serve, GRAPH),
    ("export", building.export, GRAPH),
    ("query", asking.query, GRAPH),
    ("queries", asking.queries, GRAPH),
    ("find", asking.find, GRAPH),
    ("analyse", analysing.analyse, TEXT),
    ("tokens", analysing.tokens, TEXT),
    ("times", analysing.times, TEXT),
    ("suggest", modelling.suggest, QUALITY),
    ("train", training.train, QUALITY),
    ("models", modelling.models, QUALITY),
    ("evaluate", measuring.evaluate, QUALITY),
    ("check", checking.check, QUALITY),
    ("verify", verifying.verify, QUALITY),
)
for _name, _command, _panel in _COMMANDS:
    app.command(_name, rich_help_panel=_panel)(_command)


def _version(wanted: bool) -> None:
    if wanted:
        from kg import release

        typer.echo(f"kg {release()}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Options before the command."""


def main() -> None:
    """Run the command; an error that the user can mend is one line, not a traceback."""
    try:
        app()
    except KgError as error:
        typer.echo(f"kg: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        typer.echo(f"kg: {where}{error.strerror or error}", err=True)
        sys.exit(1)
