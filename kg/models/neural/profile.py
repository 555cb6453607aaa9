"""``--profile neural``: settings from the command line become an analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from kg.datamodel import Analysis, Document, digest
from kg.errors import InputError
from kg.language.morphology import default_morphology
from kg.models.neural import camel, folder
from kg.models.neural.labels import BATCH, Proposing
from kg.pipeline import Reread, analyse, code_version
from kg.resources import tree_hash

SETTINGS = {
    "batch": "sentences that the model sees at once",
    "runtime": "of a model folder: auto, onnx or torch",
    "threads": "of the runtime, in each process; as many as it likes by default",
    "readings": "yes: CAMeL's disambiguator chooses the readings of words",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NeuralAnalyser:
    """The default analysis with a further recogniser, and readings chosen in context if asked for.

    It is what the settings say, no more: the models are loaded where it is first used, also in other processes.
    """

    model: str
    """The folder; empty for CAMeL's."""
    runtime: str
    batch: int
    threads: int
    readings: bool
    release: str

    def __call__(self, document: Document) -> Analysis:
        """Analyse one document."""
        names, reread = _loaded(self.model, self.runtime, self.batch, self.threads, self.readings)
        return replace(analyse(document, more=(names,), reread=reread), version=self.release)


@cache
def _loaded(model: str, runtime: str, batch: int, threads: int, readings: bool) -> tuple[Proposing, Reread | None]:
    """The recogniser, and who chooses readings."""
    reread = camel.load_readings(default_morphology(), batch) if readings else None
    return proposing(model, runtime, batch, threads), reread


def proposing(model: str, runtime: str = "auto", batch: int = BATCH, threads: int = 0) -> Proposing:
    """The recogniser of a model folder, or CAMeL's where none is named."""
    if not model:
        return Proposing(camel.load_names(batch), "camel", batch)
    return Proposing(folder.load(Path(model), runtime, batch, threads), f"model:{Path(model).name}", batch)


def analyser(model: str, settings: Mapping[str, str]) -> NeuralAnalyser:
    """The analysis with the model of a folder, or with CAMeL's where none is named; it is loaded, to say what lacks."""
    for name in settings:
        if name not in SETTINGS:
            raise InputError(f"--set {name}: the profile neural knows {', '.join(SETTINGS)}")
    batch, threads = _number(settings, "batch", BATCH), _number(settings, "threads", 0)
    runtime, readings = settings.get("runtime", "auto"), settings.get("readings") == "yes"
    where = str(Path(model).resolve()) if model else ""
    _loaded(where, runtime, batch, threads, readings)
    folders = [Path(where)] if model else [camel.data_of("NamedEntityRecognition")]
    folders += [camel.data_of("DisambigBertUnfactored")] if readings else []
    kind = digest("neural", runtime, readings, [tree_hash(each)["sha256"] for each in folders])[:8]
    return NeuralAnalyser(
        model=where, runtime=runtime, batch=batch, threads=threads, readings=readings,
        release=f"{code_version()}+neural.{kind}",
    )  # fmt: skip


def _number(settings: Mapping[str, str], name: str, default: int) -> int:
    given = settings.get(name, str(default))
    if not given.isascii() or not given.isdigit() or (int(given) < 1 and name in settings):
        raise InputError(f"--set {name}={given}: a number above zero is needed")
    return int(given)
