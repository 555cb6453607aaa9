"""What is written beside trained weights: a model card, and hashes of the sentences they were trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.evaluate.figures import figure
from kg.graph.folder import replace_file
from kg.pipeline import code_version
from kg.train.crf import SETTINGS, Comparison, Material, Scores
from kg.train.data import CLASSES, fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One thing that was trained on: its path as given, what it is, and how many sentences it gave."""

    path: Path
    what: str
    sentences: int

    @property
    def sha256(self) -> str:
        """Of a file; a folder has none."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest() if self.path.is_file() else ""


def lines_of(title: str, scores: Scores) -> list[str]:
    """A table row a class and one for all: precision, recall, F1."""
    rows = []
    for kind in ("", *CLASSES):
        found = figure(scores.total(kind))
        rows.append(f"| {title} {kind or 'all'} | {found.p:.3f} | {found.r:.3f} | {found.f1:.3f} |")
    return rows


def card(name: str, sources: Sequence[Source], material: Material, compared: Comparison, folds: int) -> str:
    """The text of the card; no clock and no machine in it."""
    used = [
        f"| {source.path.name} | {source.what} | {source.sentences:,} | {source.sha256[:16] or '-'} |"
        for source in sources
    ]
    settings = ", ".join(f"{key} {value}" for key, value in SETTINGS.items())
    return "\n".join(
        (
            f"# Model card: `{name}`",
            "",
            "A linear-chain CRF (CRFsuite format) that proposes names of people (PER), places (LOC) and organisations",
            f"(ORG), made by `kg train` of kg {code_version()}. Seed {material.seed}; {settings}.",
            "",
            "| trained on | what | sentences | SHA-256 |",
            "|---|---|---|---|",
            *used,
            "",
            "The licence of what it was trained on holds for the weights as well: see to it before you give them away.",
            "",
            f"Strict spans on {folds} held-out folds of the gold ({len(material.gold):,} sentences). The folds deal",
            "out sentences, not articles, so that a name may stand on both sides; a new outlet will score lower.",
            "",
            "| | P | R | F1 |",
            "|---|---|---|---|",
            *lines_of("this", compared.candidate),
            *lines_of("this, nothing in the lexicon", compared.unlisted)[:1],
            *lines_of("the one before", compared.incumbent),
            "",
            f"In {compared.better:.1%} of resamplings of the sentences this one has the higher F1. {told(compared)}",
            "",
        )
    )


def told(compared: Comparison) -> str:
    """What the incumbent's figures rest on."""
    parts = []
    if compared.replaced:
        parts.append(
            f"{compared.replaced:,} of the held-out sentences are among those that the one before was trained on; "
            "there one trained on what else it knows stood in for it."
        )
    if compared.unknown:
        parts.append(f"What stood in did without {compared.unknown:,} sentences of its that were not given.")
    return " ".join(parts) or "The one before was trained on none of the held-out sentences, as far as is known."


def write(out: Path, text: str, material: Material) -> None:
    """``OUT.md`` and ``OUT.seen``, beside the weights."""
    prints = sorted({fingerprint(sentence) for sentence in (*material.gold, *material.more)})
    replace_file(out.with_name(out.name + ".md"), text.encode("utf-8"))
    replace_file(out.with_name(out.name + ".seen"), "".join(f"{each}\n" for each in prints).encode("ascii"))
