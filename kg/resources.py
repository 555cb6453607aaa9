"""Where the project's own data lies: ``ontology/`` beside the code in a checkout, inside the package in a wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

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
