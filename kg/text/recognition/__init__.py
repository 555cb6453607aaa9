"""Who and what is named: all recognisers propose, the longest well-supported mention wins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace

from kg.datamodel import LexiconId, Mention, Sentence, Span, TimeExpression, Token
from kg.language.arabic import FoldedText
from kg.language.lexicon import Lexicon
from kg.text.recognition.generic import Generic
from kg.text.recognition.heads import Heads
from kg.text.recognition.lexical import lexical_candidates
from kg.text.recognition.metonymy import with_metonyms
from kg.text.recognition.people import People, name_words
from kg.text.recognition.scene import Candidate, Scene, definite
from kg.text.recognition.sources import Sources

Proposer = Callable[[Scene, Sequence[Candidate]], Iterable[Candidate]]
"""A further recogniser (the CRF, a neural model); it proposes, lexicon and frames outrank it."""
_PERSON_TYPES = ("Official", "Person")
_SUPPORT = 2
"""How often a document must name a country before its bodies may go by their short names."""
_GENERIC_SHORT = frozenset(("Faction", "MilitaryForce", "Government", "GovernmentBody"))


def recognise(
    folded: FoldedText,
    sentences: Sequence[Sentence],
    tokens: Sequence[Token],
    times: Sequence[TimeExpression],
    lexicon: Lexicon,
    proposers: Sequence[Proposer] = (),
) -> tuple[Mention, ...]:
    """All mentions of a document, in text order, not overlapping."""
    scene = Scene(folded=folded, sentences=sentences, tokens=tokens, lexicon=lexicon)
    blocked = _covered(tokens, [time.span for time in times])
    lexical = [
        c for c in lexical_candidates(scene) if not _backdrop(scene, c) and not set(range(c.first, c.last)) <= blocked
    ]
    listed = _longest_by_start([c for c in lexical if not c.short])
    proposed = list(lexical)
    proposed += People(scene, blocked, listed).candidates()
    proposed += Heads(scene, blocked, listed).candidates()
    proposed += Sources(scene, blocked).candidates()
    proposed += Generic(scene, blocked, lexical).candidates()
    for proposer in proposers:
        proposed += proposer(scene, lexical)
    proposed += _family_names(scene, proposed)
    supported = [c for c in _supported(scene, proposed) if _named(scene, c)]
    chosen = with_metonyms(scene, _resolve(supported, len(tokens)))
    return tuple(scene.mention(candidate) for candidate in chosen)


def _named(scene: Scene, candidate: Candidate) -> bool:
    """Whether letters are left once punctuation is set aside."""
    return any(scene.tokens[index].kind != "punct" for index in range(candidate.first, candidate.last))


def _backdrop(scene: Scene, candidate: Candidate) -> bool:
    """Rivers orient a place and platforms carry a post; neither is a party to anything."""
    return scene.lexicon.entries[candidate.entries[0]].attributes.get("kind") in ("river", "platform")


def _covered(tokens: Sequence[Token], spans: Sequence[Span]) -> frozenset[int]:
    found: set[int] = set()
    index = 0
    for span in sorted(spans):
        while index < len(tokens) and tokens[index].span.end <= span.start:
            index += 1
        place = index
        while place < len(tokens) and tokens[place].span.start < span.end:
            found.add(place)
            place += 1
    return frozenset(found)


def _longest_by_start(candidates: Iterable[Candidate]) -> dict[int, Candidate]:
    found: dict[int, Candidate] = {}
    for candidate in candidates:
        held = found.get(candidate.first)
        if held is None or candidate.last > held.last:
            found[candidate.first] = candidate
    return found


def _family_names(scene: Scene, proposed: Sequence[Candidate]) -> list[Candidate]:
    """The last word of a full name seen earlier stands for the person from then on."""
    names: dict[str, tuple[int, Candidate]] = {}
    for candidate in sorted(proposed, key=_by_first):
        if candidate.type in _PERSON_TYPES and candidate.last - candidate.first > 1 and not candidate.short:
            names.setdefault(scene.norms[candidate.last - 1], (candidate.last, candidate))
    found = []
    for index in range(len(scene.norms)):
        for form, skip in scene.variants(index):
            full = names.get(form)
            if full is not None and index >= full[0] and not scene.functional(index):  # "Ali" is written like "on"
                found.append(
                    Candidate(
                        first=index,
                        last=index + 1,
                        skip=skip,
                        type=full[1].type,
                        score=0.75,
                        source="frame:family-name",
                        reason="family name of a person named before",
                        entries=full[1].entries,
                        weight=2,
                    )
                )
                break
    return found


def _by_first(candidate: Candidate) -> int:
    return candidate.first


def _supported(scene: Scene, proposed: Sequence[Candidate]) -> list[Candidate]:
    """Short forms stay only where the document names the same thing in full, or its country, or nothing else fits."""
    full = {entry for c in proposed if not c.short for entry in c.entries}
    countries: defaultdict[str, int] = defaultdict(int)
    for candidate in proposed:
        for entry in candidate.entries[:1]:
            if not candidate.short:
                countries[scene.lexicon.entries[entry].country or entry] += 1
    families = {c.first for c in proposed if c.source == "frame:family-name" and not set(c.entries) & full}
    people = [c for c in proposed if c.type in _PERSON_TYPES and c.entries]
    holders = {c.first: c for c in sorted(people, key=_rank)}
    kept = []
    for candidate in proposed:
        person = scene.lexicon.entries[candidate.entries[0]].type in _PERSON_TYPES if candidate.entries else False
        unnamed = candidate.short and person and not set(candidate.entries) & full
        if unnamed and (candidate.first in families or _after_first_name(scene, candidate)):
            continue
        if not candidate.short:
            kept.append(candidate)
            continue
        named = tuple(e for e in candidate.entries if e in full)
        if scene.lexicon.entries[candidate.entries[0]].type == "Office":
            entries = _by_holder(scene, candidate, holders, named or _by_country(scene, candidate, countries))
        else:
            entries = named or _by_country(scene, candidate, countries)
        if entries:
            kept.append(replace(candidate, entries=entries, type=scene.lexicon.entries[entries[0]].type, weight=3))
    return kept


def _after_first_name(scene: Scene, candidate: Candidate) -> bool:
    """A family name behind a first name belongs to the man of that first name, listed or not."""
    first, _ = scene.bounds(candidate.first)
    before = candidate.first - 1
    return before >= first and not candidate.skip and scene.norms[before] in name_words(scene.lexicon)[0]


def _by_holder(
    scene: Scene, candidate: Candidate, holders: dict[int, Candidate], alone: tuple[LexiconId, ...]
) -> tuple[LexiconId, ...]:
    """A bare office beside a listed person is one they held, or one of the same country; else it is ``alone``."""
    entries = scene.lexicon.entries
    place = candidate.last
    while place < len(scene.norms) and scene.norms[place] in scene.lexicon.words("former"):
        place += 1
    if (
        place < len(scene.norms)
        and candidate.last - candidate.first == 1
        and "li" in scene.tokens[place].reading.proclitics
    ):
        return ()  # "the former head of the Mossad" is no head of state
    beside = next((holders[place] for place in range(candidate.last, candidate.last + 3) if place in holders), None)
    if beside is None:
        return alone
    held = {tenure.office for person in beside.entries for tenure in scene.lexicon.tenures_by_person.get(person, ())}
    homes = {entries[person].country for person in beside.entries} - {""}
    own = tuple(e for e in candidate.entries if e in held)
    return own or tuple(e for e in candidate.entries if not held and entries[e].country in homes)


def _by_country(scene: Scene, candidate: Candidate, countries: dict[str, int]) -> tuple[LexiconId, ...]:
    lexicon, token = scene.lexicon, scene.tokens[candidate.first]
    norm = token.norm[candidate.skip :]
    entries = [lexicon.entries[e] for e in candidate.entries]
    single = candidate.last - candidate.first == 1
    unusual = not token.reading.known or token.reading.pos == "PROPN"
    if entries[0].type == "MediaOutlet" and _enclosed(scene, candidate):
        return (entries[0].id,)
    unusual = unusual or not single
    if single and entries[0].type == "GovernmentBody" and token.reading.pos == "NOUN" and token.reading.known:
        return ()
    people = [e for e in entries if e.type in _PERSON_TYPES]
    if people and (not unusual or len(people) > 1):
        return ()
    fitting = [e for e in entries if countries.get(e.country, 0) or not e.country]
    order = sorted(range(len(fitting)), key=[-countries.get(e.country, 0) for e in fitting].__getitem__)
    fitting = [fitting[place] for place in order]
    if people and unusual:
        return tuple(e.id for e in fitting or people)
    if single and not definite(norm) and not unusual:
        return ()
    several = sum(1 for country in countries if country) > 1
    if several and fitting and countries.get(fitting[0].country, 0) < _SUPPORT and not unusual:
        return ()
    top = [e for e in fitting if e.type in _GENERIC_SHORT or unusual or not single or e.type in ("Office", "Agreement")]
    return tuple(e.id for e in top)


def _enclosed(scene: Scene, candidate: Candidate) -> bool:
    """Whether the form stands alone in parentheses or quotation marks, as papers print their own name."""
    before, after = candidate.first - 1, candidate.last
    if before < 0 or after >= len(scene.norms):
        return False
    return scene.tokens[before].kind == "punct" and scene.tokens[after].kind == "punct"


def _rank(candidate: Candidate) -> tuple[bool, int, int, float, int]:
    """What is only likely (negative weight) yields to all that is listed or announced."""
    length = candidate.last - candidate.first
    return (candidate.weight >= 0, length, candidate.weight, candidate.score, -candidate.first)


def _two_names(candidate: Candidate, listed: Mapping[int, int], ends: Set[int]) -> bool:
    """Whether a frame ran over two listed names side by side."""
    inside = range(candidate.first + 1, candidate.last)
    return candidate.source == "frame:head" and any(
        listed.get(place, 0) >= candidate.last and place in ends for place in inside
    )


def _resolve(candidates: Sequence[Candidate], length: int) -> list[Candidate]:
    """Longest first; an overlapping shorter one goes."""
    taken = bytearray(length)
    chosen = []
    full = [c for c in candidates if c.source == "lexicon" and not c.short]
    listed, ends = {c.first: c.last for c in full}, {c.last for c in full}
    for candidate in sorted(candidates, key=_rank, reverse=True):
        if _two_names(candidate, listed, ends):
            continue
        if not any(taken[candidate.first : candidate.last]):
            taken[candidate.first : candidate.last] = b"\x01" * (candidate.last - candidate.first)
            chosen.append(candidate)
    chosen.sort(key=_by_first)
    return chosen
