"""Which ids of all articles are one entity: a function of the set of articles and of the judgements, nothing else.

Units that share a block are compared (``kg.graph.evidence``); pairs at the threshold or above it are united, the surest
first, unless the groups they would join cannot be one. Judgements come before all evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from kg.datamodel import DocumentId, Entity, EntityId, digest
from kg.graph.corpus import PART, Corpus
from kg.graph.evidence import (
    HUMAN,
    Evidence,
    Feature,
    Profile,
    bare_words,
    compare,
    likeness,
    names_clash,
    sound_keys,
    weights,
)
from kg.graph.judgements import Judgements

_FAMILIES = frozenset({HUMAN, "place", "body"})
_LARGEST_BLOCK = 60
_FITS = frozenset({"contained", "ending", "alias", "sound"})
_ONE_WORD = frozenset({"same-surname", "ending"})
Pair = tuple[EntityId, EntityId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What was decided, and why."""

    canonical: Mapping[tuple[DocumentId, EntityId], Entity]
    """Article and its own id -> the entity of the corpus, where the two differ."""
    merges: tuple[Evidence, ...]
    """The pairs by which groups were united, the surest first."""
    doubtful: tuple[Evidence, ...]
    """Pairs near the threshold on which nobody has judged, the most doubtful first."""
    groups: Mapping[EntityId, EntityId]
    """Unit -> entity, for all units of groups of more than one."""


def resolve_corpus(corpus: Corpus, judgements: Judgements) -> Resolution:
    """Decide over all articles."""
    evidence = {(each.one, each.other): each for each in _compared(corpus)}
    groups = _Groups(corpus, judgements, evidence)
    limit, doubt = weights()["threshold"], weights()["doubt"]
    ranked = sorted(evidence.values(), key=_surest)
    merges = tuple(each for each in ranked if each.score >= limit and groups.unite(each.one, each.other))
    near = (each for each in ranked if abs(each.score - limit) <= doubt)
    doubtful = sorted((each for each in near if judgements.verdict(each.one, each.other) is None), key=_most_doubtful)
    canonical, names = {}, {}
    for members in groups.all():
        entity = _entity([corpus.profiles[each] for each in members], corpus)
        for unit in members:
            if len(members) > 1:
                names[unit] = entity.id
            if (len(members) > 1 or PART in unit) and unit != str(entity.lexicon):
                canonical.update(dict.fromkeys(corpus.units[unit], entity))
    return Resolution(canonical=canonical, merges=merges, doubtful=tuple(doubtful), groups=names)


def _surest(evidence: Evidence) -> tuple[float, str, str]:
    return -evidence.score, evidence.one, evidence.other


def _most_doubtful(evidence: Evidence) -> tuple[float, str, str]:
    return abs(evidence.score - weights()["threshold"]), evidence.one, evidence.other


# ---------------------------------------------------------------- which pairs to compare


def _compared(corpus: Corpus) -> Iterator[Evidence]:
    found = [compare(corpus.profiles[one], corpus.profiles[other], corpus.rarity) for one, other in _candidates(corpus)]
    found = [each for each in found if each.features]
    unclear = _ambiguous(corpus, found)
    penalty = Feature(name="ambiguous", weight=weights()["ambiguous"])
    known = _of_one_person(corpus)
    for each in found:
        if each.features[0].name in _FITS and {each.one, each.other} & unclear:
            each = replace(each, features=(*each.features, penalty))
        word = each.features[0].detail.split(" / ")[0]
        if each.features[0].name in _ONE_WORD and word in known and any(f.name == "company" for f in each.features):
            alone = Feature(name="one-bearer", weight=weights()["one-bearer"], detail=word)
            each = replace(each, features=(*each.features, alone))
        yield each


def _of_one_person(corpus: Corpus) -> frozenset[str]:
    """Words with which the full name of one person of the corpus, in whatever spelling, begins or ends."""
    bearers: defaultdict[str, set[EntityId]] = defaultdict(set)
    for unit, profile in corpus.profiles.items():
        if profile.family == HUMAN:
            for words in profile.words():
                if len(words) > 1:
                    bearers[words[0]].add(unit)
                    bearers[words[-1]].add(unit)
    profiles = corpus.profiles
    return frozenset(
        word
        for word, units in bearers.items()
        if all(likeness(profiles[a], profiles[b]) is not None for a, b in combinations(sorted(units), 2))
    )


def _candidates(corpus: Corpus) -> list[Pair]:
    """Pairs that share a block, sorted; a block that is too large says nothing."""
    blocks: defaultdict[tuple[str, ...], set[EntityId]] = defaultdict(set)
    for unit, profile in corpus.profiles.items():
        if profile.family in _FAMILIES:
            for key in _keys(profile):
                blocks[key].add(unit)
    pairs: set[Pair] = set()
    for key, units in blocks.items():
        if len(units) <= _LARGEST_BLOCK or key[1] == "name":
            pairs.update(combinations(sorted(units), 2))
    return sorted(pair for pair in pairs if not all(corpus.profiles[each].lexicon for each in pair))


def _keys(profile: Profile) -> Iterator[tuple[str, ...]]:
    family = profile.family
    for words in profile.words():
        yield family, "name", *words
        if family == HUMAN:
            yield family, "last", words[-1]
            yield family, "ends", words[0], words[-1]
        elif len(words) > 1:
            yield family, "begins", words[0], words[1]
    for name in sorted((*profile.names, *profile.latin)):
        if len(bare_words(name)) > 1:
            for key in sound_keys(name):
                yield family, "sound", key


def _ambiguous(corpus: Corpus, found: list[Evidence]) -> frozenset[EntityId]:
    """Units whose short name fits two others that are not alike."""
    fits: defaultdict[EntityId, set[EntityId]] = defaultdict(set)
    for each in found:
        if each.features[0].name in _FITS:
            short, long = sorted((each.one, each.other), key=lambda unit: (_length(corpus.profiles[unit]), unit))
            fits[short].add(long)
    return frozenset(
        short
        for short, longs in fits.items()
        if any(
            likeness(corpus.profiles[a], corpus.profiles[b]) is None
            or (corpus.profiles[a].lexicon and corpus.profiles[b].lexicon)
            for a, b in combinations(sorted(longs), 2)
        )
    )


def _length(profile: Profile) -> tuple[bool, int]:
    return profile.lexicon is not None, max(map(len, profile.words()), default=0)


# ---------------------------------------------------------------- groups


class _Groups:
    """Groups of units that only grow."""

    def __init__(self, corpus: Corpus, judgements: Judgements, evidence: Mapping[Pair, Evidence]) -> None:
        self.corpus = corpus
        self.judgements = judgements
        self.evidence = evidence
        self.group: dict[EntityId, list[EntityId]] = {unit: [unit] for unit in sorted(corpus.profiles)}
        self.judged: defaultdict[str, set[str]] = defaultdict(set)
        for one, other in judgements.differences():
            self.judged[one].add(other)
            self.judged[other].add(one)
        for members in judgements.groups().values():
            present = [EntityId(each) for each in members if each in self.group]
            for one, other in pairwise(present):
                self._join(one, other)

    def all(self) -> Iterator[list[EntityId]]:
        """Every group once, its members sorted."""
        for unit, members in self.group.items():
            if members[0] == unit:
                yield members

    def unite(self, one: EntityId, other: EntityId) -> bool:
        """Make two groups one if they can be; whether they were two and are one now."""
        if self.group[one] is self.group[other] or not self._can(self.group[one], self.group[other]):
            return False
        self._join(one, other)
        return True

    def _join(self, one: EntityId, other: EntityId) -> None:
        if self.group[one] is not self.group[other]:
            members = sorted((*self.group[one], *self.group[other]))
            self.group.update(dict.fromkeys(members, members))

    def _can(self, one: list[EntityId], other: list[EntityId]) -> bool:
        theirs = {self.judgements.group(unit) for unit in other}
        if any(self.judged[self.judgements.group(unit)] & theirs for unit in one):
            return False
        profiles = self.corpus.profiles
        if len({profiles[unit].lexicon for unit in (*one, *other)} - {None}) > 1:
            return False
        return all(self._may_be(profiles[a], profiles[b]) for a in one for b in other)

    def _may_be(self, one: Profile, other: Profile) -> bool:
        if names_clash(one, other) or (one.family != other.family):
            return False
        found = self.evidence.get((one.id, other.id) if one.id < other.id else (other.id, one.id))
        apart = found is None or found.score < weights()["threshold"]
        return not (apart and one.documents & other.documents)


def _entity(members: list[Profile], corpus: Corpus) -> Entity:
    """The entity that a group is: the lexicon's, or the one with the fullest name."""
    for profile in members:
        if profile.lexicon is not None:
            return corpus.known[EntityId(profile.lexicon)]
    types: defaultdict[str, int] = defaultdict(int)
    for profile in members:
        for name, count in profile.types.items():
            types[name] += count
    fullest = min((-_length(profile)[1], PART in profile.id, profile.id) for profile in members)[2]
    names = sorted({name for profile in members for name in (*profile.names, *profile.latin)})
    written = {name for profile in members for name in profile.names}
    return Entity(
        id=EntityId(digest("part", fullest)) if PART in fullest else fullest,
        type=min((-count, name) for name, count in types.items())[1],
        label_ar="",
        label_en="",
        aliases=tuple(names) if len(written) > 1 else (),
    )
