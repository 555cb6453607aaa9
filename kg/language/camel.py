"""Imports camel-tools without network and without touching the home folder, and finds data the user fetched.

camel-tools reads a catalogue when it is imported, downloads it if there is none, and makes ``~/.camel_tools``.
So a minimal catalogue is shipped beside this file, and the variable points there unless the user has data.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from types import ModuleType

_CATALOGUE = Path(__file__).resolve().parent / "camel_catalogue"
_CHARSETS = "camel_tools.utils.charsets"
_LOCK = threading.Lock()


def user_data() -> Path | None:
    """The data folder of the user: the variable, or the one in the home folder, if it holds a catalogue."""
    named = os.environ.get("CAMELTOOLS_DATA")
    folder = Path(named).expanduser() if named else Path.home() / ".camel_tools"
    return folder if (folder / "catalogue.json").is_file() and folder != _CATALOGUE else None


@contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _assigned(stop: int) -> Iterator[int]:
    """All code points below ``stop`` but surrogates, private use and planes without characters."""
    if stop < 0x110000:
        return iter(range(stop))
    return chain(range(0xD800), range(0xF900, 0x40000), range(0xE0000, 0xE1000))


def _load_charsets() -> None:
    """Load its character sets, which it gathers in a loop over all of Unicode that takes most of a second.

    With ``range`` shadowed in that module the loop skips planes without characters and gathers the same sets.
    """
    spec = importlib.util.find_spec(_CHARSETS)
    if _CHARSETS in sys.modules or spec is None or spec.loader is None:
        return
    module = importlib.util.module_from_spec(spec)
    module.__dict__["range"] = _assigned
    sys.modules[_CHARSETS] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[_CHARSETS]
        raise
    del module.__dict__["range"]
    vars(importlib.import_module("camel_tools.utils"))["charsets"] = module


def _lend_editdistance() -> None:
    """The one C extension it imports has no wheel for Python 3.13; rapidfuzz counts the same."""
    if "editdistance" not in sys.modules and importlib.util.find_spec("editdistance") is None:
        from rapidfuzz.distance import Levenshtein

        lent = ModuleType("editdistance")
        vars(lent)["eval"] = Levenshtein.distance
        sys.modules["editdistance"] = lent


@cache
def camel(name: str) -> ModuleType:
    """A module of camel-tools: ``camel("morphology.database").MorphologyDB``.

    It makes its folder in the home it finds while it is imported: one that is gone a moment later.
    """
    with _LOCK:
        if "camel_tools.data" in sys.modules:
            return importlib.import_module(f"camel_tools.{name}")
        changes = {}
        if user_data() is None:
            changes["CAMELTOOLS_DATA"] = str(_CATALOGUE)
        with tempfile.TemporaryDirectory(prefix="kg-") as home:
            if not (Path.home() / ".camel_tools").exists():
                changes["HOME"] = changes["USERPROFILE"] = home
            return _imported(name, changes)


def _imported(name: str, changes: dict[str, str]) -> ModuleType:
    with _environment(changes):
        _load_charsets()
        _lend_editdistance()
        return importlib.import_module(f"camel_tools.{name}")
