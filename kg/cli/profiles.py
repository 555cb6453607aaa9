"""Options of the larger models, and the analysis they choose; nothing of them is imported for the profile rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import pairs, say
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.datamodel import Analysis, Document

PROFILES = ("rules", "neural", "llm")
ProfileName = Annotated[str, typer.Option("--profile", metavar="NAME", help="rules, neural or llm.")]
At = Annotated[str, typer.Option("--endpoint", metavar="URL", help="llm: where the model answers.")]
Model = Annotated[str, typer.Option("--model", metavar="NAME|DIR", help="llm: its name; neural: a folder.")]
Settings = Annotated[list[str], typer.Option("--set", metavar="NAME=VALUE", help="A setting of the profile.")]
ReviewDir = Annotated[Path | None, typer.Option("--review", metavar="DIR", help="llm: write differences here.")]
Analyser = Callable[["Document"], "Analysis"]


@contextmanager
def running(
    profile: str,
    documents: Sequence[Document],
    *,
    endpoint: str = "",
    model: str = "",
    settings: Sequence[str] = (),
    review: Path | None = None,
) -> Iterator[Analyser]:
    """The analysis of a profile; what it costs is told before and after."""
    chosen = pairs(settings, "--set")
    if profile == "llm":
        with _llm(documents, endpoint, model, chosen, review) as analyse:
            yield analyse
        return
    if endpoint or review:
        raise typer.BadParameter("--endpoint and --review belong to --profile llm", param_hint="--profile")
    yield _local(profile, model, chosen)


def _local(profile: str, model: str, settings: Mapping[str, str]) -> Analyser:
    if profile not in PROFILES:
        raise typer.BadParameter(f"{profile!r} is none of {', '.join(PROFILES)}", param_hint="--profile")
    if profile == "neural":
        from kg.models.neural.profile import analyser

        return analyser(model, settings)
    if model or settings:
        raise typer.BadParameter("--model and --set belong to the profiles neural and llm", param_hint="--profile")
    from kg.pipeline import analyse

    return analyse


@contextmanager
def _llm(
    documents: Sequence[Document], endpoint: str, model: str, settings: Mapping[str, str], review: Path | None
) -> Iterator[Analyser]:
    from kg.models.llm.profile import Review, after, before, extractor, limit

    reviewed = Review(review) if review else None
    made = extractor(endpoint, model, settings, reviewed)
    estimate = made.estimate(documents)
    say(before(made, estimate, len(documents)))
    most = limit(settings)
    if most is not None and estimate.cost > most:
        raise InputError(f"the estimate is above --set limit={most:g}; nothing was asked")
    try:
        yield made
    finally:
        for line in after(made):
            say(line)
        if reviewed is not None:
            reviewed.write()
