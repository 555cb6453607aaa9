"""Which mentions are one entity in one document, and which lexicon entry that is, if any."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.datamodel import ChainId, CoreferenceChain, LexiconId, Link, Mention, digest
from kg.language.arabic import DEFINITE, LAM
from kg.language.lexicon import Lexicon, LexiconEntry

_PEOPLE = frozenset(("Official", "Person"))
_LOOSE = frozenset(("Region", "City", "Country"))


@dataclass(frozen=True, slots=True)
class Resolved:
    """Chains, links, and the chain of every mention (by its index)."""

    chains: tuple[CoreferenceChain, ...]
    links: tuple[Link, ...]
    chain_of_mention: dict[int, ChainId]
    chain_of_entry: dict[LexiconId, ChainId]


def stem(norm: str) -> str:
    """The words of a name without articles, to compare "the Iraqi army" with "Iraqi army"."""
    words = norm.replace('"', " ").split()
    return " ".join(w[2:] if w.startswith((DEFINITE, LAM + LAM)) and len(w) > 4 else w for w in words)


def resolve_mentions(
    text: str, mentions: Sequence[Mention], lexicon: Lexicon, published: str | None, romanise: Callable[[str], str]
) -> Resolved:
    """Group the mentions of a document; every chain says why it is linked."""
    resolver = _Resolver(mentions, lexicon, published)
    keys = resolver.keys()
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        groups[key].append(index)
    chains, links = [], []
    chain_of_mention: dict[int, ChainId] = {}
    chain_of_entry: dict[LexiconId, ChainId] = {}
    for key, members in groups.items():
        own = tuple(mentions[index] for index in members)
        entry = resolver.entry_of(key)
        kind = _type(own, entry)
        name = entry.name_ar if entry is not None else max((_surface(text, m) for m in own), key=len)
        identity = ChainId("c" + digest("chain", key)[:12])
        english = entry.name_en if entry is not None else romanise(name)
        chains.append(CoreferenceChain(id=identity, type=kind, name_ar=name, name_en=english, mentions=own))
        links.append(resolver.link(identity, key, own))
        chain_of_mention.update(dict.fromkeys(members, identity))
        if entry is not None:
            chain_of_entry[entry.id] = identity
    return Resolved(tuple(chains), tuple(links), chain_of_mention, chain_of_entry)


def _surface(text: str, mention: Mention) -> str:
    """A mention as it was written, without quotation marks inside."""
    return " ".join(_MARKS.sub(" ", mention.span.of(text)).split())


_MARKS = re.compile('["\u00ab\u00bb\u201c\u201d\u201e\u2018\u2019\u2039\u203a]')


def _type(own: Sequence[Mention], entry: LexiconEntry | None) -> str:
    votes = Counter(mention.type for mention in own)
    if entry is not None and entry.type in votes:
        return entry.type
    return votes.most_common(1)[0][0]


class _Resolver:
    def __init__(self, mentions: Sequence[Mention], lexicon: Lexicon, published: str | None) -> None:
        self.mentions = mentions
        self.lexicon = lexicon
        self.published = published
        self.sure = Counter(m.candidates[0] for m in mentions if len(m.candidates) == 1 and not m.short)
        self.countries = Counter(self._country(m.candidates[0]) for m in mentions if len(m.candidates) == 1)
        self.people: dict[str, str] = {}
        self.heads: dict[tuple[str, str], str] = {}

    def _country(self, entry: LexiconId) -> str:
        found = self.lexicon.entries[entry]
        return found.country or found.id

    def keys(self) -> list[str]:
        """One key a mention; equal keys corefer."""
        return [self._key(mention) for mention in self.mentions]

    def entry_of(self, key: str) -> LexiconEntry | None:
        """The entry a key names."""
        return self.lexicon.entries.get(LexiconId(key[4:])) if key.startswith("lex:") else None

    def link(self, chain: ChainId, key: str, own: Sequence[Mention]) -> Link:
        """How sure the link is, and why."""
        entry = self.entry_of(key)
        if entry is None:
            return Link(chain=chain, target=None, score=0.0, reasons=("no entry of the lexicon fits",))
        reasons = tuple(dict.fromkeys(mention.reason for mention in own))[:4]
        full = any(not mention.short for mention in own)
        return Link(chain=chain, target=entry.id, score=0.95 if full else 0.7, reasons=reasons)

    def _key(self, mention: Mention) -> str:
        if mention.candidates:
            return "lex:" + self._choose(mention)
        name = stem(mention.norm)
        if mention.type in _PEOPLE:
            return self._person(name)
        if mention.type == "UnnamedSource":
            return self._source(mention, name)
        if mention.type == "Office":
            lands = self.lexicon.nisba
            return "Office:" + " ".join(lands.get(w) or lands.get(DEFINITE + w) or w for w in name.split(" "))
        if mention.type == "Group":
            return "Group:" + _plural_stem(name.split(" ")[0])
        if mention.source == "frame:generic" and mention.type in ("Faction", "PoliticalGroup"):
            return f"{mention.type}:{name.split(' ')[0]}"
        return f"{'place' if mention.type in _LOOSE else mention.type}:{name}"

    def _choose(self, mention: Mention) -> LexiconId:
        """Of several entries the one of the right type, named elsewhere in full, of a country that is about."""
        if len(mention.candidates) == 1:
            return mention.candidates[0]

        def weight(entry: LexiconId) -> tuple[bool, int, int, int]:
            return (
                self.lexicon.entries[entry].type == mention.type,
                self.sure[entry],
                self.countries[self._country(entry)],
                -mention.candidates.index(entry),
            )

        return max(mention.candidates, key=weight)

    def _person(self, name: str) -> str:
        """A later short name is the person whose full name ends or begins with it."""
        words = name.split() or [name]
        known = self.people.get(name) or self.people.get(words[-1])
        if known is None:
            known = "person:" + name
        for part in (name, words[-1]):
            self.people.setdefault(part, known)
        if len(words) > 2:
            self.people.setdefault(" ".join(words[-2:]), known)
        return known

    def _source(self, mention: Mention, name: str) -> str:
        """ "The source" goes back to the last source of that noun; an indefinite one is new unless worded alike."""
        noun = _plural_stem(name.split(maxsplit=1)[0])
        definite = mention.norm.startswith((DEFINITE, LAM + LAM))
        known = self.heads.get(("UnnamedSource", noun))
        if definite and known is not None and len(name.split()) == 1:
            return known
        key = "UnnamedSource:" + name
        self.heads["UnnamedSource", noun] = key
        return key


def _plural_stem(word: str) -> str:
    """Sound plural and dual endings off, so that both cases of a plural meet."""
    for ending in ("\u0648\u0646", "\u064a\u0646", "\u0627\u0646", "\u0627\u062a"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)]
    return word
