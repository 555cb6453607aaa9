"""Which type a guessed name has: evidence from its own words, what stands before it, and the company it keeps."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache

from kg.language.arabic import ALEF, COMMA, DEFINITE, HEH, YEH
from kg.language.lexicon import Lexicon
from kg.text.recognition.crf_features import word_clusters
from kg.text.recognition.scene import QUOTES, Scene, definite

DEFAULTS = {"PER": "Person", "ORG": "Organization", "LOC": "City"}
FITTING = {
    "PER": ("Official", "Person"),
    "LOC": ("Country", "City", "Region", "Base", "Facility"),
    "ORG": (
        "Faction", "PoliticalGroup", "Government", "GovernmentBody", "MilitaryForce", "Organization", "MediaOutlet",
    ),
}  # fmt: skip
_PLACES = ("Country", "Region", "City")
_ENDINGS = (HEH, ALEF, YEH)
_VIOLENT = frozenset(("attack", "fire", "clash", "fight", "kill", "claim", "threat"))
_LEAST_LISTED = 4
"""Listed words in a group before the group says anything."""
_MAJORITY = 0.7
_REACH = 7
"""Tokens from a title to the name after it: "the ambassador of X to Y, N"."""
Evidence = tuple[str, str]
"""A type and why."""


@cache
def _company(lexicon: Lexicon) -> dict[tuple[str, str], str]:
    """(fine group, label) -> the type that most listed one-word names of the group have."""
    clusters = word_clusters()
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for form, listed in lexicon.forms.items():
        group = clusters.get(form)
        if group is not None:
            kind = lexicon.entries[listed[0][0]].type
            for label, fitting in FITTING.items():
                if kind in fitting:
                    counts[group[1], label][kind] += 1
    return {
        key: found.most_common(1)[0][0]
        for key, found in counts.items()
        if found.total() >= _LEAST_LISTED and found.most_common(1)[0][1] >= _MAJORITY * found.total()
    }


def typed(scene: Scene, first: int, last: int, skip: int, label: str) -> Evidence:
    """The type of the name in tokens ``first`` to ``last`` that looks like ``label``."""
    found = _announced(scene, first, last, skip, label)
    if found is None and label == "LOC":
        found = _place(scene, first, last, skip)
    if found is None and label == "PER":
        found = _person(scene, first, last)
    if found is None:
        found = _by_company(scene, first, last, skip, label)
    if found is None and label == "ORG":
        found = _body(scene, first, last)
    return found or (DEFAULTS[label], "by default")


def _announced(scene: Scene, first: int, last: int, skip: int, label: str) -> Evidence | None:
    """By the class noun that the name starts with, or that stands right before it."""
    heads = scene.lexicon.heads
    word = scene.norms[first][skip:]
    places = [word, word.removeprefix(DEFINITE), scene.tokens[first].reading.lemma] if last - first > 1 else []
    before = first - 1
    start, _ = scene.bounds(first)
    if before >= start and scene.norms[before] in QUOTES:
        before -= 1
    if before >= start and not skip and scene.tokens[before].kind == "word":
        places.append(scene.bare(before))
    for form in places:
        head = heads.get(form)
        if head is not None and head.type in FITTING[label]:
            return head.type, f"after {head.id}"
    return None


def _place(scene: Scene, first: int, last: int, skip: int) -> Evidence | None:
    """By the adjective that the lexicon derives from the place; parts of a land bear an adjective."""
    lexicon = scene.lexicon
    if last - first == 1:
        word = scene.norms[first][skip:].removeprefix(DEFINITE)
        stems = [word] + ([word[:-1]] if word[-1:] in _ENDINGS else [])
        for stem in stems:
            entity = lexicon.nisba.get(stem + YEH) or lexicon.nisba.get(stem if stem.endswith(YEH) else "")
            kind = lexicon.entries[entity].type if entity is not None else ""
            if kind in _PLACES:
                return kind, f"has the adjective of {entity}"
        return None
    if all(definite(word) for word in (scene.norms[first][skip:], *scene.norms[first + 1 : last])):
        return "Region", "a land with an adjective"
    return None


def _person(scene: Scene, first: int, last: int) -> Evidence | None:
    """By a title of public office up to three tokens before (further before a comma), or right after a comma."""
    start, stop = scene.bounds(first)
    reach = _REACH if first > start and scene.norms[first - 1] in (COMMA, ",") else 3
    near = list(range(max(start, first - reach), first))
    if last < stop and scene.norms[last] in (COMMA, ","):
        near.append(last + 1)
    for index in near:
        if index >= stop:
            continue
        titles = scene.lexicon.titles.get(scene.bare(index), ())
        if titles and titles[0].features.get("official") == "yes":
            return "Official", f"near {titles[0].id}"
    return None


def _by_company(scene: Scene, first: int, last: int, skip: int, label: str) -> Evidence | None:
    if last - first > 1 and label != "ORG":
        return None
    if label == "PER" and scene.tokens[first].reading.known:
        return None  # a first name says nothing about its bearer's post
    clusters, norm = word_clusters(), scene.norms[first]
    group = clusters.get(norm[skip:]) or clusters.get(norm)
    kind = _company(scene.lexicon).get((group[1], label)) if group is not None else None
    return (kind, f"most listed words of group {group[1]}") if kind and group else None


def _body(scene: Scene, first: int, last: int) -> Evidence | None:
    """Bodies that attack or have fighters bear arms."""
    start, stop = scene.bounds(first)
    for index in range(max(start, first - 2), min(stop, last + 2)):
        if first <= index < last:
            continue
        violent = scene.classes(index) & _VIOLENT
        if violent and scene.tokens[index].reading.pos == "VERB":
            return "Faction", f"beside {min(violent)}"
        if index == first - 1 and scene.bare(index) in scene.lexicon.words("armed-group"):
            return "Faction", "has fighters"
    return None
