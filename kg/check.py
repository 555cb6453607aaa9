"""Checks that end in a list of problems: the data in ``ontology/``, and a graph on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from kg.errors import KgError
from kg.graph.folder import GraphFolder
from kg.graph.questions import questions
from kg.graph.records import ArticleGraph, read_articles
from kg.language.lexicon import load_lexicon
from kg.language.morphology import default_morphology
from kg.language.patterns import load_frames
from kg.resources import ontology_path
from kg.text.reading.dates import date_words


def check_data() -> Iterator[str]:
    """Load everything in ``ontology/``; each file holds itself to its laws as it loads."""
    loaders: tuple[Callable[[], object], ...] = (
        load_lexicon,
        default_morphology,
        load_frames,
        questions,
        date_words,
    )
    for load in loaders:
        try:
            load()
        except KgError as error:
            yield str(error)


def check_graph(directory: Path) -> Iterator[str]:
    """Compare every quote with the text it cites, and the graph with ``shapes.ttl``."""
    with GraphFolder.open(directory, read_only=True) as folder:
        for graph in read_articles(folder.store):
            yield from _wrong_quotes(graph, folder.document(graph.article.id).text)
        yield from _wrong_shapes(folder)


def _wrong_quotes(graph: ArticleGraph, text: str) -> Iterator[str]:
    for telling in (*graph.claims, *graph.events):
        for quote in telling.evidence:
            if quote.span.of(text) != quote.text:
                place = f"{quote.span.start}..{quote.span.end}"
                yield f"{graph.article.id}: {telling.id}: the text at {place} is not what is quoted"


def _wrong_shapes(folder: GraphFolder) -> Iterator[str]:
    """SHACL by pySHACL, over all named graphs taken together."""
    from pyshacl import validate
    from rdflib import Graph
    from rdflib.namespace import SH

    data = Graph()
    for subject, predicate, value, _ in folder.store.dataset().quads():
        data.add((subject, predicate, value))
    shapes = Graph().parse(ontology_path("shapes.ttl"), format="turtle")
    for name in ("kg.ttl", "events.ttl"):
        data.parse(ontology_path(name), format="turtle")
    _, report, _ = validate(data, shacl_graph=shapes, inplace=True)
    for result in sorted(report.subjects(SH.resultSeverity, None), key=str):
        node, message = report.value(result, SH.focusNode), report.value(result, SH.resultMessage)
        yield f"{node}: {message}"
