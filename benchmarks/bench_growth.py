"""How time grows: with the length of a document, of a sentence, with the number of articles, and with processes."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

from common import QUICK, articles, cpu, sentences, table


def main() -> None:
    builds()  # first, so that its peak memory is its own
    documents()
    long_sentences()


def documents() -> None:
    """One document, ever longer; linear if the rate stays."""
    from kg.datamodel import Document, DocumentId
    from kg.pipeline import analyse

    text = "\n".join(articles(50 if QUICK else 7000, seed=3))
    sizes = (50_000, 100_000) if QUICK else (156_250, 312_500, 625_000, 1_250_000, 2_500_000)
    analyse(Document(id=DocumentId("warm"), text=text[:50_000], published="2024-05-01"))
    rows = []
    for size in sizes:
        part = text[:size]
        seconds = cpu(lambda part=part: analyse(Document(id=DocumentId("x"), text=part, published="2024-05-01")))
        rows.append((f"{len(part.encode()) / 1e6:.2f}", f"{len(part.split()):,}", f"{seconds:.1f}",
                     f"{len(part.split()) / seconds:,.0f}"))  # fmt: skip
    table("One document", ("MB", "words", "CPU seconds", "words a second"), rows)


def long_sentences() -> None:
    """One sentence without a stop, ever longer."""
    from kg.datamodel import Document, DocumentId
    from kg.pipeline import analyse

    words = " ".join(line.replace(".", "").replace(":", "") for line in sentences()).split()
    rows = []
    for size in (1000, 2000) if QUICK else (2_500, 5_000, 10_000, 20_000):
        text = " ".join((words * (size // len(words) + 1))[:size])
        seconds = cpu(lambda text=text: analyse(Document(id=DocumentId("x"), text=text, published="2024-05-01")))
        rows.append((f"{size:,}", f"{seconds:.2f}", f"{size / seconds:,.0f}"))
    table("One sentence", ("words", "CPU seconds", "words a second"), rows)


def builds() -> None:
    """Folders of articles: one process and two, and a second run over what is there."""
    from kg.build import build
    from kg.graph.folder import GraphFolder
    from kg.text.read import read_text

    rows = []
    for count in (10, 20) if QUICK else (100, 300, 1000):
        texts = [read_text(text, outlet="Test", published="2024-05-01") for text in articles(count, seed=5)]
        for jobs in (1, 2):
            with tempfile.TemporaryDirectory() as path, GraphFolder.open(Path(path)) as folder:
                start, own = time.perf_counter(), time.process_time()
                build(texts, folder, jobs=jobs)
                wall, mine = time.perf_counter() - start, time.process_time() - own
                start = time.perf_counter()
                folder.finish(jobs=jobs)
                finish = time.perf_counter() - start
                start = time.perf_counter()
                build(texts, folder, jobs=jobs)
                again = time.perf_counter() - start
                size = sum(file.stat().st_size for file in Path(path).rglob("*") if file.is_file())
                rows.append((f"{count:,}", str(jobs), f"{wall:.1f}", f"{mine:.1f}", f"{finish:.1f}", f"{again:.2f}",
                             f"{len(folder.store):,}", f"{size / 1e6:.1f}"))  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    heads = (
        "articles",
        "jobs",
        "build, wall s",
        "CPU s of the writer",
        "finish, wall s",
        "again, wall s",
        "quads",
        "MB on disk",
    )
    table("Builds", heads, rows, f"Peak memory of the writing process over all of these: {peak:,.0f} MB.")


if __name__ == "__main__":
    main()
