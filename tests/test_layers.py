"""Imports point one way, and the stages of the text layer do not know each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LEVELS = (
    ("errors",),
    ("resources",),
    ("extras",),
    ("datamodel",),
    ("vocabulary",),
    ("language",),
    ("text",),
    ("graph",),
    ("view", "pipeline"),
    ("models",),
    ("scale",),
    ("build", "find", "check", "evaluate", "server"),
    ("train",),
    ("cli",),
)
"""From the bottom; a module imports from lower levels and from its own package only."""
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names}
MODULES = sorted(path for path in (ROOT / "kg").rglob("*.py") if path != ROOT / "kg" / "__init__.py")
HEAVY = frozenset("torch transformers pandas sklearn numpy scipy dask pyspark httpx onnxruntime tokenizers".split())


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for name in node.names:
                inner = ROOT / Path(*(node.module or "").split(".")) / f"{name.name}.py"
                package = ROOT / Path(*(node.module or "").split("."), name.name, "__init__.py")
                is_module = inner.exists() or package.exists()
                yield f"{node.module}.{name.name}" if is_module else node.module or ""
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def own(path: Path) -> list[str]:
    return list(path.relative_to(ROOT / "kg").with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    top = own(path)[0]
    assert top in LEVEL, f"kg/{top} is new: give it a level in {Path(__file__).name}"
    for name in imported(path):
        parts = name.split(".")
        if parts[0] != "kg" or len(parts) == 1 or parts[1] == top:
            continue
        assert LEVEL[parts[1]] < LEVEL[top], f"{path.relative_to(ROOT)} imports {name}, which stands above or beside it"


def stage(name: str) -> str:
    """``timex_resolve`` is part of ``timex``, ``reading`` of ``read``."""
    return {"reading": "read"}.get(name, name.partition("_")[0])


@pytest.mark.parametrize(
    "path", [p for p in MODULES if own(p)[0] == "text"], ids=lambda path: str(path.relative_to(ROOT))
)
def test_stages_do_not_import_each_other(path: Path) -> None:
    mine = stage(own(path)[1])
    for name in imported(path):
        parts = name.split(".")
        if parts[:2] == ["kg", "text"] and len(parts) > 2:
            assert stage(parts[2]) == mine, (
                f"{path.relative_to(ROOT)} imports {name}; what stages share is in kg.language"
            )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_heavy_at_the_top(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    names = {
        name.split(".")[0]
        for node in body
        for name in (
            [a.name for a in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", None) or ""]
        )
    }
    assert not names & HEAVY


def test_the_levels_name_what_exists() -> None:
    found = {own(path)[0] for path in MODULES}
    assert found <= LEVEL.keys()
    assert len(MODULES) > 40
