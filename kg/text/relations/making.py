"""What all shapes of relations share: making one, and small questions about a phrase."""

from __future__ import annotations

from kg.datamodel import AUTHOR, RelationMention
from kg.language.arguments import Reference
from kg.language.discourse import Discourse
from kg.language.syntax import Item, Parse

PEOPLE = frozenset(("Official", "Person"))
ORGANISATIONS = frozenset(
    ("Faction", "PoliticalGroup", "Government", "GovernmentBody", "MilitaryForce", "Organization")
)
PLACES = frozenset(("City", "Region", "Country"))


def make(
    discourse: Discourse,
    sentence: int,
    rule: str,
    subject: Reference,
    predicate: str,
    target: Reference,
    confidence: float = 0.85,
) -> RelationMention:
    """A relation the outlet itself affirms; an office is meant as such, not as its holder."""
    parse = discourse.parses[sentence]
    return RelationMention(
        predicate=predicate,
        subject=discourse.chain(subject),
        object=discourse.chain_of_mention[target] if isinstance(target, int) else discourse.chain(target),
        sentence=sentence,
        span=parse.sentence.span,
        trigger=discourse.mentions[next(r for r in (subject, target) if isinstance(r, int))].span,
        holders=(AUTHOR,),
        modality="asserted",
        confidence=confidence,
        rule=rule,
    )


def marked(parse: Parse, item: Item, kind: str) -> bool:
    """Whether "former", "designate" or the like stands in or right after a phrase."""
    words = parse.lexicon.words(kind)
    place = parse.item_of(item.last) if item.last < parse.sentence.last_token else -1
    after = parse.items[place] if place >= 0 else item
    holder = any(parse.mentions[m].type in PEOPLE for m in after.mentions)
    stop = item.last + 1 if place >= 0 and (holder or after.last - after.first == 1) else item.last
    return any(parse.tokens[place].norm in words for place in range(item.first, stop))


def person_of(discourse: Discourse, item: Item) -> int | None:
    """The last person named in a phrase."""
    people = [m for m in item.mentions if discourse.mentions[m].type in PEOPLE]
    return people[-1] if people else None


def is_nisba(parse: Parse, token: int) -> bool:
    """Whether a token is an adjective of place or group."""
    return parse.tokens[token].norm in parse.lexicon.nisba
