"""The folder that ``kg build --out DIR`` makes: the store, and the text of every article beside it.

    DIR/store/               Oxigraph; the only truth about the graph
    DIR/documents/<id>.json  one article: its text, never edited, and where it comes from
    DIR/lifted/<id>.json     what was found in it, before the corpus was looked at (``kg.graph.lifted``)
    DIR/judgements.tsv       what people decided about pairs; only ever added to (``kg.graph.judgements``)
    DIR/merges.tsv           which ids of articles are one entity and why, written by ``finish``
    DIR/graph.trig           the whole graph as text, written by ``finish``
    DIR/search.db            the index of `kg find`, made anew by ``finish``
    DIR/laid                 while it is there, a first build is not finished: the store has none of the articles yet

An article is written text first, then in one transaction; it is removed in the opposite order. So a process killed
at any moment leaves at worst a text without a graph, which ``repair`` takes away, or a text newer than its graph,
which the next build sees by its digest.

A first build lays its articles down beside the store and loads them all at once, united, in ``finish``; whoever asks
for the store of the folder before that gets them loaded as they are. A reader in another process sees them only then.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from kg.datamodel import Analysis, Document, DocumentGraph, DocumentId, Entity, EntityId, digest
from kg.errors import StoreError
from kg.graph.aside import Aside
from kg.graph.bulk import bulk_quads
from kg.graph.claims import assert_claims
from kg.graph.copies import copies
from kg.graph.corpus import Corpus
from kg.graph.derived import derive
from kg.graph.find import Hit, find, rebuild
from kg.graph.judgements import Judgement, Judgements, append_judgement, read_judgements
from kg.graph.lifted import Lifted, from_json, to_json, written_names
from kg.graph.merges import merge_quads, merges_table
from kg.graph.resolution import Resolution, resolve_corpus
from kg.graph.resolve import NO_BACKGROUND, Background, resolve
from kg.graph.store import GraphStore
from kg.graph.unite import Canonical, unite
from kg.vocabulary import KG

_LONGEST_NAME = 120
_MANY = 100
"""Articles from which on a second process is worth its start."""


class GraphFolder:
    """A graph on disk. Use as a context manager."""

    def __init__(self, path: Path, store: GraphStore) -> None:
        self.path = path
        self._store = store
        self._laid = False
        self._plans: dict[DocumentId, str] | None = None

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> Self:
        """Open the folder; for writing it is made if need be, and repaired."""
        if not read_only:
            path.mkdir(parents=True, exist_ok=True)
        elif not (path / "store").is_dir():
            raise StoreError(f"{path}: there is no graph here; build one with `kg build PATH... --out {path}`")
        if not read_only:
            _refuse_strangers(path)
        folder = cls(path, GraphStore.open(path / "store", read_only=read_only))
        if not read_only:
            folder._laid = (path / "laid").exists()
            folder.repair()
        return folder

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._store.close()

    @property
    def store(self) -> GraphStore:
        """The graph; articles that lie beside it are loaded first."""
        if self._laid:
            self._load({}, {})
        return self._store

    def is_current(self, document: Document, version: str) -> bool:
        """Whether the store has the article as this version of the program would build it."""
        known = self._laid_digest(document.id) if self._laid else self.store.digest_of(document.id)
        return known == document_digest(document, version)

    def add(self, analysis: Analysis, background: Background = NO_BACKGROUND) -> DocumentGraph:
        """Write one analysed article, in place of what the folder has of it."""
        lifted = lift(analysis, background)
        self.add_lifted(lifted)
        return lifted.graph

    def add_lifted(self, lifted: Lifted) -> None:
        """Write one article that was lifted elsewhere."""
        store = self.store
        self._lay(lifted)
        store.write(lifted.graph, digest=lifted.digest)

    def lay_down(self, lifted: Lifted) -> None:
        """Write one article; one of a first build reaches the store with all others, in ``finish``."""
        if not self._laid and len(self._store):
            self.add_lifted(lifted)
            return
        if not self._laid:
            self._begin()
            replace_file(self.path / "laid", b"")
            self._laid = True
        self._lay(lifted)

    def _lay(self, lifted: Lifted) -> None:
        document = lifted.graph.document
        self._begin(document.id)
        self._write_text(document)
        self._write(self._lifted_path(document.id), to_json(lifted))

    def remove(self, document: DocumentId) -> bool:
        """Take out an article and what stands on it alone; False if it was not there."""
        self._begin(document)
        found = self.store.remove(document)
        self._text_path(document).unlink(missing_ok=True)
        self._lifted_path(document).unlink(missing_ok=True)
        return found

    def document(self, document: DocumentId) -> Document:
        """An article with its text."""
        return _document(self._text_path(document))

    def documents(self) -> Iterator[Document]:
        """Every article of the store with its text, in order of id."""
        for document in self._articles():
            yield self.document(document)

    def lifted(self) -> Iterator[Lifted]:
        """What was found in every article by itself, in order of id; those of older programs have none."""
        for document in self._articles():
            path = self._lifted_path(document)
            if path.is_file():
                yield from_json(path.read_bytes(), self.document(document))

    def versions(self) -> set[str]:
        """What the articles were analysed with; those of older programs do not say."""
        paths = (self._lifted_path(document) for document in self.store.articles())
        return {json.loads(path.read_bytes()).get("version", "") for path in paths if path.is_file()}

    def judgements(self) -> Judgements:
        """What people have decided."""
        return read_judgements(self.path / "judgements.tsv")

    def judge(self, judgement: Judgement) -> None:
        """Add a judgement; ``finish`` brings the graph in line with it."""
        self._begin()
        append_judgement(self.path / "judgements.tsv", judgement)

    def resolution(self) -> tuple[Corpus, Resolution]:
        """Which ids of the articles are one entity, and why."""
        judgements = self.judgements()
        corpus = Corpus(parts={name for line in judgements.lines for name in line.pair})
        for lifted in self.lifted():
            corpus.add(lifted)
        return corpus, resolve_corpus(corpus, judgements)

    @property
    def is_finished(self) -> bool:
        """Whether ``finish`` ran after the last change."""
        return not (self.path / "unfinished").exists()

    def finish(self, *, jobs: int = 1) -> None:
        """Unite entities, mark copies, compact the store, write ``graph.trig`` and the search index.

        With several ``jobs`` a second process helps where there is much to do.
        """
        fresh, texts = self._laid, [self._text_path(document) for document in self._articles()]
        with Aside(wanted=jobs > 1 and len(texts) >= _MANY) as aside:
            copied = aside.start(_copies, texts)
            self._unite(*self.resolution())
            self.store.mark_copies(copied())
            derive(self.store)
            if not fresh:
                self.store.optimise()
                if self.store.is_bloated():
                    self.store.rewrite()
            indexed = aside.start(_index, self.path)
            replace_file(self.path / "graph.trig", self.store.trig_parts())
            indexed()
        (self.path / "unfinished").unlink(missing_ok=True)

    def _begin(self, document: DocumentId | None = None) -> None:
        """Before a change: the graph is no longer finished, nor is it sure what the article is written with."""
        known = self._written_with().get(document, "?") != "?" if document is not None else False
        if known or self.is_finished:
            with (self.path / "unfinished").open("a", encoding="ascii") as file:
                file.write(json.dumps(document) + "\n")
                file.flush()
                os.fsync(file.fileno())
        if known and document is not None:
            self._written_with()[document] = "?"

    def _unite(self, corpus: Corpus, resolution: Resolution) -> None:
        """Write every article again on which the decision of the corpus has changed.

        ``united.json`` says what each article's graph was written with; "?" stands where that is not sure, as for
        those that ``unfinished`` lists.
        """
        plans: dict[DocumentId, dict[EntityId, Entity]] = {}
        for (document, entity), target in resolution.canonical.items():
            plans.setdefault(document, {})[entity] = target
        wanted = {document: _plan_digest(plan) for document, plan in sorted(plans.items())}
        if self._laid:
            self._load(plans, corpus.known)
        present = self._written_with()
        changed = sorted(name for name in {*wanted, *present} if wanted.get(name) != present.get(name))
        if changed:
            self._note_plans(present | dict.fromkeys(changed, "?"))
        for document in changed:
            path = self._lifted_path(document)
            if path.is_file():
                lifted = from_json(path.read_bytes(), self.document(document))
                graph = unite(lifted.graph, plans.get(document, {}), corpus.known)
                self.store.write(graph, digest=lifted.digest)
        if changed:
            self._note_plans(wanted)
        self.store.replace_graph(KG.merges, set(merge_quads(corpus, resolution)))
        replace_file(self.path / "merges.tsv", merges_table(resolution).encode("utf-8", "replace"))

    def _load(self, plans: Mapping[DocumentId, Canonical], known: Mapping[EntityId, Entity]) -> None:
        """Load what lies beside the store; the mark goes last, so that a kill before it loads all again.

        A text that was replaced and its analysis not, is left to the next build.
        """
        wanted = {document: _plan_digest(plan) for document, plan in sorted(plans.items())}
        if wanted != self._written_with():
            self._note_plans(wanted)
        whole = (each for each in self.lifted() if each.digest == document_digest(each.graph.document, each.version))
        graphs = ((unite(each.graph, plans.get(each.graph.document.id, {}), known), each.digest) for each in whole)
        self._store.rewrite(bulk_quads(graphs))
        (self.path / "laid").unlink()
        self._laid = False

    def _articles(self) -> list[DocumentId]:
        """The ids of all articles, in the store or not, sorted."""
        if not self._laid:
            return self._store.articles()
        paths = ((self.path / "documents").glob("*.json"), (self.path / "lifted").glob("*.json"))
        texts, found = ({path.name: path for path in each} for each in paths)
        return sorted(json.loads(texts[name].read_bytes())["id"] for name in texts.keys() & found.keys())

    def _laid_digest(self, document: DocumentId) -> str:
        path = self._lifted_path(document)
        return json.loads(path.read_bytes())["digest"] if path.is_file() else ""

    def _written_with(self) -> dict[DocumentId, str]:
        if self._plans is None:
            path = self.path / "united.json"
            self._plans = json.loads(path.read_bytes()) if path.is_file() else {}
            path = self.path / "unfinished"
            whole = path.read_text(encoding="ascii").rpartition("\n")[0] if path.is_file() else ""
            changed = {json.loads(line) for line in whole.splitlines()} & set(self._plans)
            self._plans |= dict.fromkeys(changed, "?")
        return self._plans

    def _note_plans(self, plans: Mapping[DocumentId, str]) -> None:
        self._plans = dict(plans)
        self._write(self.path / "united.json", (json.dumps(self._plans, indent=0) + "\n").encode("ascii"))

    def find(self, text: str, *, limit: int = 20, kind: str = "") -> list[Hit]:
        """Names and evidence that have ``text`` in them (see ``kg.graph.find``)."""
        return find(self.path / "search.db", text, limit=limit, kind=kind)

    def repair(self) -> list[Path]:
        """Take away texts without a graph and half-written files; the paths that went."""
        folder = self.path / "documents"
        articles = self._articles()
        known = {make(document) for document in articles for make in (self._text_path, self._lifted_path)}
        both = (*sorted(folder.glob("*")), *sorted((self.path / "lifted").glob("*")))
        stray = [path for path in both if path not in known and path.name.endswith((".json", ".json.part"))]
        for path in stray:
            path.unlink()
        return stray

    def _lifted_path(self, document: DocumentId) -> Path:
        return self.path / "lifted" / self._text_path(document).name

    def _text_path(self, document: DocumentId) -> Path:
        name = quote(document.encode("utf-8", "surrogatepass"), safe="")
        if len(name) > _LONGEST_NAME or name.startswith("."):
            name = digest("document", document)
        return self.path / "documents" / f"{name}.json"

    def _write_text(self, document: Document) -> None:
        fields = asdict(document)
        del fields["source"]
        self._write(
            self._text_path(document.id), (json.dumps(fields, ensure_ascii=True, indent=1) + "\n").encode("ascii")
        )

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(exist_ok=True)
        replace_file(path, content)


def _refuse_strangers(path: Path) -> None:
    """A folder that somebody else uses is left alone; ``store.old`` is what a killed rewrite leaves."""
    ours = any((path / name).is_dir() for name in ("store", "store.old"))
    for name in ("documents", "lifted"):
        if not ours and any((path / name).glob("*")):
            raise StoreError(f"{path}: it has a folder {name}/ and no graph; name another folder")


def _document(path: Path) -> Document:
    if not path.is_file():
        raise StoreError(f"{path}: this text is missing; build it again")
    return Document(**json.loads(path.read_text(encoding="utf-8")))


def _copies(texts: Iterable[Path]) -> dict[DocumentId, DocumentId]:
    return copies(map(_document, texts))


def _index(path: Path) -> None:
    with GraphStore.open(path / "store", read_only=True) as store:
        rebuild(store, path / "search.db")


def _plan_digest(plan: Canonical) -> str:
    return digest("plan", sorted((key, repr(entity)) for key, entity in plan.items()))


def lift(analysis: Analysis, background: Background = NO_BACKGROUND) -> Lifted:
    """What one article says, before the corpus is looked at; needs no folder, so any process may do it."""
    entities = resolve(analysis, background)
    graph = assert_claims(analysis, entities)
    made = document_digest(analysis.document, analysis.version)
    return Lifted(graph=graph, names=written_names(analysis, entities), digest=made, version=analysis.version)


def document_digest(document: Document, version: str) -> str:
    """The hash of all that an article's graph depends on; where it was read from is no part of it.

    >>> one = Document(id=DocumentId("1"), text="x", source="here")
    >>> document_digest(one, "0.1") == document_digest(Document(id=DocumentId("1"), text="x"), "0.1")
    True
    """
    fields = asdict(document)
    del fields["source"]
    return digest("article", sorted(fields.items()), version)


def replace_file(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all; parts are written as they come. StoreError if the disk does not take it."""
    partial = path.with_name(f"{path.name}.part")
    try:
        with partial.open("wb") as file:
            file.writelines((content,) if isinstance(content, bytes) else content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink()
        raise StoreError(f"{path}: not written: {error.strerror or error}") from error
