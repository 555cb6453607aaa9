"""Morphology: time to load, resident memory, tokens a second cold and warm, against camel-tools used plainly.

    python benchmarks/morphology.py FILE...      text files, one article each; CPU seconds of this process

Each side runs in a process of its own, on the same tokens.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
WORD = re.compile("[\u0621-\u063a\u0641-\u064a]+")
SENTENCE = 30


def clock() -> float:
    return time.process_time()


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sentences(paths: list[str]) -> list[list[str]]:
    from kg.language.arabic import fold

    words = [word for path in paths for word in WORD.findall(fold(Path(path).read_text(encoding="utf-8")))]
    return [words[i : i + SENTENCE] for i in range(0, len(words), SENTENCE)]


def report(name: str, load: float, run: Callable[[list[list[str]]], object], data: list[list[str]]) -> None:
    total = sum(map(len, data))
    rates = []
    for _ in range(3):
        start = clock()
        run(data)
        rates.append(total / max(clock() - start, 1e-9))
    print(
        f"{name:28} load {load:5.2f} s   cold {rates[0]:9,.0f}/s   warm {rates[-1]:9,.0f}/s   {megabytes():5.0f} MB"
        f"   {total:,} tokens"
    )


def ours(paths: list[str]) -> None:
    start = clock()
    from kg.language.disambiguate import disambiguate
    from kg.language.morphology import default_morphology

    readings = default_morphology().readings
    readings("")
    load = clock() - start
    data = sentences(paths)
    report("kg, in context", load, lambda d: [disambiguate([(w, readings(w)) for w in s]) for s in d], data)


def plain(paths: list[str]) -> None:
    from kg.language.almor.build import export

    folder = Path(tempfile.mkdtemp())
    export(folder / "own.db")
    start = clock()
    from kg.language.camel import camel

    database = camel("morphology.database").MorphologyDB(str(folder / "own.db"), "a")
    analyzer = camel("morphology.analyzer").Analyzer(database, backoff="NOAN_PROP", cache_size=50_000)
    chooser = camel("disambig.mle").MLEDisambiguator(analyzer)
    tokenizer = camel("tokenizers.morphological").MorphologicalTokenizer(chooser, scheme="d3tok", split=True)
    load = clock() - start
    report("camel-tools, each word alone", load, lambda d: [tokenizer.tokenize(s) for s in d], sentences(paths))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if sys.argv[1] in ("--ours", "--plain"):
        {"--ours": ours, "--plain": plain}[sys.argv[1]](sys.argv[2:])
    else:
        for side in ("--ours", "--plain"):
            subprocess.run([sys.executable, __file__, side, *sys.argv[1:]], check=True)
