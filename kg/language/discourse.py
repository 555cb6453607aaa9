"""What the claim stages share about one document: parses, which chain a reference is, who was last spoken of."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.datamodel import Attribution, ChainId, CoreferenceChain, LexiconId, Mention
from kg.language.arabic import LAM
from kg.language.arguments import Arguments, Reference, verb_arguments
from kg.language.lexicon import Lexicon
from kg.language.nominal import noun_arguments
from kg.language.syntax import MASCULINE, PEOPLE, Parse

SPEAKERS = frozenset(
    "Facility Faction PoliticalGroup Government GovernmentBody MilitaryForce Official Person Country Group "
    "Organization UnnamedSource MediaOutlet Document Office".split()
)
BODIES = frozenset(("Faction", "PoliticalGroup", "MilitaryForce", "Organization"))
_NEED_OBJECT = frozenset(("accuse", "support", "oppose", "request"))
_BACK = 3
"""Sentences a dropped subject may look back."""


@dataclass(slots=True)
class Discourse:
    """One document's parses and chains; resolves references, dropped subjects and pronouns where that is safe."""

    parses: Sequence[Parse]
    mentions: Sequence[Mention]
    lexicon: Lexicon
    chain_of_mention: Mapping[int, ChainId]
    chain_of_entry: dict[LexiconId, ChainId]
    types: dict[ChainId, str]
    officeholders: dict[ChainId, ChainId] = field(default_factory=dict)
    """Office chain -> the person the document says holds it: an office that acts is its holder."""
    added: list[CoreferenceChain] = field(default_factory=list)
    _arguments: dict[tuple[int, int], Arguments] = field(default_factory=dict)

    def chain(self, reference: Reference) -> ChainId:
        """The chain a reference belongs to; an adjective of place may open one without mentions."""
        if isinstance(reference, int):
            chain = self.chain_of_mention[reference]
            return self.officeholders.get(chain, chain)
        known = self.chain_of_entry.get(reference)
        if known is None:
            entry = self.lexicon.entries[reference]
            known = ChainId(f"entry-{reference}")
            self.chain_of_entry[reference] = known
            self.types[known] = entry.type
            self.added.append(
                CoreferenceChain(id=known, type=entry.type, name_ar=entry.name_ar, name_en=entry.name_en, mentions=())
            )
        return known

    def type_of(self, reference: Reference) -> str:
        """The entity type of a reference."""
        if isinstance(reference, int):
            return self.mentions[reference].type
        entry = self.lexicon.entries.get(reference)
        return entry.type if entry is not None else ""

    def verb(self, sentence: int, item: int) -> Arguments:
        """The arguments of a verb, computed once, with a dropped subject filled in where that is safe."""
        key = (sentence, item)
        if key not in self._arguments:
            found = self._arguments[key] = verb_arguments(self.parses[sentence], item)
            if self._shifted(sentence, item, found):
                found.slots["object"], found.items["object"] = found.slots["subject"], found.items["subject"]
                found.slots["subject"] = self._dropped(sentence, item)
                found.items["dropped"] = (item,)
            elif "subject" not in found.items:
                dropped = self._dropped(sentence, item)
                if dropped:
                    found.slots["subject"] = dropped
                    found.items["dropped"] = (item,)
            self._doers(sentence, item, found)
            self.fill_owners(sentence, found)
        return self._arguments[key]

    def _doers(self, sentence: int, item: int, found: Arguments) -> None:
        """ "X launched an operation that hit": the deed's subject is whoever launched it."""
        parse = self.parses[sentence]
        places = found.items.get("subject", ())
        if found.slots.get("subject") or not places or "attack" not in parse.classes(parse.items[item].head):
            return
        deed = parse.items[places[0]]
        if deed.kind != "np" or "operation" not in parse.classes(deed.head):
            return
        around = noun_arguments(parse, places[0], deed.head)
        doers = next((around.slots[s] for s in ("light-subject", "nisba", "genitive") if around.slots.get(s)), ())
        if doers:
            found.slots["subject"] = doers

    def _shifted(self, sentence: int, item: int, found: Arguments) -> bool:
        """ "... and accused Hezbollah of": a coordinated verb that cannot do without an object has left out its
        subject, and the one phrase behind it is the object.
        """
        parse = self.parses[sentence]
        classes = parse.classes(parse.items[item].head)
        struck = "attack" in classes and self._ground(parse, found)
        needs = bool(classes & _NEED_OBJECT) or struck or self._repeats(parse, item)
        joined = struck or parse.items[item].conj or item > 0 and parse.items[item - 1].conj
        if not needs or not joined or "object" in found.items or not found.slots.get("subject"):
            return False
        after = parse.items[found.items["subject"][0]].first > parse.items[item].first
        return item > 0 and after and bool(self._dropped(sentence, item))

    def _ground(self, parse: Parse, found: Arguments) -> bool:
        """Positions and targets are hit, they hit nobody."""
        heads = [parse.lemma(parse.items[i].head) for i in found.items.get("subject", ())]
        return bool(heads) and heads[0] in parse.lexicon.words("ground")

    def fill_owners(self, sentence: int, found: Arguments) -> None:
        """ "its positions", "his forces": in a slot without a name the owner stands for what is his."""
        parse = self.parses[sentence]
        taken = set(found.slots.get("subject", ())) | set(found.slots.get("genitive", ()))
        for slot, items in found.items.items():
            if slot in found.slots or slot == "pronoun" or slot.startswith("governed"):
                continue
            owners = (self.owner(sentence, item, taken) for item in items if parse.items[item].kind == "np")
            owner = next((found_owner for found_owner in owners if found_owner), ())
            if owner:
                found.slots[slot] = owner

    def _repeats(self, parse: Parse, item: int) -> bool:
        """The same verb again: "attacked X and did not attack Y"."""
        lemma = parse.lemma(parse.items[item].head)
        return any(i.kind == "verb" and parse.lemma(i.head) == lemma for i in parse.items[:item])

    def possessor(self, sentence: int, item: int, token: int) -> tuple[Reference, ...]:
        """ "its accusation": whom the pronoun on a noun stands for, the subject of the sentence first."""
        enclitic = self.parses[sentence].tokens[token].reading.enclitic
        if not enclitic.startswith("3"):
            return ()
        parse = self.parses[sentence]
        for index, other in enumerate(parse.items[:item]):
            if other.kind == "verb":
                self.verb(sentence, index)
                break
        verb = parse.clauses[parse.items[item].clause].verb
        if 0 <= verb < item:
            around = self.verb(sentence, verb)
            if "subject" in around.items and not around.slots.get("subject"):
                return ()  # residents who announced *their* refusal
        place = self.parses[sentence].items[item].first
        first = self._first_subject(sentence, item, enclitic[1:2], set())
        return first or self._recent(sentence, place, enclitic[1:2], set())

    def owner(self, sentence: int, item: int, taken: set[Reference]) -> tuple[Reference, ...]:
        """Who a carrier noun with a third-person pronoun belongs to: the nearest actor before that fits."""
        parse = self.parses[sentence]
        carriers = parse.lexicon.words("carrier")
        after = parse.items[item + 1] if item + 1 < len(parse.items) else None
        own = bool(after is not None and after.kind == "other" and parse.tokens[after.head].norm[0] == LAM)
        end = after.last if own and after is not None else parse.items[item].last
        for place in range(parse.items[item].first, end):
            reading = parse.tokens[place].reading
            if reading.enclitic.startswith("3") and (reading.lemma in carriers or place >= parse.items[item].last):
                topic = self._first_subject(sentence, item, reading.enclitic[1:2], taken)
                near = topic or self._recent(sentence, parse.items[item].first, reading.enclitic[1:2], taken)
                return near or self._recent(sentence, parse.items[item].first, reading.enclitic[1:2], set())
        return ()

    def _first_subject(self, sentence: int, item: int, gender: str, taken: set[Reference]) -> tuple[Reference, ...]:
        """The subject of the sentence's first verb, the likeliest owner of what is said to be "its"."""
        parse = self.parses[sentence]
        verb = next((n for n, i in enumerate(parse.items) if i.kind == "verb"), -1)
        if verb < 0 or verb >= item or (sentence, verb) not in self._arguments:
            return ()
        found = self._arguments[sentence, verb]
        places = found.items.get("subject", ())
        if not places or parse.items[places[0]].first > parse.items[item].first:
            return ()
        for reference in found.slots.get("subject", ())[:1]:
            fits = isinstance(reference, int) and self._agrees(parse, reference, gender)
            if fits and reference not in taken and self.type_of(reference) in SPEAKERS:
                return (reference,)
        return ()

    def recent_body(self, sentence: int, before: int, gender: str) -> tuple[Reference, ...]:
        """The nearest actor before a token, if it is a body that somebody may lead."""
        found = self._recent(sentence, before, gender, set())
        return tuple(r for r in found if self.type_of(r) in BODIES)

    def _recent(self, sentence: int, before: int, gender: str, taken: set[Reference]) -> tuple[Reference, ...]:
        """The nearest actor before a token in the same sentence whose gender may agree, none of ``taken``."""
        parse = self.parses[sentence]
        for index in range(len(parse.items) - 1, -1, -1):
            item = parse.items[index]
            if item.kind != "np" or item.last > before or not item.mentions:
                continue
            for mention in reversed(item.mentions):
                if mention in taken:
                    continue
                if self.mentions[mention].type in SPEAKERS and self._agrees(parse, mention, gender):
                    return (mention,)
        return ()

    def _agrees(self, parse: Parse, mention: int, gender: str) -> bool:
        """Genders clash only where both are known; lands are feminine but for a few."""
        token = parse.tokens[parse.ranges[mention][0]]
        kind, head = self.mentions[mention].type, token.reading
        if kind in PEOPLE or not gender:
            return True
        if kind in ("Country", "City"):
            return gender == ("m" if token.norm[head.core :] in MASCULINE else "f")
        return not head.gender or not head.known or head.gender == gender or head.number == "p"

    def _dropped(self, sentence: int, item: int) -> tuple[Reference, ...]:
        """The subject a verb leaves out: that of the verb before it, here or in the sentences before."""
        parse = self.parses[sentence]
        reading = parse.tokens[parse.items[item].head].reading
        if reading.person in ("1", "2"):
            return ()
        if reading.pos != "VERB" and self.speaker(sentence):
            return self.speaker(sentence)
        subject = self._shared(sentence, item)
        if subject:
            return subject
        if item == 0 and sentence and self.parses[sentence].items[0].kind == "verb":
            earlier = self._topic(sentence - 1, reading.gender)
            if earlier and "object" in self._arguments[sentence, item].items:
                return earlier
        speech = parse.classes(parse.items[item].head) & {"say", "deny", "accuse", "request", "threat"}
        if not speech or item > 1:
            return ()
        for back in range(sentence - 1, max(-1, sentence - 1 - _BACK), -1):
            speaker = self.speaker(back, reading.gender)
            if speaker:
                return speaker
        return ()

    def _shared(self, sentence: int, item: int) -> tuple[Reference, ...]:
        """The subject of the nearest verb before, in the same sentence, that a verb may share."""
        parse = self.parses[sentence]
        for index in range(item - 1, -1, -1):
            if parse.items[index].kind == "verb" and not _aside(parse, index, item):
                found = self.verb(sentence, index)
                if "subject" in found.items and self._same(parse, index, item):
                    return found.slots.get("subject", ())  # somebody without a name is nobody else
        return ()

    def _topic(self, sentence: int, gender: str) -> tuple[Reference, ...]:
        """The subject of a sentence's first verb, if its verb has the gender asked for."""
        parse = self.parses[sentence]
        for index, item in enumerate(parse.items):
            if item.kind == "verb":
                same = parse.tokens[item.head].reading.gender == gender
                return self.verb(sentence, index).slots.get("subject", ())[:1] if same else ()
        return ()

    def speaker(self, sentence: int, gender: str = "") -> tuple[Reference, ...]:
        """Who speaks in a sentence: the subject of its first verb of speech, else of its first "saying"; of the
        gender asked for, where one is.
        """
        parse = self.parses[sentence]
        spoken = [
            (parse.tokens[item.head].reading.pos != "VERB", index)
            for index, item in enumerate(parse.items)
            if item.kind == "verb" and parse.classes(item.head) & {"say", "deny", "accuse", "request", "threat"}
        ]
        for participle, index in sorted(spoken):
            found = parse.tokens[parse.items[index].head].reading.gender
            if not participle and gender and found and found != gender:
                continue
            subject = tuple(
                r for r in self.verb(sentence, index).slots.get("subject", ()) if self.type_of(r) in SPEAKERS
            )
            if subject:
                return subject[:1]
        return ()

    def _same(self, parse: Parse, before: int, now: int) -> bool:
        """Two verbs may share a subject if gender and number do not clash and the clauses hang together."""
        one = parse.tokens[parse.items[before].head].reading
        two = parse.tokens[parse.items[now].head].reading
        if one.gender and two.gender and one.gender != two.gender:
            return False
        clause = parse.clauses[parse.items[now].clause]
        return clause.kind in ("coordinate", "main", "complement", "relative")


def _aside(parse: Parse, before: int, now: int) -> bool:
    """Whether an earlier verb stands in a relative clause that the later one is not part of."""
    clause = parse.clauses[parse.items[before].clause]
    if clause.kind != "relative":
        return False
    later = parse.clauses[parse.items[now].clause]
    while later.parent >= 0 and later.index != clause.index:
        later = parse.clauses[later.parent] if later.parent != later.index else later
    return later.index != clause.index and parse.clauses[parse.items[now].clause].antecedent != clause.antecedent


def _sentence(attribution: Attribution) -> int:
    return attribution.sentence


def innermost(attributions: Sequence[Attribution], sentence: int, place: int) -> Attribution | None:
    """The narrowest attribution that covers a character."""
    best: Attribution | None = None
    for number in range(bisect_left(attributions, sentence, key=_sentence), len(attributions)):
        attribution = attributions[number]
        if attribution.sentence != sentence:
            break
        scope = attribution.scope
        narrower = best is None or scope.end - scope.start < best.scope.end - best.scope.start
        if narrower and scope.start <= place < scope.end:
            best = attribution
    return best
