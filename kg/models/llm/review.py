"""What a model leaves for a reviewer: differences as JSON Lines, rows for the lexicon and rules as tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kg.language.lexicon import NAME_COLUMNS, WORD_COLUMNS, load_lexicon
from kg.models.llm.believe import Flag
from kg.models.llm.extract import Outcome
from kg.models.rows import name_row, trigger_class, trigger_row

_NAMED = frozenset(("Group", "UnnamedSource", "Document"))


@dataclass(slots=True)
class Proposals:
    """Rows that a reviewer may move into ``ontology/lexicon``; how often each was seen counts."""

    names: dict[tuple[str, str], int] = field(default_factory=dict)
    triggers: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Names without an entry, and words that told an event or relation which the rules do not know."""
        linked = {link.chain for link in outcome.rules.links if link.target is not None}
        for chain in outcome.model.chains:
            if chain.id not in linked and chain.type not in _NAMED:
                self._count_name(chain.type, " ".join(chain.name_ar.split()))
        triggers = load_lexicon().triggers
        for event in outcome.model.events:
            for token in outcome.rules.tokens:
                if event.trigger.covers(token.core) and token.kind == "word":
                    word = (token.reading.pos, token.reading.lemma)
                    if word[0] in ("VERB", "NOUN") and word not in triggers:
                        key = (event.type, *word)
                        self.triggers[key] = self.triggers.get(key, 0) + 1

    def _count_name(self, kind: str, name: str) -> None:
        if name and not re.search(r"[\t|~=]", name):
            self.names[kind, name] = self.names.get((kind, name), 0) + 1

    def name_rows(self) -> Iterator[str]:
        """Rows in the columns of the lexicon."""
        yield "\t".join(NAME_COLUMNS)
        for (kind, name), seen in sorted(self.names.items(), key=_most):
            yield name_row(kind, name, f"? seen {seen}")

    def trigger_rows(self) -> Iterator[str]:
        """Rows in the columns of ``triggers.tsv``; the class is a guess from the event type."""
        yield "\t".join(WORD_COLUMNS)
        for (kind, pos, lemma), seen in sorted(self.triggers.items(), key=_most):
            yield trigger_row(trigger_class(kind), pos, lemma, f"? seen {seen}, told {kind}")


def _most(item: tuple[tuple[str, ...], int]) -> tuple[int, tuple[str, ...]]:
    return -item[1], item[0]


def flag_lines(document: str, flags: Iterable[Flag]) -> Iterator[str]:
    """A JSON object a line."""
    for flag in flags:
        yield json.dumps(
            {"document": document, "kind": flag.kind, "sentence": flag.sentence, "start": flag.span.start,
             "end": flag.span.end, "quote": flag.what, "rules": flag.rules, "model": flag.model}, ensure_ascii=False,
        )  # fmt: skip


def write_review(folder: Path, outcomes: Iterable[Outcome], proposals: Proposals) -> None:
    """``differences.jsonl``, ``names.tsv`` and ``triggers.tsv`` in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [line for outcome in outcomes for line in flag_lines(outcome.analysis.document.id, outcome.flags)]
    for name, rows in (
        ("differences.jsonl", lines),
        ("names.tsv", list(proposals.name_rows())),
        ("triggers.tsv", list(proposals.trigger_rows())),
    ):
        (folder / name).write_text("".join(f"{row}\n" for row in rows), encoding="utf-8", errors="replace")
