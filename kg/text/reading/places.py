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
from typing import Any, BinaryIO, Literal, cast

from kg.errors import InputError, MissingExtra, UnreadableInput, UnsupportedInput
from kg.extras import install

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
_PIECE = 256
"""Bytes of a .zst that are unpacked at once: no more than 8 MB can come of them."""


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
        raise MissingExtra("reading .zst needs one more package: " + install("zstd")) from None
    return io.BufferedReader(_Frames(stream, lambda: zstandard.ZstdDecompressor().decompressobj()))


class _Frames(io.RawIOBase):
    """The frames of a .zst file, one after another; a cut one is told, where the package itself is silent."""

    def __init__(self, packed: BinaryIO, begin: Callable[[], Any]) -> None:
        self._packed, self._begin = packed, begin
        self._frame: Any = None
        self._rest = b""
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` with what is unpacked; 0 at the end."""
        while not self._ready:
            piece = self._rest or self._packed.read(_PIECE)
            if not piece:
                if self._frame:
                    raise EOFError("the file ends before its last frame does")
                return 0
            frame = self._frame or self._begin()
            self._ready = memoryview(frame.decompress(piece))
            self._rest = frame.unused_data
            self._frame = None if frame.eof else frame
        whole = memoryview(buffer)
        size = min(len(whole), len(self._ready))
        whole[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size


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
