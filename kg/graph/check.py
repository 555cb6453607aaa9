"""Is the graph what it must be? SHACL shapes, every quote against its text, plain facts against claims.

Articles are checked one at a time, each with the entities that it names, so that memory stays small.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Quad

from kg.errors import StoreError
from kg.graph import iris
from kg.graph.folder import GraphFolder
from kg.graph.records import ArticleGraph, read_articles
from kg.graph.store import GraphStore, rdflib_term
from kg.resources import ontology_path
from kg.vocabulary import FILES, KG, predicate

if TYPE_CHECKING:
    from rdflib import Graph

_SHACL = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """Something wrong: with which node, seen in which article, what it is, and what to do."""

    node: str
    article: str
    what: str
    fix: str


def check(folder: GraphFolder, *, shapes: bool = True) -> list[Problem]:
    """Everything that is wrong with a folder's graph, sorted; an empty list if nothing is."""
    found = {*quotes(folder), *facts(folder.store)}
    if shapes:
        found |= set(violations(folder.store))
    return sorted(found)


def quotes(folder: GraphFolder) -> Iterator[Problem]:
    """Evidence that is not what the text has at its place."""
    for graph in read_articles(folder.store):
        article = iris.article_iri(graph.article.id)
        try:
            text = folder.document(graph.article.id).text
        except StoreError as error:
            yield Problem(node=article.value, article=graph.article.id, what=str(error), fix="build the article again")
            continue
        for quote in sorted({quote for each in (*graph.claims, *graph.events) for quote in each.evidence}, key=str):
            if quote.span.of(text) != quote.text:
                yield Problem(
                    node=iris.evidence_iri(quote.document, quote.span).value,
                    article=graph.article.id,
                    what=f"the text at {quote.span.start}..{quote.span.end} is not the quote",
                    fix="build the article again; its text has changed since",
                )


def facts(store: GraphStore) -> Iterator[Problem]:
    """Plain facts that no outlet affirms, and affirmed claims that are no plain fact."""
    stated = {(q.subject, q.predicate, q.object) for q in store.raw.quads_for_pattern(None, None, None, KG.asserted)}
    affirmed = {triple: graph.article.id for graph in read_articles(store) for triple in _affirmed(graph)}
    for triple in stated - affirmed.keys():
        yield Problem(
            node=str(triple[0]),
            article="",
            what=f"the plain fact {' '.join(map(str, triple))} is affirmed by no outlet",
            fix="build an article that names it again",
        )
    for triple in affirmed.keys() - stated:
        yield Problem(
            node=triple[0].value,
            article=affirmed[triple],
            what=f"the claim {' '.join(map(str, triple))} is affirmed and missing from kg:asserted",
            fix="build the article again",
        )


def _affirmed(graph: ArticleGraph) -> Iterator[tuple[NamedNode, NamedNode, NamedNode]]:
    for claim in graph.claims:
        if claim.modality == "asserted" and not claim.holders:
            yield iris.entity_iri(claim.subject), predicate(claim.predicate), iris.entity_iri(claim.object)


def violations(store: GraphStore) -> Iterator[Problem]:
    """What ``ontology/shapes.ttl`` finds."""
    for document in store.articles():
        article = iris.article_iri(document)
        own = list(store.raw.quads_for_pattern(None, None, None, article))
        named = {q.object for q in own if isinstance(q.object, NamedNode)}
        around = [quad for node in named for quad in store.raw.quads_for_pattern(node, None, None, KG.entities)]
        for node, what, fix in shacl([*own, *around]):
            yield Problem(node=node, article=document, what=what, fix=fix)
    merges = list(store.raw.quads_for_pattern(None, None, None, KG.merges))
    united = {quad.object for quad in merges if isinstance(quad.object, NamedNode)}
    described = [quad for node in united for quad in store.raw.quads_for_pattern(node, None, None, KG.entities)]
    for node, what, fix in shacl([*merges, *described]):
        yield Problem(node=node, article="", what=what, fix=fix)


def shacl(quads: Iterable[Quad]) -> list[tuple[str, str, str]]:
    """Validate quads as one graph: node, what is wrong, what to do."""
    from rdflib import Graph, URIRef

    data = Graph()
    data += _ontology()
    for quad in quads:
        data.add((rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own, called by pySHACL
        from pyshacl import validate

        _, report, _ = validate(data, shacl_graph=_shapes(), inplace=True)
    found = []
    for result in report.objects(None, URIRef(f"{_SHACL}result")):
        source = report.value(result, URIRef(f"{_SHACL}sourceShape"))
        path = report.value(result, URIRef(f"{_SHACL}resultPath"))
        value = report.value(result, URIRef(f"{_SHACL}value"))
        messages = sorted(
            str(each) for each in report.objects(result, URIRef(f"{_SHACL}resultMessage")) if each.language == "en"
        )
        what = (messages or ["it breaks a shape"])[0]
        where = f"; {path}" if path is not None else ""
        found.append(
            (
                str(report.value(result, URIRef(f"{_SHACL}focusNode"))),
                f"{what}{where}" + (f" is {value}" if value is not None else ""),
                str(_shapes().value(source, URIRef(f"{_SHACL}description")) or "build the article again"),
            )
        )
    return sorted(found)


@cache
def _shapes() -> Graph:
    from rdflib import Graph

    return Graph().parse(ontology_path("shapes.ttl"), format="turtle")


@cache
def _ontology() -> Graph:
    from rdflib import Graph

    found = Graph()
    for name in FILES:
        found.parse(ontology_path(name), format="turtle")
    return found
