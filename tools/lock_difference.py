"""Write the packages of one lock file that another does not list: ``lock_difference.py ALL BASE OUT``."""

from __future__ import annotations

import sys
from pathlib import Path


def entries(path: Path) -> dict[str, str]:
    """Each pinned requirement with its hashes, keyed by its first line."""
    found: dict[str, str] = {}
    head = ""
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.startswith(("#", "\n")):
            continue
        if not line.startswith(" "):
            head = line.split("==")[0] + line.split(";")[-1] if ";" in line else line.split("==")[0]
            found[head] = ""
        found[head] += line
    return found


def main(everything: str, base: str, out: str) -> None:
    """Write what ``everything`` has and ``base`` has not."""
    known = entries(Path(base))
    rest = [text for head, text in entries(Path(everything)).items() if head not in known]
    Path(out).write_text("".join(rest), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
