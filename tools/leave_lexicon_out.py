"""Measure recognition with the names of the articles taken out of the lexicon: what a new story looks like.

    python tools/leave_lexicon_out.py GOLD_FOLDER [--no-crf] [--missed]

Every lexicon entry one of whose forms occurs in one of the texts loses all its forms; nisba adjectives, titles and
class nouns stay. Prints precision, recall and F1 of mentions over whole words, with the full lexicon and without.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from kg.datamodel import LexiconId, Mention
from kg.evaluate.gold import GoldDocument, gold_documents, widen
from kg.evaluate.score import COARSE
from kg.language.arabic import FoldedText
from kg.language.lexicon import Form, Lexicon, load_lexicon
from kg.language.match import lexicon_matcher
from kg.language.morphology import default_morphology
from kg.pipeline import proposers
from kg.text.recognition import Proposer, recognise
from kg.text.segment import segment
from kg.text.timex import find_times

Typed = tuple[int, int, str]


def without(lexicon: Lexicon, texts: Iterable[str]) -> Lexicon:
    """The lexicon with the entries named in ``texts`` left without a form that could match."""
    hit: set[LexiconId] = set()
    for text in texts:
        for found in lexicon_matcher(lexicon).hits(FoldedText.of(text).folded):
            hit.update(entry for entry, _ in lexicon.forms[found.form])
    entries = {
        name: replace(entry, forms=(Form(text=entry.name_ar, folded=f"\0{name}", short=False),))
        if name in hit
        else entry
        for name, entry in lexicon.entries.items()
    }
    sys.stdout.write(f"{len(hit)} of {len(entries)} entries left out\n")
    return Lexicon(
        entries, lexicon.nisba, lexicon.titles, lexicon.tenures, lexicon._words, lexicon.triggers, lexicon.heads
    )


def mentions(text: str, lexicon: Lexicon, guessers: Sequence[Proposer]) -> tuple[Mention, ...]:
    """The mentions of one text."""
    folded = FoldedText.of(text)
    sentences, tokens = segment(folded, default_morphology())
    return recognise(folded, sentences, tokens, find_times(folded, sentences, None), lexicon, guessers)


def measure(
    title: str, documents: Sequence[GoldDocument], lexicon: Lexicon, guessers: Sequence[Proposer], *, missed: bool
) -> None:
    """Print the scores of mentions: any type, coarse type, exact type; and what the guessers added."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("untyped", "coarse", "typed", "guessed")}
    for document in documents:
        text = document.text or ""
        gold = [(*widen(text, span), entity.type) for entity in document.entities for span in entity.mentions]
        found = mentions(text, lexicon, guessers)
        ours = [(*widen(text, (m.span.start, m.span.end)), m.type) for m in found]
        guessed = [item for item, m in zip(ours, found, strict=True) if m.source == "crf"]
        _add(counts["untyped"], [(a, b, "") for a, b, _ in ours], [(a, b, "") for a, b, _ in gold])
        _add(counts["coarse"], _coarse(ours), _coarse(gold))
        _add(counts["typed"], ours, gold)
        _add(counts["guessed"], guessed, gold)
        if missed:
            for start, end, kind in sorted((Counter(gold) - Counter(ours)).elements()):
                sys.stdout.write(f"missed\t{document.id}\t{kind}\t{text[start:end]}\n")
            for start, end, kind in sorted((Counter(ours) - Counter(gold)).elements()):
                mark = "guess" if (start, end, kind) in guessed else "rule"
                sys.stdout.write(f"wrong {mark}\t{document.id}\t{kind}\t{text[start:end]}\n")
    for name, count in counts.items():
        precision, recall = count["right"] / max(1, count["found"]), count["right"] / max(1, count["gold"])
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        sys.stdout.write(f"{title:16} {name:8} P {precision:.3f} R {recall:.3f} F1 {f1:.3f} n {count['found']}\n")


def _coarse(names: Iterable[Typed]) -> list[Typed]:
    return [(start, end, COARSE.get(kind, kind)) for start, end, kind in names]


def _add(counts: Counter[str], ours: Sequence[Typed], gold: Sequence[Typed]) -> None:
    counts["right"] += (Counter(ours) & Counter(gold)).total()
    counts["found"] += len(ours)
    counts["gold"] += len(gold)


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, help="folder of annotations in the shape that kg evaluate reads")
    parser.add_argument("--no-crf", action="store_true", help="lexicon and frames only")
    parser.add_argument("--missed", action="store_true", help="list what was missed or wrong, without the lexicon")
    options = parser.parse_args()
    documents = list(gold_documents(options.gold).values())
    guessers = () if options.no_crf else proposers()
    full = load_lexicon()
    measure("full lexicon", documents, full, guessers, missed=False)
    reduced = without(full, [document.text or "" for document in documents])
    measure("names left out", documents, reduced, guessers, missed=options.missed)


if __name__ == "__main__":
    main()
