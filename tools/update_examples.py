"""Build every story of ``examples/``, write its ``expected.nq``, and ask its questions.

    .venv/bin/python tools/update_examples.py            write what differs, strike out what fails no more
    .venv/bin/python tools/update_examples.py --check    write nothing; end with 1 if something would be written

What a question ought to answer is written by hand, from the text; this tool never touches it. A question that the
program answers wrongly ends the run with 1 unless ``examples/known-failing.yaml`` says so and why.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from kg import release  # noqa: E402
from kg.build import build  # noqa: E402
from kg.graph import iris  # noqa: E402
from kg.graph.folder import GraphFolder  # noqa: E402
from kg.graph.query import ask  # noqa: E402
from kg.graph.store import GraphStore  # noqa: E402
from kg.pipeline import code_version  # noqa: E402
from kg.text.read import read  # noqa: E402
from kg.vocabulary import KG  # noqa: E402

EXAMPLES = ROOT / "examples"
KNOWN = EXAMPLES / "known-failing.yaml"
Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of a story: its query, and beside it the rows that are true of the text."""

    story: str
    path: Path

    @property
    def id(self) -> str:
        """How the list of known failures calls it."""
        return f"{self.story}/{self.path.stem}"

    def expected(self) -> list[Row]:
        """What is true of the text, every value as text."""
        return [dict(row) for row in load(self.path.with_suffix(".yaml"))]

    def answered(self, store: GraphStore) -> list[Row]:
        """What the graph says."""
        found = ask(store, self.path.read_text(encoding="utf-8"))
        return [dict(zip(found.headings(), row, strict=True)) for row in found.texts()]


def load(path: Path) -> list[Row]:
    """YAML in which a date or a number stays the text it is."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) or []


def stories() -> list[Path]:
    """The folders of stories, sorted."""
    return sorted(path.parent for path in EXAMPLES.glob("*/articles"))


def questions(story: Path) -> list[Asked]:
    """The questions of a story, sorted."""
    return [Asked(story=story.name, path=path) for path in sorted((story / "questions").glob("*.rq"))]


def known_failing() -> dict[str, str]:
    """The questions that the program is known to answer wrongly, with the reason."""
    return {row["question"]: row["because"] for row in load(KNOWN)}


@contextmanager
def built(story: Path) -> Iterator[GraphFolder]:
    """The graph of a story's articles, in a folder that is thrown away."""
    with TemporaryDirectory() as out, GraphFolder.open(Path(out)) as folder:
        report = build(read([story / "articles"]), folder)
        if report.failures or not report.written:
            raise SystemExit(f"{story.name}: {[each.reason for each in report.failures] or 'no article'}")
        folder.finish()
        yield folder


def graph_of(folder: GraphFolder) -> bytes:
    """The graph without what changes with every row of the ontology: the hash in the version, the articles' digests."""
    graph = folder.store.nquads()
    for written in (code_version(), iris.rule_iri("x", code_version()).value.rpartition("/")[2]):
        graph = graph.replace(written.encode("ascii"), release().encode("ascii"))
    lines = (line for line in graph.splitlines(keepends=True) if KG.digest.value.encode("ascii") not in line)
    return b"".join(sorted(lines))


def compare(expected: list[Row], answered: list[Row]) -> tuple[list[Row], list[Row]]:
    """The rows that are missing, and those that are too many; order does not matter."""
    right = Counter(tuple(sorted(row.items())) for row in expected)
    told = Counter(tuple(sorted(row.items())) for row in answered)
    return [dict(row) for row in (right - told).elements()], [dict(row) for row in (told - right).elements()]


def update(story: Path, known: dict[str, str], *, write: bool) -> Iterator[str]:
    """Yield what differs from what is written down, and write the graph anew if told to."""
    with built(story) as folder:
        graph = graph_of(folder)
        path = story / "expected.nq"
        if not path.exists() or path.read_bytes() != graph:
            yield f"{path.relative_to(ROOT)} {'written' if write else 'is not what the build gives'}"
            if write:
                path.write_bytes(graph)
        for asked in questions(story):
            missing, extra = compare(asked.expected(), asked.answered(folder.store))
            if not missing and not extra and asked.id in known:
                yield f"{asked.id}: right now; {'taken out of' if write else 'take it out of'} known-failing.yaml"
            elif (missing or extra) and asked.id not in known:
                yield "\n".join(
                    [
                        f"{asked.id}: WRONG",
                        *(f"  missing {row}" for row in missing),
                        *(f"  extra   {row}" for row in extra),
                    ]
                )


def strike_out(lines: list[str]) -> None:
    """Take the questions that are right now out of the list, and leave the rest of the file as it is."""
    right = {line.partition(":")[0] for line in lines if ": right now" in line}
    head, *entries = KNOWN.read_text(encoding="utf-8").split("- question: ")
    kept = [entry for entry in entries if entry.split()[0] not in right]
    if len(kept) < len(entries):
        KNOWN.write_text("- question: ".join([head if kept else f"{head}[]\n", *kept]), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Go through all stories, or those that are named."""
    write = "--check" not in arguments
    names = {argument for argument in arguments if argument != "--check"}
    known = known_failing()
    lines = [
        line for story in stories() if not names or story.name in names for line in update(story, known, write=write)
    ]
    print("\n".join(lines) or "examples: all as written")
    if write:
        strike_out(lines)
    return int(bool(lines) if not write else any(": WRONG" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
