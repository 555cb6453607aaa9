"""What leaves a graph: cells that are no formulas, and values that are no part of a query."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kg.build import build
from kg.datamodel import Document, DocumentId
from kg.errors import KgError
from kg.graph.export import export
from kg.graph.folder import GraphFolder
from kg.graph.questions import answer, questions
from tests.hostile import tried

FORMULAS = ("=1+1", '=HYPERLINK("x")', "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0")
ARTICLES = Path(__file__).resolve().parents[2] / "examples" / "ain-al-asad" / "articles"


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphFolder]:
    """A graph whose names are formulas and pieces of queries."""
    text = (ARTICLES / "01.txt").read_text(encoding="utf-8")
    with GraphFolder.open(tmp_path_factory.mktemp("poisoned")) as folder:
        documents = [
            Document(id=DocumentId(f"d{n}"), text=text, outlet=formula, title=formula, url=formula)
            for n, formula in enumerate((*FORMULAS, '"> } INSERT DATA { <a:b> <a:b> <a:b> } #', "<a:b>", "\\u0022"))
        ]
        assert not build(documents, folder).failures
        yield folder


@pytest.mark.parametrize("name", ["csv", "acled"])
def test_no_cell_of_a_table_is_a_formula(poisoned: GraphFolder, tmp_path: Path, name: str) -> None:
    cells = 0
    for path in export(poisoned.store, name, tmp_path / "out"):
        for row in csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")):
            for cell in row:
                cells += 1
                tried()
                assert not cell.startswith(("=", "+", "@", "\t", "\r")), cell
                assert not cell.startswith("-") or _is_number(cell), cell
    assert cells > 500


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


PIECES = (
    *('"', "'", "\\", '" } #', "> } DROP ALL #", '"} INSERT DATA { <a:b> <a:b> <a:b> } #', "?x", "<a:b>", "\n"),
    *("${x}", "UNDEF }", "SERVICE <http://127.0.0.1/> {}", "x\x00y", "\u202e", "\\u0022 }", "e" * 100_000),
)


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: ascii(piece[:20]))
def test_a_value_never_becomes_part_of_a_question(poisoned: GraphFolder, piece: str) -> None:
    before = len(poisoned.store)
    for name in ("attacks", "said-about", "events"):
        for parameter in questions()[name].parameters:
            tried()
            with suppress(KgError):
                answer(poisoned.store, name, {parameter.name: piece})
    assert len(poisoned.store) == before
