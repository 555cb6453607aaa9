"""Web pages made by an enemy: no tag, comment or quote makes reading take long, or hides what would."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

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
