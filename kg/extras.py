"""How to install what a profile needs: the project is on no package index."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires

from kg.resources import PACKAGE

_OF_EXTRA = re.compile(r"""^(?P<what>[^;]+?)\s*;.*\bextra\s*==\s*["'](?P<extra>[\w-]+)["']""")


def install(extra: str) -> str:
    """The command that brings the packages of an extra: out of the checkout that runs, else by their names.

    >>> install("llm").startswith("pip install '")
    True
    """
    checkout = PACKAGE.parent
    if (checkout / "pyproject.toml").is_file():
        return f"pip install '{checkout}[{extra}]'"
    return "pip install " + " ".join(f"'{what}'" for what in needed(extra))


def needed(extra: str) -> list[str]:
    """The requirements of an extra as the installed package states them."""
    try:
        stated = requires("sanad-kg") or []
    except PackageNotFoundError:
        return []
    found = (_OF_EXTRA.match(line) for line in stated)
    return [match["what"] for match in found if match is not None and match["extra"] == extra]
