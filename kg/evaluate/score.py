"""Score predictions against gold annotations: mentions, entities, chains, relations, events, times.

The figures are those of the project's reference scorer, kept apart from this code and compared in the tests:
spans are widened to words; a predicted entity is the gold entity it shares most mentions with; relations are
triples over those; what the annotator doubted (confidence below 0.8) neither helps nor hurts the *core* rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kg import vocabulary
from kg.evaluate.assignment import assign, largest_matching
from kg.evaluate.coreference import Parts, b_cubed, ceaf_e, clusters, muc, similarity
from kg.evaluate.figures import Counts
from kg.evaluate.gold import GoldDocument, GoldEvent, GoldRelation, Range, overlap, widen

ROLES = ("agent", "target", "place", "instrument", "count", "date", "killed", "wounded")
NOT_FACTS = frozenset({"negated", "hypothetical", "planned"})
CORE_CONFIDENCE = 0.8
_COARSE = {
    "PER": "Official Person UnnamedSource Group",
    "ORG": "Faction PoliticalGroup Government GovernmentBody MilitaryForce Organization MediaOutlet",
    "LOC": "Country City Region Base Facility",
    "MISC": "Weapon Agreement Event Office Document",
}
COARSE = {name: coarse for coarse, names in _COARSE.items() for name in names.split()}

Typed = tuple[int, int, str]
Key = tuple[str, str, str]
Held = tuple[frozenset[str], str]


@dataclass(slots=True)
class DocumentScore:
    """The counts of one document; figures are made from them, or from their sums."""

    rows: dict[str, Counts] = field(default_factory=dict)
    chains: dict[str, Parts] = field(default_factory=dict)
    accuracy: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)
    """Of ``relations`` and ``events``: matched, right holder, right modality, both."""
    false_assertions: tuple[int, int] = (0, 0)


def score_document(predicted: GoldDocument | None, gold: GoldDocument) -> DocumentScore:
    """Count everything for one document; None predicts nothing."""
    mine = predicted or GoldDocument(id=gold.id, text=gold.text)
    score = DocumentScore()
    _mentions(mine, gold, score)
    ours, theirs = clusters(mine, gold.text), clusters(gold, gold.text)
    score.chains = {"B3": b_cubed(ours, theirs), "CEAF-e": ceaf_e(ours, theirs), "MUC": muc(ours, theirs)}
    same = _entities(mine, gold, score)
    _relations(mine.relations, gold.relations, same, score)
    _events(mine.events, gold.events, same, score)
    for name, width in (("timex/span", 2), ("timex/span+value", 3)):
        ours_t, theirs_t = _times(mine, gold.text, width), _times(gold, gold.text, width)
        score.rows[name] = Counts(len(ours_t & theirs_t), len(ours_t), len(theirs_t))
    return score


# ---------------------------------------------------------------- mentions and entities


def _typed(document: GoldDocument, change: Callable[[Range], Range], names: Mapping[str, str]) -> list[Typed]:
    return [
        (*change(span), names.get(entity.type, entity.type)) for entity in document.entities for span in entity.mentions
    ]


def _mentions(mine: GoldDocument, gold: GoldDocument, score: DocumentScore) -> None:
    def words(span: Range) -> Range:
        return widen(gold.text, span)

    def characters(span: Range) -> Range:
        return span

    for name, change in (("char", characters), ("token", words)):
        ours, theirs = _typed(mine, change, {}), _typed(gold, change, {})
        score.rows[f"mention/{name}-exact+type"] = _equal(ours, theirs)
        score.rows[f"mention/{name}-exact"] = _equal([m[:2] for m in ours], [m[:2] for m in theirs])
    score.rows["mention/overlap+type"] = _overlapping(ours, theirs, typed=True)
    score.rows["mention/overlap"] = _overlapping(ours, theirs, typed=False)
    score.rows["mention/token-exact+coarse-type"] = _equal(_typed(mine, words, COARSE), _typed(gold, words, COARSE))
    for kind in {m[2] for m in (*ours, *theirs)}:
        score.rows[f"type/{kind}"] = _equal([m for m in ours if m[2] == kind], [m for m in theirs if m[2] == kind])


def _equal(ours: Sequence[Any], theirs: Sequence[Any]) -> Counts:
    return Counts((Counter(ours) & Counter(theirs)).total(), len(ours), len(theirs))


def _overlapping(ours: Sequence[Typed], theirs: Sequence[Typed], *, typed: bool) -> Counts:
    edges = [[j for j, b in enumerate(theirs) if overlap(a[:2], b[:2]) and (not typed or a[2] == b[2])] for a in ours]
    return Counts(largest_matching(edges), len(ours), len(theirs))


def _entities(mine: GoldDocument, gold: GoldDocument, score: DocumentScore) -> dict[str, str]:
    """Score entities one to one; return which gold entity each predicted id stands for, many to one."""
    weights = similarity(mine.entities, gold.entities, gold.text)
    one = {i: j for i, j, _ in assign(weights)}
    sizes = len(mine.entities), len(gold.entities)
    typed = sum(mine.entities[i].type == gold.entities[j].type for i, j in one.items())
    score.rows["entity/canonical (1-1)"] = Counts(len(one), *sizes)
    score.rows["entity/canonical+type"] = Counts(typed, *sizes)
    same = {}
    for i, row in enumerate(weights):
        if row and max(row) > 0:
            best = max(row)
            j = one[i] if i in one and row[one[i]] == best else row.index(best)
            same[mine.entities[i].id] = gold.entities[j].id
    return same


def same_entities(mine: GoldDocument, gold: GoldDocument) -> dict[str, str]:
    """Which gold entity each predicted id stands for."""
    return _entities(mine, gold, DocumentScore())


def relation_keys(relations: Iterable[GoldRelation], same: Mapping[str, str] | None) -> list[Key]:
    """Predicate and ends of each relation in ids of the gold; ``same`` is None for the gold itself."""
    return [_key(relation, same) for relation in relations]


def _times(document: GoldDocument, text: str | None, width: int) -> set[tuple[Any, ...]]:
    return {(*widen(text, (start, end)), value)[:width] for start, end, value in document.times}


# ---------------------------------------------------------------- relations


def _named(identifier: str, same: Mapping[str, str] | None) -> str:
    return identifier if same is None else same.get(identifier, f"?{identifier}")


def _holders(holders: Iterable[str], same: Mapping[str, str] | None) -> frozenset[str]:
    return frozenset("author" if holder == "author" else _named(holder, same) for holder in holders)


def _key(relation: GoldRelation, same: Mapping[str, str] | None) -> Key:
    subject, object_ = _named(relation.subject, same), _named(relation.object, same)
    if relation.predicate in vocabulary.symmetric():
        subject, object_ = sorted((subject, object_))
    return relation.predicate, subject, object_


def _grouped(relations: Iterable[GoldRelation], same: Mapping[str, str] | None) -> dict[Key, list[Held]]:
    found: dict[Key, list[Held]] = defaultdict(list)
    for relation in relations:
        found[_key(relation, same)].append((_holders(relation.holders, same), relation.modality))
    return found


def _relations(
    mine: Sequence[GoldRelation], gold: Sequence[GoldRelation], same: Mapping[str, str], score: DocumentScore
) -> None:
    ours, theirs = _grouped(mine, same), _grouped(gold, None)
    surest: dict[Key, float] = defaultdict(float)
    for relation in gold:
        key = _key(relation, None)
        surest[key] = max(surest[key], relation.confidence)
    core = {key for key, confidence in surest.items() if confidence >= CORE_CONFIDENCE}
    doubted = theirs.keys() - core
    both = ours.keys() & theirs.keys()
    score.rows["relation/triple"] = Counts(len(both), len(ours), len(theirs))
    score.rows["relation/triple core"] = Counts(len(ours.keys() & core), len(ours.keys() - doubted), len(core))
    pairs, gold_pairs = {frozenset(key[1:]) for key in ours}, {frozenset(key[1:]) for key in theirs}
    score.rows["relation/pair (any predicate)"] = Counts(len(pairs & gold_pairs), len(pairs), len(gold_pairs))
    for predicate in {key[0] for key in (*ours, *theirs)}:
        a, b = ({key for key in side if key[0] == predicate} for side in (ours, theirs))
        score.rows[f"pred/{predicate}"] = Counts(len(a & b), len(a), len(b))
    matched = [pair for key in both for pair in _best_claims(ours[key], theirs[key])]
    score.accuracy["relations"] = _accuracy(matched)
    claims = len({(key, *held) for key, many in ours.items() for held in many})
    gold_claims = len({(key, *held) for key, many in theirs.items() for held in many})
    right = score.accuracy["relations"][3]
    score.rows["relation/claim (s,p,o,by,modality)"] = Counts(right, claims, gold_claims)
    no_facts = [key for key, many in theirs.items() if all(modality in NOT_FACTS for _, modality in many)]
    stated = sum(any(modality == "asserted" for _, modality in ours.get(key, [])) for key in no_facts)
    score.false_assertions = stated, len(no_facts)


def _best_claims(ours: Sequence[Held], theirs: Sequence[Held]) -> list[tuple[Held, Held]]:
    """Pair the claims of one triple as kindly as possible."""
    weights = [[1 + 2 * (a[0] == b[0]) + 2 * (a[1] == b[1]) + 0.1 * len(a[0] & b[0]) for b in theirs] for a in ours]
    return [(ours[i], theirs[j]) for i, j, _ in assign(weights)]


def _accuracy(matched: Sequence[tuple[Held, Held]]) -> tuple[int, int, int, int]:
    holders = sum(a[0] == b[0] for a, b in matched)
    modality = sum(a[1] == b[1] for a, b in matched)
    return len(matched), holders, modality, sum(a == b for a, b in matched)


# ---------------------------------------------------------------- events


def _arguments(event: GoldEvent, same: Mapping[str, str] | None) -> list[tuple[str, Any]]:
    named = []
    for role, value in event.arguments:
        if role in ROLES[:4]:
            named.append((role, "NONE" if value in ("unclaimed", "unknown") else _named(value, same)))
        else:
            named.append((role, value))
    return named


def _shared(ours: Sequence[tuple[str, Any]], theirs: Sequence[tuple[str, Any]]) -> list[str]:
    """The roles of equal arguments, each used once."""
    left, found = list(theirs), []
    for role, value in ours:
        for other in left:
            if other[0] == role and (same_date(value, other[1]) if role == "date" else value == other[1]):
                left.remove(other)
                found.append(role)
                break
    return found


def _events(
    mine: Sequence[GoldEvent], gold: Sequence[GoldEvent], same: Mapping[str, str], score: DocumentScore
) -> None:
    ours, theirs = [_arguments(event, same) for event in mine], [_arguments(event, None) for event in gold]

    def likeness(i: int, j: int, *, typed: bool) -> float:
        a, b = mine[i], gold[j]
        if (
            (typed and a.type != b.type)
            or a.sentence is None
            or b.sentence is None
            or not overlap(a.sentence, b.sentence)
        ):
            return 0.0
        trigger = a.trigger is not None and b.trigger is not None and overlap(a.trigger, b.trigger)
        return 1 + 2 * trigger + len(_shared(ours[i], theirs[j])) + 0.1 * (a.modality == b.modality)

    def pairs(*, typed: bool) -> list[tuple[int, int]]:
        weights = [[likeness(i, j, typed=typed) for j in range(len(gold))] for i in range(len(mine))]
        return [(i, j) for i, j, _ in assign(weights)]

    matched = pairs(typed=True)
    doubted = [event.confidence < CORE_CONFIDENCE for event in gold]
    free = sum(doubted[j] for _, j in matched)
    score.rows["event/type+sentence"] = Counts(len(matched), len(mine), len(gold))
    score.rows["event/sentence (any type)"] = Counts(len(pairs(typed=False)), len(mine), len(gold))
    score.rows["event/core"] = Counts(len(matched) - free, len(mine) - free, len(gold) - sum(doubted))
    right = Counter(role for i, j in matched for role in _shared(ours[i], theirs[j]))
    predicted, expected = (Counter(role for many in side for role, _ in many) for side in (ours, theirs))
    score.rows["event/arguments"] = Counts(right.total(), predicted.total(), expected.total())
    for role in ROLES:
        score.rows[f"role/{role}"] = Counts(right[role], predicted[role], expected[role])
    for kind in {event.type for event in (*mine, *gold)}:
        hits = sum(gold[j].type == kind for _, j in matched)
        score.rows[f"etype/{kind}"] = Counts(hits, sum(e.type == kind for e in mine), sum(e.type == kind for e in gold))
    held = [
        ((_holders(mine[i].holders, same), mine[i].modality), (_holders(gold[j].holders, None), gold[j].modality))
        for i, j in matched
    ]
    score.accuracy["events"] = _accuracy(held)


# ---------------------------------------------------------------- dates


def same_date(a: str, b: str) -> bool:
    """Whether one interval contains the other.

    >>> same_date("2018-06", "2018-06-17"), same_date("2018-06", "2018-07-01")
    (True, False)
    """
    if a == b:
        return True
    first, second = _days(a), _days(b)
    if first is None or second is None:
        return False
    return (second[0] <= first[0] and first[1] <= second[1]) or (first[0] <= second[0] and second[1] <= first[1])


def _days(value: str) -> tuple[date, date] | None:
    """First and last day of a day, month, year, minute or interval."""
    start, slash, end = value.partition("/")
    if slash:
        first, last = _days(start), _days(end)
        return (first[0], last[1]) if first and last else None
    parts = value.partition("T")[0].split("-")
    if not all(part.isdecimal() for part in parts) or len(parts) > 3:
        return None
    try:
        year, month, day = (int(parts[0]), *(int(part) for part in parts[1:]), 0, 0)[:3]
        if day:
            return date(year, month, day), date(year, month, day)
        after = date(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1)
        return date(year, month or 1, 1), after - timedelta(days=1)
    except ValueError:
        return None
