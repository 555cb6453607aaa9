"""The wheel: what it holds, and that a fresh install analyses at once, without writing into the home folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("build")
pytest.importorskip("hatchling")

ROOT = Path(__file__).resolve().parents[1]
ARTICLE = Path(__file__).parent / "text" / "cases" / "read" / "byline.txt"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as a release is: first the sdist, then the wheel from the sdist alone."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that holds the wheel; what kg depends on is lent by the one that runs the tests."""
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    site = sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
    Path(site, "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home folder in which nothing may be written."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o555)
    yield folder
    assert list(folder.iterdir()) == []


def run(installed: Path, home: Path, *arguments: str) -> tuple[str, float]:
    """What ``kg`` prints in a bare environment, and the CPU seconds it took."""
    python = installed / "bin" / "python"
    before = os.times()
    done = subprocess.run(
        [str(python), "-W", "error", "-m", "kg.cli", *arguments],
        cwd=home.parent,
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return done.stdout, used


def test_the_wheel_holds_code_data_and_the_database_and_no_more(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"kg"}
    for name in (
        "ontology/kg.ttl",
        "_built/morphology/stems.tsv",
        "view/static/page.html",
        "view/static/yasgui/LICENSE",
    ):
        assert f"kg/{name}" in names
    assert wheel.stat().st_size < 10_000_000


def test_the_same_sources_give_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, with other times, rights and order of sets, the sdist gives the same wheel."""
    (sdist,) = wheel.parent.glob("*.tar.gz")
    with tarfile.open(sdist) as packed:
        packed.extractall(tmp_path, filter="data")
    (root,) = tmp_path.iterdir()
    for path in root.rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            os.utime(path, (1_000_000_000, 1_000_000_000))
    command = [
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "--wheel",
        "--outdir",
        str(tmp_path / "dist"),
        str(root),
    ]
    subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": "2"})
    (again,) = (tmp_path / "dist").iterdir()
    assert again.read_bytes() == wheel.read_bytes()


def test_the_container_is_made_of_what_is_here() -> None:
    """No daemon runs here; its steps are those of ``make``, and its bases have plain names."""
    text = (ROOT / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    steps = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]
    bases = {words.split()[0] for step, words in steps if step == "FROM"}
    assert bases == {"python:3.13-slim"}
    (run,) = (words for step, words in steps if step == "RUN")
    assert "--no-deps --require-hashes -r requirements.lock" in run
    assert "--no-index ." in run
    ends = [words for step, words in steps if step in ("USER", "ENTRYPOINT")]
    assert ends == ["nobody", '["kg"]']


def test_a_fresh_install_analyses_and_leaves_the_home_folder_alone(installed: Path, home: Path) -> None:
    out, _ = run(installed, home, "analyse", str(ARTICLE))
    assert json.loads(out)["entities"]
    where, _ = run(installed, home, "--version")
    assert where.startswith("kg ")


def test_it_is_the_install_that_runs(installed: Path) -> None:
    code = "import kg.language.almor.build as b; print(b.database_folder() == b.BUILT, b.BUILT)"
    done = subprocess.run(
        [str(installed / "bin" / "python"), "-c", code], cwd=installed, capture_output=True, text=True, check=True
    )
    found, _, path = done.stdout.strip().partition(" ")
    assert found == "True"
    assert path.startswith(str(installed))


def test_it_starts_quickly(installed: Path, home: Path) -> None:
    run(installed, home, "--version")
    _, used = run(installed, home, "--version")
    assert used < 1.0
