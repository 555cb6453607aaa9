"""Paths, folders, globs and standard input, as a stream of named byte sources."""

from __future__ import annotations

import glob
import gzip
import io
import lzma
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from kg.errors import InputError, MissingExtra, UnreadableInput, UnsupportedInput

Format = Literal["text", "html", "jsonl", "json", "csv"]
FORMATS: dict[str, Format] = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
}
INDEX = "index.json"
"""Metadata of the files beside it; never an article itself."""
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Place:
    """One file, or standard input where ``path`` is None."""

    path: Path | None

    @property
    def name(self) -> str:
        """How messages call it."""
        return str(self.path) if self.path else "standard input"

    @property
    def format(self) -> Format | None:
        """What the suffix says, without the suffix of a compression."""
        if self.path is None:
            return None
        suffixes = [suffix.lower() for suffix in self.path.suffixes]
        if suffixes and suffixes[-1] in _COMPRESSED:
            suffixes.pop()
        return FORMATS.get(suffixes[-1]) if suffixes else None


def places(paths: list[str]) -> Iterator[Place | InputError]:
    """Yield every place that ``paths`` name, in a stable order, each once; an error for a path without any."""
    seen: set[str] = set()
    for path in paths:
        found = False
        for place in _expand(path):
            found = True
            key = os.path.realpath(place.path) if place.path else STDIN
            if key not in seen:
                seen.add(key)
                yield place
        if not found:
            yield _nothing(path)


def _expand(path: str) -> Iterator[Place]:
    if path == STDIN:
        yield Place(None)
    elif os.path.isdir(path):  # noqa: PTH112 - a path of the user may be any string
        yield from _walk(path)
    elif os.path.exists(path):  # noqa: PTH110
        yield Place(Path(path))
    elif glob.has_magic(path):
        for name in sorted(glob.glob(path, recursive=True)):  # noqa: PTH207 - absolute patterns too
            yield from _expand(name)


def _walk(folder: str) -> Iterator[Place]:
    """Files of a readable kind, hidden ones and indexes left out; links to folders are not followed."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            place = Place(Path(root, name))
            if not name.startswith(".") and name != INDEX and place.format:
                yield place


def _nothing(path: str) -> InputError:
    if os.path.isdir(path):  # noqa: PTH112
        return UnsupportedInput(f"{path}: no article in this folder; kg reads {' '.join(FORMATS)}")
    if glob.has_magic(path):
        return InputError(f"{path}: the pattern matches no file")
    return InputError(f"{path}: no such file or folder")


def _open_zst(stream: BinaryIO) -> BinaryIO:
    try:
        import zstandard
    except ImportError:
        raise MissingExtra("reading .zst needs one more package: pip install 'sanad-kg[zstd]'") from None
    reader = zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True)
    return io.BufferedReader(cast("io.RawIOBase", reader))


def _damage() -> tuple[type[Exception], ...]:
    """What reading a damaged file raises; the package for .zst is there only once one was opened."""
    known = (OSError, EOFError, lzma.LZMAError, zlib.error)
    package = sys.modules.get("zstandard")
    return (*known, package.ZstdError) if package else known


_COMPRESSED: dict[str, Callable[[BinaryIO], BinaryIO]] = {
    ".gz": lambda stream: cast("BinaryIO", gzip.GzipFile(fileobj=stream)),
    ".xz": lambda stream: cast("BinaryIO", lzma.LZMAFile(stream)),  # noqa: SIM115 - the caller closes the file
    ".zst": _open_zst,
}


@contextmanager
def opened(place: Place) -> Iterator[BinaryIO]:
    """The bytes of a place, decompressed; what goes wrong while reading becomes an UnreadableInput."""
    try:
        if place.path is None:
            yield sys.stdin.buffer
            return
        with place.path.open("rb") as raw:
            unpack = _COMPRESSED.get(place.path.suffix.lower())
            yield unpack(raw) if unpack else raw
    except _damage() as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableInput(f"{place.name}: {reason}") from error


def read_all(stream: BinaryIO, limit: int, name: str) -> bytes:
    """All bytes, if they are not more than ``limit``; a small packed file may hold a huge one."""
    data = stream.read(limit + 1)
    while data and len(data) <= limit and (more := stream.read(limit + 1 - len(data))):
        data += more
    if len(data) > limit:
        raise UnreadableInput(f"{name}: more than {limit:,} bytes; articles are shorter (see --max-bytes)")
    return data


def lines(stream: BinaryIO, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines; None stands for a line longer than ``limit``, whose rest is skipped."""
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) <= limit:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(limit + 1)
        yield number, None
