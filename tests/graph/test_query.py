"""SPARQL on the store: answers, refusals, parameters, and the library of questions."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode
from rdflib import Dataset

from kg.errors import QueryError
from kg.graph.derived import derive
from kg.graph.merges import merge_quads
from kg.graph.query import Answer, ask, ask_rdflib, bind, guard
from kg.graph.questions import answer, entities_named, question, questions, terms
from kg.graph.store import GraphStore
from kg.vocabulary import KG
from tests.graph.build import corpus
from tests.graph.test_resolution import resolved

ANSWERS = json.loads((Path(__file__).parent / "cases" / "answers.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def store() -> GraphStore:
    made = GraphStore.memory()
    for graph in corpus():
        made.write(graph)
    derive(made)
    made.replace_graph(KG.merges, set(merge_quads(*resolved())))
    return made


def test_the_default_graph_is_plain_facts_and_labels(store: GraphStore) -> None:
    found = ask(store, "SELECT ?f WHERE { ?f kg:attacked ?b . ?b rdfs:label 'Ain al-Asad base'@en }")
    assert found.texts() == [["entity:harakat-al-nujaba"]]
    assert not ask(store, "ASK { ?claim a kg:Claim }").truth
    assert ask(store, "ASK { GRAPH ?article { ?claim a kg:Claim } }").truth
    assert not ask(store, "ASK { ?f kg:alliedWith ?g }").truth, "a plan is no fact"


def test_from_names_the_graphs_to_ask(store: GraphStore) -> None:
    query = "SELECT ?c FROM <https://w3id.org/sanad-kg/id/article/02> WHERE { ?c a kg:Claim }"
    assert len(ask(store, query).rows) == 3


def test_every_form_of_answer_has_its_formats(store: GraphStore) -> None:
    select = ask(store, "SELECT ?f ?n WHERE { ?f kg:attacked ?b . OPTIONAL { ?f kg:nothing ?n } }")
    assert select.csv() == "f,n\r\nhttps://w3id.org/sanad-kg/id/entity/harakat-al-nujaba,\r\n"
    assert select.tsv() == "?f\t?n\n<https://w3id.org/sanad-kg/id/entity/harakat-al-nujaba>\t\n"
    assert json.loads(select.json())["results"]["bindings"][0]["f"]["type"] == "uri"
    assert select.text("table") == "f\tn\nentity:harakat-al-nujaba\t\n"
    with pytest.raises(QueryError, match="CONSTRUCT"):
        select.turtle()
    truth = ask(store, "ASK { ?f kg:attacked ?b }")
    assert (json.loads(truth.json()), truth.csv()) == ({"head": {}, "boolean": True}, "answer\r\ntrue\r\n")
    graph = ask(store, "CONSTRUCT WHERE { ?f kg:attacked ?b }")
    assert "entity:harakat-al-nujaba kg:attacked entity:ain-al-asad" in graph.turtle()
    assert len(ask(store, "DESCRIBE entity:anbar").triples) == 5
    assert "ain-al-asad" in graph.json()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } }",
        "SELECT * { \\u0053ERVICE <http://x.org/> { ?s ?p ?o } }",
        "SELECT * { FILTER(1<2)SERVICE?x{?s ?p ?o}FILTER(3>2) }",
        "SELECT * { ?s ?p '#' SERVICE <http://x.org/> {} }",
        "LOAD <file:///etc/passwd>",
        "INSERT DATA { <a:b> <a:b> <a:b> }",
        "DROP ALL",
        "SELECT ?x { ?x ?y }",
        "SELECT * { BIND('\\uD800' AS ?x) }",
        "",
        "\\U99999999",
    ],
)
def test_what_is_no_query_or_reaches_out_is_refused(store: GraphStore, query: str) -> None:
    before = len(store)
    with pytest.raises(QueryError):
        ask(store, query)
    assert len(store) == before


@pytest.mark.parametrize(
    "query",
    [
        'SELECT ?service WHERE { ?service ?load \'SERVICE\' . ?x <urn:SERVICE> """LOAD "quoted" INSERT""" }',
        "# SERVICE LOAD\nSELECT * { ?s schema:service ?o ; <http://x.org/LOAD#DROP> ?p }",
        'SELECT * { ?s ?p "it is a \'SERVICE\' \\" LOAD" }',
    ],
)
def test_harmless_words_pass(query: str) -> None:
    assert guard(query) is False


@given(st.text())
def test_no_name_becomes_sparql(name: str) -> None:
    query = bind("SELECT ?x WHERE { VALUES ?x { UNDEF } }", {"x": [Literal(name)]})
    found = ask(GraphStore.memory(), query)
    assert found.rows == ((Literal(name),),)


def test_nothing_is_put_into_a_value() -> None:
    query = "SELECT ?x WHERE { VALUES ?x { UNDEF } VALUES ?y { UNDEF } }"
    hostile = Literal("VALUES ?y { UNDEF } VALUES ?z { UNDEF }")
    found = ask(GraphStore.memory(), query, {"x": [hostile], "y": [Literal('} ?s ?p ?o . # "')]})
    assert found.rows == ((hostile,),)


def test_bind_is_strict() -> None:
    with pytest.raises(QueryError, match="no parameter y"):
        bind("SELECT * { VALUES ?x { UNDEF } }", {"y": [KG.Claim]})
    with pytest.raises(QueryError, match="not a name"):
        bind("SELECT * { VALUES ?x { UNDEF } }", {"x } . ?s": [KG.Claim]})
    assert bind("{ VALUES ?x { UNDEF } }", {}) == "{  }"
    assert bind('{ VALUES ?x { "ar" } }', {"x": [Literal("en"), KG.Claim]}) == (
        '{ VALUES ?x { "en" <https://w3id.org/sanad-kg/ontology#Claim> } }'
    )


def test_the_library_is_large_and_told_in_both_languages() -> None:
    assert len(questions()) >= 45
    for each in questions().values():
        assert each.question_en.isascii()
        assert not each.question_ar.isascii()
        assert each.question_en.endswith((".", "?"))
        assert "language" in {parameter.name for parameter in each.parameters}


@pytest.mark.parametrize("name", sorted(questions()))
def test_every_question_has_the_expected_answer(store: GraphStore, name: str) -> None:
    values = {"start": "Karim Salem", "end": "minister of defence of iraq"} if name == "paths" else {}
    found = answer(store, name, {"language": "en", **values})
    assert found.texts() == ANSWERS[name]
    assert found.rows, "the test articles answer every question"


@pytest.mark.filterwarnings("ignore:Dataset.:DeprecationWarning")
@pytest.mark.parametrize("name", sorted(questions()))
def test_rdflib_agrees(store: GraphStore, dataset: Dataset, name: str) -> None:
    asked = question(name)
    ours = ask(store, asked.text)
    theirs = ask_rdflib(dataset, asked.text)
    assert Counter(map(str, multiset(ours))) == Counter(map(str, multiset(theirs)))


@pytest.fixture(scope="module")
def dataset(store: GraphStore) -> Dataset:
    return store.dataset()


def multiset(found: Answer) -> list[list[str]]:
    return [["|".join(sorted(cell.split(" | "))) for cell in row] for row in found.texts()]


@pytest.mark.parametrize(
    ("name", "values", "count"),
    [
        ("attacks", {"object": "ain-al-asad"}, 4),
        ("attacks", {"object": "al-asad airbase"}, 4),
        ("attacks", {"object": "Al Asad Airbase"}, 4),
        ("attacks", {"subject": "entity-that-is-not"}, -1),
        ("events", {"type": "Attack", "since": "2024-07-28"}, 3),
        ("events", {"type": "Attack", "until": "2024-07-25"}, 2),
        ("events-at", {"place": "baghdad"}, 2),
        ("most-mentioned", {"type": "Faction"}, 2),
        ("office-on-date", {"day": "2024-07-26"}, 2),
        ("office-on-date", {"day": "2021"}, 0),
        ("officeholder", {"office": "Minister of Defence of Iraq", "day": "2018-09-10"}, 1),
        ("officeholder", {"office": "Minister of Defence of Iraq", "day": "2024-08-03"}, 2),
        ("officeholder", {"person": "Irfan al-Hayali"}, 1),
        ("entity", {"entity": "iraq"}, 1),
        ("claimed-as-of", {"topic": "ain-al-asad", "day": "2024-07-26"}, 5),
        ("support", {"outlets": "1"}, 19),
        ("doubtful", {"below": "0.45"}, 1),
        ("attacks", {"objekt": "x"}, -1),
        ("events", {"type": "Atack"}, -1),
        ("events", {"since": "yesterday"}, -1),
        ("doubtful", {"below": "1e400 x"}, -1),
        ("support", {"outlets": "1.5"}, -1),
        ("support", {"outlets": "Infinity"}, -1),
        ("attakcs", {}, -1),
        ("paths", {"start": "Karim Salem"}, -1),
    ],
)
def test_parameters(store: GraphStore, name: str, values: dict[str, str], count: int) -> None:
    if count < 0:
        with pytest.raises(QueryError):
            answer(store, name, values)
    else:
        assert len(answer(store, name, {"language": "en", **values}).rows) == count


def test_the_lexicon_says_who_was_minister(store: GraphStore) -> None:
    asked = {"office": "Minister of Defence of Iraq", "day": "2018-09-10", "language": "en"}
    assert answer(store, "officeholder", asked).texts() == [
        ["Minister of Defence of Iraq", "Irfan al-Hayali", "2017-01-30", "2018-10-31", "", "lexicon"]
    ]
    assert not ask(store, "ASK { ?membership org:member ?person }").truth, "background is no plain fact"


def test_background_and_counts_go_with_the_articles(store: GraphStore) -> None:
    other = GraphStore.memory()
    for graph in corpus():
        other.write(graph)
    derive(other)
    other.replace_graph(KG.merges, set(merge_quads(*resolved())))
    assert other.nquads() == store.nquads()
    for graph in corpus():
        other.remove(graph.document.id)
    derive(other)
    other.replace_graph(KG.merges, set())
    assert len(other) == 0


def test_a_name_is_found_in_either_script_and_any_spelling(store: GraphStore) -> None:
    base = NamedNode("https://w3id.org/sanad-kg/id/entity/ain-al-asad")
    arabic = next(e.label_ar for g in corpus() for e in g.entities if e.id == "ain-al-asad")
    for name in ("ain-al-asad", base.value, "ain al asad BASE", arabic, f" {arabic} "):
        assert entities_named(store, name) == [base]
    for hostile in ('x" } SERVICE', "https://w3id.org/sanad-kg/id/entity/x> <y", "a\nb", "\ud800"):
        with pytest.raises(QueryError):
            terms(store, "entity", hostile)
