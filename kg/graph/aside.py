"""Work that only reads, done in a process beside this one while this one goes on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")


class Aside:
    """A process beside this one, or none. Use as a context manager."""

    def __init__(self, *, wanted: bool) -> None:
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn")) if wanted else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=error is None, cancel_futures=True)

    def start(self, work: Callable[Given, Found], *args: Given.args, **options: Given.kwargs) -> Callable[[], Found]:
        """Begin; call what is returned for the answer. Without a process, or if it died, the work is done then."""
        here = partial(work, *args, **options)
        if self._pool is None:
            return here
        try:
            future = self._pool.submit(work, *args, **options)
        except BrokenProcessPool:
            return here

        def answer() -> Found:
            try:
                return future.result()
            except BrokenProcessPool:
                return here()

        return answer
