"""The pairs on which a person should decide, with what speaks for and against them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.datamodel import DocumentId, EntityId
from kg.errors import InputError
from kg.graph.corpus import Corpus
from kg.graph.evidence import Evidence
from kg.graph.folder import GraphFolder
from kg.graph.judgements import VERDICTS, Judgement

_ARTICLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One article that names a side, and the sentence in which it does."""

    article: DocumentId
    outlet: str
    published: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two."""

    id: EntityId
    type: str
    names: tuple[str, ...]
    lexicon: str
    articles: int
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A pair: what the program makes of it, and why."""

    one: Side
    other: Side
    united: bool
    evidence: Evidence


def proposals(folder: GraphFolder, *, limit: int = 20) -> list[Proposal]:
    """The pairs on which nobody has judged, the most doubtful first."""
    corpus, resolution = folder.resolution()
    return [
        Proposal(
            one=_side(folder, corpus, each.one),
            other=_side(folder, corpus, each.other),
            united=resolution.groups.get(each.one, each.one) == resolution.groups.get(each.other, each.other),
            evidence=each,
        )
        for each in resolution.doubtful[:limit]
    ]


def _side(folder: GraphFolder, corpus: Corpus, unit: EntityId) -> Side:
    profile = corpus.profiles[unit]
    places = sorted(corpus.units[unit])
    return Side(
        id=unit,
        type=profile.type,
        names=(*sorted(profile.names), *sorted(profile.latin)),
        lexicon=profile.lexicon or "",
        articles=len(places),
        told=tuple(_told(folder, document, sorted(profile.names)) for document, _ in places[:_ARTICLES]),
    )


def _told(folder: GraphFolder, name: DocumentId, names: Iterable[str]) -> Told:
    document = folder.document(name)
    return Told(
        article=name,
        outlet=document.outlet,
        published=document.published or "",
        quote=next(_around(document.text, names), document.title),
    )


def _around(text: str, names: Iterable[str]) -> Iterator[str]:
    """The line of the text that has a name, or as much of it as can be read at a glance."""
    for name in names:
        place = text.find(name)
        if place >= 0:
            start = max(text.rfind("\n", 0, place) + 1, place - 120)
            end = text.find("\n", place)
            yield text[start : min(end if end >= 0 else len(text), place + len(name) + 120)].strip()


def read_answers(path: Path, *, who: str = "", when: str = "") -> list[Judgement]:
    """Judgements from a file of lines ``one TAB other TAB verdict``, perhaps with a note."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        one, other, word, note = (cell.strip() for cell in [*line.split("\t"), "", "", ""][:4])
        verdict = next((each for each in VERDICTS if each == word), None)
        if verdict is None or not one or not other or one == other:
            raise InputError(f"{path}:{number}: expected two ids and same, different or unsure, separated by tabs")
        found.append(Judgement(one=one, other=other, verdict=verdict, who=who, when=when, note=note))
    return found


def judge(folder: GraphFolder, judgements: Iterable[Judgement]) -> list[Judgement]:
    """Take judgements down and bring the graph in line; those that later ones overrule are given back."""
    taken = list(judgements)
    for each in taken:
        folder.judge(each)
    if taken or not folder.is_finished:
        folder.finish()
    return folder.judgements().overruled
