"""The folder that ``kg build --out DIR`` makes: the store, and the text of every article beside it.

    DIR/store/               Oxigraph; the only truth about the graph
    DIR/documents/<id>.json  one article: its text, never edited, and where it comes from
    DIR/graph.trig           the whole graph as text, written by ``finish``
    DIR/search.db            the index of `kg find`, made anew by ``finish``

An article is written text first, then in one transaction; it is removed in the opposite order. So a process killed
at any moment leaves at worst a text without a graph, which ``repair`` takes away, or a text newer than its graph,
which the next build sees by its digest.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from kg.datamodel import Analysis, Document, DocumentGraph, DocumentId, digest
from kg.errors import StoreError
from kg.graph.claims import assert_claims
from kg.graph.copies import copies
from kg.graph.find import Hit, find, rebuild
from kg.graph.resolve import NO_BACKGROUND, Background, resolve
from kg.graph.store import GraphStore

_LONGEST_NAME = 120


class GraphFolder:
    """A graph on disk. Use as a context manager."""

    def __init__(self, path: Path, store: GraphStore) -> None:
        self.path = path
        self.store = store

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open the folder; for writing it is made if need be, and repaired."""
        if not read_only:
            path.mkdir(parents=True, exist_ok=True)
        elif not (path / "store").is_dir():
            raise StoreError(f"{path}: there is no graph here; build one with `kg build PATH... --out {path}`")
        folder = cls(path, GraphStore.open(path / "store", read_only=read_only))
        if not read_only:
            folder.repair()
        return folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.store.close()

    def is_current(self, document: Document, version: str) -> bool:
        """Whether the store has the article as this version of the program would build it."""
        return self.store.digest_of(document.id) == document_digest(document, version)

    def add(self, analysis: Analysis, background: Background = NO_BACKGROUND) -> DocumentGraph:
        """Write one analysed article, in place of what the folder has of it."""
        graph = assert_claims(analysis, resolve(analysis, background))
        self._write_text(analysis.document)
        self.store.write(graph, digest=document_digest(analysis.document, analysis.version))
        return graph

    def remove(self, document: DocumentId) -> bool:
        """Take out an article and what stands on it alone; False if it was not there."""
        found = self.store.remove(document)
        self._text_path(document).unlink(missing_ok=True)
        return found

    def document(self, document: DocumentId) -> Document:
        """An article with its text."""
        path = self._text_path(document)
        if not path.is_file():
            raise StoreError(f"{path}: the text of {document} is missing; build it again")
        return Document(**json.loads(path.read_text(encoding="utf-8")))

    def documents(self) -> Iterator[Document]:
        """Every article of the store with its text, in order of id."""
        for document in self.store.articles():
            yield self.document(document)

    def finish(self) -> None:
        """Mark copies, compact the store, write ``graph.trig`` and the search index."""
        self.store.mark_copies(copies(self.documents()))
        self.store.optimise()
        if self.store.is_bloated():
            self.store.rewrite()
        rebuild(self.store, self.path / "search.db")
        replace_file(self.path / "graph.trig", self.store.trig())

    def find(self, text: str, *, limit: int = 20, kind: str = "") -> list[Hit]:
        """Names and evidence that have ``text`` in them (see ``kg.graph.find``)."""
        return find(self.path / "search.db", text, limit=limit, kind=kind)

    def repair(self) -> list[Path]:
        """Take away texts without a graph and half-written files; the paths that went."""
        folder = self.path / "documents"
        known = {self._text_path(document) for document in self.store.articles()}
        stray = [path for path in sorted(folder.glob("*")) if path not in known]
        for path in stray:
            path.unlink()
        return stray

    def _text_path(self, document: DocumentId) -> Path:
        name = quote(document.encode("utf-8", "surrogatepass"), safe="")
        if len(name) > _LONGEST_NAME or name.startswith("."):
            name = digest("document", document)
        return self.path / "documents" / f"{name}.json"

    def _write_text(self, document: Document) -> None:
        fields = asdict(document)
        del fields["source"]
        path = self._text_path(document.id)
        path.parent.mkdir(exist_ok=True)
        replace_file(path, (json.dumps(fields, ensure_ascii=True, indent=1) + "\n").encode("ascii"))


def document_digest(document: Document, version: str) -> str:
    """The hash of all that an article's graph depends on; where it was read from is no part of it.

    >>> one = Document(id=DocumentId("1"), text="x", source="here")
    >>> document_digest(one, "0.1") == document_digest(Document(id=DocumentId("1"), text="x"), "0.1")
    True
    """
    fields = asdict(document)
    del fields["source"]
    return digest("article", sorted(fields.items()), version)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    partial = path.with_name(f"{path.name}.part")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
