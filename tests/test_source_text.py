"""Rules for every file: ASCII code, no host of a package registry, clean data; and a few for the library's code."""

from __future__ import annotations

import ast
import re
import subprocess
import unicodedata
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SKIPPED = frozenset({".git", ".venv", "node_modules", "dist", "build", "__pycache__", "_built", "demo"})
HOSTS = re.compile(
    "|".join(
        re.escape(first + "." + last)
        for first, last in (
            ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("deb.debian", "org"),
            ("huggingface", "co"), ("hf", "co"), ("anaconda", "org"), ("crates", "io"), ("jsdelivr", "net"),
            ("unpkg", "com"), ("cdnjs.cloudflare", "com"),
        )
    )
)  # fmt: skip
MAXIMUM_LINES = 400
VOWELS = re.compile("[\u064b-\u0652]")
"""Left out of the NFC law: morphology writes the shadda before its vowel, as every Arabic keyboard does."""
BIDI = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")


@cache
def tracked() -> tuple[Path, ...]:
    """The files of the project: those git knows, or all where there is no git."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z"]
    if (ROOT / ".git").exists():
        listed = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8").stdout
        names = [ROOT / name for name in listed.split("\0") if name]
        return tuple(path for path in names if path.is_file())
    return tuple(p for p in ROOT.rglob("*") if p.is_file() and not SKIPPED & set(p.relative_to(ROOT).parts))


def files(*suffixes: str, under: str = "") -> list[Path]:
    folder = ROOT / under
    return [path for path in tracked() if path.suffix in suffixes and folder in (path, *path.parents)]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", files(".py"), ids=relative)
def test_code_is_ascii(path: Path) -> None:
    data = path.read_bytes()
    wrong = [number for number, line in enumerate(data.split(b"\n"), 1) if not line.isascii()]
    assert not wrong, f"{relative(path)}: lines {wrong[:5]} are not ASCII; words belong into data files"


@pytest.mark.parametrize("path", files(".py", under="kg"), ids=relative)
def test_library_code(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    assert lines <= MAXIMUM_LINES, f"{relative(path)} has {lines} lines; divide it"
    for node in ast.walk(ast.parse(text)):
        where = f"{relative(path)}:{getattr(node, 'lineno', 0)}"
        assert not isinstance(node, ast.Assert), f"{where}: assert in the library; raise an error of kg.errors"
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            last = node.body[-1]
            raises_on = isinstance(last, ast.Raise) and last.exc is None
            assert raises_on or caught not in ("everything", "Exception", "BaseException"), f"{where}: catches {caught}"
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "print":
            assert "cli" in path.parts, f"{where}: print outside kg.cli"


def is_text(path: Path) -> bool:
    return b"\0" not in path.read_bytes()[:4096]


def test_no_registry_host_is_named() -> None:
    found = []
    for path in tracked():
        if is_text(path) and "static" not in path.parts:
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                if HOSTS.search(line):
                    found.append(f"{relative(path)}:{number}")
    assert not found


@pytest.mark.parametrize("path", files(".tsv", ".yaml", ".ttl", ".rq", under="ontology"), ids=relative)
def test_data_is_clean(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", VOWELS.sub("", text))
    assert not BIDI.search(text), "a bidi control"
    assert "\r" not in text
    assert text.endswith("\n")


def test_the_lock_pins_and_hashes_everything() -> None:
    for name in ("requirements.lock", "requirements-check.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        heads = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert heads
        assert all("==" in line for line in heads)
        assert text.count("--hash=sha256:") >= len(heads)


def test_the_lock_is_light_and_whole() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {line.split("==")[0] for line in text.splitlines() if "==" in line}
    assert not locked & {"torch", "transformers", "pandas", "scikit-learn", "numpy", "scipy"}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = re.findall(
        r'^    "([a-z0-9-]+)[>=<]', project.partition("\ndependencies = [")[2].partition("]")[0], re.MULTILINE
    )
    assert len(declared) >= 10
    assert set(declared) <= locked


def test_every_import_is_declared() -> None:
    """What kg imports at run time is in pyproject.toml, as a dependency or in an extra."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[project.scripts]")[0]
    names = {"yaml": "pyyaml", "pycrfsuite": "python-crfsuite"}
    found = set()
    for path in files(".py", under="kg"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = (
                [a.name for a in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", None) or ""]
            )
            if isinstance(node, ast.Import | ast.ImportFrom):
                found |= {module.split(".")[0] for module in modules}
    import sys

    third_party = found - set(sys.stdlib_module_names) - {"kg", ""}
    missing = [m for m in third_party if names.get(m, m.replace("_", "-").lower()) not in project]
    assert not missing, f"imported and not declared: {missing}"
