"""Re-read every claim against its text, and write down what was read: ``kg verify``.

The manifest names by SHA-256 the corpus, the graph, the ontology and the code, so that two machines can compare one
line. It has no clock, no host and no path in it: the same folder and program give the same bytes. ``seal`` is a hash of
the rest and shows damage; whoever must show that nobody put another manifest in its place gives a key (HMAC).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyoxigraph import Literal

from kg import release
from kg.datamodel import Analysis, Document
from kg.errors import InputError, StoreError
from kg.graph import iris
from kg.graph.check import Problem, facts, quotes
from kg.graph.folder import GraphFolder, document_digest
from kg.graph.records import read_articles
from kg.graph.resolve import Background
from kg.graph.store import GraphStore
from kg.language.lexicon import load_lexicon
from kg.resources import PACKAGE, ontology_root, tree_hash
from kg.vocabulary import KG, SCHEMA

FORMAT = 1
Manifest = dict[str, Any]
_SKIPPED = frozenset({"__pycache__", "ontology", "_built"})
_COMPARED = ("corpus", "graph", "ontology", "code", "version", "format")


def verify(folder: GraphFolder, *, key: bytes = b"", again: Callable[[Document], Analysis] | None = None) -> Manifest:
    """The manifest of a folder; with ``again`` every article is analysed anew and must give the same graph."""
    texts, problems = _texts(folder)
    problems += [*quotes(folder), *facts(folder.store)]
    graph = folder.store.nquads()
    if again is not None:
        problems += _rebuilt(folder, graph, texts.values(), again)
    manifest: Manifest = {
        "format": FORMAT,
        "version": release(),
        "corpus": {"articles": len(texts), "sha256": _sha(_json({name: _text_sha(d) for name, d in texts.items()}))},
        "graph": {"quads": len(folder.store), "sha256": _sha(graph)},
        "ontology": tree_hash(ontology_root()),
        "code": tree_hash(PACKAGE, _SKIPPED),
        "read": _counts(folder.store, texts.values()),
        "again": again is not None,
        "articles": {name: _text_sha(document) for name, document in texts.items()},
        "problems": [asdict(problem) for problem in sorted(set(problems))],
    }
    return _signed(manifest, key)


def to_bytes(manifest: Manifest) -> bytes:
    """The manifest as the file that is written: ASCII JSON in a fixed order."""
    return (json.dumps(manifest, ensure_ascii=True, indent=1) + "\n").encode("ascii")


def load(path: Path, key: bytes = b"") -> Manifest:
    """Read a manifest and hold it to its seal, and with a key to its signature."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: not a manifest of kg verify: {error}") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise InputError(f"{path}: not a manifest of kg verify, or of another format than {FORMAT}")
    body = {name: value for name, value in found.items() if name not in ("seal", "signature")}
    expected = _signed(body, key)
    if not hmac.compare_digest(str(found.get("seal")), expected["seal"]):
        raise InputError(f"{path}: the manifest was changed after it was written; its seal does not fit")
    if key and not hmac.compare_digest(str(found.get("signature")), expected["signature"]):
        raise InputError(f"{path}: the manifest was not signed with this key")
    return found


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What differs between two manifests, in words; empty if they vouch for the same."""
    found = [f"the {name} is another" for name in _COMPARED if before.get(name) != after.get(name)]
    old, new = before.get("articles", {}), after.get("articles", {})
    found += [f"article {name} is gone" for name in sorted(old.keys() - new.keys())]
    found += [f"article {name} is new" for name in sorted(new.keys() - old.keys())]
    return found + [
        f"article {name} has another text" for name in sorted(old.keys() & new.keys()) if old[name] != new[name]
    ]


def _texts(folder: GraphFolder) -> tuple[dict[str, Document], list[Problem]]:
    """The stored texts, each held to the digest that the graph has of it."""
    found: dict[str, Document] = {}
    problems = []
    versions = {release()} | releases(folder)
    for name in folder.store.articles():
        node = iris.article_iri(name).value
        try:
            document = folder.document(name)
        except (StoreError, ValueError, TypeError) as error:
            problems.append(_problem(node, name, f"its text cannot be read: {error}"))
            continue
        found[name] = document
        if document.id != name or folder.store.digest_of(name) not in {document_digest(document, v) for v in versions}:
            problems.append(_problem(node, name, "its text or metadata is not what the graph was built from"))
    return found, problems


def releases(folder: GraphFolder) -> set[str]:
    """What the articles of a folder were analysed with: versions of the program, and profiles."""
    written = folder.store.raw.quads_for_pattern(None, SCHEMA.softwareVersion, None, KG.entities)
    told = {quad.object.value for quad in written if isinstance(quad.object, Literal)}
    return told | {version for version in folder.versions() if version}


def _problem(node: str, article: str, what: str) -> Problem:
    return Problem(node=node, article=article, what=what, fix="build the article again from its source")


def _rebuilt(
    folder: GraphFolder, graph: bytes, documents: Iterable[Document], again: Callable[[Document], Analysis]
) -> list[Problem]:
    """Whether this program makes the same quads of the stored texts."""
    background = Background.of(load_lexicon())
    with TemporaryDirectory() as place, GraphFolder.open(Path(place)) as fresh:
        judged = folder.path / "judgements.tsv"
        if judged.is_file():
            shutil.copyfile(judged, fresh.path / judged.name)
        for document in documents:
            fresh.add(again(document), background)
        fresh.finish()
        made = fresh.store.nquads()
    if made == graph:
        return []
    old, new = set(graph.split(b"\n")), set(made.split(b"\n"))
    what = f"built again, the graph has {len(new - old)} other quads and lacks {len(old - new)}"
    return [Problem(node=str(folder.path.name), article="", what=what, fix="build the graph again with this version")]


def _counts(store: GraphStore, documents: Iterable[Document]) -> dict[str, int]:
    claims = events = evidence = 0
    for graph in read_articles(store):
        claims += len(graph.claims)
        events += len(graph.events)
        evidence += len({quote for each in (*graph.claims, *graph.events) for quote in each.evidence})
    return {
        "claims": claims,
        "events": events,
        "quotes": evidence,
        "characters": sum(len(document.text) for document in documents),
    }


def _text_sha(document: Document) -> str:
    fields = asdict(document)
    del fields["source"]
    return _sha(_json(fields))


def _signed(body: Manifest, key: bytes) -> Manifest:
    payload = _json(body)
    signed = {**body, "seal": _sha(payload)}
    return {**signed, "signature": hmac.new(key, payload, hashlib.sha256).hexdigest()} if key else signed


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
