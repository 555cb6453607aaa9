"""Mentions that the lexicon lists: forms with proclitics, short forms held back until something supports them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg.datamodel import LexiconId
from kg.language.match import Hit, lexicon_matcher
from kg.text.recognition.scene import QUOTES, Candidate, Scene, definite

_FULL = 0.95
_SHORT = 0.6
_NEVER = frozenset(("VERB", "ADP", "SCONJ", "CCONJ", "PRON", "DET", "PART"))


def lexical_candidates(scene: Scene) -> Iterator[Candidate]:
    """Yield a candidate for each form found; several entries of one form share a candidate."""
    for hit in lexicon_matcher(scene.lexicon).hits(scene.joined):
        last = scene.ends.get(hit.end)
        first = scene.starts.get(hit.start - len(hit.proclitics))
        if last is None or first is None or not _plausible(scene, hit, first, last):
            continue
        if _leader_phrase(scene, hit) or _second_half(scene, hit, first) or _adjective(scene, hit, first, last):
            continue
        yield _trimmed(scene, _candidate(scene, hit, first, last))


def _adjective(scene: Scene, hit: Hit, first: int, last: int) -> bool:
    """ "the Saudi schools", "the financial returns": a name that only qualifies the noun right before it."""
    start, _ = scene.bounds(first)
    if last - first > 1 or hit.proclitics or hit.contracted or first == start:
        return False
    entry = scene.lexicon.entries[scene.lexicon.forms[hit.form][0][0]]
    nisba = entry.type == "Country" and hit.form in scene.lexicon.nisba
    short_body = entry.type == "GovernmentBody" and scene.lexicon.forms[hit.form][0][1]
    before = scene.tokens[first - 1]
    if not nisba and not short_body or before.kind != "word" or scene.norms[first - 1] in scene.lexicon.words("prep"):
        return False
    if before.reading.pos not in ("NOUN", "ADJ"):
        return False
    named = scene.norms[first - 1] in scene.lexicon.titles or scene.norms[first - 1] in scene.lexicon.heads
    if short_body and named:
        return False
    return definite(hit.form) == definite(scene.norms[first - 1])


def _second_half(scene: Scene, hit: Hit, first: int) -> bool:
    """The second word of "Abd al-Hakim" or "Abu X" is no name of its own."""
    if hit.proclitics or not first or " " in hit.form:
        return False
    before = scene.lexicon.titles.get(scene.norms[first - 1])
    return before is not None and before[0].kind == "kunya"


def _leader_phrase(scene: Scene, hit: Hit) -> bool:
    """ "leader of the X" states a relation between two names; it is no post of its own."""
    if scene.lexicon.entries[scene.lexicon.forms[hit.form][0][0]].type != "Office":
        return False
    words = scene.lexicon.words
    first = hit.form.split(" ", 1)[0]
    return first in words("spokesperson-title") or first in words("pure-leader")


def _trimmed(scene: Scene, candidate: Candidate) -> Candidate:
    """Without a leading class noun of places, and without what follows "in" or "led by": names of their own."""
    first, last, skip = candidate.first, candidate.last, candidate.skip
    for index in range(first + 1, last):
        if scene.norms[index] in scene.lexicon.words("name-break"):
            last = index
            break
    head = scene.lexicon.heads.get(scene.norms[first][skip:])
    quoted = last - first > 1 and scene.norms[first + 1] in QUOTES
    if head is not None and last - first > 1 and (head.mode == "name-out" and head.trims or quoted):
        first, skip = first + 1 + quoted, 0
    if (first, last) == (candidate.first, candidate.last):
        return candidate
    return replace(candidate, first=first, last=last, skip=skip)


def _plausible(scene: Scene, hit: Hit, first: int, last: int) -> bool:
    reading = scene.tokens[first].reading
    if last - first > 1 and not hit.proclitics:
        return True
    if hit.proclitics:
        # A known word whose letters only look like proclitic + name, such as "wala'" (loyalty) beside "wa" + name.
        as_word = reading.known and reading.pos != "PROPN" and reading.core == 0 and not reading.definite
        as_word = as_word and not hit.contracted
        return not as_word or (last - first > 1 and reading.pos not in _NEVER)
    return reading.pos not in _NEVER or not reading.known or reading.definite


def _candidate(scene: Scene, hit: Hit, first: int, last: int) -> Candidate:
    listed = scene.lexicon.forms[hit.form]
    full = [entry for entry, short in listed if not short]
    entries: tuple[LexiconId, ...] = tuple(full + [entry for entry, short in listed if short])
    short = not full
    best = scene.lexicon.entries[entries[0]]
    return Candidate(
        first=first,
        last=last,
        skip=len(hit.proclitics),
        type=best.type,
        score=_SHORT if short else _FULL,
        source="lexicon",
        reason=("short form of " if short else "form of ") + " or ".join(entries[:3]),
        entries=entries,
        short=short,
        weight=3 if not short else 1,
    )
