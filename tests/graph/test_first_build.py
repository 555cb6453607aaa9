"""A first build loads its articles at once: the same graph as one by one, whatever stops it and whoever looks at it."""

from __future__ import annotations

import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg.datamodel import Document
from kg.graph.aside import Aside
from kg.graph.folder import GraphFolder
from kg.graph.lifted import Lifted
from kg.scale.work import lifted
from kg.text.read import read

ROOT = Path(__file__).parents[2]
FILES = ("graph.trig", "merges.tsv", "united.json")
BUILDER = """
import pickle
import sys
from pathlib import Path
from kg.graph.folder import GraphFolder
found = pickle.loads(Path(sys.argv[2]).read_bytes())
print("ready", flush=True)
with GraphFolder.open(Path(sys.argv[1])) as folder:
    for each in found:
        if not folder.is_current(each.graph.document, each.version):
            folder.lay_down(each)
    folder.finish()
"""


@pytest.fixture(scope="module")
def articles() -> list[Lifted]:
    return [lifted(kg.analyse, each) for each in read([ROOT / "examples"]) if isinstance(each, Document)]


@pytest.fixture
def one_by_one(articles: list[Lifted], tmp_path: Path) -> Path:
    with GraphFolder.open(tmp_path / "slow") as folder:
        for each in articles:
            folder.add_lifted(each)
        folder.finish()
        assert len(folder.resolution()[1].merges) > 5
    return tmp_path / "slow"


@pytest.fixture
def laid(articles: list[Lifted], tmp_path: Path) -> GraphFolder:
    folder = GraphFolder.open(tmp_path / "fast")
    for each in articles:
        folder.lay_down(each)
    return folder


def what(path: Path) -> list[bytes]:
    with GraphFolder.open(path, read_only=True) as folder:
        hits = folder.find("al", limit=10_000)
        return [folder.store.nquads(), repr(hits).encode("utf-8"), *((path / name).read_bytes() for name in FILES)]


def test_at_once_is_as_one_by_one(one_by_one: Path, laid: GraphFolder) -> None:
    with laid:
        laid.finish()
        assert laid.is_finished
    assert what(laid.path) == what(one_by_one)
    assert sorted(path.name for path in laid.path.iterdir()) == sorted(path.name for path in one_by_one.iterdir())


def test_a_second_process_changes_nothing(one_by_one: Path, laid: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.graph.folder._MANY", 1)
    with laid:
        laid.finish(jobs=2)
    assert what(laid.path) == what(one_by_one)


def dies_elsewhere(home: int) -> int:
    if os.getpid() != home:
        os._exit(9)
    return home


def test_what_was_set_aside_is_done_here_if_its_process_dies() -> None:
    with Aside(wanted=True) as aside:
        answers = [aside.start(dies_elsewhere, os.getpid()) for _ in range(2)]
        assert [answer() for answer in answers] == [os.getpid()] * 2
        assert aside.start(dies_elsewhere, os.getpid())() == os.getpid()


def test_whoever_asks_for_the_store_gets_the_articles(
    articles: list[Lifted], laid: GraphFolder, tmp_path: Path
) -> None:
    with laid, GraphFolder.open(tmp_path / "other") as other:
        for each in articles:
            assert laid.is_current(each.graph.document, each.version)
            assert not laid.is_current(each.graph.document, "another version")
            other.add_lifted(each)
        with GraphFolder.open(laid.path, read_only=True) as reader:
            assert len(reader.store) == 0
        assert laid.store.nquads() == other.store.nquads()
        assert not (laid.path / "laid").exists()


@pytest.mark.parametrize("reopened", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        lambda folder, one: folder.remove(one.graph.document.id),
        lambda folder, one: folder.add_lifted(one),
        lambda folder, one: folder.lay_down(one),
    ],
)
def test_a_change_before_the_end(
    articles: list[Lifted],
    one_by_one: Path,
    laid: GraphFolder,
    change: Callable[[GraphFolder, Lifted], object],
    reopened: bool,
) -> None:
    if reopened:
        laid.__exit__(None, None, None)
        laid = GraphFolder.open(laid.path)
    with laid, GraphFolder.open(one_by_one) as slow:
        for folder in (laid, slow):
            change(folder, articles[0])
            folder.finish()
    assert what(laid.path) == what(one_by_one)


def test_a_text_whose_analysis_was_not_written_is_left_to_the_next_build(
    articles: list[Lifted], laid: GraphFolder
) -> None:
    first = articles[0].graph.document
    with laid:
        path = next(p for p in (laid.path / "documents").iterdir() if f'"{first.id}"' in p.read_text(encoding="ascii"))
        path.write_text(path.read_text(encoding="ascii").replace('"text": "', '"text": "x'), encoding="ascii")
        assert first.id not in laid.store.articles()
        assert len(laid.store.articles()) == len(articles) - 1


def test_kills(articles: list[Lifted], one_by_one: Path, tmp_path: Path) -> None:
    expected, chance = what(one_by_one), random.Random(8)
    (tmp_path / "articles").write_bytes(pickle.dumps(articles))
    for turn in range(8):
        path = tmp_path / f"torn{turn}"
        for last in (False, False, True):
            builder = subprocess.Popen(
                [sys.executable, "-c", BUILDER, str(path), str(tmp_path / "articles")],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert builder.stdout is not None
            with builder, builder.stdout:
                assert builder.stdout.readline() == "ready\n"
                if not last:
                    time.sleep(chance.random() * 0.5)
                    builder.send_signal(signal.SIGKILL)
        assert builder.returncode == 0
        assert what(path) == expected
