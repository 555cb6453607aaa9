"""What a model leaves for a reviewer: differences as JSON Lines, rows for the lexicon and frames for the rules.

    differences.jsonl   what rules and model see otherwise, with the place
    proposals.jsonl     names, words and frames that were proposed, an object each; the tables are made from it
    names.tsv           rows in the columns of ``ontology/lexicon``
    triggers.tsv        rows of ``triggers.tsv``
    frames.yaml         frames, each with what came of trying it

Both ``.jsonl`` keep what they have of other articles, so that a run that goes on loses nothing.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kg.graph.folder import replace_file
from kg.language.lexicon import NAME_COLUMNS, WORD_COLUMNS
from kg.models.llm.believe import Flag
from kg.models.llm.drafts import Draft, drafts, summed
from kg.models.llm.extract import Outcome
from kg.models.rows import name_row, trigger_row

_NAMED = frozenset(("Group", "UnnamedSource", "Document"))
Line = Mapping[str, Any]


@dataclass(slots=True)
class Review:
    """Collects what one run leaves, article by article, and adds it to a folder."""

    folder: Path
    differences: dict[str, list[Line]] = field(default_factory=dict)
    proposals: dict[str, list[Line]] = field(default_factory=dict)

    def __call__(self, outcome: Outcome) -> None:
        """Take one in."""
        name = outcome.analysis.document.id
        self.differences[name] = [_flag(name, flag) for flag in outcome.flags]
        self.proposals[name] = [{"document": name, **proposal} for proposal in _proposed(outcome)]

    def write(self) -> None:
        """Write the files."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _merge(self.folder / "differences.jsonl", self.differences)
        every = _merge(self.folder / "proposals.jsonl", self.proposals)
        _write(self.folder / "names.tsv", name_rows(every))
        _write(self.folder / "triggers.tsv", trigger_rows(every))
        _write(self.folder / "frames.yaml", frame_lines(every))


def _flag(document: str, flag: Flag) -> Line:
    return {
        "document": document, "kind": flag.kind, "sentence": flag.sentence, "start": flag.span.start,
        "end": flag.span.end, "quote": flag.what, "rules": flag.rules, "model": flag.model,
    }  # fmt: skip


def _proposed(outcome: Outcome) -> Iterator[Line]:
    """Names without an entry, and words and frames without which the rules do not say what the model proved."""
    linked = {link.chain for link in outcome.rules.links if link.target is not None}
    for chain in outcome.model.chains:
        name = " ".join(chain.name_ar.split())
        if chain.id not in linked and chain.type not in _NAMED and name and not re.search(r"[\t|~=]", name):
            yield {"kind": "name", "type": chain.type, "name": name}
    yield from (asdict(draft) for draft in drafts(outcome.rules, outcome.model))


# ---------------------------------------------------------------- tables


def name_rows(proposals: Iterable[Line]) -> Iterator[str]:
    """Rows in the columns of the lexicon, what was seen most first."""
    yield "\t".join(NAME_COLUMNS)
    counts: defaultdict[tuple[str, str], int] = defaultdict(int)
    for each in proposals:
        if each["kind"] == "name":
            counts[each["type"], each["name"]] += 1
    for (kind, name), seen in sorted(counts.items(), key=_most):
        yield name_row(kind, name, f"? seen {seen}")


def trigger_rows(proposals: Iterable[Line]) -> Iterator[str]:
    """Rows in the columns of ``triggers.tsv``; the class is one with which the rules read it, or a guess."""
    yield "\t".join(WORD_COLUMNS)
    for found in _drafts(proposals, "trigger"):
        yield trigger_row(found[0].trigger, found[0].pos, found[0].lemma, f"? {summed(found)}")


def frame_lines(proposals: Iterable[Line]) -> Iterator[str]:
    """Frames for ``ontology/rules``; each wants an example of the reviewer's own, and wider types and places."""
    yield "# Proposals; `kg` does not read this file. Each was tried before the other frames."
    yield "frames:"
    for found in _drafts(proposals, "frame"):
        yield f"  # {summed(found)}"
        yield from (f"  {line}" for line in found[0].text.splitlines())


def _drafts(proposals: Iterable[Line], kind: str) -> Iterator[list[Draft]]:
    """What was proposed alike together; what works and was seen most first."""
    alike: defaultdict[tuple[str, ...], list[Draft]] = defaultdict(list)
    for each in proposals:
        if each["kind"] == kind:
            draft = Draft(**{name: value for name, value in each.items() if name != "document"})
            alike[draft.pos, draft.lemma if kind == "trigger" else draft.text, draft.trigger].append(draft)
    yield from sorted(alike.values(), key=_best)


def _best(found: list[Draft]) -> tuple[int, int, str]:
    return -sum(draft.works for draft in found), -len(found), found[0].lemma + found[0].text


def _most(item: tuple[tuple[str, ...], int]) -> tuple[int, tuple[str, ...]]:
    return -item[1], item[0]


# ---------------------------------------------------------------- files


def _merge(path: Path, fresh: Mapping[str, list[Line]]) -> list[Line]:
    """The lines of a file with those of the articles of this run in place of what it had of them; written back."""
    kept = [line for line in _lines(path) if line.get("document") not in fresh]
    every = [*kept, *(line for lines in fresh.values() for line in lines)]
    _write(path, (json.dumps(line, ensure_ascii=False) for line in every))
    return every


def _lines(path: Path) -> Iterator[Line]:
    if path.is_file():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            yield json.loads(line)


def _write(path: Path, lines: Iterable[str]) -> None:
    replace_file(path, "".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))
