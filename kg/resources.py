"""Where the project's own data lies: ``ontology/`` beside the code in a checkout, inside the package in a wheel."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from kg.errors import KgError

PACKAGE = Path(__file__).resolve().parent


@cache
def ontology_root() -> Path:
    """The folder ``ontology/``: the checkout's own first, else the copy shipped in the package.

    >>> ontology_root().name
    'ontology'
    """
    for folder in (PACKAGE.parent / "ontology", PACKAGE / "ontology"):
        if (folder / "lexicon").is_dir():
            return folder
    raise KgError(f"{PACKAGE}: the folder ontology/ is missing; install the package again")


def ontology_path(*parts: str) -> Path:
    """The path of a file or folder of ``ontology/``, whether it exists or not.

    >>> ontology_path("lexicon", "README.md").name
    'README.md'
    """
    return ontology_root().joinpath(*parts)


def package_path(*parts: str) -> Path:
    """The path of a file shipped inside the package ``kg`` itself, such as ``view/static``."""
    return PACKAGE.joinpath(*parts)


def tree_hash(root: Path, skipped: frozenset[str] = frozenset({"__pycache__"})) -> dict[str, Any]:
    """Count and hash of the files under a folder: names and contents, in order of name."""
    paths = sorted(
        (path.relative_to(root).as_posix(), path)
        for path in root.rglob("*")
        if path.is_file() and not skipped & set(path.relative_to(root).parts)
    )
    whole = hashlib.sha256()
    for name, path in paths:
        whole.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode("utf-8", "surrogateescape"))
    return {"files": len(paths), "sha256": whole.hexdigest()}


@cache
def knowledge_hash() -> str:
    """Eight digits that change with the words, rules and weights an analysis is made of.

    >>> len(knowledge_hash())
    8
    """
    whole = hashlib.sha256()
    for name in ("lexicon", "models", "morphology", "rules"):
        whole.update(tree_hash(ontology_path(name))["sha256"].encode("ascii"))
    return whole.hexdigest()[:8]
