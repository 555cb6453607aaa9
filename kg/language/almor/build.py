"""Builds the database once for each state of ``ontology/``, atomically, and says where it lies.

The package build calls ``build_package`` (a hatch hook); a working copy builds on first use into the cache.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from kg.language.almor.database import database_text
from kg.language.almor.inflect import Stem, stems
from kg.language.almor.lexemes import Lexeme, read_lexemes
from kg.language.almor.names import name_lexemes
from kg.resources import ontology_root, package_path

BUILT = package_path("_built", "morphology")
FRAME, STEMS, STAMP = "frame.db", "stems.tsv", "stamp"
KEPT = 4
IN_USE = 3600.0
"""Seconds after its last opening in which a database is left alone, however many there are."""


def cache_folder() -> Path:
    """Where kg keeps what it can build again; a private temporary folder if home is not writable."""
    named = os.environ.get("XDG_CACHE_HOME")
    folder = (Path(named) if named else Path.home() / ".cache") / "kg"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"kg-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def sources(folder: Path) -> list[Path]:
    """Every file that the database is made of."""
    grammar = sorted(Path(__file__).resolve().parent.glob("*.py"))
    return [*grammar, *sorted((folder / "morphology").glob("*.tsv")), *sorted((folder / "lexicon").glob("*.tsv"))]


def fingerprint(folder: Path) -> str:
    """A hash over all sources."""
    state = hashlib.sha256()
    for path in sources(folder):
        data = path.read_bytes()
        state.update(f"{path.name} {len(data)}\n".encode())
        state.update(data)
    return state.hexdigest()[:16]


def entries(folder: Path) -> list[tuple[Lexeme, Stem]]:
    """The stems of the rows of ``morphology/*.tsv`` and of the names of ``lexicon/*.tsv``."""
    rows = [lexeme for path in sorted((folder / "morphology").glob("*.tsv")) for lexeme in read_lexemes(path)]
    found = [(lexeme, stem) for lexeme in rows for stem in stems(lexeme)]
    known = {stem.key for lexeme, stem in found if lexeme.pos != "PROPN"}
    known |= {stem.key + "h" for lexeme, stem in found if "Nh" in stem.suffixes}
    names = name_lexemes(folder / "lexicon", known)
    return found + [(lexeme, stem) for lexeme in names for stem in stems(lexeme)]


def write(target: Path, folder: Path, stamp: str) -> None:
    """Write the database into ``target``; the folder appears complete or not at all."""
    frame, lines = database_text(entries(folder))
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=target.name, dir=target.parent))
    try:
        for name, text in ((FRAME, frame), (STEMS, lines), (STAMP, stamp + "\n")):
            (draft / name).write_text(text, encoding="utf-8", newline="\n")
        try:
            draft.rename(target)
        except OSError:
            if not (target / STAMP).exists():
                raise
    finally:
        if draft.exists():
            shutil.rmtree(draft)


def build_package() -> Path:
    """Build into the package folder, replacing what is there; called while the wheel is made."""
    folder = ontology_root()
    if BUILT.exists():
        shutil.rmtree(BUILT)
    write(BUILT, folder, fingerprint(folder))
    return BUILT


def database_folder() -> Path:
    """The folder of a database that matches the sources, built now if there is none."""
    folder = ontology_root()
    stamp = fingerprint(folder)
    if (BUILT / STAMP).is_file() and (BUILT / STAMP).read_text(encoding="utf-8").strip() == stamp:
        return BUILT
    target = cache_folder() / f"morphology-{stamp}"
    if not (target / STAMP).is_file():
        write(target, folder, stamp)
        _forget_old(target.parent)
    with suppress(OSError):  # a cache that is read-only is used all the same
        os.utime(target / STAMP)
    return target


def _forget_old(parent: Path) -> None:
    """Keep the databases used last, and any that a process may be opening now."""
    built = sorted((p for p in parent.glob("morphology-*") if (p / STAMP).is_file()), key=_used)
    for folder in built[:-KEPT]:
        if time.time() - _used(folder) > IN_USE:
            shutil.rmtree(folder, ignore_errors=True)


def _used(folder: Path) -> float:
    return (folder / STAMP).stat().st_mtime


def export(target: Path) -> None:
    """One file in camel-tools' format, for other programs."""
    built = database_folder()
    frame = (built / FRAME).read_text(encoding="utf-8")
    lines = (built / STEMS).read_text(encoding="utf-8")
    head, mark, tail = frame.partition("###TABLE AB###")
    target.write_text(head + lines + mark + tail, encoding="utf-8", newline="\n")
