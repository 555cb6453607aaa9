"""Reading: what is found in files of every kind, and what is said of files that cannot be read."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.datamodel import Document
from kg.errors import InputError
from kg.text.read import ReadFailure, ReadOptions, read, read_text
from kg.text.reading.dates import date_words, is_published, parse_date
from kg.text.reading.decode import decode
from kg.text.reading.html import page

CASES = Path(__file__).parent / "cases"
FILES = CASES / "read"


def only(path: Path | str, options: ReadOptions | None = None) -> Document:
    found = list(read([path], options))
    assert len(found) == 1
    assert isinstance(found[0], Document), found[0]
    return found[0]


def reason(path: Path | str, options: ReadOptions | None = None) -> str:
    found = list(read([path], options))
    assert len(found) == 1
    assert isinstance(found[0], ReadFailure), found[0]
    return found[0].reason


def published_cases() -> Iterator[tuple[str, str]]:
    for line in (CASES / "published.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            _, expected, _, text = line.split("\t")
            yield expected, text


class TestDates:
    @pytest.mark.parametrize(("expected", "text"), list(published_cases()))
    def test_table(self, expected: str, text: str) -> None:
        assert (parse_date(text) or "-") == expected

    def test_the_table_is_not_empty(self) -> None:
        assert len(list(published_cases())) >= 15

    def test_every_month_is_known_in_three_spellings(self) -> None:
        months = list(date_words().months.values())
        assert all(months.count(number) >= 3 for number in range(1, 13))

    def test_only_a_day_or_minute_is_published(self) -> None:
        assert is_published("2024-07-28")
        assert is_published("2024-07-28T00:21")
        assert not is_published("2024-07")
        assert not is_published("2024-13-01")


class TestText:
    def test_byline_and_publication_line(self) -> None:
        document = only(FILES / "byline.txt")
        assert document.published == "2024-07-28T00:21"
        first = document.text.splitlines()[0]
        assert (document.dateline, document.byline) == tuple(part.strip() for part in first.split("/"))
        assert document.title == ""

    def test_the_text_is_the_file(self) -> None:
        assert only(FILES / "byline.txt").text == (FILES / "byline.txt").read_text(encoding="utf-8")

    def test_headline_index_and_options(self) -> None:
        document = only(FILES / "plain.txt")
        assert document.title == document.text.splitlines()[0]
        assert (document.published, document.url) == ("2024-07-28", "https://nakhil.example/1")
        overridden = only(FILES / "plain.txt", ReadOptions(metadata={"outlet": "Other", "published": "29/7/2024"}))
        assert (overridden.outlet, overridden.published) == ("Other", "2024-07-29")
        assert overridden.url == document.url

    def test_agency_dateline(self) -> None:
        document = only(FILES / "agency.txt")
        assert document.dateline == document.text.split(" ")[0]
        assert (document.byline, document.published) == (None, "2024-07-28T15:05")

    def test_id_is_content(self, tmp_path: Path) -> None:
        copy = tmp_path / "elsewhere.txt"
        shutil.copy(FILES / "agency.txt", copy)
        assert only(copy).id == only(FILES / "agency.txt").id
        assert only(copy, ReadOptions(metadata={"outlet": "x"})).id != only(copy).id

    def test_read_text(self) -> None:
        document = read_text("One line.", outlet="A", published="2024-07-28")
        assert (document.outlet, document.published, document.text) == ("A", "2024-07-28", "One line.")


class TestEncodings:
    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1256"]
    )
    def test_told_apart(self, tmp_path: Path, encoding: str) -> None:
        text = (FILES / "byline.txt").read_text(encoding="utf-8")
        path = tmp_path / "x.txt"
        path.write_bytes(text.encode(encoding))
        assert only(path).text == text

    def test_page_names_its_own(self, tmp_path: Path) -> None:
        text = (FILES / "page.html").read_text(encoding="utf-8").replace('charset="utf-8"', 'charset="windows-1256"')
        path = tmp_path / "x.html"
        path.write_bytes(text.encode("windows-1256"))
        assert only(path).text == only(FILES / "page.html").text

    def test_line_ends(self) -> None:
        assert decode(b"a\r\nb\rc\n", "x") == "a\nb\nc\n"

    def test_damage_is_reported_with_its_place(self, tmp_path: Path) -> None:
        data = (FILES / "byline.txt").read_bytes()
        path = tmp_path / "cut.txt"
        path.write_bytes(data[:200] + b"\xff" + data[200:])
        assert "line 2, byte 200: not valid utf-8" in reason(path)
        path.write_bytes(data[:201])
        assert "not valid utf-8" in reason(path)

    def test_latin_bytes_are_not_taken_for_arabic(self, tmp_path: Path) -> None:
        path = tmp_path / "x.txt"
        path.write_bytes("Caf\N{LATIN SMALL LETTER E WITH ACUTE} and a long ASCII text".encode("latin-1"))
        assert "not valid utf-8" in reason(path)
        assert "Caf" in only(path, ReadOptions(encoding="latin-1")).text

    def test_unknown_encoding(self) -> None:
        assert "no encoding is called 'klingon'" in reason(FILES / "plain.txt", ReadOptions(encoding="klingon"))

    def test_binary(self, tmp_path: Path) -> None:
        path = tmp_path / "x.txt"
        path.write_bytes(bytes(range(32)) * 8)
        assert "binary" in reason(path)


class TestPages:
    def test_main_text_and_metadata(self) -> None:
        document = only(FILES / "page.html")
        lines = document.text.splitlines()
        assert lines[0] == document.title
        assert len(lines) == 6
        assert (document.published, document.url) == ("2024-07-28T09:30", "https://nakhil.example/2024/07/28/1")
        assert document.byline == only(FILES / "byline.txt").byline
        assert document.outlet == only(FILES / "plain.txt").outlet

    def test_nothing_but_the_article(self) -> None:
        text = (FILES / "page.html").read_text(encoding="utf-8")
        kept = page("x", text)["text"]
        for tag in ("nav", "footer", "figcaption"):
            inside = text.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
            words = [word for word in inside.replace("<", " <").split() if "<" not in word and "=" not in word]
            assert " ".join(words[-3:]) not in kept

    def test_outlet_from_the_tail_of_the_title(self) -> None:
        body = "<p>" + "A sentence of the article body. " * 6 + "</p>"
        fields = page(
            "x", f"<html><head><title>Headline | Outlet</title></head><body><h1>Headline</h1>{body}</body></html>"
        )
        assert (fields["title"], fields["outlet"]) == ("Headline", "Outlet")

    def test_a_page_without_article(self, tmp_path: Path) -> None:
        path = tmp_path / "x.html"
        path.write_text("<html><body><a href='/'>Home</a></body></html>", encoding="utf-8")
        assert "no article text" in reason(path)

    def test_a_link_that_is_no_web_address_is_dropped(self) -> None:
        body = "<article><p>" + "A sentence of the article body. " * 6 + "</p></article>"
        assert page("x", f"<link rel='canonical' href='javascript:alert(1)'>{body}")["url"] == ""

    @pytest.mark.parametrize("link", ["http://[x", "https://a.example/1", "HTTP://a.example/1"])
    def test_an_address_is_kept_as_the_page_gives_it(self, link: str) -> None:
        body = "<article><p>" + "A sentence of the article body. " * 6 + "</p></article>"
        assert page("x", f"<link rel='canonical' href='{link}'>{body}")["url"] == link

    def test_linked_data_in_a_list_and_a_graph(self) -> None:
        body = "<article><p>" + "A sentence of the article body. " * 6 + "</p></article>"
        inner = [{"@type": "WebPage", "headline": "No"}, {"@type": ["NewsArticle"], "headline": "First"}]
        data = json.dumps([1, {"@graph": [[inner]]}, {"@type": "Article", "headline": "Second"}])
        assert page("x", f"<script type='application/ld+json'>{data}</script>{body}")["title"] == "First"

    def test_what_stands_after_something_taken_out_stays(self) -> None:
        inside = "Before <!-- no --><?no?><nav>no <b>no</b> no</nav> between <svg><p>no</p></svg>and after. "
        assert page("x", f"<article><p>{inside * 3}</p></article>")["text"] == " ".join(
            ["Before between and after."] * 3
        )

    def test_many_attributes_are_no_hindrance(self) -> None:
        attributes = " ".join(f"data-a{n}='{n}'" for n in range(900))
        body = f"<article {attributes}><p>" + "A sentence of the article body. " * 6 + "</p></article>"
        assert page("x", body)["text"].startswith("A sentence")
        with pytest.raises(InputError, match="x: a tag with more than 1,000 attributes; not an article page"):
            page("x", body.replace("<p>", f"<p {attributes} {attributes.replace('-a', '-b')}>"))

    def test_nested_thousands_deep(self) -> None:
        deep = "<div>" * 5000 + "<p>" + "A sentence of the article body. " * 6 + "</p>"
        try:
            assert "A sentence" in page("x", deep)["text"]
        except InputError as error:
            assert "no article text" in str(error)  # noqa: PT017 - libxml2 may give up on the depth


class TestRecords:
    def test_json_lines(self) -> None:
        first, second = (only_document(found) for found in read([FILES / "records.jsonl"]))
        assert first.text.startswith(f"{first.title}\n")
        assert (first.published, second.published) == ("2024-07-28T09:30", "2024-08-04")
        assert first.source.endswith("records.jsonl:1")

    def test_csv_with_named_fields(self) -> None:
        fields = {"text": "nass", "title": "unwan", "outlet": "jarida", "published": "yawm"}
        first, second = (only_document(found) for found in read([FILES / "records.csv"], ReadOptions(fields=fields)))
        assert (first.published, second.published) == ("2024-07-28", None)
        assert second.text.count("\n") == 1

    def test_a_missing_field_is_named(self) -> None:
        failures = [found.reason for found in read([FILES / "records.csv"]) if isinstance(found, ReadFailure)]
        assert len(failures) == 2
        assert all("no text field; name it with --field text=NAME" in text for text in failures)
        wrong = ReadOptions(fields={"text": "body_text"})
        failure = next(iter(read([FILES / "records.csv"], wrong)))
        assert isinstance(failure, ReadFailure)
        assert "no field 'body_text' for text; there are nass, unwan" in failure.reason

    def test_bad_lines_are_skipped(self, tmp_path: Path) -> None:
        path = tmp_path / "x.jsonl"
        path.write_text(
            '{"text": "one"}\n{"text": \n[1]\n\n{"text": ""}\n{"text": "\\ud800"}\n{"text": "two"}\n', encoding="utf-8"
        )
        found = list(read([path]))
        assert [item.text for item in found if isinstance(item, Document)] == ["one", "two"]
        places = [item.source.rpartition(":")[2] for item in found if isinstance(item, ReadFailure)]
        assert places == ["2", "3", "5", "6"]

    @pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
    def test_compressed(self, tmp_path: Path, pack: object) -> None:
        path = tmp_path / ("x.jsonl.gz" if pack is gzip.compress else "x.jsonl.xz")
        path.write_bytes(pack((FILES / "records.jsonl").read_bytes()))  # type: ignore[operator]
        assert [d.id for d in map(only_document, read([path]))] == [
            d.id for d in map(only_document, read([FILES / "records.jsonl"]))
        ]
        path.write_bytes(path.read_bytes()[:-20])
        assert isinstance(list(read([path]))[-1], ReadFailure)

    def test_zstandard(self, tmp_path: Path) -> None:
        zstandard = pytest.importorskip("zstandard")
        pack = zstandard.ZstdCompressor().compress
        path = tmp_path / "x.jsonl.zst"
        path.write_bytes(pack(b'{"text": "one"}\n{"text": "two"}\n') + pack(b'{"text": "three"}\n'))
        assert [d.text for d in map(only_document, read([path]))] == ["one", "two", "three"]
        path.write_bytes(b"junk" * 9)
        assert "x.jsonl.zst: zstd decompress" in reason(path)
        one, more = pack(b"A sentence."), pack(b"Another sentence. " * 9)
        path = tmp_path / "x.txt.zst"
        for cut in range(1, len(one + more)):
            path.write_bytes((one + more)[:cut])
            if cut != len(one):
                assert "before its last frame does" in reason(path)
        path.write_bytes(one + more)
        assert only(path).text == "A sentence." + "Another sentence. " * 9

    @pytest.mark.parametrize(
        ("name", "data"),
        [("x.jsonl", ""), ("x.jsonl", " \n\n"), ("x.csv", ""), ("x.csv", "text,title\n"), ("x.json", "[]")],
    )
    def test_records_without_an_article_are_told(self, tmp_path: Path, name: str, data: str) -> None:
        path = tmp_path / name
        path.write_text(data, encoding="utf-8")
        assert reason(path) == f"{path}: no article in it"

    def test_authors_as_objects_in_a_list(self, tmp_path: Path) -> None:
        path = tmp_path / "x.json"
        author = [{"name": "A"}, {"name": ["B", {"name": "C"}]}, None, True]
        path.write_text(json.dumps({"text": "one", "author": author}), encoding="utf-8")
        assert only(path).byline == "A, B, C"

    def test_one_json_article_or_a_list(self, tmp_path: Path) -> None:
        path = tmp_path / "x.json"
        path.write_text(json.dumps({"text": "one"}), encoding="utf-8")
        assert only(path).text == "one"
        path.write_text(json.dumps({"articles": [{"text": "one"}, {"text": "two"}]}), encoding="utf-8")
        assert [d.text for d in map(only_document, read([path]))] == ["one", "two"]


def only_document(found: Document | ReadFailure) -> Document:
    assert isinstance(found, Document), found
    return found


class TestPlaces:
    def test_folder(self) -> None:
        names = [Path(found.source.partition(":")[0]).name for found in read([FILES])]
        assert [name for name in dict.fromkeys(names) if not name.startswith("records")] == [
            "agency.txt", "byline.txt", "page.html", "plain.txt"]  # fmt: skip

    def test_glob_and_the_same_file_once(self) -> None:
        found = list(read([str(FILES / "*.txt"), FILES / "plain.txt"]))
        assert len(found) == 3

    def test_nothing_there(self, tmp_path: Path) -> None:
        assert "no such file" in reason(tmp_path / "x")
        assert "matches no file" in reason(str(tmp_path / "*.txt"))
        assert "no article in this folder" in reason(tmp_path)

    @pytest.mark.parametrize(("name", "count"), [("records.jsonl", 2), ("page.html", 1), ("plain.txt", 1)])
    def test_standard_input_is_recognised(self, monkeypatch: pytest.MonkeyPatch, name: str, count: int) -> None:
        data = (FILES / name).read_bytes()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert [type(found) for found in read(["-"])] == [Document] * count

    def test_limits(self) -> None:
        assert "more than 100 bytes" in reason(FILES / "plain.txt", ReadOptions(max_bytes=100))
        assert "characters; one article has at most 50" in reason(FILES / "plain.txt", ReadOptions(max_characters=50))
        first, *_ = read([FILES / "records.jsonl"], ReadOptions(max_bytes=40))
        assert isinstance(first, ReadFailure)

    def test_a_packed_bomb_stops_at_the_limit(self, tmp_path: Path) -> None:
        path = tmp_path / "x.txt.gz"
        path.write_bytes(gzip.compress(b"a" * 3_000_000))
        assert "more than" in reason(path, ReadOptions(max_bytes=1_000_000))

    def test_options_are_checked(self) -> None:
        with pytest.raises(InputError, match="not a date"):
            ReadOptions(metadata={"published": "yesterday"})
        with pytest.raises(InputError, match="no field colour"):
            ReadOptions(fields={"colour": "x"})

    def test_a_broken_index_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "index.json").write_text("{", encoding="utf-8")
        (tmp_path / "x.txt").write_text("text", encoding="utf-8")
        assert "index.json: not JSON" in reason(tmp_path)
        (tmp_path / "index.json").write_text("[1]", encoding="utf-8")
        assert "index.json: expected a list of objects, or an object of objects" in reason(tmp_path)

    def test_an_index_by_file_name(self, tmp_path: Path) -> None:
        row = {"text": "", "title": "Headline", "date": "28/7/2024"}
        (tmp_path / "index.json").write_text(json.dumps({"x.txt": row}), encoding="utf-16")
        (tmp_path / "x.txt").write_text("text", encoding="utf-8")
        document = only(tmp_path)
        assert (document.text, document.title, document.published) == ("text", "Headline", "2024-07-28")
