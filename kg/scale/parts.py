"""Parts: batches of articles as files, so that each article counts once, whoever dies when.

    DIR/parts/<name>.in      articles, one JSON object a line; the name is a digest of all of them
    DIR/parts/<name>.out     in the same order what each says, or why that is not known
    DIR/parts/<name>.done    the receipt, written last; without it ``.out`` counts for nothing

Every file is written whole under another name, synced and renamed. Two processes that work on the same part write
the same bytes to the same name, so it does no harm.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from kg.datamodel import Document, digest
from kg.graph.folder import document_digest, replace_file
from kg.graph.lifted import Lifted, from_json, to_json
from kg.scale.pool import Failure

_FAILED = b'{"failure"'
Answer = tuple[Document, Lifted | Failure]


def write_part(folder: Path, documents: list[Document], version: str) -> Path:
    """Put articles down as a part; its path, without suffix."""
    part = folder / digest("part", [document_digest(document, version) for document in documents])
    _write(part.with_suffix(".in"), [json.dumps(asdict(document)).encode("ascii") for document in documents])
    return part


def articles(part: Path) -> list[Document]:
    """The articles of a part."""
    lines = part.with_suffix(".in").read_bytes().splitlines()
    return [Document(**json.loads(line)) for line in lines]


def write_answers(part: Path, answers: Iterable[Answer]) -> None:
    """Write what the articles say, then the receipt."""
    lines = [_line(found) for _, found in answers]
    _write(part.with_suffix(".out"), lines)
    _write(part.with_suffix(".done"), [json.dumps({"lines": len(lines)}).encode("ascii")])


def is_done(part: Path) -> bool:
    """Whether the receipt is there."""
    return part.with_suffix(".done").exists()


def answers(part: Path) -> Iterator[Answer]:
    """Each article of a part that is done, with what it says."""
    lines = part.with_suffix(".out").read_bytes().splitlines()
    for document, line in zip(articles(part), lines, strict=True):
        reason = json.loads(line).get("failure") if line.startswith(_FAILED) else None
        yield document, from_json(line, document) if reason is None else Failure(reason=reason)


def finished(folder: Path) -> dict[str, Path]:
    """What an earlier run left: digest of an article -> the part that says what it says."""
    found: dict[str, Path] = {}
    for receipt in sorted(folder.glob("*.done")):
        part = receipt.with_suffix("")
        for line in part.with_suffix(".out").read_bytes().splitlines():
            if not line.startswith(_FAILED):
                found[json.loads(line)["digest"]] = part
    return found


def forget(part: Path) -> None:
    """Take a part away, the receipt first."""
    for suffix in (".done", ".out", ".in"):
        part.with_suffix(suffix).unlink(missing_ok=True)


def _line(found: Lifted | Failure) -> bytes:
    if isinstance(found, Failure):
        return json.dumps({"failure": found.reason}).encode("ascii")
    return to_json(found).rstrip(b"\n")


def _write(path: Path, lines: list[bytes]) -> None:
    who = f"{socket.gethostname()}-{os.getpid()}-{threading.get_ident()}"  # two may be at it; the last rename wins
    own = path.with_name(f"{path.name}.{who}")
    replace_file(own, b"".join(line + b"\n" for line in lines))
    own.replace(path)
