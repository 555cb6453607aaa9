"""Packed files, encodings and links that try to be something else."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.build import build
from kg.datamodel import Document
from kg.graph.folder import GraphFolder
from kg.text.read import ReadFailure, ReadOptions, read, read_text
from kg.view.page import write_page
from kg.view.story import story

TEXT = b"A sentence of an article, long enough to be read as one."


def a_zip(name: str = "../../outside.txt") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr(name, TEXT)
    return made.getvalue()


def a_tar() -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as packed:
        entry = tarfile.TarInfo("../../outside.txt")
        entry.size = len(TEXT)
        packed.addfile(entry, io.BytesIO(TEXT))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        packed.addfile(link)
    return made.getvalue()


def named_gzip() -> bytes:
    """A gzip file that says it holds a file elsewhere."""
    plain = gzip.compress(TEXT, mtime=0)
    return plain[:3] + b"\x08" + plain[4:10] + b"../../outside.txt\0" + plain[10:]


def wrong_length() -> bytes:
    return gzip.compress(TEXT, mtime=0)[:-4] + struct.pack("<I", 7)


PACKED: dict[str, tuple[str, bytes, bool]] = {
    "zip": ("a.zip", a_zip(), False),
    "zip as text": ("a.txt", a_zip(), False),
    "zip as page": ("a.html", a_zip(), False),
    "zip as gzip": ("a.txt.gz", a_zip(), False),
    "tar": ("a.tar.gz", a_tar(), False),
    "tar as text": ("a.txt.gz", a_tar(), False),
    "gzip that names a path": ("a.txt.gz", named_gzip(), True),
    "gzip in gzip": ("a.txt.gz", gzip.compress(gzip.compress(TEXT)), False),
    "gzip with a tail": ("a.txt.gz", gzip.compress(TEXT) + b"tail", False),
    "gzip in two parts": ("a.txt.gz", gzip.compress(TEXT[:20]) + gzip.compress(TEXT[20:]), True),
    "gzip with a wrong length": ("a.txt.gz", wrong_length(), False),
    "gzip with a wrong sum": ("a.txt.gz", gzip.compress(TEXT, mtime=0)[:-8] + bytes(8), False),
    "gzip without an end": ("a.txt.gz", gzip.compress(TEXT)[:-9], False),
    "xz as gzip": ("a.txt.gz", lzma.compress(TEXT), False),
    "xz with a tail": ("a.txt.xz", lzma.compress(TEXT) + b"tail", True),  # Python's lzma passes over it
    "plain as xz": ("a.txt.xz", TEXT, False),
}


@pytest.mark.parametrize("name", PACKED)
def test_a_packed_file_is_read_whole_or_told(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "deep" / "deeper"
    inside.mkdir(parents=True)
    file, data, reads = PACKED[name]
    (inside / file).write_bytes(data)
    (found,) = read([inside / file])
    if reads:
        assert isinstance(found, Document)
        assert found.text.encode() == TEXT
    else:
        assert isinstance(found, ReadFailure)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [file]


SCRIPT = "<script>x()</script>"
ENCODED: dict[str, bytes] = {
    "overlong slash": b"\xc0\xaf" + TEXT,
    "overlong tag": b"\xc0\xbcscript\xc0\xbe" + TEXT,
    "half a pair": b"\xed\xa0\x80" + TEXT,
    "beyond unicode": b"\xf4\x90\x80\x80" + TEXT,
    "cut letter": TEXT + b"\xd8",
    "nul bytes": b"\x00".join(bytes([each]) for each in TEXT) + b"\xff\xff\xff",
    "wrong mark": b"\xff\xfe" + TEXT + b"x" * (1 - len(TEXT) % 2),
    "two marks": b"\xef\xbb\xbf\xff\xfe" + TEXT,
    "utf-32 too large": b"\xff\xfe\x00\x00" + b"\xff\xff\xff\xff" * 9,
    "control characters": b"\x1b]0;title\x07\x08\x08" * 9 + TEXT,
}


@pytest.mark.parametrize("name", ENCODED)
@pytest.mark.parametrize("suffix", [".txt", ".html", ".jsonl", ".csv"])
def test_what_is_no_text_is_told(tmp_path: Path, name: str, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(ENCODED[name])
    for found in read([path]):
        assert isinstance(found, ReadFailure) or not any("\ud800" <= char <= "\udfff" for char in found.text)


def test_utf_7_and_its_kin_stay_letters(tmp_path: Path) -> None:
    """In an encoding that only old browsers know, these letters would be a script."""
    path = tmp_path / "a.html"
    hidden = "+ADw-script+AD4-x()+ADw-/script+AD4-"
    path.write_text(f"<meta charset=utf-7><article><p>{hidden} {TEXT.decode() * 3}</p></article>")
    (found,) = read([path], ReadOptions())
    assert isinstance(found, Document)
    assert hidden in found.text
    assert SCRIPT not in found.text


def page(folder: GraphFolder, path: Path) -> None:
    write_page(story(folder), path, title="x")


WRITES: dict[str, Callable[[GraphFolder, Path], None]] = {
    "graph.trig": lambda folder, _: folder.finish(),
    "search.db": lambda folder, _: folder.finish(),
    "merges.tsv": lambda folder, _: folder.finish(),
    "graph.html": page,
}


@pytest.mark.parametrize("name", WRITES)
def test_a_link_in_place_of_an_output_is_replaced_and_not_followed(tmp_path: Path, name: str) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    with GraphFolder.open(tmp_path / "graph") as folder:
        build([read_text(TEXT.decode())], folder)
        target = tmp_path / "graph" / name
        target.unlink(missing_ok=True)
        target.symlink_to(precious)
        WRITES[name](folder, target)
    assert precious.read_text() == "keep me"
    assert not target.is_symlink()
