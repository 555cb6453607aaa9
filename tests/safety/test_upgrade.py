"""A store that an older program wrote: it can be read, and building again makes it what the program of today makes.

``stores`` holds graph folders of one invented article (``examples/truce/articles/02.txt``) as older states of the
program wrote them, without the log of the store: before what is found in an article was kept in ``lifted/``, and before
named questions were tables.
"""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from kg.build import build
from kg.graph.check import check
from kg.graph.folder import GraphFolder
from kg.graph.query import ask
from kg.graph.questions import answer, questions
from kg.graph.verify import verify
from tests.hostile import tried

STORES = sorted((Path(__file__).parent / "stores").glob("*.tar.xz"))


@pytest.fixture(params=STORES, ids=lambda path: path.name)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    with tarfile.open(request.param) as packed:
        packed.extractall(tmp_path / "old", filter="data")
    return tmp_path / "old"


def test_an_older_store_is_read(old: Path) -> None:
    with GraphFolder.open(old, read_only=True) as folder:
        (document,) = folder.documents()
        assert ask(folder.store, "ASK { GRAPH ?article { ?claim a kg:Claim } }").truth
        asked = [each for each in questions().values() if not any(p.required for p in each.parameters)]
        assert len(asked) > 30
        for question in asked:
            answer(folder.store, question.name, {})
            tried()
    assert document.text


def test_an_older_store_is_brought_up_to_date(old: Path, tmp_path: Path) -> None:
    """From its own texts: nobody needs the files that it was built from."""
    with GraphFolder.open(old) as folder:
        documents = list(folder.documents())
        before = folder.store.nquads()
        report = build(documents, folder)
        folder.finish()
        assert (report.written, report.failures) == (len(documents), [])
        with GraphFolder.open(tmp_path / "new") as fresh:
            build(documents, fresh)
            fresh.finish()
            assert folder.store.nquads() == fresh.store.nquads() != before
        assert check(folder) == []
        assert verify(folder)["problems"] == []
        assert build(documents, folder).unchanged == len(documents)
