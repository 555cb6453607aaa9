"""The command that vouches for a graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.console import GraphDir, say, write
from kg.cli.profiles import At, Chosen, Model, ProfileName, Settings
from kg.errors import InputError


def verify(
    directory: GraphDir,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the manifest here; else to stdout.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help="An earlier manifest; tell what is no longer so.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="A secret that signs the manifest (HMAC-SHA256).")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Analyse every stored text anew; the graph must be the same.")
    ] = False,
    profile: ProfileName = "rules",
    endpoint: At = "",
    model: Model = "",
    settings: Settings = [],  # noqa: B006 - typer copies it
) -> None:
    """Read every claim against its stored text, and write a manifest that others can compare.

    The manifest has SHA-256 hashes of texts, graph, ontology and code, and a seal over all; no clock and no path.
    Ends with 1 if a quote is not in its text, a text is not what the graph was built from, or --against differs.
    For --again name the profile that the graph was built under; kept answers of a language model are used.

    Example: [bold]kg verify graph --out manifest.json; kg verify graph --against manifest.json[/bold]
    """
    from kg.graph.folder import GraphFolder
    from kg.graph.verify import changes, load, releases, to_bytes
    from kg.graph.verify import verify as verified

    secret = _secret(key)
    before = load(against, secret) if against else None
    with GraphFolder.open(directory, read_only=True) as folder:
        if again:
            chosen = Chosen(profile=profile, endpoint=endpoint, model=model, settings=settings)
            with chosen.running(lambda _: list(folder.documents()), answers=directory / "answers") as made:
                others = releases(folder) - {made.release}
                if others:
                    say(f"kg: the graph was built with {', '.join(sorted(others))}; this is {made.release}")
                manifest = verified(folder, key=secret, again=made)
        else:
            manifest = verified(folder, key=secret)
    if out is not None:
        out.write_bytes(to_bytes(manifest))
    elif before is None:
        write(to_bytes(manifest).decode("ascii"))
    wrong = [f"{each['article'] or 'graph'}: {each['what']}" for each in manifest["problems"]]
    wrong += changes(before, manifest) if before is not None else []
    for line in wrong:
        say(f"kg: {line}")
    counts = manifest["read"]
    say(f"kg: {counts['claims']} claims, {counts['events']} events, {counts['quotes']} quotes read: {len(wrong)} wrong")
    if wrong:
        raise typer.Exit(1)


def _secret(path: Path | None) -> bytes:
    if path is None:
        return b""
    try:
        found = path.read_bytes().strip()
    except OSError as error:
        raise InputError(f"{path}: the key cannot be read: {error.strerror}") from None
    if not found:
        raise InputError(f"{path}: the key is empty")
    return found
