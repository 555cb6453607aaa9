"""The documents tell the truth: commands run, Python runs, links lead somewhere, every command is described."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kg import cli

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)\)")
PATH = re.compile(r"`((?:kg|ontology|tests|docs|examples|tools)/[\w./-]+)`")


def blocks(path: Path, language: str) -> list[str]:
    return [text for name, text in BLOCK.findall(path.read_text(encoding="utf-8")) if name == language]


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder with a ``kg`` in the PATH that runs this checkout."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "bin").mkdir()
    command = folder / "bin" / "kg"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg.cli "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return folder, {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}


def test_the_readme_runs(workplace: tuple[Path, dict[str, str]]) -> None:
    """Its shell block, then its Python block, which goes on where the first ended."""
    folder, environment = workplace
    first, shell = blocks(ROOT / "README.md", "shell")
    assert first.splitlines()[0].startswith("make demo")
    done = subprocess.run(["/bin/sh", "-e", "-c", shell], cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
    out = done.stdout.decode("utf-8")
    for expected in ("Thabet al-Abbasi", "attacked", "articles\t1", "mohammed-shia-al-sudani"):
        assert expected in out
    assert (folder / "graph" / "graph.html").exists()
    assert (folder / "graph.nq").read_bytes().count(b"\n") > 50
    (python,) = blocks(ROOT / "README.md", "python")
    done = subprocess.run([sys.executable, "-c", python], cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
    assert "says Thabet al-Abbasi" in done.stdout.decode("utf-8")
    assert len([line for line in python.splitlines() if line.strip()]) <= 25


def test_every_command_is_described() -> None:
    usage = (ROOT / "docs" / "usage.md").read_text(encoding="utf-8")
    for name, _, _ in cli._COMMANDS:
        assert f"`kg {name}" in usage, f"docs/usage.md does not tell of kg {name}"


def test_commands_in_documents_exist() -> None:
    known = {name for name, _, _ in cli._COMMANDS}
    for path in DOCUMENTS:
        for name in re.findall(r"(?:^|`|; )kg ([a-z]+)(?= |`|$)", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert name in known, f"{path.name}: kg {name}"


def test_options_in_documents_exist() -> None:
    """Every ``--option`` after ``kg`` in a code block is one of the commands'."""
    from typer.main import get_command

    options = {"--help", "--version"}
    for command in get_command(cli.app).commands.values():  # type: ignore[attr-defined]
        options |= {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts}
    for path in DOCUMENTS:
        for _, text in BLOCK.findall(path.read_text(encoding="utf-8")):
            for line in text.splitlines():
                if line.startswith("kg "):
                    assert set(re.findall(r"(?<= )--[a-z-]+", line)) <= options, f"{path.name}: {line}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_paths_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for link in LINK.findall(text):
        if "://" not in link:
            assert (path.parent / link).exists(), f"{path.name}: {link}"
    made_up = {"ontology/queries/trainers.rq"}
    for name in PATH.findall(text):
        if name not in made_up and "NN" not in name:
            assert (ROOT / name).exists(), f"{path.name}: {name}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_lines_are_short_enough_to_review(path: Path) -> None:
    long = [n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if len(line) > 160]
    assert not long


def test_the_changelog_knows_this_version() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.+)"$', project, re.MULTILINE)
    assert version is not None
    assert f"\n## {version[1]}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_make_has_the_targets_that_are_promised() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test", "lint", "bench", "clean"):
        assert re.search(rf"^{target}:", text, re.MULTILINE)
