"""The analysis on a Dask cluster: the driver cuts parts, workers analyse them, one loader writes the store.

Workers and driver see the same folder (a network file system; on one machine, its disk). A worker that is killed
costs time only: the scheduler gives its part to another. An article that kills its process is found by the process
pool inside the worker. A part that the cluster cannot finish is done by the driver itself.
"""

from __future__ import annotations

import multiprocessing
import shutil
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

from kg.datamodel import Analysis, Document
from kg.errors import KgError, MissingExtra
from kg.extras import install
from kg.graph.folder import document_digest
from kg.graph.lifted import Lifted
from kg.pipeline import code_version
from kg.scale import parts
from kg.scale.parts import Answer
from kg.scale.pool import Pool
from kg.scale.work import lifted, prepare

SIZE = 50
"""Articles a part: a few seconds of work, so that handing it over costs little."""
AHEAD = 2
"""Parts handed out for each thread of the cluster before the first is waited for."""
Analyse = Callable[[Document], Analysis]
_START_SECONDS = 120


def on_cluster(
    engine: str, documents: Iterable[Document], folder: Path, *, jobs: int, limit: float, analyse: Analyse, release: str
) -> Iterator[Answer]:
    """Each document with what it says. ``engine`` is the address of a scheduler, or ``local`` for ``jobs`` processes.

    ``release`` is what ``analyse`` puts into its analyses as their version.

    A part is taken away when the answer after its last one is asked for: by then the caller has written them all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _client(engine, jobs) as client:
        width = AHEAD * max(1, sum(client.nthreads().values()))
        waiting: deque[tuple[Path, Any]] = deque()
        for part in _parts(documents, folder, release):
            if isinstance(part, tuple):
                yield part
                continue
            waiting.append((part, client.submit(run_part, str(part.absolute()), limit, analyse, pure=False)))
            if len(waiting) >= width:
                yield from _answers(*waiting.popleft(), limit, analyse)
        while waiting:
            yield from _answers(*waiting.popleft(), limit, analyse)
    shutil.rmtree(folder)


def run_part(name: str, limit: float, analyse: Analyse) -> None:
    """Analyse a part, unless that is done: what a worker runs."""
    part = Path(name)
    if parts.is_done(part):
        return
    if multiprocessing.current_process().daemon:
        raise KgError(
            "the workers may not start processes; start them with DASK_DISTRIBUTED__WORKER__DAEMON=False or --no-nanny"
        )
    pool = _pool(limit, analyse, threading.get_ident())
    parts.write_answers(part, pool.map(parts.articles(part)))


@cache
def _pool(limit: float, analyse: Analyse, thread: int) -> Pool[Document, Lifted]:  # noqa: ARG001 - one a thread
    return Pool(partial(lifted, analyse), jobs=1, limit=limit, prepare=partial(prepare, analyse))


def _parts(documents: Iterable[Document], folder: Path, version: str) -> Iterator[Path | Answer]:
    """New parts to work on, and answers that an earlier run left."""
    left = parts.finished(folder)
    known: dict[Path, dict[str, Answer]] = {}
    batch: list[Document] = []
    for document in documents:
        key = document_digest(document, version)
        if key in left:
            part = left[key]
            if part not in known:
                said = ((told, found) for told, found in parts.answers(part) if isinstance(found, Lifted))
                known = {part: {found.digest: (told, found) for told, found in said}}
            yield known[part][key]
            continue
        batch.append(document)
        if len(batch) == SIZE:
            yield parts.write_part(folder, batch, version)
            batch = []
    if batch:
        yield parts.write_part(folder, batch, version)


def _answers(part: Path, future: Any, limit: float, analyse: Analyse) -> Iterator[Answer]:
    """What a part says; the driver does it itself if the workers died of it."""
    from distributed import KilledWorker

    try:
        future.result()
    except KilledWorker:
        with Pool(partial(lifted, analyse), jobs=1, limit=limit, prepare=partial(prepare, analyse)) as pool:
            parts.write_answers(part, pool.map(parts.articles(part)))
    except OSError as error:
        raise KgError(f"{part}: {error}; what is done stays done, the same command goes on from there") from error
    yield from parts.answers(part)
    parts.forget(part)


@contextmanager
def _client(engine: str, jobs: int) -> Iterator[Any]:
    try:
        import dask
        import distributed
    except ImportError as error:
        raise MissingExtra(f"--engine needs Dask; install it with: {install('cluster')}") from error
    untyped: Any = distributed
    with ExitStack() as stack:
        target: Any = engine
        if engine == "local":
            stack.enter_context(dask.config.set({"distributed.worker.daemon": False}))
            target = stack.enter_context(
                untyped.LocalCluster(
                    n_workers=jobs, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
                )
            )
        try:
            client = stack.enter_context(untyped.Client(target))
            client.wait_for_workers(1, timeout=_START_SECONDS)
        except (OSError, TimeoutError) as error:
            raise KgError(f"{engine}: no cluster answers there: {error}") from error
        others = {version for version in client.run(code_version).values() if version != code_version()}
        if others:
            raise KgError(f"{engine}: its workers run kg {', '.join(sorted(others))}, this is {code_version()}")
        yield client
