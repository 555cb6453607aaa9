"""Search, and copies of one wire text."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.datamodel import Document, DocumentId
from kg.errors import StoreError
from kg.graph.copies import copies
from kg.graph.find import find, rebuild
from kg.graph.folder import GraphFolder
from kg.graph.questions import answer
from kg.graph.store import GraphStore
from tests.graph.build import analyses, background, corpus


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = GraphStore.memory()
    for graph in corpus():
        store.write(graph)
    path = tmp_path_factory.mktemp("find") / "search.db"
    assert rebuild(store, path) > 40
    return path


def names(path: Path, text: str) -> list[str]:
    return [hit.iri.rpartition("/")[2] for hit in find(path, text, kind="name")]


def test_names_are_found_in_either_script_in_part_and_behind_a_clitic(index: Path) -> None:
    arabic = next(e.label_ar for g in corpus() for e in g.entities if e.id == "ain-al-asad")
    for text in ("ain al-asad", "AL ASAD AIR", arabic, arabic[-6:], arabic.replace("\u0623", "\u0627")):
        assert "ain-al-asad" in names(index, text)
    evidence = find(index, arabic, kind="evidence")
    assert evidence
    assert all(hit.article and arabic in hit.text for hit in evidence)


def test_whole_names_come_first_and_evidence_last(index: Path) -> None:
    found = find(index, "Anbar")
    assert (found[0].iri.rpartition("/")[2], found[0].kind, found[0].type) == ("anbar", "name", "Region")
    kinds = [hit.kind for hit in find(index, corpus()[0].entities[2].label_ar, limit=50)]
    assert kinds == sorted(kinds, reverse=True)


@given(st.text())
def test_no_text_breaks_the_search(text: str) -> None:
    folder = _index()
    assert isinstance(find(folder, text), list)


_made: list[Path] = []


def _index() -> Path:
    import tempfile

    if not _made:
        _made.append(Path(tempfile.mkdtemp()) / "search.db")
        rebuild(GraphStore.memory(), _made[0])
    return _made[0]


def test_short_and_missing(index: Path, tmp_path: Path) -> None:
    assert find(index, "") == find(index, "  ") == find(index, "zz") == []
    with pytest.raises(StoreError, match="no search index"):
        find(tmp_path / "none.db", "x")
    for data in (b"", index.read_bytes()[:5_000], b"not a database" * 99):
        (tmp_path / "torn.db").write_bytes(data)
        with pytest.raises(StoreError, match="the search index is damaged"):
            find(tmp_path / "torn.db", "asad")


WORDS = [f"word{i}" for i in range(200)]


def text_of(*changes: int) -> str:
    return " ".join("changed" if i in changes else word for i, word in enumerate(WORDS))


def document(name: str, text: str, published: str | None = None) -> Document:
    return Document(id=DocumentId(name), text=text, published=published)


def test_copies_of_a_wire_text_point_at_the_earliest() -> None:
    made = [
        document("a", text_of(7), "2024-02-02"),
        document("b", text_of(), "2024-02-01"),
        document("c", text_of(3, 150) + " one more line", None),
        document("d", " ".join(reversed(WORDS)), "2024-01-01"),
        document("e", "too short to say"),
        document("f", "too short to say"),
    ]
    for order in itertools.permutations(made):
        assert copies(order) == {"a": "b", "c": "b"}


def test_copies_count_once_and_leave_with_their_original(tmp_path: Path) -> None:
    one = analyses()[0]
    long = one.document.text + " ".join(WORDS)
    with GraphFolder.open(tmp_path) as folder:
        for name, outlet in (("x", "A"), ("y", "B"), ("z", "C")):
            wire = replace(one.document, id=DocumentId(name), outlet=outlet, text=long)
            folder.add(replace(one, document=wire), background())
        folder.finish()
        assert answer(folder.store, "support", {"outlets": "2"}).rows == ()
        before = folder.store.nquads()
        folder.finish()
        assert folder.store.nquads() == before
        assert len(list(folder.store.raw.quads_for_pattern(None, None, None, None))) == len(folder.store)
        assert b"copyOf" in before
        folder.remove(DocumentId("x"))
        assert b"article/x>" not in folder.store.nquads()
        folder.finish()
        assert b"article/z> <https://w3id.org/sanad-kg/ontology#copyOf>" in folder.store.nquads()
        assert next(hit.kind for hit in folder.find("Ain al-Asad")) == "name"
