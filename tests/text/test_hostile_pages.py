"""Web pages made by an enemy: no tag, comment or quote makes reading take long, or hides what would."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kg.datamodel import Document
from kg.text.read import ReadFailure, read
from tests.hostile import BODY


@pytest.mark.parametrize("quote", ["'", '"', ""])
@pytest.mark.parametrize("before", ["", "<!-- <a x=", "<title><a ", "<i <"])
def test_a_crowded_tag_is_refused_wherever_it_stands(tmp_path: Path, before: str, quote: str) -> None:
    path = tmp_path / "a.html"
    for count, reads in ((20, True), (20_000, False)):
        attributes = " ".join(f"a{n}={quote}{n}{'>' if quote else ''}{quote}" for n in range(count))
        path.write_text(f"{before}{quote}{'-->' if '!' in before else '>'}</title><p {attributes}>{quote}{BODY}")
        (found,) = read([path])
        assert isinstance(found, ReadFailure) != reads
        assert reads or "a tag with more than 1,000 attributes" in getattr(found, "reason", "")


WIDE = ("<a", "<a'", "<a b=", '<a x="', "<a ", "<a=\"x'", "<p a=1>", "x<!---->", "x<?a?>", "x<nav></nav>", "<a/b>")


@pytest.mark.parametrize("unit", WIDE)
def test_time_to_read_a_page_grows_with_its_length(tmp_path: Path, unit: str) -> None:
    """A square would take sixteen times as long for four times the page; the largest took half a minute."""
    path, seconds = tmp_path / "a.html", []
    for size in (100_000, 400_000):
        path.write_text(f"<article><p>{unit * (size // len(unit))}</p></article>")
        start = time.process_time()
        assert list(read([path]))
        seconds.append(time.process_time() - start)
    assert seconds[1] < 1 or seconds[1] < 9 * seconds[0], seconds


@pytest.mark.parametrize(
    "name", ["unicode_escape", "raw-unicode-escape", "utf_7", "rot13", "idna", "punycode", "hex", "cp037"]
)
def test_a_page_cannot_name_a_codec_that_is_none_of_the_web(tmp_path: Path, name: str) -> None:
    """Such a codec could spell what no filter saw; the bytes are read as what they are."""
    path = tmp_path / "a.html"
    path.write_bytes(f"<meta charset={name}>{BODY}<p>\\u0041 +AEE- nopqrst ".encode() + b"\xc7\xe1\xda\xd1\xc7\xde</p>")
    (found,) = read([path])
    assert isinstance(found, Document)
    assert "A sentence of the article body." in found.text


def test_a_page_may_name_the_encodings_of_its_language(tmp_path: Path) -> None:
    said = "\u0627\u0644\u0639\u0631\u0627\u0642"
    for name in ("windows-1256", "ISO-8859-6", "utf-16le"):
        path = tmp_path / f"{name}.html"
        path.write_bytes(f"<meta charset={name}><article><p>{BODY} {said}</p></article>".encode(name))
        (found,) = read([path])
        assert isinstance(found, Document)
        assert said in found.text
