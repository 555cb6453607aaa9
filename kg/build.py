"""Build a graph folder from documents: analysed one by one or in processes, each apart from the others.

An article that fails is reported and skipped; the rest is built. One that takes its process down with it (out of
memory, a crash in a library) is found by trying those that were under way again, each alone.
"""

from __future__ import annotations

import json
import multiprocessing
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kg.datamodel import Analysis, Document, DocumentId, EntityId
from kg.graph.folder import GraphFolder, replace_file
from kg.graph.records import read_articles, read_entities
from kg.graph.resolve import Background
from kg.graph.store import GraphStore
from kg.language.lexicon import load_lexicon
from kg.pipeline import analyse, code_version
from kg.text.read import ReadFailure

AHEAD = 4
"""Documents handed to each process before the first answer is waited for."""
Outcome = tuple[Document, Analysis | ReadFailure]


@dataclass(slots=True)
class BuildReport:
    """What one run did."""

    written: int = 0
    unchanged: int = 0
    repeated: int = 0
    """Articles that came twice in this run."""
    failures: list[ReadFailure] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """Everything that came in."""
        return self.written + self.unchanged + self.repeated + len(self.failures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is in a graph."""

    articles: int
    entities: int
    claims: int
    events: int
    entity_types: dict[str, int]
    predicates: dict[str, int]
    modalities: dict[str, int]
    event_types: dict[str, int]
    outlets: dict[str, int]
    first_published: str
    last_published: str


def build(
    documents: Iterable[Document | ReadFailure],
    folder: GraphFolder,
    *,
    jobs: int = 1,
    progress: Callable[[BuildReport], None] | None = None,
) -> BuildReport:
    """Analyse what is new and write it; call ``folder.finish()`` when the last documents are in."""
    report = BuildReport()
    background = Background.of(load_lexicon())
    for _, found in _analyses(_fresh(documents, folder, report), jobs):
        if isinstance(found, ReadFailure):
            report.failures.append(found)
        else:
            folder.add(found, background)
            report.written += 1
        if progress:
            progress(report)
    return report


def _fresh(documents: Iterable[Document | ReadFailure], folder: GraphFolder, report: BuildReport) -> Iterator[Document]:
    """The documents that must be analysed; the others are counted."""
    seen: set[DocumentId] = set()
    release = code_version()
    for document in documents:
        if isinstance(document, ReadFailure):
            report.failures.append(document)
        elif document.id in seen:
            report.repeated += 1
        elif folder.is_current(document, release):
            report.unchanged += 1
        else:
            seen.add(document.id)
            yield document


def _analyses(documents: Iterator[Document], jobs: int) -> Iterator[Outcome]:
    """Each document with its analysis or what went wrong, in the order they came."""
    waiting: deque[tuple[Document, Future[Analysis]]] = deque()
    pool = _pool(jobs)
    try:
        for document in documents:
            waiting.append((document, _submit(pool, document)))
            if len(waiting) >= jobs * AHEAD or jobs == 1:
                yield from _next(waiting)
            if not waiting and _is_broken(pool):
                pool = _pool(jobs)
        while waiting:
            yield from _next(waiting)
    finally:
        pool.shutdown(cancel_futures=True)


def _pool(jobs: int) -> Executor:
    """One thread for one job: its futures keep errors apart as those of a process do."""
    if jobs == 1:
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))


def _submit(pool: Executor, document: Document) -> Future[Analysis]:
    """A future that carries the pool's own death as any other error."""
    try:
        return pool.submit(analyse, document)
    except BrokenProcessPool as error:
        dead: Future[Analysis] = Future()
        dead.set_exception(error)
        return dead


def _is_broken(pool: Executor) -> bool:
    return bool(getattr(pool, "_broken", False))


def _next(waiting: deque[tuple[Document, Future[Analysis]]]) -> Iterator[Outcome]:
    """The first of those that wait; where a process died, all of them, each tried alone."""
    document, future = waiting.popleft()
    error = future.exception()
    if not isinstance(error, BrokenProcessPool):
        yield document, future.result() if error is None else _failure(document, error)
        return
    for suspect in [document, *(other for other, _ in waiting)]:
        yield suspect, _alone(suspect)
    waiting.clear()


def _alone(document: Document) -> Analysis | ReadFailure:
    with _pool(2) as pool:
        future = pool.submit(analyse, document)
        error = future.exception()
        return future.result() if error is None else _failure(document, error)


def _failure(document: Document, error: BaseException) -> ReadFailure:
    what = (
        "its analysis took the process down"
        if isinstance(error, BrokenProcessPool)
        else f"{type(error).__name__}: {error}"
    )
    return ReadFailure(source=document.source, reason=f"{document.source or document.id}: not analysed: {what}")


# ---------------------------------------------------------------- what a graph holds


def summarise(store: GraphStore) -> Summary:
    """Count what is in the store; the same store gives the same summary."""
    predicates: Counter[str] = Counter()
    modalities: Counter[str] = Counter()
    events: Counter[str] = Counter()
    outlets: Counter[str] = Counter()
    days: list[str] = []
    entities = read_entities(store)
    for graph in read_articles(store):
        predicates.update(claim.predicate for claim in graph.claims)
        modalities.update(claim.modality for claim in graph.claims)
        events.update(event.type for event in graph.events)
        outlet = entities.get(EntityId(graph.article.outlet))
        outlets[outlet.label_en if outlet else graph.article.outlet] += 1
        days += [graph.article.published] if graph.article.published else []
    kinds = Counter(entity.type for entity in entities.values())
    return Summary(
        articles=outlets.total(),
        entities=kinds.total(),
        claims=predicates.total(),
        events=events.total(),
        entity_types=_ordered(kinds),
        predicates=_ordered(predicates),
        modalities=_ordered(modalities),
        event_types=_ordered(events),
        outlets=_ordered(outlets),
        first_published=min(days, default=""),
        last_published=max(days, default=""),
    )


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts, key=lambda name: (-counts[name], name))}


def write_summary(summary: Summary, path: Path) -> None:
    """The summary as JSON."""
    replace_file(path, (json.dumps(asdict(summary), ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
