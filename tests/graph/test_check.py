"""What ``kg check`` finds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.graph import iris
from kg.graph.check import check, shacl, violations
from kg.graph.folder import GraphFolder
from kg.graph.store import GraphStore
from kg.vocabulary import EV, KG, OA, PROV, RDF, RDFS, SCHEMA
from tests.graph.build import analyses, background, corpus

ARTICLE = iris.article_iri(corpus()[0].document.id)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[GraphFolder]:
    with GraphFolder.open(tmp_path) as made:
        for analysis in analyses():
            made.add(analysis, background())
        yield made


def test_a_graph_as_built_has_no_problem(folder: GraphFolder) -> None:
    assert check(folder) == []
    store = GraphStore.memory()
    for graph in corpus():
        store.write(graph)
    assert list(violations(store)) == []


def test_a_text_that_changed_is_seen(folder: GraphFolder) -> None:
    path = folder.path / "documents" / "01.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "text": "x" + content["text"]}))
    found = check(folder, shapes=False)
    assert {problem.article for problem in found} == {"01"}
    assert len(found) == 3
    assert all("is not the quote" in problem.what and problem.fix for problem in found)
    path.unlink()
    assert "is missing" in check(folder, shapes=False)[0].what


def test_a_plain_fact_needs_an_outlet_and_an_outlet_a_plain_fact(folder: GraphFolder) -> None:
    one, two = iris.entity_iri("anbar"), iris.entity_iri("iraq")
    folder.store.raw.add(Quad(one, KG.locatedIn, two, KG.asserted))
    fact = next(iter(folder.store.raw.quads_for_pattern(None, KG.attacked, None, KG.asserted)))
    folder.store.raw.remove(fact)
    found = [problem.what for problem in check(folder, shapes=False)]
    assert sorted("affirmed by no outlet" in what for what in found) == [False, True]


@pytest.mark.parametrize(
    ("lost", "what"),
    [
        (KG.modality, "one modality"),
        (KG.holder, "one holder"),
        (KG.confidence, "confidence"),
        (PROV.wasDerivedFrom, "needs evidence"),
        (PROV.wasGeneratedBy, "needs the rule"),
        (RDF.subject, "one subject"),
        (OA.exact, "quotes the text"),
        (OA.start, "starts once"),
        (SCHEMA.publisher, "one outlet"),
        (EV.status, "one status"),
        (KG.post, "one office"),
        (RDFS.label, "one label"),
    ],
)
def test_what_is_lost_is_named(lost: NamedNode, what: str) -> None:
    store = GraphStore.memory()
    store.write(corpus()[0])
    quads = [quad for quad in store.raw if quad.predicate != lost]
    assert any(what in problem for _, problem, _ in shacl(quads))
    assert all(fix for _, _, fix in shacl(quads))


@pytest.mark.parametrize(
    ("extra", "what"),
    [
        (Quad(ARTICLE, SCHEMA.mentions, KG.Claim, ARTICLE), "what it mentions is an entity"),
        (Quad(ARTICLE, RDFS.label, Literal("again", language="en"), ARTICLE), "one label"),
        (Quad(ARTICLE, SCHEMA.datePublished, Literal("yesterday"), ARTICLE), "one date"),
    ],
)
def test_what_is_too_much_is_named(extra: Quad, what: str) -> None:
    store = GraphStore.memory()
    store.write(corpus()[0])
    assert any(what in problem for _, problem, _ in shacl([*store.raw, extra]))
