"""The command that asks people: review."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.building import refresh
from kg.cli.console import GraphDir, existing, say, shown, write
from kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.graph.judgements import Judgement, Verdict
    from kg.graph.review import Proposal, Side

_ANSWERS: dict[str, Verdict] = {"s": "same", "d": "different", "u": "unsure"}


def review(
    directory: GraphDir,
    answers: Annotated[
        Path | None, typer.Option("--answers", metavar="FILE", help="Take judgements from a file; ask nothing.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many pairs.")] = 20,
    who: Annotated[str, typer.Option(metavar="NAME", help="Who judges; your user name by default.")] = "",
) -> None:
    """Ask about pairs that may be one person, group, place or event, the most doubtful first, and keep to the answers.

    In a terminal it asks: same, different, unsure. In a pipe it prints the pairs. A file of answers has lines of two
    ids and a word, with tabs between; an id with @ARTICLE means that article alone. The graph then has one node for
    what is the same, and two for what is different, whatever the program made of it. Answers are added to
    judgements.tsv; a later one of the same pair replaces the earlier.

    Example: [bold]kg review graph[/bold]
    """
    from kg.graph.folder import GraphFolder
    from kg.graph.review import judge, proposals, read_answers

    existing(directory)
    by, today = _signature(who)
    if answers is None and not _is_terminal():
        with GraphFolder.open(directory, read_only=True) as folder:
            for pair in proposals(folder, limit=limit):
                write(_line(pair))
        return
    with GraphFolder.open(directory) as folder:
        if answers is not None:
            if not answers.is_file():
                raise InputError(f"{answers}: no such file")
            taken = read_answers(answers, who=by, when=today)
        else:
            taken = list(_asked(proposals(folder, limit=limit), by, today))
        overruled = judge(folder, taken)
        if taken:
            refresh(folder)
    for each in overruled:
        say(f"kg: {each.one} {each.verdict} as {each.other}: later judgements say otherwise, and they stand")
    say(f"kg: {len(taken)} judgement{'s' if len(taken) != 1 else ''} taken; the graph in {directory} follows them")


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _signature(who: str) -> tuple[str, str]:
    import getpass
    from datetime import UTC, datetime

    try:
        name = who or getpass.getuser()
    except (OSError, KeyError, ImportError):  # nobody is logged in
        name = ""
    return name, datetime.now(UTC).date().isoformat()


def _line(each: Proposal) -> str:
    """A pair in a pipe: ids, what the program did, the sum, names, reasons."""
    cells = [each.one.id, each.other.id, "one" if each.united else "two", f"{each.evidence.score:g}"]
    cells += [shown(" | ".join(side.names[:2])) for side in (each.one, each.other)]
    return "\t".join([*cells, _reasons(each)])


def _reasons(each: Proposal) -> str:
    return "; ".join(f"{feature.name} {feature.weight:+g}" for feature in each.evidence.features)


def _asked(pairs: list[Proposal], who: str, when: str) -> Iterator[Judgement]:
    from kg.graph.judgements import Judgement

    for number, each in enumerate(pairs, 1):
        write(
            f"\n{number}/{len(pairs)}: the program has {'one' if each.united else 'two'} here, {each.evidence.score:g}"
        )
        for side in (each.one, each.other):
            _show(side)
        for feature in each.evidence.features:
            write(f"    {feature.weight:+.2f}  {feature.name}  {shown(feature.detail)}")
        answer = ""
        while answer not in (*_ANSWERS, "q"):
            answer = typer.prompt("[s]ame, [d]ifferent, [u]nsure, [q]uit", default="u")[:1].lower()
        if answer == "q":
            return
        yield Judgement(one=each.one.id, other=each.other.id, verdict=_ANSWERS[answer], who=who, when=when)


def _show(side: Side) -> None:
    known = f", in the lexicon as {side.lexicon}" if side.lexicon else ""
    write(f"  {shown(' | '.join(side.names[:4]))}  ({side.type}, {side.articles} articles{known})")
    for told in side.told:
        write(f"      {told.published[:10]} {shown(told.outlet)}: {shown(told.quote)}")
