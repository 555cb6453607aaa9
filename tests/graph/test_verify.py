"""``kg verify``: any changed character is found, and the manifest is the same bytes for the same graph."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad

from kg import resources
from kg.build import build
from kg.errors import InputError
from kg.graph.folder import GraphFolder
from kg.graph.verify import changes, load, to_bytes, verify
from kg.pipeline import analyse
from kg.resources import tree_hash
from kg.text.read import read
from kg.vocabulary import OA, RDFS

ARTICLES = Path(__file__).resolve().parents[2] / "examples" / "ain-al-asad" / "articles"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphFolder]:
    with GraphFolder.open(tmp_path_factory.mktemp("verify")) as folder:
        assert not build(read([ARTICLES]), folder).failures
        folder.finish()
        yield folder


def texts(folder: GraphFolder) -> list[Path]:
    return sorted((folder.path / "documents").glob("*.json"))


def test_a_graph_as_built_stands(built: GraphFolder) -> None:
    manifest = verify(built, again=analyse)
    assert manifest["problems"] == []
    assert manifest["corpus"]["articles"] == 5
    assert manifest["read"]["quotes"] > 10
    assert {len(manifest[part]["sha256"]) for part in ("corpus", "graph", "ontology", "code")} == {64}


def test_the_manifest_is_deterministic_and_names_no_place(built: GraphFolder, tmp_path: Path) -> None:
    first = to_bytes(verify(built))
    assert first == to_bytes(verify(built))
    with GraphFolder.open(tmp_path) as other:
        build(reversed(list(read([ARTICLES]))), other)
        other.finish()
        assert to_bytes(verify(other)) == first
    assert str(built.path).encode() not in first


def test_any_changed_character_of_a_text_is_found(built: GraphFolder) -> None:
    """Every seventh character of every text in turn is another; each time the article is named."""
    tried = 0
    for path in texts(built):
        before = path.read_text(encoding="ascii")
        fields = json.loads(before)
        for place in range(0, len(fields["text"]), 7):
            other = "x" if fields["text"][place] != "x" else "y"
            changed = fields["text"][:place] + other + fields["text"][place + 1 :]
            path.write_text(json.dumps({**fields, "text": changed}), encoding="ascii")
            assert fields["id"] in found_in(built), f"{path.name}: character {place}"
            tried += 1
        path.write_text(before, encoding="ascii")
    assert tried > 300
    assert found_in(built) == set()


def found_in(folder: GraphFolder) -> set[str]:
    from kg.graph.verify import _texts

    return {problem.article for problem in _texts(folder)[1]}


@pytest.mark.parametrize("field", ["title", "outlet", "published", "url", "byline"])
def test_changed_metadata_is_found(built: GraphFolder, field: str) -> None:
    path = texts(built)[0]
    before = path.read_text(encoding="ascii")
    fields = json.loads(before)
    path.write_text(json.dumps({**fields, field: "other"}), encoding="ascii")
    assert found_in(built) == {fields["id"]}
    path.write_text("{", encoding="ascii")
    assert found_in(built) == {fields["id"]}
    path.write_text(before, encoding="ascii")


def test_a_changed_quote_in_the_graph_is_found(built: GraphFolder) -> None:
    quad = next(iter(built.store.raw.quads_for_pattern(None, OA.exact, None, None)))
    other = Quad(quad.subject, quad.predicate, Literal(str(getattr(quad.object, "value", "")) + "x"), quad.graph_name)
    built.store.raw.remove(quad)
    built.store.raw.add(other)
    assert any("is not the quote" in each["what"] for each in verify(built)["problems"])
    built.store.raw.remove(other)
    built.store.raw.add(quad)
    assert verify(built)["problems"] == []


def test_a_changed_label_is_found_by_comparing_and_by_building_again(built: GraphFolder) -> None:
    before = verify(built)
    quad = next(iter(built.store.raw.quads_for_pattern(None, RDFS.label, None, None)))
    built.store.raw.remove(quad)
    assert changes(before, verify(built)) == ["the graph is another"]
    assert any("built again" in each["what"] for each in verify(built, again=analyse)["problems"])
    built.store.raw.add(quad)
    assert changes(before, verify(built)) == []


def test_any_changed_byte_of_a_manifest_is_found(built: GraphFolder, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    whole = to_bytes(verify(built, key=b"secret"))
    path.write_bytes(whole)
    assert load(path, b"secret")["read"]["claims"] > 5
    digits = [place for place, byte in enumerate(whole) if chr(byte).isalnum()]
    for place in digits[::5]:
        path.write_bytes(whole[:place] + (b"0" if whole[place : place + 1] != b"0" else b"1") + whole[place + 1 :])
        with pytest.raises(InputError):
            load(path, b"secret")
    path.write_bytes(whole)
    with pytest.raises(InputError, match="not signed with this key"):
        load(path, b"other")
    path.write_bytes(to_bytes(verify(built)))
    with pytest.raises(InputError, match="not signed with this key"):
        load(path, b"secret")


def test_the_hash_of_a_tree_sees_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = tree_hash(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    second = tree_hash(tmp_path)
    (tmp_path / "b").write_text("2")
    assert len({each["sha256"] for each in (first, second, tree_hash(tmp_path))}) == 3
    assert first["files"] == 1


def test_the_command(built: GraphFolder, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from kg.cli import app

    manifest, key = tmp_path / "manifest.json", tmp_path / "key"
    key.write_text("secret\n")
    run = CliRunner().invoke
    done = run(app, ["verify", str(built.path), "--out", str(manifest), "--key", str(key)])
    assert (done.exit_code, done.stdout) == (0, "")
    assert ": 0 wrong" in done.stderr
    assert run(app, ["verify", str(built.path), "--against", str(manifest), "--key", str(key)]).exit_code == 0
    path = texts(built)[1]
    before = path.read_text(encoding="ascii")
    path.write_text(before.replace("2025", "2024"), encoding="ascii")
    done = run(app, ["verify", str(built.path), "--against", str(manifest), "--key", str(key)])
    assert done.exit_code == 1
    assert "has another text" in done.stderr
    path.write_text(before, encoding="ascii")


def test_a_new_row_makes_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(resources.ontology_root(), tmp_path / "ontology")
    monkeypatch.setattr(resources, "ontology_root", lambda: tmp_path / "ontology")
    known = resources.knowledge_hash.__wrapped__
    before = known()
    assert before == resources.knowledge_hash() == known()
    for path, counts in (("queries/attacks.rq", False), ("lexicon/cities.tsv", True), ("rules/frames.yaml", True)):
        with (tmp_path / "ontology" / path).open("a", encoding="utf-8") as file:
            file.write("# one more line\n")
        now = known()
        assert (now != before) is counts, path
        before = now
