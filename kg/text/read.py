"""Reading: files, folders, globs and standard input become Documents; what cannot be read is reported, not raised.

Metadata in the order of trust: the options, the record's fields or the page, ``index.json`` beside the file,
the text itself (a byline above it, a publication line below it). The text is never edited after reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast, get_args

from kg.datamodel import Document, DocumentId, digest
from kg.errors import InputError, KgError, UnreadableInput
from kg.text.reading.byline import metadata_in
from kg.text.reading.dates import is_published, parse_date
from kg.text.reading.decode import decode
from kg.text.reading.html import page
from kg.text.reading.places import INDEX, Format, Place, opened, places, read_all
from kg.text.reading.records import USUAL_NAMES, article, csv_records, json_lines, json_records, load_json

FormatName = Literal["auto", "text", "html", "jsonl", "json", "csv"]
FORMAT_NAMES: tuple[FormatName, ...] = get_args(FormatName)
_HTML_STARTS = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body", b"<article")
_MOST_INDEX = 64_000_000
_Index = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read. ``fields`` maps a Document's field to the name it has in the records."""

    format: FormatName = "auto"
    encoding: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    """Fields of Document that override what is found: ``{"outlet": "Al-Mada"}``."""
    max_bytes: int = 64_000_000
    """Of one file; JSON Lines are streamed and have the limit on each line."""
    max_characters: int = 1_000_000
    """Of one article."""

    def __post_init__(self) -> None:
        unknown = (set(self.fields) | set(self.metadata)) - set(USUAL_NAMES)
        if unknown:
            raise InputError(f"no field {', '.join(sorted(unknown))}; there are {', '.join(USUAL_NAMES)}")
        if (given := self.metadata.get("published")) and parse_date(given) is None:
            raise InputError(f"--published {given}: not a date; write it as 2024-07-28")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFailure:
    """Something that could not be read, where, and why."""

    source: str
    reason: str


def read(paths: Iterable[str | Path], options: ReadOptions | None = None) -> Iterator[Document | ReadFailure]:
    """Yield a Document for every article that ``paths`` name, and a ReadFailure for everything unreadable.

    >>> next(iter(read(["no/such/file.txt"])))
    ReadFailure(source='no/such/file.txt', reason='no/such/file.txt: no such file or folder')
    """
    chosen = options or ReadOptions()
    indexes: dict[Path, _Index | KgError] = {}
    for place in places([str(path) for path in paths]):
        if isinstance(place, InputError):
            yield ReadFailure(source=str(place).partition(": ")[0], reason=str(place))
            continue
        try:
            yield from _read_place(place, chosen, _index(place, indexes))
        except KgError as error:
            yield ReadFailure(source=place.name, reason=str(error))


def read_text(text: str, source: str = "", **metadata: str) -> Document:
    """A Document from a string at hand; ``metadata`` names fields of Document.

    >>> read_text("A short text.", outlet="Al-Mada").outlet
    'Al-Mada'
    """
    return _document({"text": text}, source, ReadOptions(metadata=metadata))


def _read_place(place: Place, options: ReadOptions, beside: Mapping[str, str]) -> Iterator[Document | ReadFailure]:
    with opened(place) as stream:
        kind, whole = _kind(place, stream, options)
        where = ""
        for where, found in _articles(place, kind, whole, options):
            try:
                if isinstance(found, KgError):
                    raise found
                fields = article(found, options.fields, where) if kind in ("jsonl", "json", "csv") else found
                yield _document(_with_index(fields, beside, kind), where, options)
            except KgError as error:
                yield ReadFailure(source=where, reason=str(error))
        if not where:
            raise UnreadableInput(f"{place.name}: no article in it")


def _articles(place: Place, kind: Format, stream: BinaryIO, options: ReadOptions) -> Iterator[tuple[str, Any]]:
    if kind == "jsonl":
        yield from json_lines(stream, place.name, options.max_bytes, options.encoding)
        return
    data = read_all(stream, options.max_bytes, place.name)
    text = decode(data, place.name, encoding=options.encoding, html=kind == "html")
    if kind == "text":
        yield place.name, {"text": text}
    elif kind == "html":
        yield place.name, page(place.name, text)
    elif kind == "json":
        yield from json_records(text, place.name)
    else:
        yield from csv_records(text, place.name)


def _kind(place: Place, stream: BinaryIO, options: ReadOptions) -> tuple[Format, BinaryIO]:
    """The format by option, by suffix, or by the first bytes, which are put back."""
    if options.format != "auto":
        return options.format, stream
    if place.format:
        return place.format, stream
    first = stream.readline(65536)
    rest = cast("BinaryIO", _Joined(first, stream))
    start = first.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_HTML_STARTS):
        return "html", rest
    if start.startswith(b"{"):
        return ("jsonl" if start.rstrip().endswith(b"}") else "json"), rest
    return ("json" if start.startswith((b"[{", b"[\n")) else "text"), rest


class _Joined:
    """A stream whose first line was read already and is read again."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first, self._rest = first, rest

    def read(self, size: int) -> bytes:
        head, self._first = self._first[:size], self._first[size:]
        return head + self._rest.read(size - len(head)) if len(head) < size else head

    def readline(self, size: int) -> bytes:
        if not self._first:
            return self._rest.readline(size)
        head, self._first = self._first[:size], self._first[size:]
        return head if head.endswith(b"\n") else head + self._rest.readline(size - len(head))


def _document(fields: Mapping[str, str], source: str, options: ReadOptions) -> Document:
    text = fields["text"]
    _check(text, source, options)
    found = metadata_in(text)
    inner = {"byline": found.byline, "dateline": found.dateline, "published": found.published, "title": found.title}
    given = {name: value for name, value in fields.items() if value}
    best = {**inner, **given, **options.metadata}
    published = best.get("published", "")
    if published and not is_published(published):
        published = parse_date(published) or found.published
    return Document(
        id=DocumentId(digest("document", best.get("outlet", ""), published, best.get("title", ""), text)),
        text=text,
        title=best.get("title", "").strip(),
        outlet=best.get("outlet", "").strip(),
        published=published or None,
        url=best.get("url") or None,
        byline=best.get("byline") or None,
        dateline=best.get("dateline") or None,
        source=source,
    )


def _check(text: str, source: str, options: ReadOptions) -> None:
    if not text.strip():
        raise UnreadableInput(f"{source}: no text in it")
    if len(text) > options.max_characters:
        raise UnreadableInput(f"{source}: {len(text):,} characters; one article has at most {options.max_characters:,}")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise UnreadableInput(f"{source}: half a surrogate pair in it; the text was cut or wrongly escaped")


def _with_index(fields: Mapping[str, str], beside: Mapping[str, str], kind: Format) -> dict[str, str]:
    """Metadata of the index under that of the record; a headline kept apart is set above the body.

    A plain text file stays exactly as it is, so that offsets are offsets into the file.
    """
    whole = {**beside, **{name: value for name, value in fields.items() if value}, "text": fields["text"]}
    title = " ".join(fields.get("title", "").split())
    if kind != "text" and title and title not in " ".join(fields["text"][: len(title) * 2 + 400].split()):
        whole["text"] = f"{title}\n{fields['text']}"
    return whole


def _index_of(folder: Path) -> _Index:
    """``index.json`` of a folder: file name or stem to fields. A list of objects, or an object by file name."""
    path = folder / INDEX
    if not path.is_file():
        return {}
    with opened(Place(path)) as stream:
        data = load_json(decode(read_all(stream, _MOST_INDEX, str(path)), str(path)), str(path))
    if isinstance(data, dict):
        data = [{"file": name, **row} if isinstance(row, dict) else row for name, row in data.items()]
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise UnreadableInput(f"{path}: expected a list of objects, or an object of objects by file name")
    found = {}
    for row in data:
        fields = article({**row, "text": "-"}, {}, str(path))
        del fields["text"]
        found[str(row.get("file") or row.get("id"))] = fields
    return found


def _index(place: Place, indexes: dict[Path, _Index | KgError]) -> dict[str, str]:
    """What the index beside a place says of it; each index is read once, also one that is wrong."""
    if place.path is None:
        return {}
    folder = place.path.parent
    if folder not in indexes:
        try:
            indexes[folder] = _index_of(folder)
        except KgError as error:
            indexes[folder] = error
    index = indexes[folder]
    if isinstance(index, KgError):
        raise index
    return index.get(place.path.name) or index.get(place.path.stem) or {}
