"""What the rule engine says of the same words: which entity a span is, who holds a statement, in which modality."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.datamodel import AUTHOR, Analysis, ChainId, CoreferenceChain, LexiconId, Modality, Span
from kg.language.descriptions import Descriptions
from kg.language.discourse import innermost
from kg.language.lexicon import load_lexicon
from kg.language.modality import scope_modality
from kg.language.parsing import parse
from kg.language.syntax import Parse
from kg.pipeline import token_ranges


@dataclass(slots=True)
class RuleView:
    """An analysis of the default profile, asked by place."""

    analysis: Analysis
    chain_at: dict[tuple[int, int], ChainId] = field(default_factory=dict)
    chains: dict[ChainId, CoreferenceChain] = field(default_factory=dict)
    entries: dict[ChainId, LexiconId] = field(default_factory=dict)
    _parses: dict[int, Parse] = field(default_factory=dict)
    _ranges: dict[int, tuple[int, int]] = field(default_factory=dict)
    _described: Descriptions | None = None

    def __post_init__(self) -> None:
        self._ranges = token_ranges(self.analysis.mentions, self.analysis.tokens)
        self.chains = {chain.id: chain for chain in self.analysis.chains}
        self.entries = {link.chain: link.target for link in self.analysis.links if link.target is not None}
        for chain in self.analysis.chains:
            for mention in chain.mentions:
                self.chain_at[mention.span.start, mention.span.end] = chain.id

    def chain_of(self, span: Span) -> ChainId | None:
        """The chain with a mention on these characters, or on most of them from the same first word."""
        exact = self.chain_at.get((span.start, span.end))
        if exact is not None:
            return exact
        length = span.end - span.start
        for (start, end), chain in self.chain_at.items():
            shorter, longer = sorted((end - start, length))
            if start == span.start and 2 * shorter >= longer:
                return chain
        return None

    def parse(self, sentence: int) -> Parse:
        """The syntax of a sentence."""
        if sentence not in self._parses:
            found, lexicon = self.analysis, load_lexicon()
            if self._described is None:
                self._described = Descriptions.of(found.tokens, found.mentions, self._ranges, lexicon)
            self._parses[sentence] = parse(
                found.sentences[sentence],
                found.tokens,
                found.mentions,
                self._ranges,
                found.times,
                lexicon,
                self._described,
            )
        return self._parses[sentence]

    def stance(self, sentence: int, span: Span) -> tuple[tuple[ChainId, ...], Modality]:
        """Holders and modality that the rules give to what is said at ``span``."""
        token = self.trigger(sentence, span)
        place = self.analysis.tokens[token].span.start if token >= 0 else span.start
        modality: Modality = "asserted"
        parsed = self.parse(sentence)
        item = parsed.item_of(token) if token >= 0 else -1
        if item >= 0:
            modality = scope_modality(parsed, item, token)
        attribution = innermost(self.analysis.attributions, sentence, place)
        if attribution is None:
            return (AUTHOR,), modality
        if attribution.denied:
            return attribution.holders, "negated"
        return attribution.holders, "claimed" if modality == "asserted" else modality

    def trigger(self, sentence: int, span: Span) -> int:
        """The word in a span that tells something: a trigger of the lexicon, else its first verb; -1 if none."""
        parsed = self.parse(sentence)
        first, last = parsed.sentence.first_token, parsed.sentence.last_token
        inside = [t for t in range(first, last) if span.covers(self.analysis.tokens[t].core)]
        told = [t for t in inside if parsed.classes(t) - {"say", "deny"}]
        verbs = [t for t in inside if self.analysis.tokens[t].reading.pos == "VERB"]
        return next(iter(told or verbs), -1)
