"""Claims, RDF and the store, on hand-built analyses."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg.datamodel import AUTHOR, ChainId, DocumentId, RelationMention
from kg.errors import KgError, StoreError
from kg.graph import iris
from kg.graph.dates import bounds
from kg.graph.folder import GraphFolder
from kg.graph.rdf import quads, text_literal
from kg.graph.store import GraphStore
from kg.vocabulary import EV, KG, OA, PROV, RDF, RDFS
from tests.graph.build import analyses, background, corpus, graphs, lift

NUJABA, BASE = (iris.entity_iri(name) for name in ("harakat-al-nujaba", "ain-al-asad"))


@pytest.fixture
def store() -> GraphStore:
    made = GraphStore.memory()
    for graph in graphs():
        made.write(graph)
    return made


def values(store: GraphStore, subject: NamedNode, predicate: NamedNode) -> set[str]:
    return {str(getattr(q.object, "value", "")) for q in store.raw.quads_for_pattern(subject, predicate, None, None)}


def test_quads_have_ascii_iris_and_no_blank_nodes(store: GraphStore) -> None:
    for quad in store.raw:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            assert not isinstance(term, BlankNode)
            assert not isinstance(term, NamedNode) or term.value.isascii()


def test_plain_facts_are_only_what_an_outlet_affirms(store: GraphStore) -> None:
    facts = {
        tuple(iris.last_part(term.value).rpartition("#")[2] for term in (q.subject, q.predicate, q.object))  # type: ignore[union-attr]
        for q in store.raw.quads_for_pattern(None, None, None, KG.asserted)
    }
    abbasi = next(e.id for e in graphs()[0].entities if e.label_en == "Thabet al-Abbasi")
    assert facts == {
        ("harakat-al-nujaba", "attacked", "ain-al-asad"),
        ("ain-al-asad", "locatedIn", "anbar"),
        (abbasi, "holdsOffice", "iq-minister-of-defence"),
        ("khaled-al-obeidi", "formerOffice", "iq-minister-of-defence"),
    }


def test_the_same_claim_of_two_outlets_is_one_node_with_two_evidences(store: GraphStore) -> None:
    first, third = graphs()[0].claims[0], graphs()[2].claims[0]
    assert first.id == third.id
    node = iris.claim_iri(first.id)
    assert len(values(store, node, PROV.wasDerivedFrom)) == 2
    assert len(values(store, node, KG.holder)) == 2


def test_a_chain_of_holders_keeps_its_order(store: GraphStore) -> None:
    claim = graphs()[0].claims[1]
    node = iris.claim_iri(claim.id)
    abbasi, nujaba = (iris.entity_iri(holder).value for holder in claim.holders)
    assert values(store, node, KG.chain) == {f"{abbasi} {nujaba}"}
    assert (values(store, node, KG.holder), values(store, node, KG.via)) == ({nujaba}, {abbasi})


def test_evidence_quotes_the_text_exactly() -> None:
    for graph in graphs():
        found: dict[str, dict[str, str]] = {}
        for quad in quads(graph):
            if quad.predicate in (OA.start, OA.end, OA.exact) and isinstance(quad.object, Literal):
                found.setdefault(str(quad.subject), {})[str(quad.predicate)] = quad.object.value
        assert found
        for row in found.values():
            assert graph.document.text[int(row[str(OA.start)]) : int(row[str(OA.end)])] == row[str(OA.exact)]


def test_a_quote_that_is_not_in_the_text_is_refused() -> None:
    graph = graphs()[0]
    moved = replace(graph, document=replace(graph.document, text="x" + graph.document.text))
    with pytest.raises(KgError, match="is not the quote"):
        list(quads(moved))


def test_provenance_costs_at_most_five_triples_a_claim() -> None:
    triples, told = 0, 0
    for graph in graphs()[:2]:
        told += len(graph.claims) + len(graph.events)
        triples += sum(
            q.predicate == PROV.wasGeneratedBy
            or (q.predicate == PROV.wasDerivedFrom and "/evidence/" in str(q.object))
            or "/evidence/" in str(q.subject)
            for q in quads(graph)
        )
    assert (triples, told) == (50, 10)


def test_responsibility_is_told_apart(store: GraphStore) -> None:
    told = {
        (str(values(store, q.subject, EV.status)), str(values(store, q.subject, EV.actor) or None))  # type: ignore[arg-type]
        for q in store.raw.quads_for_pattern(None, RDF.type, EV.Responsibility, None)
    }
    assert told == {
        (str({EV.AttributedResponsibility.value}), str({NUJABA.value})),
        (str({EV.NoResponsibility.value}), "None"),
    }


def test_no_order_of_writing_and_rewriting_changes_a_byte(store: GraphStore) -> None:
    for order in itertools.permutations(graphs()):
        other = GraphStore.memory()
        assert [other.write(graph) for graph in order] == [True, True, True]
        assert [other.write(graph) for graph in order] == [False, False, False]
        assert other.nquads() == store.nquads()
        assert other.trig() == store.trig()


def article_graphs(store: GraphStore) -> set[str]:
    return {str(node) for node in store.raw.named_graphs() if "/article/" in str(node)}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=12))
def test_writes_and_removals_end_where_a_full_build_does(steps: list[tuple[int, bool]]) -> None:
    made, left = GraphStore.memory(), set[int]()
    for index, write in steps:
        graph = graphs()[index]
        if write:
            made.write(graph)
            left.add(index)
        else:
            assert made.remove(graph.document.id) is (index in left)
            left.discard(index)
    fresh = GraphStore.memory()
    for index in sorted(left):
        fresh.write(graphs()[index])
    assert made.nquads() == fresh.nquads()
    assert article_graphs(made) == article_graphs(fresh)


def test_canonical_nquads_read_back_the_same(store: GraphStore) -> None:
    lines = store.nquads()
    assert set(parse(lines, format=RdfFormat.N_QUADS)) == set(store.raw)
    assert set(parse(store.trig(), format=RdfFormat.TRIG)) == set(store.raw)
    assert lines == b"".join(sorted(lines.splitlines(keepends=True)))


@pytest.mark.filterwarnings("ignore:Dataset.:DeprecationWarning")  # rdflib calls its own old names
def test_rdflib_has_the_same_quads_and_the_plain_default_graph(store: GraphStore) -> None:
    dataset = store.dataset()
    query = "SELECT ?x WHERE { ?x kg:attacked ?y . ?x rdfs:label ?label . FILTER (lang(?label) = 'en') }"
    assert [str(row[0]) for row in dataset.query(query)] == [NUJABA.value]  # type: ignore[index]
    named = [q for q in dataset.quads() if "sanad-kg" in str(q[3])]
    assert len(named) == len(store)


def test_every_node_has_labels_in_both_languages(store: GraphStore) -> None:
    subjects = {q.subject for q in store.raw if "/evidence/" not in str(q.subject)}
    for subject in subjects:
        languages = {q.object.language for q in store.raw.quads_for_pattern(subject, RDFS.label, None, None)}  # type: ignore[union-attr]
        assert languages == {"ar", "en"}, subject


def test_two_spellings_of_a_name_are_one_entity_and_the_label_does_not_depend_on_order() -> None:
    first, second = (next(e for e in graph.entities if e.label_en == "Thabet al-Abbasi") for graph in graphs()[:2])
    assert first.id == second.id
    assert first.label_ar != second.label_ar


def test_unnamed_sources_stay_with_their_article() -> None:
    one = analyses()[1]
    other = replace(one, document=replace(one.document, id=DocumentId("other")))
    ids = {
        entity.id for graph in (lift(one), lift(other)) for entity in graph.entities if entity.type == "UnnamedSource"
    }
    assert len(ids) == 2


def test_a_chain_that_is_missing_is_named() -> None:
    one = analyses()[0]
    broken = replace(one.relations[0], object=ChainId("nobody-knows"))
    with pytest.raises(KgError, match="nobody-knows"):
        lift(replace(one, relations=(broken,)))


def test_nobody_is_no_subject() -> None:
    one = analyses()[0]
    by_author: RelationMention = replace(one.relations[0], subject=AUTHOR)
    assert lift(replace(one, relations=(by_author,))).claims == ()


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_becomes_a_literal(text: str) -> None:
    literal = text_literal(text, "ar")
    back = list(parse(f"<a:b> <a:c> {literal} .", format=RdfFormat.N_QUADS))
    assert back == [Quad(NamedNode("a:b"), NamedNode("a:c"), literal)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-07-25", "2024-07-25 2024-07-25"),
        ("2024-07-25T10:30", "2024-07-25 2024-07-25"),
        ("2023-10/2024-07", "2023-10-01 2024-07-31"),
        ("2024-W01", "2024-01-01 2024-01-07"),
        ("2018", "2018-01-01 2018-12-31"),
        ("2024-13", None),
        ("PT5H", None),
        ("2024/2023", None),
        ("", None),
    ],
)
def test_bounds(value: str, expected: str | None) -> None:
    found = bounds(value)
    assert (f"{found[0]} {found[1]}" if found else None) == expected


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[GraphFolder]:
    with GraphFolder.open(tmp_path / "out") as made:
        for analysis in analyses():
            made.add(analysis, background())
        yield made


def test_a_folder_keeps_texts_and_digests(folder: GraphFolder, store: GraphStore) -> None:
    for analysis in analyses():
        document = analysis.document
        assert folder.document(document.id) == document
        assert folder.is_current(document, analysis.version)
        assert not folder.is_current(document, "another version")
        assert not folder.is_current(replace(document, text="changed"), analysis.version)
    assert len(folder.store) == len(store) + 3
    folder.finish()
    assert (folder.path / "graph.trig").read_bytes() == folder.store.trig()


def test_removing_every_article_leaves_nothing(folder: GraphFolder) -> None:
    for analysis in analyses():
        assert folder.remove(analysis.document.id)
        assert not folder.remove(analysis.document.id)
    assert len(folder.store) == 0
    assert list((folder.path / "documents").iterdir()) == []


def test_a_second_writer_is_told_and_a_reader_is_let_in(folder: GraphFolder) -> None:
    with pytest.raises(StoreError, match="another process is writing"):
        GraphFolder.open(folder.path)
    with GraphFolder.open(folder.path, read_only=True) as reader:
        assert len(reader.store) == len(folder.store)


def test_a_rewrite_keeps_every_quad_and_the_lock(folder: GraphFolder) -> None:
    before = folder.store.nquads()
    assert not folder.store.is_bloated()
    folder.store.rewrite()
    assert folder.store.nquads() == before
    with pytest.raises(StoreError, match="another process is writing"):
        GraphFolder.open(folder.path)
    assert sorted(path.name for path in folder.path.iterdir()) == ["documents", "lifted", "store", "unfinished"]


def test_a_rewrite_killed_between_its_renames_is_undone(folder: GraphFolder) -> None:
    before = folder.store.nquads()
    folder.store.close()
    (folder.path / "store").rename(folder.path / "store.old")
    (folder.path / "store.new").mkdir()
    with GraphFolder.open(folder.path) as again:
        assert again.store.nquads() == before
    assert sorted(path.name for path in folder.path.iterdir()) == ["documents", "lifted", "store", "unfinished"]


def test_a_text_without_a_graph_is_taken_away(folder: GraphFolder) -> None:
    stray = folder.path / "documents" / "stray.json.part"
    stray.write_text("{")
    assert folder.repair() == [stray]


def test_no_graph_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="kg build"):
        GraphFolder.open(tmp_path, read_only=True)
    closed = GraphStore.memory()
    closed.close()
    with pytest.raises(StoreError, match="closed"):
        len(closed)


@pytest.mark.parametrize("name", ["documents", "lifted"])
def test_the_folder_of_somebody_else_is_left_alone(tmp_path: Path, name: str) -> None:
    own = tmp_path / name / "thesis.docx"
    own.parent.mkdir()
    own.write_text("years of work")
    with pytest.raises(StoreError, match="name another folder"):
        GraphFolder.open(tmp_path)
    assert own.read_text() == "years of work"
    assert not (tmp_path / "store").exists()


def test_files_of_others_beside_the_texts_stay(tmp_path: Path) -> None:
    with GraphFolder.open(tmp_path):
        (tmp_path / "documents").mkdir()
        own = tmp_path / "documents" / "notes.txt"
        own.write_text("mine")
    with GraphFolder.open(tmp_path) as folder:
        assert folder.repair() == []
    assert own.read_text() == "mine"


def test_trig_in_parts_is_the_whole(tmp_path: Path) -> None:
    store = GraphStore.memory()
    for graph in corpus():
        store.write(graph)
    again = Store()
    again.load(store.trig(), RdfFormat.TRIG)
    assert set(again) == set(store.raw)
    assert store.trig().count(b"@prefix rdf:") == 1
    assert len(list(store.trig_parts())) == len(list(store.raw.named_graphs()))
