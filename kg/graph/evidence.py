"""What speaks for and against two entities of the corpus being one: weighted features, each with its reason.

The weights are in ``ontology/rules/resolution.tsv``. Everything here is a function of two profiles, and a profile is a
sum over articles, so no order of articles matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from kg.datamodel import DocumentId, EntityId, LexiconId
from kg.graph.resolve import one_names
from kg.language.arabic import DEFINITE, fold
from kg.language.romanise import search_keys
from kg.language.tables import read_table
from kg.resources import ontology_path

HUMAN = "human"
FAMILIES: Mapping[str, str] = {
    **dict.fromkeys(("Official", "Person"), HUMAN),
    **dict.fromkeys(("Base", "Facility", "City", "Region", "Country"), "place"),
    **dict.fromkeys(
        "Faction PoliticalGroup Government GovernmentBody MilitaryForce Organization MediaOutlet".split(), "body"
    ),
}
"""Types that are taken for one another; any other type is a family of its own."""
_ALIKE = 0.84
_SAME_WORD = 0.65
_LONG_WORD = 6
_WEEK = 7
_EQUAL = ("same-name", "same-word", "same-surname", "alias")
_SHORTEST_WITH_ARTICLE = 4
_SHORTEST_KEY = 4


@dataclass(slots=True)
class Profile:
    """What all articles say about one id that entities have in their own articles."""

    id: EntityId
    types: dict[str, int] = field(default_factory=dict)
    lexicon: LexiconId | None = None
    names: set[str] = field(default_factory=set)
    latin: set[str] = field(default_factory=set)
    aliases: set[str] = field(default_factory=set)
    documents: set[DocumentId] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    offices: set[EntityId] = field(default_factory=set)
    organisations: set[EntityId] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    company: dict[EntityId, int] = field(default_factory=dict)
    """Entities of the lexicon that the same articles mention, with the number of articles."""

    @property
    def type(self) -> str:
        """The type that most articles give."""
        return min((-count, name) for name, count in self.types.items())[1]

    @property
    def family(self) -> str:
        """The family of the type."""
        return FAMILIES.get(self.type, self.type)

    def words(self) -> tuple[tuple[str, ...], ...]:
        """Every name as bare words, sorted."""
        return tuple(sorted({words for name in (*self.names, *self.aliases) if (words := bare_words(name))}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One reason with its weight in the sum."""

    name: str
    weight: float
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All reasons for and against a pair."""

    one: EntityId
    other: EntityId
    features: tuple[Feature, ...]

    @property
    def score(self) -> float:
        """The sum of the weights."""
        return round(sum(feature.weight for feature in self.features), 3)


@cache
def weights() -> Mapping[str, float]:
    """The table of weights."""
    found = {}
    for row in read_table(ontology_path("rules", "resolution.tsv"), ("feature", "weight", "gloss")):
        try:
            found[row["feature"]] = float(row["weight"])
        except ValueError as problem:
            raise row.error(str(problem), "weight") from problem
    return found


@cache
def bare_words(name: str) -> tuple[str, ...]:
    """The words of a name, folded and without articles; what is one name in two words (Abd Allah) is one."""
    words = one_names(fold(name).casefold().replace("-", " ")).split()
    return tuple(w[2:] if w.startswith(DEFINITE) and len(w) > _SHORTEST_WITH_ARTICLE else w for w in words)


@cache
def sound_keys(name: str) -> frozenset[str]:
    """Transliteration keys that are long enough to tell names apart."""
    return frozenset(key for key in search_keys(name) if len(key) >= _SHORTEST_KEY)


def compare(one: Profile, other: Profile, rarity: Callable[[EntityId], float]) -> Evidence:
    """All that is known of a pair; ``rarity`` says how much it means to be named with an entity."""
    table = weights()
    found = []
    for name, share, detail in _reasons(one, other, rarity):
        found.append(Feature(name=name, weight=round(table[name] * share, 3), detail=detail))
    low, high = sorted((one.id, other.id))
    return Evidence(one=low, other=high, features=tuple(found))


def _reasons(one: Profile, other: Profile, rarity: Callable[[EntityId], float]) -> Iterator[tuple[str, float, str]]:
    name = likeness(one, other)
    if name is None:
        return
    yield name
    yield ("same-type", 1.0, one.type) if one.type == other.type else ("other-type", 1.0, f"{one.type}, {other.type}")
    if shared := sorted(one.offices & other.offices):
        yield "office", 1.0, shared[0]
    if shared := sorted(one.organisations & other.organisations):
        yield "organisation", 1.0, shared[0]
    if one.countries and other.countries:
        both = sorted(one.countries & other.countries)
        here, there = sorted(one.countries)[0], sorted(other.countries)[0]
        yield ("country", 1.0, both[0]) if both else ("other-country", 1.0, f"{here}, {there}")
    if (company := _company(one, other, rarity)) is not None:
        yield company
    if one.days and other.days and _apart(one.days, other.days) <= _WEEK:
        yield "near-in-time", 1.0, f"{_apart(one.days, other.days)} days"
    if (together := sorted(one.documents & other.documents)) and name[0] not in _EQUAL:
        yield "side-by-side", 1.0, together[0]


def likeness(one: Profile, other: Profile) -> tuple[str, float, str] | None:
    """How the names are alike, by the best pair of names; None where they are not."""
    found = [
        reason
        for mine in one.words()
        for theirs in other.words()
        if (reason := _names(mine, theirs, human=one.family == HUMAN)) is not None
    ]
    if one.lexicon or other.lexicon:
        found = [
            ("alias", share, detail) if name == "same-name" else (name, share, detail) for name, share, detail in found
        ]
    if not found and (shared := sorted(_keys(one) & _keys(other))):
        found.append(("sound", 1.0, shared[0]))
    table = weights()
    return max(found, key=lambda reason: (table[reason[0]] * reason[1], reason), default=None)


def _keys(profile: Profile) -> frozenset[str]:
    names = [name for name in sorted((*profile.names, *profile.latin)) if " " in name]
    return frozenset(key for name in names for key in sound_keys(name))


def _names(mine: tuple[str, ...], theirs: tuple[str, ...], *, human: bool) -> tuple[str, float, str] | None:
    short, long = sorted((mine, theirs), key=lambda words: (len(words), words))
    detail = f"{' '.join(short)} / {' '.join(long)}"
    if short == long:
        one_word = "same-surname" if human else "same-word"
        return ("same-name" if len(short) > 1 else one_word), 1.0, " ".join(short)
    if len(short) == 1:
        return ("ending", 1.0, detail) if human and len(long) > 1 and short[0] == long[-1] else None
    if human and short[0] == long[0] and short[-1] == long[-1] and _in_order(short, long):
        return "contained", min(1.0 + 0.3 * (len(short) - 2), 1.6), detail
    if len(short) == len(long) and (alike := _spelled_alike(short, long)):
        return "spelling", alike, detail
    return None


def _in_order(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    rest = iter(long)
    return all(word in rest for word in short)


def _spelled_alike(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """How alike the names are; half of it where a short word differs, which may be another name; 0 for other words."""
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    least = min(Levenshtein.normalized_similarity(a, b) for a, b in pairs)
    whole = Levenshtein.normalized_similarity(" ".join(one), " ".join(other))
    if least < _SAME_WORD or whole < _ALIKE:
        return 0.0
    return round(whole if min(len(word) for pair in pairs for word in pair) >= _LONG_WORD else whole / 2, 3)


def _company(one: Profile, other: Profile, rarity: Callable[[EntityId], float]) -> tuple[str, float, str] | None:
    """The share of the smaller company that is in both, weighted by rarity."""
    both = one.company.keys() & other.company.keys()
    smaller = min(sum(map(rarity, sorted(each.company))) for each in (one, other))
    if not both or smaller <= 0:
        return None
    ranked = sorted(both, key=lambda each: (-rarity(each), each))
    share = min(1.0, round(sum(map(rarity, sorted(both))) / max(smaller, 4.0), 3))
    return "company", share, ", ".join(ranked[:3])


def _apart(one: set[date], other: set[date]) -> int:
    """The fewest days between two sets of days."""
    days = sorted([(day, 0) for day in one] + [(day, 1) for day in other])
    gaps = [(b[0] - a[0]).days for a, b in pairwise(days) if a[1] != b[1]]
    return min(gaps, default=0)


def names_clash(one: Profile, other: Profile) -> bool:
    """Whether two people cannot be one: full names of both are known and the first names differ."""
    mine = [words for words in one.words() if len(words) > 1]
    theirs = [words for words in other.words() if len(words) > 1]
    if one.family != HUMAN or not mine or not theirs:
        return False
    return all(Levenshtein.normalized_similarity(a[0], b[0]) < _SAME_WORD for a in mine for b in theirs)
