"""What the benchmarks share: made-up articles, sides that take turns, ratio tables, the file of results.

All times are CPU seconds of this process. The sides of a comparison take turns, and the ratio is taken round by
round, so that a busy machine slows both alike.
"""

from __future__ import annotations

import os
import platform
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
QUICK = "--quick" in sys.argv
ROUNDS = 3 if QUICK else 5
RESULTS = ROOT / "benchmarks" / "results"
_SWAPPED = ("City", "Person", "Official", "Faction", "GovernmentBody", "Country", "Base")


@cache
def sentences() -> tuple[str, ...]:
    """The lines of the example articles."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*/articles/*.txt")))
    return tuple(line.strip() for text in texts for line in text.splitlines() if len(line.split()) > 5)


def articles(count: int, seed: int = 1) -> Iterator[str]:
    """Made-up articles: sentences of the examples, the names in them changed for others of their type."""
    from kg.language.lexicon import load_lexicon

    chance = random.Random(seed)
    names: dict[str, list[str]] = {kind: [] for kind in _SWAPPED}
    kinds: dict[str, str] = {}
    for entry in load_lexicon().entries.values():
        if entry.type in names:
            names[entry.type].append(entry.name_ar)
            kinds[entry.name_ar] = entry.type
    lines = [(line, [name for name in kinds if name in line]) for line in sentences()]
    for _ in range(count):
        made = []
        for line, found in chance.choices(lines, k=chance.randint(4, 12)):
            for name in found:
                line = line.replace(name, chance.choice(names[kinds[name]]))
            made.append(line)
        yield "\n".join(made)


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work()
    return max(time.process_time() - start, 1e-9)


def versions(*names: str) -> str:
    """The installed versions of packages."""
    return ", ".join(f"{name} {_version(name)}" for name in names)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def missing(module: str, what: str) -> bool:
    """Whether a peer is not installed; said in one line."""
    try:
        __import__(module)
    except ImportError:
        print(f"{what}: skipped, {module} is not installed")
        return True
    return False


def compare(
    title: str,
    sides: Mapping[str, Callable[[], object]],
    *,
    amount: float,
    unit: str,
    note: str = "",
    rounds: int = ROUNDS,
) -> dict[str, list[float]]:
    """Run all sides in turn, print and keep a table; the first side is the one the others are measured against."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    for work in sides.values():
        work()  # warm: caches, lazy loads
    for _ in range(rounds):
        for name, work in sides.items():
            times[name].append(cpu(work))
    first = next(iter(times.values()))
    rows = []
    for name, own in times.items():
        ratios = sorted(theirs / ours for ours, theirs in zip(first, own, strict=True))
        rows.append(
            (name, f"{amount / median(own):,.4g}", f"{median(ratios):.2f}", f"{ratios[0]:.2f}-{ratios[-1]:.2f}")
        )
    table(title, ("", f"{unit} a CPU second", "time, as a ratio", "spread"), rows, note)
    return times


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> None:
    """Print a Markdown table and add it to the results of the day."""
    lines = [f"### {title}", "", "| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    lines += ["", note, ""] if note else [""]
    text = "\n".join(lines)
    print(text, flush=True)
    if not QUICK:
        _keep(text)


def _keep(text: str) -> None:
    path = RESULTS / f"{datetime.now(UTC):%Y-%m-%d}.md"
    started = path.exists() and os.environ.get("KG_BENCH_RUN", "") in path.read_text(encoding="utf-8")
    path.parent.mkdir(exist_ok=True)
    with path.open("a" if started else "w", encoding="utf-8") as file:
        file.write((text if started else f"{_machine()}\n{text}") + "\n")


def _machine() -> str:
    cpuinfo, meminfo = Path("/proc/cpuinfo"), Path("/proc/meminfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    memory = int(meminfo.read_text().split()[1]) >> 20 if meminfo.exists() else 0
    run = os.environ.get("KG_BENCH_RUN", "by hand")
    return f"""# Benchmarks of {datetime.now(UTC):%Y-%m-%d}

Run {run}. {os.cpu_count()} x {model or platform.processor()}, {memory} GB, load {os.getloadavg()[0]:.1f} at the start,
Python {platform.python_version()}, {platform.system()} {platform.release()}.

CPU seconds of one process. The sides take turns, and each is measured against the first line round by round: median
and spread. Trust ratios, not seconds.
"""
