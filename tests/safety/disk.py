"""A disk that forgets: what a folder holds if the power goes after any of the writes that a program made.

``record`` runs a program under strace and notes every call that changes a folder. ``Disk`` plays them back. A cut
leaves, by ``how``:

- ``kill``: all that was written; the machine went on, only the process died
- ``torn``: the same, but for the second half of the last write
- ``power``: of each file only what was synced before; files are made, renamed and deleted in order, as a journal does
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

How = Literal["kill", "torn", "power"]
CALLS = (
    "openat,creat,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,rename,renameat,renameat2,link,"
    "linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,fsync,fdatasync,lseek,copy_file_range,sendfile,mmap"
)
_UNKNOWN = frozenset("truncate pwritev pwritev2 link linkat symlink symlinkat copy_file_range sendfile".split())
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FILE = re.compile(r"(\d+)<((?:\\x[0-9a-f]{2})*)")
_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)", re.DOTALL)
_ACK = b"ack "


@dataclass(frozen=True, slots=True)
class Change:
    """One call: what it does, to which path, with which bytes."""

    kind: Literal["make", "write", "cut", "move", "delete", "folder", "unfolder", "sync", "ack"]
    path: str
    data: bytes = b""
    at: int = 0
    """Where a write begins, or the new length; -1 is the end of the file."""
    target: str = ""


@dataclass(slots=True)
class _File:
    now: bytearray = field(default_factory=bytearray)
    synced: bytes = b""


def record(code: str, folder: Path, log: Path, cwd: Path) -> list[Change]:
    """Run Python ``code`` with ``folder`` as its argument; every change inside it, in order.

    What the program prints to stdout as ``ack NAME`` stands among them: NAME was promised at that moment.
    """
    command = ["strace", "-f", "-y", "-xx", "-s", "100000000", "-o", str(log), "-e", f"trace={CALLS}"]
    subprocess.run(
        [*command, sys.executable, "-c", code, str(folder)], cwd=cwd, check=True, stdout=subprocess.PIPE, timeout=300
    )
    return [change for change in _changes(log) if change.kind == "ack" or Path(change.path).is_relative_to(folder)]


def _text(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def _calls(log: Path) -> list[tuple[str, str, int]]:
    """Calls with arguments and result; those that another thread interrupted are put together."""
    begun: dict[str, str] = {}
    found = []
    for line in log.read_text(encoding="ascii").splitlines():
        process, _, rest = line.partition(" ")
        if rest.endswith("<unfinished ...>"):
            begun[process] = line.removesuffix("<unfinished ...>")
            continue
        if "resumed>" in rest and process in begun:
            line = begun.pop(process) + rest.partition("resumed>")[2]
        if match := _LINE.match(line):
            found.append((match[2], match[3], int(match[4])))
    return found


def _changes(log: Path) -> list[Change]:
    places: dict[str, int] = {}
    found: list[Change] = []
    for call, arguments, result in _calls(log):
        if result < 0:
            continue
        strings = [_text(each) for each in _STRING.findall(arguments)]
        file = _FILE.match(arguments)
        number, path = (file[1], _text(file[2]).decode()) if file else ("", "")
        if call in ("openat", "creat"):
            places[str(result)] = -1 if "O_APPEND" in arguments else 0
            if "O_CREAT" in arguments:
                found.append(Change("make", strings[0].decode()))
            if "O_TRUNC" in arguments:
                found.append(Change("cut", strings[0].decode()))
        elif call in ("write", "writev"):
            data = b"".join(strings)[:result]
            at = places.get(number, 0)
            places[number] = at if at < 0 else at + result
            acked = data.startswith(_ACK)
            found.append(Change("ack", data[4:].decode().strip()) if acked else Change("write", path, data, at))
        elif call == "pwrite64":
            found.append(Change("write", path, strings[0][:result], int(arguments.rpartition(", ")[2])))
        elif call == "lseek":
            if places.get(number, 0) >= 0:
                places[number] = result
        elif call == "ftruncate":
            found.append(Change("cut", path, at=int(arguments.rpartition(", ")[2])))
        elif call in ("fsync", "fdatasync"):
            found.append(Change("sync", path))
        elif call.startswith("rename"):
            found.append(Change("move", strings[0].decode(), target=strings[1].decode()))
        elif call.startswith("mkdir"):
            found.append(Change("folder", strings[0].decode()))
        elif call == "rmdir" or "AT_REMOVEDIR" in arguments:
            found.append(Change("unfolder", _whole(path, strings)))
        elif call.startswith("unlink"):
            found.append(Change("delete", _whole(path, strings)))
        elif call in _UNKNOWN or _maps_for_writing(call, arguments) or _lengthens(call, arguments):
            found.append(Change("write", path or strings[0].decode(), b"", -2))
    return found


def _whole(folder: str, strings: Sequence[bytes]) -> str:
    """``unlinkat`` names a file in an open folder."""
    return str(Path(folder, strings[0].decode()))


def _maps_for_writing(call: str, arguments: str) -> bool:
    return call == "mmap" and "MAP_SHARED" in arguments and "PROT_WRITE" in arguments and "<" in arguments


def _lengthens(call: str, arguments: str) -> bool:
    return call == "fallocate" and "KEEP_SIZE" not in arguments


class Disk:
    """The folder ``root`` after some of the changes."""

    def __init__(self, root: Path, changes: Sequence[Change]) -> None:
        self.root = root
        self.files: dict[str, _File] = {}
        self.folders: set[str] = set()
        self.promised: set[str] = set()
        self.last: tuple[_File, int, int] | None = None
        for change in changes:
            self._apply(change)

    def _apply(self, change: Change) -> None:
        self.last = None
        match change.kind:
            case "ack":
                self.promised.add(change.path)
            case "folder":
                self.folders.add(change.path)
            case "unfolder":
                self.folders.discard(change.path)
            case "make":
                self.files.setdefault(change.path, _File())
            case "delete":
                self.files.pop(change.path, None)
            case "move":
                self._move(change.path, change.target)
            case "sync":
                if change.path in self.files:  # a folder may be synced too
                    self.files[change.path].synced = bytes(self.files[change.path].now)
            case "cut":
                now = self.files[change.path].now
                now[:] = now[: change.at].ljust(change.at, b"\0")
            case "write":
                self._write(change)

    def _write(self, change: Change) -> None:
        if change.at == -2:
            raise NotImplementedError(f"a change of {change.path} that this disk does not know")
        file = self.files[change.path]
        at = len(file.now) if change.at < 0 else change.at
        file.now[:] = file.now.ljust(at, b"\0")
        file.now[at : at + len(change.data)] = change.data
        self.last = (file, at, len(change.data))

    def _move(self, old: str, new: str) -> None:
        if old in self.folders:
            moved = {path: new + path.removeprefix(old) for path in (*self.files, *self.folders) if _under(path, old)}
            self.folders = {moved.get(path, path) for path in self.folders}
            self.files = {moved.get(path, path): file for path, file in self.files.items()}
        else:
            self.files[new] = self.files.pop(old)

    def write(self, target: Path, how: How) -> None:
        """Lay the folder out as the cut leaves it."""
        for path in (str(self.root), *sorted(self.folders)):
            (target / Path(path).relative_to(self.root)).mkdir(parents=True, exist_ok=True)
        for path, file in self.files.items():
            content = file.synced if how == "power" else bytes(file.now)
            if how == "torn" and self.last is not None and self.last[0] is file:
                content = content[: self.last[1] + self.last[2] // 2]
            (target / Path(path).relative_to(self.root)).write_bytes(content)


def _under(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")
