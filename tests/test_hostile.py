"""Articles made by an enemy: nothing crashes, nothing is read that was not named, nothing takes long.

``KG_FUZZ=20000 pytest tests/test_hostile.py`` tries more; without it every run tries the same.
"""

from __future__ import annotations

import gzip
import json
import lzma
import os
import time
import tracemalloc
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.build import build
from kg.datamodel import Document, DocumentId
from kg.graph.folder import GraphFolder
from kg.pipeline import analyse
from kg.text.read import ReadFailure, ReadOptions, read, read_text
from tests.hostile import READABLE, UNREADABLE, anything, hold, sentences, tried

EXAMPLES = int(os.environ.get("KG_FUZZ", "0"))
SUFFIXES = (".txt", ".html", ".xhtml", ".json", ".jsonl", ".csv", ".tsv", ".txt.gz", ".json.gz", ".html.xz")
ARTICLES = Path(__file__).resolve().parents[1] / "examples" / "ain-al-asad" / "articles"


def fuzz(count: int) -> settings:
    """The same examples in every run, unless more are asked for."""
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
    return settings(
        max_examples=EXAMPLES or count, derandomize=not EXAMPLES, deadline=None, suppress_health_check=checks
    )


# ---------------------------------------------------------------- texts


@fuzz(150)
@given(sentences())
def test_words_in_an_order_that_means_nothing(text: str) -> None:
    tried()
    if text.strip():
        document = read_text(text, outlet="Test", published="2024-07-28")
        hold(document, analyse(document))


@fuzz(150)
@given(anything())
@example("\u2067" * 50 + "\u0648")
@example("\u0640" * 300)
@example("\u064b" * 300 + "x")
@example("(" * 300 + "\u0642\u0627\u0644" + ")" * 300)
@example("\u00ab" * 200 + "\u0642\u0627\u0644 " + "\u00bb" * 199)
@example("9" * 400 + " \u0635\u0627\u0631\u0648\u062e\u0627")
@example("\u0660\u0661/\u0661\u0663/\u0660\u0660\u0660\u0660")
@example("31/02/2024 00:99 99/99/9999")
@example("\x00\n\x1b[2J\n\u2028")
def test_any_text(text: str) -> None:
    tried()
    if text.strip():
        document = read_text(text, outlet="Test")
        hold(document, analyse(document))


@fuzz(20)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_any_metadata_ends_in_a_graph_or_a_message(outlet: str, title: str, url: str) -> None:
    tried()
    document = Document(id=DocumentId(title + outlet), text="x", outlet=outlet, title=title, url=url or None)
    with TemporaryDirectory() as place, GraphFolder.open(Path(place)) as folder:
        report = build([document], folder)
        assert report.written + len(report.failures) == 1
        if report.written:
            assert folder.document(document.id).title == title
            assert list(folder.store.articles()) == [document.id]


SAID = "\u0642\u0627\u0644"
CITY = "\u0628\u063a\u062f\u0627\u062f"
UNITS = (
    *("\u0648", "(", "\u00ab", "\n", ". ", "1/", "9", "\u060c", "\u0640", "\u064b", "\u200f", "\u0627\u0644"),
    *(f"{SAID} ", f"{SAID} \u0625\u0646 ", f"{CITY} ", f"\u0648{CITY} \u0648", "a/b ", "http://a.b/"),
)


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_time_grows_with_length_and_not_with_its_square(unit: str) -> None:
    """Twice the text takes about twice as long; a square would take four times."""
    analyse(read_text("x"))
    short, long = (_seconds(unit * (size // len(unit))) for size in (4_000, 16_000))
    assert long < 1 or long < 9 * short, f"{short:.2f} s, four times the text {long:.2f} s"


def _seconds(text: str) -> float:
    if not text.strip():
        return 0.0
    document = read_text(text)
    start = time.process_time()
    analyse(document)
    return time.process_time() - start


# ---------------------------------------------------------------- files


def outcome(path: Path, options: ReadOptions | None = None) -> list[Document | ReadFailure]:
    """What reading says; it never raises."""
    return list(read([path], options))


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b" \n"])
def test_an_empty_file_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    (tmp_path / "b.txt").write_text("A sentence.")
    empty, whole = outcome(tmp_path)
    assert isinstance(empty, ReadFailure)
    assert empty.reason.endswith("a.txt: no text in it")
    assert isinstance(whole, Document)


def some_bytes() -> st.SearchStrategy[bytes]:
    return st.one_of(st.binary(max_size=400), anything().map(str.encode))


@fuzz(150)
@given(st.sampled_from(SUFFIXES), some_bytes())
def test_any_bytes_under_any_name(tmp_path: Path, suffix: str, data: bytes) -> None:
    tried()
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    for found in outcome(path):
        assert isinstance(found, ReadFailure) or found.text.strip()


@fuzz(150)
@given(st.data())
def test_whole_files_with_a_few_bytes_changed(tmp_path: Path, data: st.DataObject) -> None:
    tried()
    suffix, whole = data.draw(st.sampled_from(list(seeds())))
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / f"a{suffix}"
    path.write_bytes(changed[: data.draw(st.integers(1, len(changed)))])
    for found in outcome(path):
        assert isinstance(found, ReadFailure) or found.text.strip()


def test_no_file_keeps_the_others_from_being_built(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for name, data in {**READABLE, **{name: data for name, (data, _) in UNREADABLE.items()}}.items():
        (articles / name).write_bytes(data)
    (articles / "z.txt").write_text("A sentence.")
    found = outcome(articles)
    read_well = [Path(each.source.partition(":")[0]).name for each in found if isinstance(each, Document)]
    assert read_well == [*sorted(READABLE), "z.txt"]
    reasons = {Path(each.source.partition(":")[0]).name: each.reason for each in found if isinstance(each, ReadFailure)}
    assert sorted(reasons) == sorted(UNREADABLE)
    for name, (_, said) in UNREADABLE.items():
        assert said in reasons[name]
    with GraphFolder.open(tmp_path / "graph") as folder:
        report = build(found, folder)
    assert report.written + report.repeated == len(READABLE) + 1


def seeds() -> Iterator[tuple[str, bytes]]:
    """One good file of each kind."""
    text = (ARTICLES / "01.txt").read_text(encoding="utf-8")
    record = json.dumps({"text": text, "title": "x", "date": "2025-03-12"}, ensure_ascii=False)
    page = f"<html><head><title>x</title></head><body><article><p>{text}</p></article></body></html>".encode()
    yield ".txt", text.encode()
    yield ".json", record.encode()
    yield ".jsonl", (record + "\n").encode() * 2
    yield ".csv", f'text,title\n"{text}",x\n'.encode()
    yield ".html", page
    yield ".html.gz", gzip.compress(page, mtime=0)
    yield ".txt.xz", lzma.compress(text.encode())


@cache
def bomb(suffix: str) -> bytes:
    """40 MB of one letter in some kilobytes."""
    whole = b"a" * 40_000_000
    return gzip.compress(whole, 6, mtime=0) if suffix == ".gz" else lzma.compress(whole, preset=0)


@pytest.mark.parametrize("suffix", [".gz", ".xz"])
@pytest.mark.parametrize("kind", [".txt", ".html", ".json", ".csv", ".jsonl"])
def test_bombs_are_refused_before_they_are_whole(tmp_path: Path, kind: str, suffix: str) -> None:
    path = tmp_path / f"bomb{kind}{suffix}"
    path.write_bytes(bomb(suffix))
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    found = outcome(path, ReadOptions(max_bytes=2_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [type(each) for each in found] == [ReadFailure]
    assert peak < 20_000_000, f"{peak:,} bytes"


NESTED = {
    "deep.html": "<div>" * 50_000 + "x" * 300,
    "open.html": "<p><b><i>" * 20_000 + "x",
    "attributes.html": "<p " + " ".join(f"a{n}='{n}'" for n in range(10_000)) + ">x</p>",
    "entities.html": "<p>" + "&amp;" * 200_000 + "</p>",
    "comments.html": "<!--" * 100_000 + "<p>x</p>",
    "deep.json": "[" * 200_000 + "]" * 200_000,
    "deep.jsonl": '{"a":' * 100_000 + "\n",
    "numbers.json": '{"text": "x", "n": ' + "9" * 100_000 + "}",
    "columns.csv": ",".join(f"c{n}" for n in range(20_000)) + "\n" + "," * 19_999 + "\n",
    "cell.csv": 'text\n"' + "x" * 2_000_000 + '"\n',
    "quote.csv": 'text\n"' + "x,\n" * 100_000,
}


@pytest.mark.parametrize("name", NESTED)
def test_nesting_and_width(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(NESTED[name], encoding="utf-8")
    start = time.process_time()
    found = outcome(path)
    assert found
    assert time.process_time() - start < 5


# ---------------------------------------------------------------- what was not named is not read

SECRET = "this stands in no article"


@pytest.mark.parametrize("suffix", [".html", ".xhtml", ".htm"])
@pytest.mark.parametrize(
    "where", ["&x;", "<p>&x;</p>", "<xi:include href='%s' parse='text'/>", "<iframe src='%s'></iframe>"]
)
def test_no_entity_and_no_inclusion_is_fetched(tmp_path: Path, suffix: str, where: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    address = secret.as_uri()
    entities = f"<!ENTITY x SYSTEM '{address}'><!ENTITY % y SYSTEM '{address}'> %y;"
    body = f"<article><p>{'word ' * 30}</p>{where.replace('%s', address)}</article>"
    root = "<html xmlns:xi='http://www.w3.org/2001/XInclude'>"
    page = f"<?xml version='1.0'?><!DOCTYPE html [{entities}]>{root}<body>{body}</body></html>"
    path = tmp_path / f"page{suffix}"
    path.write_text(page)
    for found in outcome(path):
        assert SECRET not in repr(found)


def test_a_billion_laughs_are_not_heard(tmp_path: Path) -> None:
    entities = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    path = tmp_path / "page.xhtml"
    path.write_text(
        f"<!DOCTYPE html [<!ENTITY l0 'lol'>{entities}]><html><body><p>{'word ' * 30}&l9;</p></body></html>"
    )
    for found in outcome(path):
        assert isinstance(found, ReadFailure) or len(found.text) < 10_000


@pytest.mark.parametrize(
    "name", ["../secret.txt", "/etc/passwd", "..\\secret.txt", "a/../../secret.txt", "", ".", "\x00"]
)
def test_an_index_names_files_and_opens_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text(SECRET)
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "one.txt").write_text("A sentence.")
    (folder / "index.json").write_text(
        json.dumps([{"file": name, "title": "x"}, {"file": "one.txt", "url": "file:///etc/passwd"}])
    )
    found = outcome(folder)
    assert [each.text for each in found if isinstance(each, Document)] == ["A sentence."]


WRONG = ("", "{", "\x00", "[1]", '"x"', "3", "null", "[[]]", '{"one.txt": 1}', "[" * 100_000)


@pytest.mark.parametrize("index", ["[]", "{}", "[{}]", '{"one.txt": {}}', '[{"file": "one.txt", "text": ""}]'])
def test_an_index_that_says_nothing(tmp_path: Path, index: str) -> None:
    (tmp_path / "one.txt").write_text("A sentence.")
    (tmp_path / "index.json").write_text(index)
    assert [each.text for each in outcome(tmp_path) if isinstance(each, Document)] == ["A sentence."]


@pytest.mark.parametrize("index", WRONG, ids=lambda index: ascii(index[:20]))
def test_a_wrong_index_is_told(tmp_path: Path, index: str) -> None:
    (tmp_path / "one.txt").write_text("A sentence.")
    (tmp_path / "index.json").write_text(index)
    (found,) = outcome(tmp_path)
    assert isinstance(found, ReadFailure)
    assert f"{tmp_path / 'index.json'}: " in found.reason


def test_a_wrong_index_is_read_once(tmp_path: Path) -> None:
    """Once for all files beside it: one that is mended while they are read changes nothing."""
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text("A sentence.")
    index = tmp_path / "index.json"
    index.write_text("{")
    found = read([tmp_path])
    first = next(found)
    index.write_text("{}")
    assert isinstance(first, ReadFailure)
    assert [each.reason for each in found if isinstance(each, ReadFailure)] == [first.reason]


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    for folder in (inside, outside):
        folder.mkdir()
    (outside / "secret.txt").write_text(SECRET)
    (inside / "one.txt").write_text("A sentence.")
    (inside / "away").symlink_to(outside, target_is_directory=True)
    (inside / "round").symlink_to(inside, target_is_directory=True)
    (inside / "nowhere.txt").symlink_to(tmp_path / "missing")
    (inside / "self.txt").symlink_to(inside / "self.txt")
    texts = [each.text for each in outcome(inside) if isinstance(each, Document)]
    assert texts == ["A sentence."]


@pytest.mark.parametrize(
    "name", ["..", "../../x", "/etc/x", "a/b", ".hidden", "", "x" * 5_000, "\x00", "CON", "a\nb", "%2e%2e%2f"]
)
def test_an_id_never_leaves_its_folder(tmp_path: Path, name: str) -> None:
    with GraphFolder.open(tmp_path / "graph") as folder:
        path = folder._text_path(DocumentId(name))
        assert path.resolve().parent == (tmp_path / "graph" / "documents").resolve()
        report = build([Document(id=DocumentId(name), text="x")], folder)
        assert report.written + len(report.failures) == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == ["graph"]
