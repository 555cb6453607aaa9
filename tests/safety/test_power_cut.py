"""The power goes in the middle of every write of a build: the same command again makes the graph whole."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.graph.folder import GraphFolder
from tests.graph.build import analyses, background
from tests.hostile import tried
from tests.safety.disk import Change, Disk, How, record

pytestmark = pytest.mark.skipif(
    shutil.which("strace") is None, reason="cuts are made with strace (a package of Debian)"
)
ROOT = Path(__file__).parents[2]
WRITER = """
import os, sys
from pathlib import Path
from kg.graph.folder import GraphFolder
from tests.graph.build import analyses, background
with GraphFolder.open(Path(sys.argv[1])) as folder:
    for analysis in analyses():
        folder.add(analysis, background())
        folder.remove(analysis.document.id)
        folder.add(analysis, background())
        os.write(1, f"ack added {analysis.document.id.encode().hex()}\\n".encode())
    folder.finish()
    for name in folder.store.articles():
        os.write(1, f"ack finished {name.encode().hex()}\\n".encode())
    folder.store.rewrite()
"""


@dataclass(frozen=True, slots=True)
class Build:
    """A build, write by write, and what it ends in."""

    folder: Path
    changes: list[Change]
    quads: bytes
    files: dict[str, bytes]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    place = tmp_path_factory.mktemp("power")
    changes = record(WRITER, place / "graph", place / "log", ROOT)
    with GraphFolder.open(place / "graph", read_only=True) as folder:
        quads = folder.store.nquads()
    return Build(place / "graph", changes, quads, texts(place / "graph"))


def texts(folder: Path) -> dict[str, bytes]:
    """Every file but those of the store and the index, which differ in bytes and not in what they say."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(("store/", "search.db"))}


def repaired(path: Path, build: Build, promised: set[str]) -> set[str]:
    """Build again in what the cut left; the promised articles that were gone."""
    with GraphFolder.open(path) as folder:
        if folder.is_finished and folder.store.articles():
            assert (path / "graph.trig").read_bytes() == folder.store.trig()
            assert folder.find("Ain al-Asad")
        present = {name.encode().hex() for name in folder.store.articles()}
        for analysis in analyses():
            if not folder.is_current(analysis.document, analysis.version):
                folder.add(analysis, background())
        folder.finish()
        assert folder.store.nquads() == build.quads
        assert folder.find("Ain al-Asad")
    assert texts(path) == build.files
    return promised - present


@pytest.mark.parametrize("how", ["kill", "torn", "power"])
def test_a_cut_after_every_write(build: Build, how: How, tmp_path: Path) -> None:
    """After every write with KG_SLOW=1, else after every thirteenth.

    An article that was added stays when the process dies; when the power goes, once the build has finished. Until
    then the store leaves it to the system when to write, for to sync after each article would take far longer.
    """
    step = 1 if os.environ.get("KG_SLOW") == "1" else 13
    kept = "finished" if how == "power" else "added"
    assert len(build.changes) > 200
    for cut in range(0, len(build.changes) + 1, step):
        path = tmp_path / str(cut)
        disk = Disk(build.folder, build.changes[:cut])
        disk.write(path, how)
        promised = {name.partition(" ")[2] for name in disk.promised if name.startswith(kept)}
        assert repaired(path, build, promised) == set(), f"cut {cut} of {len(build.changes)}"
        shutil.rmtree(path)
        tried()
