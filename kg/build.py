"""Build a graph folder from documents: analysed one by one or in processes, each apart from the others.

An article that fails or takes too long is reported and skipped; the rest is built. With several jobs this holds also
for one that takes its process down with it (out of memory, a crash in a library). What is written stays written: a
build that is stopped goes on from there when it is started again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from pyoxigraph import NamedNode

from kg.datamodel import Analysis, Document, DocumentId
from kg.graph import iris
from kg.graph.folder import GraphFolder, replace_file
from kg.graph.lifted import Lifted
from kg.graph.records import entity_id, read_entities
from kg.graph.store import GraphStore
from kg.pipeline import Analyser, analyse, code_version
from kg.scale.cluster import on_cluster
from kg.scale.parts import Answer
from kg.scale.pool import Failure, Pool, here
from kg.scale.work import lifted, prepare
from kg.text.read import ReadFailure
from kg.vocabulary import DCTERMS, KG, RDF, SCHEMA, local_name

LIMIT = 300.0
"""Seconds that the analysis of one article may take."""
Outcome = tuple[Document, Lifted | ReadFailure]


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
    limit: float = LIMIT,
    engine: str = "",
    progress: Callable[[BuildReport], None] | None = None,
    profile: Analyser | None = None,
) -> BuildReport:
    """Analyse what is new and write it; call ``folder.finish()`` when the last documents are in.

    ``engine`` is the address of a Dask scheduler, or ``local`` (see ``kg.scale.cluster``). ``profile`` is another
    analysis than the default; what the folder has of another one is made anew.
    """
    report = BuildReport()
    run, release = (profile, profile.release) if profile else (analyse, code_version())
    fresh = _fresh(documents, folder, report, release)
    if engine:
        parts = folder.path / "parts"
        answers = on_cluster(engine, fresh, parts, jobs=jobs, limit=limit, analyse=run, release=release)
    else:
        answers = _lifted(fresh, jobs, limit, run)
    for _, found in _told(answers):
        if isinstance(found, ReadFailure):
            report.failures.append(found)
        else:
            folder.lay_down(found)
            report.written += 1
        if progress:
            progress(report)
    return report


def pending(documents: Iterable[Document | ReadFailure], folder: GraphFolder, release: str) -> list[Document]:
    """What a build would analyse."""
    return list(_fresh(documents, folder, BuildReport(), release))


def _fresh(
    documents: Iterable[Document | ReadFailure], folder: GraphFolder, report: BuildReport, release: str
) -> Iterator[Document]:
    """The documents that must be analysed; the others are counted."""
    seen: set[DocumentId] = set()
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


def _lifted(
    documents: Iterator[Document], jobs: int, limit: float, run: Callable[[Document], Analysis]
) -> Iterator[Answer]:
    """Each document with what it says or what went wrong, in the order they came."""
    work = partial(lifted, run)
    if jobs == 1:
        yield from here(work, documents, limit=limit)
        return
    with Pool(work, jobs=jobs, limit=limit, prepare=partial(prepare, run)) as pool:
        yield from pool.map(documents)


def _told(answers: Iterable[Answer]) -> Iterator[Outcome]:
    for document, found in answers:
        if isinstance(found, Failure):
            place = document.source or document.id
            yield document, ReadFailure(source=document.source, reason=f"{place}: not analysed: {found.reason}")
        else:
            yield document, found


# ---------------------------------------------------------------- what a graph holds


def summarise(store: GraphStore) -> Summary:
    """Count what is in the store; the same store gives the same summary."""
    entities = read_entities(store)
    predicates = _counted(store, RDF.predicate, iris.CLAIM)
    modalities = Counter({name.lower(): count for name, count in _counted(store, KG.modality, iris.CLAIM).items()})
    events = _counted(store, RDF.type, iris.EVENT)
    outlets: Counter[str] = Counter()
    for quad in store.raw.quads_for_pattern(None, SCHEMA.publisher, None, None):
        name = entity_id(quad.object.value)  # type: ignore[union-attr]
        outlets[entities[name].label_en if name in entities else name] += 1
    days = sorted({**_values(store, SCHEMA.datePublished), **_values(store, DCTERMS.issued)}.values())
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


def _counted(store: GraphStore, predicate: NamedNode, kind: str) -> Counter[str]:
    """How often each value is told of the nodes whose IRIs begin with ``kind``."""
    found = store.raw.quads_for_pattern(None, predicate, None, None)
    return Counter(local_name(quad.object) for quad in found if quad.subject.value.startswith(kind))  # type: ignore[union-attr,arg-type]


def _values(store: GraphStore, predicate: NamedNode) -> dict[str, str]:
    return {str(q.subject): q.object.value for q in store.raw.quads_for_pattern(None, predicate, None, None)}  # type: ignore[union-attr]


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts, key=lambda name: (-counts[name], name))}


def write_summary(summary: Summary, path: Path, failures: Iterable[ReadFailure] = ()) -> None:
    """The summary as JSON, with what this run could not read or analyse."""
    skipped = [{"source": failure.source, "reason": failure.reason} for failure in failures]
    content = asdict(summary) | {"skipped": skipped}
    replace_file(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace"))
