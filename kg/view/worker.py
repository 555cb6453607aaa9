"""SPARQL in processes that can be killed: Oxigraph has no time limit of its own that Python could set.

Each process keeps the store open for reading and takes one query at a time. One that runs over its time, its bytes
or its memory is ended and another takes its place, so that a hostile query costs its sender an error and others
nothing but a while with one process fewer.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import queue
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import IO, Final, Literal, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    serialize,
)

from kg.errors import QueryError, StoreError
from kg.graph.iris import PREFIXES
from kg.graph.query import guard
from kg.graph.store import GraphStore
from kg.vocabulary import KG

Blank = NamedNode | BlankNode
Name = NamedNode | BlankNode | DefaultGraph
Failure = Literal["wrong", "slow", "large", "busy", "broken"]
RESULTS: Final = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPHS: Final = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one query may take: seconds, bytes of its answer, bytes of memory."""

    seconds: float = 10.0
    answer: int = 20_000_000
    memory: int = 4_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A query with its dataset, and the media types that its sender takes, best first."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An answer in a media type, or a failure with its message as ``body``."""

    body: bytes
    media: str = "text/plain; charset=utf-8"
    failure: Failure | None = None


class TooLarge(QueryError):
    """The answer is larger than the limit."""


class _Bounded:
    """A file that takes no more than its limit."""

    def __init__(self, limit: int) -> None:
        self.parts: list[bytes] = []
        self.room = limit

    def write(self, data: bytes) -> int:
        """Keep a piece, or raise TooLarge."""
        self.room -= len(data)
        if self.room < 0:
            raise TooLarge("the answer is too large; ask for less or add a LIMIT")
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing to do; writers call it."""


def answer(store: Store, job: Job, limit: int) -> Outcome:
    """Run one query here and now."""
    default, named = dataset(job, names_graphs=guard(job.query))
    result = store.query(job.query, prefixes=PREFIXES, default_graph=default, named_graphs=named)
    file = _Bounded(limit)
    target = cast("IO[bytes]", file)
    if isinstance(result, QuerySolutions | QueryBoolean):
        media = choose(job.accept, RESULTS)
        result.serialize(target, format=RESULTS[media])
    else:
        media = choose(job.accept, GRAPHS)
        serialize(result, target, format=GRAPHS[media], prefixes=PREFIXES)
    return Outcome(body=b"".join(file.parts), media=media)


def dataset(job: Job, *, names_graphs: bool) -> tuple[list[Name] | None, list[Blank] | None]:
    """The default graph and the named graphs of a query: those of the request, else of its FROM, else the store's."""
    if job.default_graphs or job.named_graphs:
        return [NamedNode(iri) for iri in job.default_graphs], [NamedNode(iri) for iri in job.named_graphs]
    return (None if names_graphs else [KG.asserted, KG.entities]), None


def choose(accept: Sequence[str], offered: Mapping[str, object]) -> str:
    """The first media type that is both accepted and offered, else the first offered."""
    return next((media for media in accept if media in offered), next(iter(offered)))


def stamp(path: Path) -> tuple[int, ...]:
    """Changes when the store does: the times of its files."""
    with contextlib.suppress(OSError):
        return tuple(sorted(entry.stat().st_mtime_ns for entry in path.iterdir()))
    return ()


def _serve(path: str, limits: Limits, pipe: Connection) -> None:
    """The life of one process."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    try:
        seen, store = _opened(Path(path))
    except StoreError:
        return  # whoever waits for us sees the pipe end
    pipe.send(None)
    while True:
        try:
            job: Job = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        if stamp(Path(path)) != seen:
            try:
                seen, store = _opened(Path(path))
            except StoreError as error:  # a build may just be putting another in its place
                pipe.send(Outcome(body=str(error).encode("utf-8", "replace"), failure="busy"))
                continue
        pipe.send(_outcome(store, job, limits.answer))


def _opened(path: Path) -> tuple[tuple[int, ...], Store]:
    """The stamp before the store: what is written in between is seen at the next query."""
    return stamp(path), GraphStore.open(path, read_only=True).raw


def _outcome(store: Store, job: Job, limit: int) -> Outcome:
    try:
        return answer(store, job, limit)
    except TooLarge as error:
        return Outcome(body=str(error).encode(), failure="large")
    except (QueryError, SyntaxError, ValueError) as error:
        return Outcome(body=str(error).encode("utf-8", "replace"), failure="wrong")
    except (OSError, RuntimeError, MemoryError) as error:
        return Outcome(body=f"the query failed: {error}".encode("utf-8", "replace"), failure="broken")


class _Worker:
    def __init__(self, path: Path, limits: Limits) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(
            target=_serve, args=(str(path), limits, theirs), daemon=True, name="kg-sparql"
        )
        self.process.start()
        theirs.close()

    def ready(self, seconds: float) -> bool:
        try:
            return self.pipe.poll(seconds) and self.pipe.recv() is None
        except EOFError:
            return False

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.process.close()
        self.pipe.close()


class QueryPool:
    """Some processes for queries. ``run`` may be called from any thread; ``close`` ends them."""

    def __init__(self, store: Path, *, workers: int = 2, limits: Limits | None = None) -> None:
        self.path, self.limits = store, limits or Limits()
        self.idle: queue.Queue[_Worker] = queue.Queue()
        self.all: set[_Worker] = set()
        self.killed = 0
        self.closed = False
        self.lock = threading.Lock()
        for worker in [_Worker(store, self.limits) for _ in range(workers)]:
            self._welcome(worker)

    def _welcome(self, worker: _Worker) -> None:
        if not worker.ready(30.0):
            worker.end()
            raise StoreError(f"{self.path}: a process for queries did not start; is there a store?")
        with self.lock:
            if not self.closed:
                self.all.add(worker)
                self.idle.put(worker)
                return
        worker.end()

    def run(self, job: Job) -> Outcome:
        """The outcome of a query, within the limits."""
        try:
            worker = self.idle.get(timeout=self.limits.seconds)
        except queue.Empty:
            return Outcome(body=b"all processes are busy; try again later", failure="busy")
        try:
            worker.pipe.send(job)
            if worker.pipe.poll(self.limits.seconds):
                outcome: Outcome = worker.pipe.recv()
                self.idle.put(worker)
                return outcome
            self._replace(worker)
            text = f"the query took longer than {self.limits.seconds:g} s and was stopped"
            return Outcome(body=text.encode(), failure="slow")
        except (EOFError, OSError):
            self._replace(worker)
            return Outcome(body=b"the query needed more memory than it may have and was stopped", failure="large")

    def _replace(self, worker: _Worker) -> None:
        """End a process; another starts beside the answer."""
        with self.lock:
            self.all.discard(worker)
            self.killed += 1
        worker.end()
        if not self.closed:
            threading.Thread(target=self._fresh, daemon=True).start()

    def _fresh(self) -> None:
        while not self.closed:
            with contextlib.suppress(StoreError):  # there is no store while a build swaps it
                self._welcome(_Worker(self.path, self.limits))
                return
            time.sleep(1)

    def close(self) -> None:
        """End every process."""
        with self.lock:
            self.closed = True
            workers, self.all = self.all, set()
        for worker in workers:
            worker.end()
