"""Runs the frames of ``ontology/rules``: a trigger, slots with their grammatical realisations, and what they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kg.errors import DataError
from kg.language.arguments import Arguments, Reference
from kg.resources import ontology_path

TypeOf = Callable[[Reference], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One role: where it may stand, first match wins (or all, if ``every``), and which types it takes."""

    role: str
    sources: tuple[str, ...]
    types: frozenset[str]
    every: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A relation that a filled frame states."""

    predicate: str
    subject: str
    object: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence of our own with what the frame must find in it."""

    text: str
    gloss: str
    expect: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One rule; ``needs`` lists alternatives of roles (``a+b``), one of which must be filled."""

    id: str
    trigger: str
    pos: str
    event: str
    slots: tuple[Slot, ...]
    relations: tuple[Projection, ...]
    needs: tuple[tuple[str, ...], ...]
    confidence: float
    word: tuple[str, str] | None
    """(slot, word class): a word of that class must stand in the slot's phrase, whatever the slot denotes."""
    example: Example | None
    has: str = ""
    """A slot that must be there, named or not."""
    lacks: tuple[str, ...] = ()
    """Slots that must not be there."""
    near: str = ""
    """A word class that must occur in the sentence."""


Filled = dict[str, tuple[Reference, ...]]


def fill(frame: Frame, found: Arguments, type_of: TypeOf) -> Filled | None:
    """The roles of a frame filled from the arguments found, or None where what it needs is missing."""
    if frame.has and frame.has not in found.items or any(slot in found.items for slot in frame.lacks):
        return None
    filled: Filled = {}
    used: set[Reference] = set()
    for slot in frame.slots:
        for source in slot.sources:
            fitting = tuple(r for r in found.slots.get(source, ()) if type_of(r) in slot.types and r not in used)
            if fitting:
                filled[slot.role] = (*filled.get(slot.role, ()), *fitting)
                used.update(fitting)
                if not slot.every:
                    break
    if frame.needs and not any(all(role in filled for role in roles) for roles in frame.needs):
        return None
    return filled


class Frames:
    """All frames, by trigger class and part of speech."""

    def __init__(self, frames: Iterable[Frame], types: Mapping[str, frozenset[str]]) -> None:
        self.all = tuple(frames)
        self.types = types
        self._by_trigger: defaultdict[tuple[str, str], list[Frame]] = defaultdict(list)
        for frame in self.all:
            self._by_trigger[frame.trigger, frame.pos].append(frame)

    def of(self, classes: Iterable[str], pos: str) -> list[Frame]:
        """The frames of the given trigger classes, in the order of their names."""
        return [frame for name in sorted(classes) for frame in self._by_trigger.get((name, pos), ())]


@cache
def load_frames(folder: Path | None = None) -> Frames:
    """Load ``ontology/rules/*.yaml`` that hold frames; raises DataError with the file and the frame's id."""
    base = folder or ontology_path("rules")
    types: dict[str, frozenset[str]] = {}
    frames: list[Frame] = []
    for path in sorted(base.glob("*.yaml")):
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader, in C)
        if not isinstance(document, dict) or "frames" not in document:
            continue
        types |= {name: frozenset(members.split()) for name, members in document.get("types", {}).items()}
        frames += [_frame(path, raw, types) for raw in document["frames"]]
    return Frames(frames, types)


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _frame(path: Path, raw: Mapping[str, Any], types: Mapping[str, frozenset[str]]) -> Frame:
    name = str(raw.get("id", "?"))
    try:
        return Frame(
            id=name,
            trigger=raw["trigger"],
            pos=raw["pos"],
            event=raw.get("event", ""),
            slots=tuple(_slot(role, spec, types) for role, spec in raw["slots"].items()),
            relations=tuple(_projection(text) for text in raw.get("relations", ())),
            needs=tuple(tuple(text.split("+")) for text in raw.get("needs", ())),
            confidence=float(raw.get("confidence", 0.7)),
            word=_word(raw.get("word")),
            example=_example(raw.get("example")),
            has=raw.get("has", ""),
            lacks=tuple(raw.get("lacks", "").split()),
            near=raw.get("near", ""),
        )
    except (KeyError, ValueError, TypeError) as problem:
        raise DataError(str(path), 0, f"frame {name}: {problem!r}") from problem


def _slot(role: str, spec: str, types: Mapping[str, frozenset[str]]) -> Slot:
    """``subject nisba prep:bi : actor`` or, to take all sources, ``subject & object : actor``."""
    sources, _, kind = spec.rpartition(" : ")
    every = " & " in sources
    members: frozenset[str] = frozenset().union(*(types[name] for name in kind.split()))
    return Slot(role=role, sources=tuple(sources.replace(" & ", " ").split()), types=members, every=every)


def _projection(text: str) -> Projection:
    subject, predicate, target = text.split()
    return Projection(predicate=predicate, subject=subject, object=target)


def _word(raw: str | None) -> tuple[str, str] | None:
    if raw is None:
        return None
    slot, name = raw.split()
    return slot, name


def _example(raw: Mapping[str, Any] | None) -> Example | None:
    if raw is None:
        return None
    return Example(text=raw["text"], gloss=raw["gloss"], expect=tuple(raw["expect"]))
