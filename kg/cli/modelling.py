"""Commands about models and what they leave to a reviewer: models, suggest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.console import Encoding, Kind, Paths, documents, read_options, say, write


def models(
    folders: Annotated[list[Path] | None, typer.Argument(metavar="DIR", help="Further model folders.")] = None,
) -> None:
    """List the models and packages of each profile: what is there, and the command for what is not.

    Prints profile, name, what it is, where it is, and how to get it, tab-separated.

    Example: [bold]kg models[/bold]
    """
    from kg.models.catalogue import parts

    write("profile\tname\twhat\twhere\tcommand")
    for part in parts(tuple(folders or ())):
        write("\t".join((part.profile, part.name, part.what, part.where or "-", part.command or "-")))


def suggest(
    paths: Paths,
    most: Annotated[int, typer.Option("--most", min=1, help="How many suggestions to print.")] = 50,
    answers: Annotated[bool, typer.Option("--answers", help="PATH is a reviewed list; print its rows.")] = False,
    model: Annotated[
        Path | None, typer.Option("--model", metavar="DIR", help="A model folder, as one recogniser more.")
    ] = None,
    kind: Kind = "auto",
    encoding: Encoding = "",
) -> None:
    """Rank what a reviewer should look at: names that recognisers see differently, words that may tell an event.

    Fill the column `answer` with a type or a class (or - for neither) and pass the list back with --answers: out come
    rows of ontology/lexicon.

    Example: [bold]kg suggest articles/ > list.tsv; kg suggest list.tsv --answers[/bold]
    """
    from kg.models.suggest import COLUMNS, answered, rank, row
    from kg.pipeline import proposers

    if answers:
        for path in paths:
            for line in answered(Path(path)):
                write(line)
        return
    write("\t".join(COLUMNS))
    further = proposers()
    if model is not None:
        from kg.models.neural.profile import proposing

        further = (*further, proposing(str(model)))
    found = rank(documents(paths, read_options(kind, encoding)), further)
    for suggestion in found[:most]:
        write(row(suggestion))
    say(f"kg: {len(found)} suggestions, {min(most, len(found))} printed")
