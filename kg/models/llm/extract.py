"""The extractor: asks a model about groups of sentences, proves its answers, and gives the records of any analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from kg.datamodel import (
    AUTHOR,
    Analysis,
    Attribution,
    ChainId,
    CoreferenceChain,
    Document,
    DocumentId,
    EventMention,
    Link,
    Mention,
    RelationMention,
    Sentence,
    digest,
)
from kg.language.arabic import FoldedText
from kg.language.romanise import romanise
from kg.models.llm.believe import Believer, Entity, Flag
from kg.models.llm.client import Answers, Away, Cached, Json, NoAnswer, Price, estimate_tokens
from kg.models.llm.evidence import Tally, Text, speaks_to_a_machine
from kg.models.llm.merge import second_opinion
from kg.models.llm.rules_view import RuleView
from kg.models.llm.schema import answer_schema, instructions, numbered, prompt_version
from kg.pipeline import analyse, code_version

Mode = Literal["sole", "second"]
MODES: tuple[Mode, ...] = ("sole", "second")
GROUP_SENTENCES, GROUP_CHARACTERS = 8, 3_000
_TOKENS_OUT_A_SENTENCE = 220
_KEPT = 200
"""Analyses kept from estimate to run; more would cost memory, and an analysis is cheap beside an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a run will cost, before it is run; cached groups cost nothing."""

    documents: int = 0
    groups: int = 0
    cached: int = 0
    withheld: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The analysis, what a reviewer should see, and the counts."""

    analysis: Analysis
    rules: Analysis
    model: Analysis
    flags: tuple[Flag, ...]
    tally: Tally


@dataclass(slots=True, kw_only=True)
class Extractor:
    """Asks ``answers``; ``mode`` says whether the model speaks alone or as a second opinion on the rules."""

    answers: Answers
    mode: Mode = "second"
    price: Price = field(default_factory=Price)
    model: str = ""
    """Its name, for provenance."""
    tally: Tally = field(default_factory=Tally)
    """Over all documents."""
    observe: Callable[[Outcome], None] | None = None
    """Told of every outcome, for reviews."""
    whole: bool = False
    """An article fails, instead of being read in part, when the endpoint is away: for builds that go on later."""
    _known: dict[DocumentId, Analysis] = field(default_factory=dict, repr=False)
    """What the rules said when the cost was estimated, until it is asked for."""

    @property
    def release(self) -> str:
        """The version that analyses carry: another model, mode or prompt is another one."""
        return f"{code_version()}+llm.{digest('llm', self.model, self.mode, prompt_version())[:8]}"

    def __call__(self, document: Document) -> Analysis:
        """The analysis alone, for whoever builds a graph."""
        return self.examine(document).analysis

    def examine(self, document: Document) -> Outcome:
        """The analysis with flags and counts; a group without a usable answer is counted and left out."""
        rules = self._known.pop(document.id, None) or analyse(document)
        tally = Tally()
        text = Text(FoldedText.of(document.text), rules.sentences, rules.tokens, tally)
        believer = Believer(text, RuleView(rules), tally)
        for group in groups(rules, tally):
            try:
                answer = self.answers.ask(messages(document, group), answer_schema())
            except NoAnswer as problem:
                if self.whole and isinstance(problem, Away):
                    raise
                tally.refused["group: no usable answer"] += 1
                continue
            believer.judge(answer, group, _fallback)
        alone = _analysis(rules, believer)
        flags = believer.flags
        if self.mode == "second":
            analysis, more = second_opinion(rules, alone)
            flags = [*flags, *more]
            tally.flagged.update(flag.kind for flag in more)
        else:
            analysis = alone
        self.tally.add(tally)
        analysis = replace(analysis, version=self.release)
        outcome = Outcome(analysis=analysis, rules=rules, model=alone, flags=tuple(flags), tally=tally)
        if self.observe is not None:
            self.observe(outcome)
        return outcome

    def foresee(self, document: Document) -> Estimate:
        """Tokens of what is not in the cache yet; nothing is asked."""
        rules = analyse(document)
        if len(self._known) < _KEPT:
            self._known[document.id] = rules
        asked = cached = tokens_in = tokens_out = 0
        tally = Tally()
        for group in groups(rules, tally):
            said = messages(document, group)
            if isinstance(self.answers, Cached) and self.answers.has(said, answer_schema()):
                cached += 1
                continue
            asked += 1
            tokens_in += sum(estimate_tokens(message["content"]) for message in said)
            tokens_out += _TOKENS_OUT_A_SENTENCE * len(group)
        return Estimate(
            documents=1, groups=asked, cached=cached, withheld=tally.refused["sentence: speaks to a machine"],
            tokens_in=tokens_in, tokens_out=tokens_out,
        )  # fmt: skip

    def cost(self, estimate: Estimate) -> float:
        """What it will cost, in the money of the price."""
        return self.price.of(estimate.tokens_in, estimate.tokens_out)


def _fallback(kind: str, norm: str) -> ChainId:
    return ChainId("m" + digest("model chain", kind, norm)[:12])


def groups(analysis: Analysis, tally: Tally) -> Iterator[list[Sentence]]:
    """Sentences in order, a few at a time; those that speak to a machine are withheld and counted."""
    group: list[Sentence] = []
    size = 0
    for sentence in analysis.sentences:
        quote = sentence.span.of(analysis.document.text)
        if speaks_to_a_machine(quote):
            tally.refused["sentence: speaks to a machine"] += 1
            continue
        if group and (len(group) >= GROUP_SENTENCES or size + len(quote) > GROUP_CHARACTERS):
            yield group
            group, size = [], 0
        group.append(sentence)
        size += len(quote)
    if group:
        yield group


def messages(document: Document, group: Sequence[Sentence]) -> list[Json]:
    """What the model is sent: instructions with the ontology, then the sentences as data."""
    return [
        {"role": "system", "content": instructions()},
        {"role": "user", "content": numbered([sentence.span.of(document.text) for sentence in group])},
    ]


def _analysis(rules: Analysis, believer: Believer) -> Analysis:
    """The records of a model that speaks alone; times, tokens and sentences are those of the rules."""
    used = [entity for entity in believer.entities.values() if entity.mentions]
    chains = tuple(_chain(entity, believer.rules, rules) for entity in used)
    links = tuple(_link(entity, believer.rules) for entity in used)
    mentions = sorted((m for chain in chains for m in chain.mentions), key=_place)
    statements: list[RelationMention | EventMention] = [*believer.relations, *believer.events]
    return replace(
        rules,
        mentions=tuple(mentions),
        chains=chains,
        links=links,
        relations=tuple(believer.relations),
        events=tuple(believer.events),
        attributions=tuple(_attribution(each) for each in statements if each.holders != (AUTHOR,)),
    )


def _place(mention: Mention) -> tuple[int, int]:
    return mention.span.start, mention.span.end


def _chain(entity: Entity, view: RuleView, rules: Analysis) -> CoreferenceChain:
    known = view.chains.get(entity.chain)
    mentions = tuple(sorted(entity.mentions, key=_place))
    name = mentions[0].span.of(rules.document.text)
    if known is not None and entity.chain in view.entries:
        return replace(known, mentions=mentions)
    return CoreferenceChain(id=entity.chain, type=entity.type, name_ar=name, name_en=romanise(name), mentions=mentions)


def _link(entity: Entity, view: RuleView) -> Link:
    for link in view.analysis.links:
        if link.chain == entity.chain:
            return link
    return Link(chain=entity.chain, target=None, score=0.0, reasons=("a language model quotes it; no entry fits",))


def _attribution(said: RelationMention | EventMention) -> Attribution:
    return Attribution(
        scope=said.span, holders=said.holders, cue=said.trigger, rule="llm", denied=said.modality == "negated",
        sentence=said.sentence,
    )  # fmt: skip
