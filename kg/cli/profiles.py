"""Options of the larger models, and the analysis they choose; nothing of them is imported for the profile rules."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import counting, pairs, say
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.datamodel import Document
    from kg.models.llm.extract import Extractor
    from kg.pipeline import Analyser

PROFILES = ("rules", "neural", "llm")
ProfileName = Annotated[str, typer.Option("--profile", metavar="NAME", help="rules, neural or llm (docs/models.md).")]
At = Annotated[str, typer.Option("--endpoint", metavar="URL", help="llm: where the model answers.")]
Model = Annotated[str, typer.Option("--model", metavar="NAME|DIR", help="llm: its name; neural: a folder.")]
Settings = Annotated[list[str], typer.Option("--set", metavar="NAME=VALUE", help="A setting of the profile.")]
ReviewDir = Annotated[Path | None, typer.Option("--review", metavar="DIR", help="llm: write differences here.")]
Waiting = Callable[["Analyser"], Sequence["Document"]]
"""The documents that an analysis is about to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the options of a command say about the profile."""

    profile: str = "rules"
    endpoint: str = ""
    model: str = ""
    settings: Sequence[str] = ()
    review: Path | None = None

    @contextmanager
    def running(self, waiting: Waiting, *, answers: Path | None = None, limit: float = math.inf) -> Iterator[Analyser]:
        """The analysis of the profile; of one that costs money the cost is told before and after.

        With ``answers``, a folder to keep answers in, an article fails if the endpoint is away, for a later run to
        go on; ``limit`` is for the seconds that the rules may take for one article.
        """
        settings = pairs(self.settings, "--set")
        if self.profile != "llm":
            if self.endpoint or self.review:
                raise typer.BadParameter("--endpoint and --review belong to --profile llm", param_hint="--profile")
            yield self._local(settings)
            return
        from kg.models.llm.profile import after, extractor
        from kg.models.llm.review import Review

        reviewed = Review(self.review) if self.review else None
        if answers is not None:
            settings.setdefault("cache", str(answers))
        made = extractor(self.endpoint, self.model, settings, reviewed)
        made.whole = answers is not None
        _foretell(made, waiting(made), settings, limit)
        try:
            yield made
        finally:
            for line in after(made):
                say(line)
            if reviewed is not None:
                reviewed.write()

    def _local(self, settings: Mapping[str, str]) -> Analyser:
        if self.profile not in PROFILES:
            raise typer.BadParameter(f"{self.profile!r} is none of {', '.join(PROFILES)}", param_hint="--profile")
        if self.profile == "neural":
            from kg.models.neural.profile import analyser

            return analyser(self.model, settings)
        if self.model or settings:
            raise typer.BadParameter("--model and --set belong to the profiles neural and llm", param_hint="--profile")
        from kg.pipeline import Rules

        return Rules()


def _foretell(made: Extractor, documents: Sequence[Document], settings: Mapping[str, str], seconds: float) -> None:
    """Say what it will cost, before anything is asked; an article that cannot be analysed is left to the run."""
    from kg.models.llm.extract import Estimate
    from kg.models.llm.profile import before, limit
    from kg.scale.pool import Failure, here

    estimate = Estimate()
    with counting("estimated", len(documents)) as advance:
        for _, found in here(made.foresee, documents, limit=seconds):
            estimate += found if not isinstance(found, Failure) else Estimate()
            advance(1)
    say(before(made, estimate))
    most = limit(settings)
    if most is not None and made.cost(estimate) > most:
        raise InputError(f"the estimate is above --set limit={most:g}; nothing was asked")
