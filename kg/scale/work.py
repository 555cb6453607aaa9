"""What every process does with one article, here or on another machine."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from kg.datamodel import Analysis, Document, DocumentId
from kg.graph.folder import lift
from kg.graph.lifted import Lifted
from kg.graph.resolve import Background
from kg.language.lexicon import load_lexicon


def lifted(analyse: Callable[[Document], Analysis], document: Document) -> Lifted:
    """An article's own graph; whatever needs the corpus comes later."""
    return lift(analyse(document), _background())


def prepare(analyse: Callable[[Document], Analysis]) -> None:
    """Load what every analysis needs."""
    lifted(analyse, Document(id=DocumentId("prepare"), text="."))


@cache
def _background() -> Background:
    return Background.of(load_lexicon())
