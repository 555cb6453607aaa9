"""The command that serves the workbench."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import GraphDir, say
from kg.errors import InputError

if TYPE_CHECKING:
    from starlette.applications import Starlette


def serve(
    directory: GraphDir,
    host: Annotated[
        str, typer.Option(help="Address to listen on; only this machine reaches the default.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8080,
    allow: Annotated[
        list[str], typer.Option("--allow-host", metavar="NAME", help="A name that browsers may call it by.")
    ] = [],  # noqa: B006 - typer copies it
    seconds: Annotated[float, typer.Option(min=0.1, help="How long one query may take.")] = 10.0,
    workers: Annotated[int, typer.Option(min=1, help="Queries that run at the same time.")] = 2,
    title: Annotated[str, typer.Option(help="Title; the folder's name if not given.")] = "",
) -> None:
    """Serve the workbench and a SPARQL endpoint on a graph, until Ctrl-C.

    Search, pages of entities and articles, timeline, contradictions, review, a SPARQL editor; /sparql speaks the
    SPARQL 1.1 Protocol, /openapi.json describes the JSON API. Nothing in it changes the graph.

    Example: [bold]kg serve graph --port 8765[/bold]
    """
    app = application_of(directory, hosts=[host, *allow], seconds=seconds, workers=workers, title=title)
    _must_be_free(host, port)
    say(f"kg: open http://{_in_address(host)}:{port} (Ctrl-C ends it); SPARQL at /sparql")
    from kg.view.server import serve as run

    with suppress(KeyboardInterrupt):
        run(app, host=host, port=port)


def application_of(
    directory: Path, *, hosts: list[str], seconds: float = 10.0, workers: int = 2, title: str = ""
) -> Starlette:
    """The ASGI application on a graph, with the pipeline to read pasted articles and the lexicon's facts."""
    from kg import release
    from kg.graph.resolve import Background
    from kg.language.lexicon import load_lexicon
    from kg.pipeline import analyse
    from kg.view.guards import LOOPBACK
    from kg.view.server import Settings, application
    from kg.view.worker import Limits

    settings = Settings(
        name=title or directory.resolve().name,
        version=release(),
        hosts=LOOPBACK | {_in_address(host).lower() for host in hosts},
        workers=workers,
        limits=Limits(seconds=seconds),
    )
    return application(directory, analyse, background=Background.of(load_lexicon()), settings=settings)


def _in_address(host: str) -> str:
    """A host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _must_be_free(host: str, port: int) -> None:
    """Say it in one line if the port is taken or the address is not ours."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        raise InputError(f"{_in_address(host)}:{port}: {error.strerror}; choose another --host or --port") from None
