"""Articles as records: JSON Lines, JSON and CSV, with fields found by their usual names or by a mapping."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from kg.errors import InputError, UnreadableInput
from kg.text.reading.decode import decode
from kg.text.reading.places import lines

USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "article_text", "maintext", "story"),
    "title": ("title", "headline", "heading"),
    "outlet": ("outlet", "source", "publisher", "site", "site_name", "newspaper", "media"),
    "published": (
        "published", "date", "published_at", "datepublished", "date_published", "publish_date", "pubdate",
        "datetime", "doc_date", "timestamp",
    ),
    "url": ("url", "link", "canonical_url", "uri"),
    "byline": ("byline", "author", "authors", "writer"),
    "dateline": ("dateline", "place"),
}  # fmt: skip


def article(record: Mapping[str, Any], fields: Mapping[str, str], where: str) -> dict[str, str]:
    """Return the fields of a Document that ``record`` carries.

    >>> article({"Headline": "T", "body": "B"}, {}, "x.jsonl:1")
    {'text': 'B', 'title': 'T'}
    """
    folded = {str(key).strip().lower(): value for key, value in record.items()}
    found: dict[str, str] = {}
    for name, usual in USUAL_NAMES.items():
        if name in fields:
            if fields[name] not in record:
                raise InputError(
                    f"{where}: no field {fields[name]!r} for {name}; there are {', '.join(map(str, record))}"
                )
            value = record[fields[name]]
        else:
            value = next((folded[key] for key in usual if folded.get(key)), None)
        if text := _string(value):
            found[name] = text
    if "text" not in found:
        raise InputError(f"{where}: no text field; name it with --field text=NAME")
    return found


def _string(value: Any, deep: int = 8) -> str:
    if value is None or isinstance(value, bool) or not deep:
        return ""
    if isinstance(value, list):
        return ", ".join(part for item in value if (part := _string(item, deep - 1)))
    if isinstance(value, dict):
        return _string(value.get("name"), deep - 1)
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def json_lines(stream: BinaryIO, source: str, limit: int, encoding: str | None) -> Iterator[tuple[str, Any]]:
    """Yield (place, record or error) for every line that is not blank."""
    for number, line in lines(stream, limit):
        where = f"{source}:{number}"
        if line is None:
            yield where, UnreadableInput(f"{where}: the line has more than {limit:,} bytes")
        elif line.strip():
            try:
                yield where, _parse(decode(line, where, encoding=encoding), where)
            except InputError as error:
                yield where, error


def json_records(text: str, source: str) -> Iterator[tuple[str, Any]]:
    """Yield (place, record) for one article, a list of them, or an object with a list of them."""
    data = load_json(text, source)
    if isinstance(data, dict):
        inner = next((data[key] for key in ("articles", "documents", "items") if isinstance(data.get(key), list)), None)
        data = [data] if inner is None else inner
    if not isinstance(data, list):
        raise UnreadableInput(f"{source}: expected an article or a list of articles")
    for number, record in enumerate(data, 1):
        where = source if len(data) == 1 else f"{source}[{number}]"
        yield where, record if isinstance(record, dict) else UnreadableInput(f"{where}: not an object")


def csv_records(text: str, source: str) -> Iterator[tuple[str, Any]]:
    """Yield (place, record) for every row; comma, semicolon or tab, told by the header."""
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    csv.field_size_limit(max(len(text) + 1, 131072))
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            where = f"{source}:{reader.line_num}"
            if None in row:
                yield where, UnreadableInput(f"{where}: more cells than the header has columns")
            else:
                yield where, row
    except csv.Error as error:
        raise UnreadableInput(f"{source}:{reader.line_num}: {error}") from None


def _parse(line: str, where: str) -> dict[str, Any]:
    record = load_json(line, where)
    if not isinstance(record, dict):
        raise UnreadableInput(f"{where}: expected a JSON object, one a line")
    return record


def load_json(text: str, where: str) -> Any:
    """What a JSON text holds; one that is wrong or nests too deep is told with its place."""
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise UnreadableInput(f"{where}: not JSON: {error}") from None
