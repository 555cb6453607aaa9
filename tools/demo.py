"""What ``make demo`` runs: build the graph of a folder of examples, ask it three questions, name the page to open."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from kg.build import build, summarise, write_summary
from kg.graph.folder import GraphFolder
from kg.graph.query import Answer
from kg.graph.questions import answer, question
from kg.graph.store import GraphStore
from kg.language.arabic import isolate
from kg.text.read import read
from kg.view.page import write_page
from kg.view.story import story

ASKED = (
    ("contradictions-perpetrator", "en"),
    ("contradictions-count", "en"),
    ("contradictions-denied", "en"),
    ("denials", "en"),
    ("attacks", "en"),
    ("officials", "en"),
    ("relations", "en"),
    ("articles", "en"),
)
"""The first two that have an answer are shown in English; the Arabic one comes from the next list."""
ASKED_IN_ARABIC = ("responsibility", "attacks", "statements-by", "locations", "relations")
ROWS = 4


def main(source: str, out: str) -> None:
    """Build ``source`` into ``out`` and print."""
    console = Console(highlight=False, soft_wrap=True)
    articles = Path(source) / "articles"
    with GraphFolder.open(Path(out)) as folder:
        report = build(read([articles if articles.is_dir() else source]), folder)
        for failure in report.failures:
            console.print(f"skipped: {failure.reason}")
        folder.finish()
        summary = summarise(folder.store)
        write_summary(summary, Path(out) / "summary.json")
        page = Path(out) / "graph.html"
        write_page(story(folder), page, title=Path(source).name, language="ar")
        console.print(f"{summary.articles} articles, {summary.entities} entities", end=", ")
        console.print(f"{summary.claims} claims, {summary.events} events")
        shown = 0
        for name, language in ASKED:
            shown += shown < 2 and show(console, folder.store, name, language)
        for name in ASKED_IN_ARABIC:
            if show(console, folder.store, name, "ar"):
                break
    console.print(f"\nask more:  .venv/bin/kg query {out} attacks     .venv/bin/kg queries")
    console.print(f"open:      {page.resolve()}")


def show(console: Console, store: GraphStore, name: str, language: str) -> bool:
    """Print a question and its first answers, each with its quote; False if there is none."""
    asked = question(name)
    values = {"language": language} if any(p.name == "language" for p in asked.parameters) else {}
    found = answer(store, name, values)
    if not found.rows:
        return False
    text = asked.question_ar if language == "ar" else asked.question_en
    console.print(Text(f"\n{isolate(text)}", style="bold"), Text(f"({name})", style="dim"))
    for row in rows(found):
        parts = [isolate(value) for key, value in row.items() if value and not key.lower().endswith("quote")]
        console.print(Text("  " + "  |  ".join(parts)))
        for quote in dict.fromkeys(value for key, value in row.items() if value and key.lower().endswith("quote")):
            console.print(Text(f"      {isolate(quote)}", style="italic cyan"))
    return True


def rows(found: Answer) -> list[dict[str, str]]:
    """The first rows, as texts by column."""
    return [dict(zip(found.headings(), row, strict=True)) for row in found.texts()[:ROWS]]


if __name__ == "__main__":
    main(*sys.argv[1:])
