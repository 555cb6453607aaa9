"""The command that trains: train."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.console import counting, documents, read_options, say, write
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.train.card import Source
    from kg.train.crf import Comparison, Material, Scores
    from kg.train.data import Labelled

Folders = Annotated[
    list[Path], typer.Option("--gold", metavar="FOLDER", help="A gold folder: articles/*.txt, gold/*.json.")
]


def train(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the weights go if they are better.")],
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE...", help="Gold: token TAB BIO label.")] = None,
    gold: Folders = [],  # noqa: B006 - typer copies it
    weak: Annotated[
        list[str], typer.Option("--weak", metavar="PATH", help="Plain articles, labelled by the program itself.")
    ] = [],  # noqa: B006 - typer copies it
    answers: Annotated[
        list[Path], typer.Option("--answers", metavar="FILE", help="A list of kg suggest, reviewed.")
    ] = [],  # noqa: B006 - typer copies it
    incumbent: Annotated[
        Path | None, typer.Option("--incumbent", metavar="FILE", help="The weights to beat; those in use if not given.")
    ] = None,
    tests: Annotated[
        list[Path], typer.Option("--test", metavar="FILE", help="Further gold, only to score both on.")
    ] = [],  # noqa: B006 - typer copies it
    anyway: Annotated[bool, typer.Option("--anyway", help="Write the new weights whether they win or not.")] = False,
    folds: Annotated[int, typer.Option(min=2, help="Parts of the gold, each held out once.")] = 5,
    seed: Annotated[int, typer.Option(help="Of what is left to chance.")] = 3,
    sure: Annotated[
        float, typer.Option(min=0.5, max=1.0, help="Share of resamplings in which the new weights must win.")
    ] = 0.95,
) -> None:
    """Train the CRF that proposes names, compare it with the weights in use, and keep the better.

    Gold is trained on and held out in turn; weak labels and answers are only trained on. The new weights are written,
    with a model card (FILE.md) and hashes of their sentences (FILE.seen), only if they win. To use them put them in the
    place that `kg models` names. On gold that the weights in use were trained on, a model trained on what else they
    know stands in for them.

    Example: [bold]kg train cleananercorp_train.conll --gold gold --weak articles/ --out new.crfsuite[/bold]
    """
    from kg.resources import ontology_path
    from kg.train.crf import SETTINGS, compare, fit, fits_needed, seen_by
    from kg.train.crf import Material as Prepared

    used = incumbent or ontology_path("models", "ner.crfsuite")
    if not used.is_file():
        raise InputError(f"{used}: no such weights; name those to beat with --incumbent")
    sources, held, more = _gathered(files or [], gold, weak, answers)
    for path in tests:
        if not path.is_file():
            raise InputError(f"{path}: no such file")
    if len(held) < folds:
        raise InputError(f"{len(held)} sentences of gold; --folds {folds} needs at least as many")
    material = Prepared(gold=held, more=more, seed=seed)
    for source in sources:
        say(f"kg: {source.sentences:,} sentences of {source.what} from {source.path}")
    if seen_by(used) is None:
        say(f"kg: {used}.seen is missing: what these weights were trained on may be among what they are tested on")
    total = fits_needed(material, used, folds) * int(SETTINGS["max_iterations"])
    with counting("iterations", total) as advance:
        rows = material.rows()
        compared = compare(material, rows, used, folds, advance)
        _print(compared)
        if compared.better < sure and not anyway:
            say(f"kg: {used} stays; nothing was written")
            return
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh = out.with_name(f"{out.name}.part")
        fit([*rows.train, *rows.more], fresh, advance)
    for path in tests:
        _test(path, {"new": fresh, "incumbent": used})
    _keep(fresh, out, sources, material, compared, folds)


def _gathered(
    files: list[Path], gold: list[Path], weak: list[str], answers: list[Path]
) -> tuple[list[Source], list[Labelled], list[Labelled]]:
    """Where sentences come from, those of gold, and the rest."""
    from kg.train.card import Source
    from kg.train.data import answered_sentences, read_answers, read_gold, read_sentences, weak_sentences

    if not files and not gold:
        raise InputError(
            "without gold nobody can tell what is better: name a FILE of token TAB label, or --gold FOLDER"
        )
    sources: list[Source] = []

    def taken(path: Path, what: str, found: Iterator[Labelled]) -> list[Labelled]:
        sentences = list(found)
        sources.append(Source(path=path, what=what, sentences=len(sentences)))
        return sentences

    for path in (*files, *answers):
        if not path.is_file():
            raise InputError(f"{path}: no such file")
    held = [s for path in files for s in taken(path, "gold", read_sentences(path))]
    held += [s for path in gold for s in taken(path, "gold", read_gold(path))]
    judged = {path: list(read_answers(path)) for path in answers}
    more = [s for path, told in judged.items() for s in taken(path, "answers", answered_sentences(told))]
    every = [each for told in judged.values() for each in told]
    with counting("articles") as advance:
        for name in weak:
            read = weak_sentences(documents([name], read_options()), every, advance)
            more += taken(Path(name), "weak labels", read)
    return sources, held, more


def _print(compared: Comparison) -> None:
    """Both on the held-out folds: name, class, precision, recall, F1, tab-separated."""
    from kg.train.card import told

    write("weights\tclass\tp\tr\tf1")
    _print_scores("new", compared.candidate)
    _print_scores("new, nothing listed", compared.unlisted)
    _print_scores("incumbent", compared.incumbent)
    say(f"kg: the new weights win in {compared.better:.1%} of resamplings. {told(compared)}")


def _print_scores(name: str, scores: Scores) -> None:
    from kg.evaluate.figures import figure
    from kg.train.data import CLASSES

    for kind in ("", *CLASSES):
        found = figure(scores.total(kind))
        write(f"{name}\t{kind or 'all'}\t{found.p:.3f}\t{found.r:.3f}\t{found.f1:.3f}")


def _test(path: Path, weights: dict[str, Path]) -> None:
    from kg.train.crf import file_rows, score
    from kg.train.data import read_sentences

    rows = file_rows(read_sentences(path))
    for name, model in weights.items():
        _print_scores(f"{path.stem}, {name}", score(rows, model))


def _keep(fresh: Path, out: Path, sources: list[Source], material: Material, compared: Comparison, folds: int) -> None:
    from kg.train.card import card
    from kg.train.card import write as write_card

    write_card(out, card(out.name, sources, material, compared, folds), material)
    fresh.replace(out)
    say(f"kg: wrote {out}, its card {out.name}.md and the hashes of its sentences {out.name}.seen")
