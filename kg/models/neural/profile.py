"""``--profile neural``: settings from the command line become an analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kg.datamodel import Analysis, Document, digest
from kg.errors import InputError
from kg.language.morphology import default_morphology
from kg.models.neural import camel, folder
from kg.models.neural.labels import BATCH, Proposing
from kg.pipeline import Reread, analyse, code_version

SETTINGS = {
    "batch": "sentences that the model sees at once",
    "runtime": "of a model folder: auto, onnx or torch",
    "readings": "yes: CAMeL's disambiguator chooses the readings of words",
}


@dataclass(frozen=True, slots=True)
class NeuralAnalyser:
    """The default analysis with a further recogniser, and readings chosen in context if asked for."""

    names: Proposing
    reread: Reread | None
    release: str

    def __call__(self, document: Document) -> Analysis:
        """Analyse one document."""
        return replace(analyse(document, more=(self.names,), reread=self.reread), version=self.release)


def analyser(model: str, settings: Mapping[str, str]) -> NeuralAnalyser:
    """The analysis with the model of a folder, or with CAMeL's where no folder is named."""
    for name in settings:
        if name not in SETTINGS:
            raise InputError(f"--set {name}: the profile neural knows {', '.join(SETTINGS)}")
    size = settings.get("batch", str(BATCH))
    if not size.isascii() or not size.isdigit() or int(size) < 1:
        raise InputError(f"--set batch={size}: a number above zero is needed")
    batch = int(size)
    names = (
        Proposing(folder.load(Path(model), settings.get("runtime", "auto"), batch), f"model:{Path(model).name}", batch)
        if model
        else Proposing(camel.load_names(batch), "camel", batch)
    )
    readings = camel.load_readings(default_morphology(), batch) if settings.get("readings") == "yes" else None
    kind = digest("neural", Path(model).name, sorted(settings.items()))[:8]
    return NeuralAnalyser(names, readings, f"{code_version()}+neural.{kind}")
