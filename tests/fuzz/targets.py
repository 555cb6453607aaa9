"""What is fuzzed: each target takes bytes, and raises only where the program is at fault.

``tests/fuzz/corpus/NAME.b64`` keeps the inputs, one a line, that once reached new code or
broke something; the tests run all of them.
``tools/fuzz.py`` looks for more with atheris. All of it grew from texts that were written for this project.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from kg.errors import KgError
from kg.graph.query import guard
from kg.graph.questions import answer, questions
from kg.graph.store import GraphStore
from kg.pipeline import analyse
from kg.text.read import ReadFailure, ReadOptions, read, read_text
from kg.view.protocol import ProtocolError, Request, job_of
from tests.hostile import hold

KEPT = Path(__file__).parent / "corpus"
SUFFIXES = (
    *(".txt", ".html", ".json", ".jsonl", ".csv", ".xhtml", ".tsv"),
    *(".txt.gz", ".html.gz", ".jsonl.gz", ".txt.xz", ".csv.xz", ".noend", ".html.zip"),
)
LONGEST = 4_000
"""Characters that a target looks at: a fuzzer is to be fast, long inputs have tests of their own."""


def files(data: bytes) -> None:
    """Any bytes under any name: the first byte picks the name, or lies beside the file as its index."""
    kind, rest = data[:1] or b"\0", data[1:]
    folder = _folder()
    path = folder / f"a{SUFFIXES[kind[0] % len(SUFFIXES)]}"
    index = folder / "index.json"
    path.write_bytes(rest)
    if kind[0] >= 128:
        index.write_bytes(rest)
    try:
        found = list(read([path], ReadOptions(max_bytes=200_000)))
    finally:
        path.unlink()
        index.unlink(missing_ok=True)
    assert found, "neither an article nor a failure"
    for each in found:
        assert isinstance(each, ReadFailure) or each.text.strip()


def pages(data: bytes) -> None:
    """A web page, in any encoding that it names."""
    files(b"\1" + data)


def rules(data: bytes) -> None:
    """Everything that is done to a text: tokens, names, times, rules, claims."""
    text = data.decode("utf-8", "ignore")[:LONGEST]
    if text.strip():
        document = read_text(text, outlet="Test", published="2024-07-28")
        hold(document, analyse(document))


def words(data: bytes) -> None:
    """The same for texts of whole words: each byte pair names one, so that a fuzzer tries orders, not letters."""
    known = _words()
    pairs = zip(data[::2], data[1::2], strict=False)
    rules(" ".join(known[(one * 256 + two) % len(known)] for one, two in pairs).encode())


def queries(data: bytes) -> None:
    """The check that a query only reads; and the same text as the value of a named question."""
    text = data.decode("utf-8", "replace")[:LONGEST]
    with suppress(KgError):
        guard(text)
    store = _store()
    before = len(store)
    for name in ("attacks", "said-about"):
        for parameter in questions()[name].parameters:
            with suppress(KgError):
                answer(store, name, {parameter.name: text})
    assert len(store) == before


def protocol(data: bytes) -> None:
    """A request to the SPARQL endpoint: method, content type, accept, address and body between NULs."""
    fields = (data.split(b"\0", 4) + [b""] * 5)[:5]
    method, kind, accept, address = (field.decode("latin-1") for field in fields[:4])
    asked = Request(
        method=method or "GET", content_type=kind, accept=accept, query_string=address, body=fields[4]
    )  # fmt: skip
    with suppress(ProtocolError):
        job_of(asked)


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (files, pages, rules, words, queries, protocol)
}


@cache
def _folder() -> Path:
    return Path(mkdtemp(prefix="kg-fuzz-"))


@cache
def _words() -> tuple[str, ...]:
    from tests.hostile import STOPS
    from tests.hostile import words as known

    return (*known(), *STOPS, *"0123456789", "\n", "\u0648", "\u0644", "\u0628", "\u0627\u0644")


@cache
def _store() -> GraphStore:
    from tests.graph.build import corpus

    made = GraphStore.memory()
    for graph in corpus():
        made.write(graph)
    return made


def kept(name: str) -> list[bytes]:
    """The inputs that are kept of a target."""
    path = KEPT / f"{name}.b64"
    return [b64decode(line) for line in path.read_bytes().split()] if path.exists() else []


def seeds() -> dict[str, list[bytes]]:
    """What a fuzzer starts from, all of it our own."""
    root = Path(__file__).resolve().parents[2]
    texts = [path.read_bytes() for path in sorted(root.glob("examples/*/articles/*.txt"))]
    html = [path.read_bytes() for path in sorted(root.glob("examples/*/articles/*.html"))]
    cases = [path.read_bytes() for path in sorted((root / "tests" / "text" / "cases" / "read").iterdir())]
    asked = [path.read_bytes() for path in sorted(root.glob("examples/*/questions/*.rq"))]
    return {
        "files": [bytes([n % len(SUFFIXES)]) + each for n, each in enumerate(cases + html)],
        "pages": [*html, *(each for each in cases if b"<html" in each)],
        "rules": [line for text in texts for line in text.split(b"\n") if line],
        "words": [bytes(range(n, n + 60)) for n in range(0, 180, 30)],
        "queries": asked,
        "protocol": [b"POST\0application/sparql-query\0*/*\0\0" + each for each in asked]
        + [b"GET\0\0text/csv;q=0.5, */*;q=0.1\0query=ASK%20%7B%7D&default-graph-uri=http%3A%2F%2Fx%2F\0"],
    }
