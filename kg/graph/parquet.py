"""The tables of ``kg.graph.tables`` as Parquet, typed: for pandas, DuckDB, Spark. Needs the extra ``parquet``."""

from __future__ import annotations

import io
from collections.abc import Iterator

from kg.errors import MissingExtra
from kg.graph.store import GraphStore
from kg.graph.tables import tables

_WHOLE = frozenset({"claims", "events", "count", "killed", "wounded", "start", "end"})
_REAL = frozenset({"confidence", "lat", "lon"})


def parquet_files(store: GraphStore) -> Iterator[tuple[str, bytes]]:
    """One file a table; a number that is not known is null, a text that is not there is empty."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise MissingExtra("Parquet needs one more package: pip install 'sanad-kg[parquet]'") from None
    for name, (heads, *rows) in tables(store):
        fields, columns = [], []
        for index, head in enumerate(map(str, heads)):
            cells = [row[index] for row in rows]
            kind = pa.int64() if head in _WHOLE else pa.float64() if head in _REAL else pa.string()
            fields.append(pa.field(head, kind))
            columns.append(pa.array(list(map(_number if head in _WHOLE | _REAL else _text, cells)), kind))
        file = io.BytesIO()
        parquet.write_table(pa.table(columns, schema=pa.schema(fields)), file, compression="zstd")
        yield f"{name}.parquet", file.getvalue()


def _number(cell: object) -> float | int | None:
    if isinstance(cell, str):
        return float(cell) if cell else None
    return cell if isinstance(cell, (int, float)) else None


def _text(cell: object) -> str:
    return str(cell).encode("utf-8", "replace").decode("utf-8")
