"""A knowledge graph of Arabic political and security news: every edge knows who said it, where, how sure, and when.

    from kg import GraphFolder, analyse, answer, read
    with GraphFolder.open(Path("graph")) as folder:
        for document in read(["articles/"]):
            folder.add(analyse(document))
        print(answer(folder.store, "attacks").texts())

The names below are loaded when they are first used, so that ``import kg`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.build import build
    from kg.datamodel import Analysis, Document, Span
    from kg.errors import KgError
    from kg.graph.folder import GraphFolder
    from kg.graph.network import network
    from kg.graph.query import ask
    from kg.graph.questions import answer
    from kg.graph.store import GraphStore
    from kg.pipeline import analyse, to_gold
    from kg.text.read import ReadFailure, ReadOptions, read, read_text
    from kg.view.page import write_page

__all__ = [
    "Analysis",
    "Document",
    "GraphFolder",
    "GraphStore",
    "KgError",
    "ReadFailure",
    "ReadOptions",
    "Span",
    "analyse",
    "answer",
    "ask",
    "build",
    "network",
    "read",
    "read_text",
    "to_gold",
    "write_page",
]

_HOMES = {
    "Analysis": "kg.datamodel",
    "Document": "kg.datamodel",
    "GraphFolder": "kg.graph.folder",
    "GraphStore": "kg.graph.store",
    "KgError": "kg.errors",
    "ReadFailure": "kg.text.read",
    "ReadOptions": "kg.text.read",
    "Span": "kg.datamodel",
    "analyse": "kg.pipeline",
    "answer": "kg.graph.questions",
    "ask": "kg.graph.query",
    "build": "kg.build",
    "network": "kg.graph.network",
    "read": "kg.text.read",
    "read_text": "kg.text.read",
    "to_gold": "kg.pipeline",
    "write_page": "kg.view.page",
}


def release() -> str:
    """The version that is installed; ``0`` where only the sources lie."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("sanad-kg")
    except PackageNotFoundError:
        return "0"


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return release()
    if name not in _HOMES:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
