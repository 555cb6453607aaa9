"""Look for inputs that break the program, guided by which code they reach (atheris), and keep them.

    .venv/bin/python tools/fuzz.py --seconds 600                every target in turn, ten minutes each
    .venv/bin/python tools/fuzz.py --seconds 600 pages rules    these targets

Needs `pip install atheris` (Linux; Apache-2.0), which is no part of the project. What reached new code is added to
tests/fuzz/corpus, short inputs only, and what was tried is added up in docs/data/fuzz.json; docs/safety.md is made from
it. Ends with 1 if an input broke something: it is kept, so that the tests fail until that is mended.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "docs" / "data" / "fuzz.json"
sys.path.insert(0, str(ROOT))

LONGEST, MOST, SLOWEST = 600, 150, 20
"""Bytes of an input, inputs that are kept of a target, seconds that one may take."""


def worker(name: str, arguments: list[str]) -> None:
    """In a process of its own: libFuzzer ends it."""
    import atheris

    with atheris.instrument_imports(include=["kg"]):
        from tests.fuzz.targets import TARGETS
    atheris.Setup([sys.argv[0], *arguments], TARGETS[name])
    atheris.Fuzz()


def run(name: str, seconds: int) -> tuple[int, int]:
    """Fuzz one target; the inputs tried and the crashes found. What is worth keeping is kept."""
    from tests.fuzz.targets import kept, seeds

    with TemporaryDirectory() as place:
        found, small, broken = (Path(place, part) for part in ("found", "small", "broken"))
        for folder in (found, small, broken):
            folder.mkdir()
        before = kept(name)
        for number, data in enumerate(before or [each[:LONGEST] for each in seeds()[name]]):
            (small / f"{number:04}").write_bytes(data)
        limits = [f"-max_len={LONGEST}", f"-timeout={SLOWEST}", f"-artifact_prefix={broken}/", "-rss_limit_mb=4096"]
        log = _fuzz(name, [str(found), str(small), f"-max_total_time={seconds}", *limits])
        tried = max(int(number) for number in re.findall(r"^(?:stat::number_of_executed_units:|#)\s*(\d+)", log, re.M))
        crashes = sorted(path.read_bytes() for path in broken.iterdir() if not path.name.startswith("slow-unit"))
        reached = [path.read_bytes() for path in sorted(found.iterdir(), key=lambda path: path.stat().st_mtime_ns)]
    if crashes:
        print(log[-3000:], file=sys.stderr)
    room = max(0, MOST - len(before))
    spread = reached[:: max(1, len(reached) // max(1, room))][:room]
    lines = [b64encode(data) + b"\n" for data in dict.fromkeys([*before, *crashes, *spread]) if data]
    (ROOT / "tests" / "fuzz" / "corpus" / f"{name}.b64").write_bytes(b"".join(lines))
    return tried, len(crashes)


def _fuzz(name: str, arguments: list[str]) -> str:
    command = [sys.executable, str(Path(__file__)), "--worker", name, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    return done.stdout + done.stderr


def main() -> int:
    """Run, and add up."""
    from tests.fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", default=list(TARGETS))
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    total = json.loads(DATA.read_text(encoding="ascii")) if DATA.exists() else {}
    broken = 0
    for name in asked.targets:
        tried, crashes = run(name, asked.seconds)
        row = total.setdefault(name, {"seconds": 0, "tried": 0, "found": 0})
        for key, more in (("seconds", asked.seconds), ("tried", tried), ("found", crashes)):
            row[key] += more
        DATA.write_text(json.dumps(total, indent=1, sort_keys=True) + "\n", encoding="ascii")
        broken += crashes
        print(f"{name}: {tried:,} inputs in {asked.seconds} s, {crashes} broke something")
    return int(broken > 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        worker(sys.argv[2], sys.argv[3:])
    else:
        sys.exit(main())
