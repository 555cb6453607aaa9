"""Queries in a process of their own, which is killed when it takes too long.

Oxigraph has no time-out that Python can set. The process opens the store read-only and stays warm between
questions; after a kill, or when the store has changed on disk, the next question starts another.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from kg.errors import KgError, QueryError, StoreError
from kg.graph.query import Answer, Term, ask
from kg.graph.store import GraphStore

START_SECONDS = 20.0


class QueryProcess:
    """Asks a store on disk, each question within a time. Not to be shared between threads."""

    def __init__(self, store: Path) -> None:
        self.store = store
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._state = 0

    def ask(self, query: str, values: Mapping[str, Sequence[Term]] | None = None, *, seconds: float) -> Answer:
        """The answer, or QueryError when it is wrong, refused or not there in time."""
        connection = self._ready()
        connection.send((query, dict(values or {})))
        if not connection.poll(seconds):
            self.close()
            raise QueryError(f"no answer in {seconds:g} s; ask for less, or allow more time")
        try:
            found = connection.recv()
        except EOFError as error:
            self.close()
            raise QueryError("the query broke the process that ran it, perhaps for lack of memory") from error
        if isinstance(found, Answer):
            return found
        raise QueryError(str(found))

    def _ready(self) -> Connection:
        state = _state(self.store)
        if self._process is None or not self._process.is_alive() or state != self._state:
            self.close()
            self._start()
            self._state = state
        if self._connection is None:
            raise StoreError(f"{self.store}: the process that asks it did not start")
        return self._connection

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(str(self.store), theirs), daemon=True)
        process.start()
        theirs.close()
        self._process, self._connection = process, ours
        try:
            word = ours.recv() if ours.poll(START_SECONDS) else "it did not start in time"
        except EOFError:
            word = "it ended at once"
        if word != "ready":
            self.close()
            raise StoreError(f"{self.store}: {word}")

    def close(self) -> None:
        """End the process."""
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _state(store: Path) -> int:
    """A number that changes when a store is written to."""
    return hash(tuple(sorted((file.name, file.stat().st_size) for file in store.glob("*.*"))))


def _serve(path: str, connection: Connection) -> None:
    try:
        store = GraphStore.open(Path(path), read_only=True)
    except StoreError as error:
        connection.send(str(error))
        return
    connection.send("ready")
    while True:
        try:
            query, values = connection.recv()
        except EOFError:
            return
        try:
            connection.send(ask(store, query, values))
        except KgError as error:
            connection.send(str(error))
