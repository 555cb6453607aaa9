"""What there is on this machine for each profile, and the exact command for what is missing."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.extras import install
from kg.language.camel import user_data
from kg.models.neural.folder import SPANS, TOKENIZERS, WEIGHTS
from kg.resources import ontology_path

PACKAGES = {
    "neural": ("torch", "transformers", "tokenizers"),
    "onnx": ("onnxruntime", "tokenizers", "numpy"),
    "span": ("gliner",),
    "llm": ("httpx",),
}
CAMEL = {
    "NamedEntityRecognition": ("neural", "ner-arabert", "names, AraBERT"),
    "DisambigBertUnfactored": ("neural", "disambig-bert-unfactored-msa", "readings in context, CAMeLBERT"),
    "MorphologyDB": ("rules", "morphology-db-msa-r13", "calima-msa-r13, read behind our own database (GPL-2)"),
    "DisambigMLE": ("rules", "disambig-mle-calima-msa-r13", "frequencies of readings"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One model, data set or package."""

    profile: str
    name: str
    what: str
    where: str
    """Empty if it is not there."""
    command: str
    """How to get it; empty if it is there, or comes with the program."""


def parts(folders: tuple[Path, ...] = ()) -> Iterator[Part]:
    """Everything the profiles use; ``folders`` are further model folders to look at."""
    crf = ontology_path("models", "ner.crfsuite")
    yield Part(
        profile="rules", name="ner.crfsuite", what="names, CRF", where=str(crf) if crf.is_file() else "",
        command="" if crf.is_file() else "install the package again",
    )  # fmt: skip
    for profile, names in PACKAGES.items():
        for name in names:
            there = importlib.util.find_spec(name) is not None
            command = "" if there else install(profile)
            yield Part(profile=profile, name=name, what="package", where="installed" if there else "", command=command)
    yield from _camel()
    for folder in folders:
        yield _folder(folder)


def _camel() -> Iterator[Part]:
    data = user_data()
    listed = _listed(data) if data is not None else {}
    for component, (profile, package, what) in CAMEL.items():
        where = listed.get(component, "")
        yield Part(
            profile=profile, name=package, what=what, where=where, command="" if where else f"camel_data -i {package}"
        )


def _listed(data: Path) -> dict[str, str]:
    """Component to the folder of its default data set, where that exists; read without importing camel-tools."""
    try:
        catalogue = json.loads((data / "catalogue.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    found = {}
    for name, component in _object(_object(catalogue).get("components")).items():
        sets = _object(_object(component).get("datasets"))
        chosen = _object(sets.get(str(_object(component).get("default"))))
        path = data / "data" / str(chosen.get("path", ""))
        if chosen.get("path") and path.exists():
            found[name] = str(path)
    return found


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _folder(folder: Path) -> Part:
    """A model folder, whole or not, as ``kg.models.neural.folder`` reads it."""
    weights = [name for name in WEIGHTS if (folder / name).is_file()]
    spans = (folder / SPANS).is_file()
    config = spans or (folder / "config.json").is_file()
    whole = bool(weights) and config and any((folder / name).is_file() for name in TOKENIZERS)
    kind = "span model" if spans else "token classifier"
    return Part(
        profile="neural", name=folder.name, what=", ".join((kind, *weights[:1])), where=str(folder) if whole else "",
        command="" if whole else "put config.json, tokenizer.json, weights there",
    )  # fmt: skip
