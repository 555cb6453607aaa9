"""Documents in the shape of the gold annotations, as records: gaps filled, nothing else changed."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import InputError, UnreadableInput
from kg.language.arabic import ALEF, ALEF_MAKSURA, DEFINITE, HEH, TEH_MARBUTA, YEH

Range = tuple[int, int]
_LETTER = re.compile("[^\\W_]|[\u064b-\u0652\u0670\u0640_]")
_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u200c-\u200f]")
_ONE = str.maketrans({"\N{ARABIC LETTER ALEF WASLA}": ALEF, ALEF_MAKSURA: YEH, TEH_MARBUTA: HEH, "_": " "})


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEntity:
    """An entity with its mentions as character ranges."""

    id: str
    type: str
    name: str
    aliases: frozenset[str]
    mentions: tuple[Range, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldRelation:
    """A relation with who says so and how."""

    subject: str
    predicate: str
    object: str
    holders: tuple[str, ...]
    modality: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEvent:
    """An event; ``arguments`` are pairs of role and value, entity ids for the first four roles."""

    type: str
    trigger: Range | None
    sentence: Range | None
    arguments: tuple[tuple[str, Any], ...]
    holders: tuple[str, ...]
    modality: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldDocument:
    """One annotated or predicted document."""

    id: str
    text: str | None
    entities: tuple[GoldEntity, ...] = ()
    relations: tuple[GoldRelation, ...] = ()
    events: tuple[GoldEvent, ...] = ()
    times: tuple[tuple[int, int, str | None], ...] = ()


def gold_documents(folder: Path) -> dict[str, GoldDocument]:
    """Load ``folder/*.json`` (or one file) with the text that each names."""
    rows = [(path, data, str(data.get("doc_id") or path.stem)) for path, data in _files(folder)]
    return {name: gold_document(data, _text(data, path), name=name) for path, data, name in rows}


def predicted_documents(folder: Path, gold: Mapping[str, GoldDocument]) -> dict[str, GoldDocument]:
    """Load predictions for ``gold``, whose texts are theirs."""
    rows = [(data, str(data.get("doc_id") or path.stem)) for path, data in _files(folder)]
    return {name: gold_document(data, gold[name].text, name=name) for data, name in rows if name in gold}


def _files(folder: Path) -> Iterable[tuple[Path, dict[str, Any]]]:
    paths = sorted(folder.glob("*.json")) if folder.is_dir() else [folder]
    for path in paths:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"{path}: {error.strerror}") from None
        except ValueError as error:
            raise UnreadableInput(f"{path}: not JSON: {error}") from None
        rows = data.get("documents", [data]) if isinstance(data, dict) else data
        yield from ((path, row) for row in rows if isinstance(row, dict) and "entities" in row)


def _text(data: Mapping[str, Any], path: Path) -> str | None:
    name = data.get("file") or ""
    for folder in (path.parent.parent, path.parent):
        if name and (folder / name).is_file():
            return (folder / name).read_text(encoding="utf-8")
    return None


def gold_document(data: Mapping[str, Any], text: str | None, *, name: str) -> GoldDocument:
    """Build the record; a prediction may leave out whatever it does not know."""
    return GoldDocument(
        id=name,
        text=text,
        entities=tuple(_entity(row) for row in data.get("entities") or ()),
        relations=tuple(_relation(row) for row in data.get("relations") or ()),
        events=tuple(_event(row, text) for row in data.get("events") or ()),
        times=tuple(
            (row["start"], row["end"], row.get("value"))
            for row in data.get("timex") or ()
            if row.get("start") is not None
        ),
    )


def _entity(row: Mapping[str, Any]) -> GoldEntity:
    mentions = row.get("mentions") or []
    names = [*(mention.get("text") for mention in mentions), row.get("name_ar"), *(row.get("aliases") or [])]
    return GoldEntity(
        id=str(row.get("id")),
        type=row.get("type", "?"),
        name=plain_name(row.get("name_ar")),
        aliases=frozenset(name for name in map(plain_name, names) if name),
        mentions=tuple((m["start"], m["end"]) for m in mentions if m.get("start") is not None),
    )


def _relation(row: Mapping[str, Any]) -> GoldRelation:
    return GoldRelation(
        subject=str(row["subject"]),
        predicate=row["predicate"],
        object=str(row["object"]),
        holders=_many(row.get("asserted_by")) or ("author",),
        modality=row.get("modality") or "asserted",
        confidence=_confidence(row),
    )


def _event(row: Mapping[str, Any], text: str | None) -> GoldEvent:
    roles = (("agents", "agent"), ("targets", "target"), ("place", "place"), ("instrument", "instrument"))
    arguments: list[tuple[str, Any]] = [
        (role, value) for key, role in roles for value in dict.fromkeys(_many(row.get(key)))
    ]
    casualties = row.get("casualties") or {}
    arguments += [("count", row["count"])] if row.get("count") is not None else []
    arguments += [("date", row["date"])] if row.get("date") else []
    arguments += [(key, casualties[key]) for key in ("killed", "wounded") if casualties.get(key) is not None]
    trigger = (row["trigger_start"], row["trigger_end"]) if row.get("trigger_start") is not None else None
    return GoldEvent(
        type=str(row.get("type")),
        trigger=trigger,
        sentence=_sentence(row, text) or trigger,
        arguments=tuple(arguments),
        holders=_many(row.get("asserted_by")) or ("author",),
        modality=row.get("modality") or "asserted",
        confidence=_confidence(row),
    )


def _sentence(row: Mapping[str, Any], text: str | None) -> Range | None:
    if row.get("sent_start") is not None:
        return row["sent_start"], row["sent_end"]
    quote = row.get("sentence")
    start = text.find(quote) if quote and text else -1
    return (start, start + len(quote)) if quote and start >= 0 else None


def _many(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)


def _confidence(row: Mapping[str, Any]) -> float:
    return 1.0 if row.get("confidence") is None else float(row["confidence"])


def overlap(one: Range, other: Range) -> bool:
    """Whether two ranges share a character."""
    return one[0] < other[1] and other[0] < one[1]


def widen(text: str | None, span: Range) -> Range:
    """Widen a range to whole words, so that a prefixed particle inside or outside makes no difference.

    >>> widen("one two three", (5, 6))
    (4, 7)
    """
    start, end = span
    if text is None:
        return span
    while start > 0 and _LETTER.match(text[start - 1]):
        start -= 1
    while end < len(text) and _LETTER.match(text[end]):
        end += 1
    return start, end


def plain_name(name: str | None) -> str:
    """A name for comparison: no marks, one alef, no articles, no punctuation, lower case."""
    text = _MARKS.sub("", unicodedata.normalize("NFKD", name or "").translate(_ONE))
    text = re.sub(r"[^\w\s]", " ", unicodedata.normalize("NFC", text)).lower()
    return " ".join(word[2:] if word.startswith(DEFINITE) and len(word) > 4 else word for word in text.split())
