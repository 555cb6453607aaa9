"""What the commands share: where to print, how to read options, and isolating Arabic in a line."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from kg.datamodel import Document
    from kg.text.read import ReadFailure, ReadOptions

PIPE_WIDTH = 200
_OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
Paths = Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, globs, or - for stdin.")]
OneFile = Annotated[str, typer.Argument(metavar="FILE", help="A file, or - for stdin.")]
GraphDir = Annotated[Path, typer.Argument(metavar="DIR", help="The folder that kg build made.")]
Published = Annotated[str, typer.Option(metavar="DATE", help="Day of publication, over what the input says.")]
Outlet = Annotated[str, typer.Option(metavar="NAME", help="The outlet, over what the input says.")]
Encoding = Annotated[str, typer.Option(metavar="NAME", help="The encoding; told by evidence if not given.")]
Kind = Annotated[str, typer.Option("--format", metavar="KIND", help="text, html, jsonl, json, csv; auto by default.")]
Fields = Annotated[
    list[str], typer.Option("--field", metavar="FIELD=NAME", help="What a field is called in the records.")
]


def out() -> Console:
    """The console of stdout: data."""
    from rich.console import Console

    return Console(
        width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False, soft_wrap=not sys.stdout.isatty()
    )


def err() -> Console:
    """The console of stderr: messages and progress."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def say(message: str) -> None:
    """One line on stderr, not interpreted."""
    typer.echo(message, err=True)


def write(text: str, path: Path | None = None) -> None:
    """Data to stdout, or to a file."""
    if path is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    path.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")


def as_json(value: Any, *, indent: int | None = 1) -> str:
    """JSON with Arabic as it is."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def tame(text: str) -> str:
    """The text without what a terminal would obey, a space in the place of each, so that offsets stay.

    >>> tame("a\\x1b[31mb")
    'a [31mb'
    """
    return _OBEYED.sub(" ", text)


def shown(text: str) -> str:
    """A text inside a line of the other direction, in bidi isolates where it needs them, without escape sequences."""
    from kg.language.arabic import ARABIC_LETTER, isolate

    text = tame(text)
    return isolate(text) if ARABIC_LETTER.search(text) else text


def pairs(given: Iterable[str], option: str) -> dict[str, str]:
    """``NAME=VALUE`` options as a dict; wrong ones are wrong usage."""
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"expected NAME=VALUE, found {text!r}", param_hint=option)
        found[name.strip()] = value
    return found


def existing(directory: Path) -> Path:
    """The folder, if a graph is in it: what changes a graph makes none."""
    if not (directory / "store").is_dir():
        raise InputError(f"{directory}: there is no graph here; build one with `kg build PATH... --out {directory}`")
    return directory


def read_options(kind: str = "auto", encoding: str = "", fields: Sequence[str] = (), **metadata: str) -> ReadOptions:
    """Options of reading, from those of the command line."""
    from kg.text.read import FORMAT_NAMES, ReadOptions

    chosen = next((name for name in FORMAT_NAMES if name == kind), None)
    if chosen is None:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(FORMAT_NAMES)}", param_hint="--format")
    return ReadOptions(
        format=chosen,
        encoding=encoding or None,
        fields=pairs(fields, "--field"),
        metadata={name: value for name, value in metadata.items() if value},
    )


def documents(paths: Sequence[str], options: ReadOptions) -> Iterator[Document]:
    """The documents that can be read; the others are told, and if there is none the input was at fault."""
    from kg.text.read import ReadFailure, read

    found = 0
    failures: list[ReadFailure] = []
    for item in read(paths, options):
        if isinstance(item, ReadFailure):
            failures.append(item)
            say(f"kg: {item.reason}")
        else:
            found += 1
            yield item
    if not found:
        raise typer.Exit(1) if failures else InputError(f"{' '.join(paths)}: nothing to read")


@contextmanager
def counting(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr where somebody can see it; yields a function that takes steps."""
    if not sys.stderr.isatty():
        yield _no_progress
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err(), transient=True) as progress:
        task = progress.add_task(what, total=total)

        def advance(steps: int) -> None:
            progress.advance(task, steps)

        yield advance


def _no_progress(_: int) -> None:
    """Nobody is watching."""
