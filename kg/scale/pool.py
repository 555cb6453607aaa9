"""Processes that work on one thing at a time, answers in the order of the questions.

One that raises, hangs or takes its process down costs itself only: each process has one thing at a time, so it is
always known which one it was, and the process is replaced.
"""

from __future__ import annotations

import math
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import connection
from multiprocessing.connection import Connection
from types import FrameType, TracebackType
from typing import Any, Generic, Self, TypeVar

from kg.errors import KgError

Item = TypeVar("Item")
Found = TypeVar("Found")
AHEAD = 4
"""Items taken for each process before the answer to the first is handed on."""
GRACE = 5.0
_WATCHED = hasattr(signal, "setitimer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why there is no answer."""

    reason: str


class _Captured:
    """Runs what may raise anything; what it raised is kept as text."""

    failure: Failure | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.failure = Failure(reason=f"{type(error).__name__}: {error}")
        return True


def here(
    work: Callable[[Item], Found], items: Iterable[Item], *, limit: float
) -> Iterator[tuple[Item, Found | Failure]]:
    """In this process; the limit (``inf`` for none) holds where the system has timers, in the main thread."""
    for item in items:
        yield item, _attempt(work, item, limit)


def _attempt(work: Callable[[Item], Found], item: Item, limit: float) -> Found | Failure:
    with _Captured() as captured, _alarm(limit):
        return work(item)
    return captured.failure or Failure(reason="no answer")


@contextmanager
def _alarm(limit: float) -> Iterator[None]:
    if not _WATCHED or limit == math.inf or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, partial(_ring, limit))
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(limit: float, number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as signals call it
    raise TimeoutError(f"not done in {limit:g} s")


class Pool(Generic[Item, Found]):
    """Processes that all run ``work``, started when first needed. Use as a context manager."""

    def __init__(
        self, work: Callable[[Item], Found], *, jobs: int, limit: float, prepare: Callable[[], object] | None = None
    ) -> None:
        """``prepare`` is run once in each process, outside the time limit of ``limit`` seconds an item."""
        self._task = (work, prepare, limit)
        self._jobs = jobs
        self._limit = limit
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all processes, whatever they are doing."""
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def map(self, items: Iterable[Item]) -> Iterator[tuple[Item, Found | Failure]]:
        """Each item with its answer, in order; takes no more than ``AHEAD`` items a process ahead."""
        source = enumerate(items)
        waiting: dict[int, Item] = {}
        answers: dict[int, Any] = {}
        due, more = 0, True
        try:
            while more or waiting:
                while more and len(waiting) < self._jobs * AHEAD and (worker := self._idle()) is not None:
                    number, item = next(source, (-1, None))
                    more = item is not None
                    if item is not None:
                        waiting[number] = item
                        worker.give(number, item)
                while due in answers:
                    yield waiting.pop(due), answers.pop(due)
                    due += 1
                if any(worker.busy for worker in self._workers):
                    answers.update(self._collect())
        finally:
            if waiting:  # left midway: no later call may get these answers
                self.close()

    def _idle(self) -> _Worker | None:
        for worker in self._workers:
            if not worker.busy:
                return worker
        if len(self._workers) == self._jobs:
            return None
        self._workers.append(_Worker(self._task))
        return self._workers[-1]

    def _collect(self) -> Iterator[tuple[int, Any]]:
        """Wait for an answer, a death, or the end of somebody's time."""
        busy = [worker for worker in self._workers if worker.busy]
        first = min(worker.deadline for worker in busy)
        connection.wait([worker.connection for worker in busy], timeout=max(0.0, first - time.monotonic()))
        for worker in busy:
            number = worker.number
            answer = worker.answer()
            if not worker.busy:
                yield number, answer
            if not worker.alive:
                self._workers.remove(worker)


class _Worker:
    """One process, seen from outside."""

    START_SECONDS = 600.0

    def __init__(self, task: tuple[Any, ...]) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, *task), daemon=True)
        self._process.start()
        theirs.close()
        self._limit = task[-1]
        self._ready = False
        self.alive = True
        self.busy = False
        self.number = -1
        self.deadline = 0.0

    def give(self, number: int, item: object) -> None:
        """Send an item; one that finds the process dead is told by ``answer``."""
        self.number, self.busy = number, True
        self.deadline = time.monotonic() + (self._limit + GRACE if self._ready else self.START_SECONDS)
        with suppress(BrokenPipeError, ConnectionResetError):
            self.connection.send(item)

    def answer(self) -> object:
        """The answer or the failure that is there now; the process stays busy if there is none yet."""
        try:
            if self.connection.poll():
                return self._received()
        except (EOFError, ConnectionResetError):
            return self._dead()
        if time.monotonic() < self.deadline:
            return None
        self.stop()
        self.busy = False
        if not self._ready:
            raise KgError("a process for the analysis did not start; try --jobs 1")
        return Failure(reason=f"TimeoutError: not done in {self._limit:g} s, and its process did not answer")

    def _received(self) -> object:
        found = self.connection.recv()
        if self._ready:
            self.busy = False
            return found
        if isinstance(found, Failure):
            raise KgError(f"a process for the analysis could not start: {found.reason}")
        self._ready = True
        self.deadline = time.monotonic() + self._limit + GRACE
        return None

    def _dead(self) -> Failure:
        self.stop()
        self.busy = False
        code = self._process.exitcode
        if not self._ready:
            raise KgError(
                f"a process for the analysis ended with {code} before its first article; "
                "a script that builds with several jobs must do so under `if __name__ == '__main__'`"
            )
        return Failure(
            reason=f"it took its process down ({f'signal {-code}' if code and code < 0 else f'exit {code}'})"
        )

    def stop(self) -> None:
        """End the process."""
        self.alive = False
        self.connection.close()
        if self._process.is_alive():
            self._process.join(0.05)  # one that waits for work ends by itself
        if self._process.is_alive():
            self._process.kill()
        self._process.join()


def _serve(
    asked: Connection, work: Callable[[Any], object], prepare: Callable[[], object] | None, limit: float
) -> None:
    """The life of a process; ends when the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who started us
    with _Captured() as captured:
        if prepare is not None:
            prepare()
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        asked.send(captured.failure)
        while True:
            asked.send(_attempt(work, asked.recv(), limit))
