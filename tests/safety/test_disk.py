"""A full disk and a folder that may only be read: told in one line, and the next build goes on from there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.graph.check import check
from kg.graph.folder import GraphFolder
from tests.hostile import tried

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "examples" / "truce" / "articles" / "01.txt"
SIZES = (280, 500, 1000, 3000) if os.environ.get("KG_SLOW") != "1" else (*range(20, 1500, 70), 3000)
"""Kilobytes of the disk; the last is enough."""


def alone(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script with mounts of its own, which need no rights and are gone when it ends."""
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "KG": f"{sys.executable} -m kg.cli"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def may_mount(tmp_path: Path) -> bool:
    return shutil.which("unshare") is not None and not alone('mount -t tmpfs t "$1"', str(tmp_path)).returncode


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("disk")
    if not may_mount(made):
        pytest.skip("a small disk is made with unshare and mount, which are not allowed here")
    return made


@pytest.fixture(scope="module")
def graph(place: Path) -> Path:
    assert build(place / "graph").returncode == 0
    return place / "graph"


def build(out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kg.cli", "build", str(ARTICLES), "--out", str(out)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def told_in_one_line(done: subprocess.CompletedProcess[str]) -> bool:
    """The message of an error is one line of kg's, and no traceback."""
    *_, last = done.stderr.strip().splitlines()
    return done.returncode == 1 and "Traceback" not in done.stderr and last.startswith("kg: ")


FULL = """
mount -t tmpfs -o size="$2"k t "$1"
$KG build "$4" --out "$1/graph"; code=$?
cp -a "$1/." "$3"
exit $code
"""


def test_a_disk_that_is_full_at_any_moment(place: Path, graph: Path) -> None:
    with GraphFolder.open(graph, read_only=True) as folder:
        expected = folder.store.nquads()
    (place / "small").mkdir()
    failed = 0
    for size in SIZES:
        left = place / f"left-{size}"
        done = alone(FULL, str(place / "small"), str(size), str(left), str(ARTICLES))
        if done.returncode:
            assert told_in_one_line(done), f"{size} kB: {done.stderr[-1500:]}"
            failed += 1
        again = build(left / "graph")
        assert again.returncode == 0, f"{size} kB: {again.stderr[-1500:]}"
        with GraphFolder.open(left / "graph", read_only=True) as folder:
            assert folder.store.nquads() == expected
            assert check(folder) == []
            assert folder.find("Taiz")
        shutil.rmtree(left)
        tried()
    assert 2 < failed < len(SIZES)


READ_ONLY = """
mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && "$@"
"""


@pytest.mark.parametrize(
    ("arguments", "works"),
    [
        (("query", "GRAPH", "attacks"), True),
        (("find", "GRAPH", "Taiz"), True),
        (("verify", "GRAPH"), True),
        (("check", "GRAPH"), True),
        (("export", "GRAPH", "--format", "nquads"), True),
        (("report", "GRAPH", "--out", "OUT/report.html"), True),
        (("view", "GRAPH", "--out", "OUT/page.html"), True),
        (("build", "ARTICLES", "--out", "GRAPH"), False),
        (("remove", "GRAPH", "x"), False),
        (("view", "GRAPH"), False),
        (("export", "GRAPH", "--format", "csv", "--out", "GRAPH/tables"), False),
    ],
    ids=str,
)
def test_a_graph_that_may_only_be_read(place: Path, graph: Path, arguments: tuple[str, ...], works: bool) -> None:
    out = place / "out"
    out.mkdir(exist_ok=True)
    before = {path: path.read_bytes() for path in graph.rglob("*") if path.is_file()}
    names = {"GRAPH": str(graph), "OUT": str(out), "ARTICLES": str(ARTICLES)}
    words = ["/".join(names.get(part, part) for part in word.split("/")) for word in arguments]
    done = alone(READ_ONLY, str(graph), sys.executable, "-m", "kg.cli", *words)
    assert done.returncode == 0 if works else told_in_one_line(done), done.stderr[-1500:]
    assert {path: path.read_bytes() for path in graph.rglob("*") if path.is_file()} == before
