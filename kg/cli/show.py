"""An analysis as coloured text: the article with its names marked, then what it says, line by line."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from kg.cli.console import shown, tame
from kg.datamodel import AUTHOR, Analysis, ChainId, Sentence
from kg.language.arabic import FIRST_STRONG_ISOLATE, POP_ISOLATE

_COLOURS = {
    "red": "Faction MilitaryForce Weapon",
    "magenta": "PoliticalGroup Organization MediaOutlet",
    "green": "Official Person UnnamedSource Group",
    "blue": "Country City Region Base Facility",
    "yellow": "Government GovernmentBody Office",
    "cyan": "Agreement Document Event",
}
COLOUR = {name: colour for colour, names in _COLOURS.items() for name in names.split()}


def show_analysis(analysis: Analysis, console: Console) -> None:
    """Print to ``console``."""
    document = analysis.document
    heading = [document.title, document.outlet, document.published or ""]
    console.print(Text(" | ".join(shown(part) for part in heading if part), style="bold"))
    for sentence in analysis.sentences:
        console.print(_marked(analysis, sentence))
    console.print(Text("entities", style="bold"))
    for chain in sorted(analysis.chains, key=lambda chain: (chain.type, chain.name_en)):
        line = Text("  ").append(chain.type, style=COLOUR.get(chain.type, "white"))
        console.print(line.append(f"  {tame(chain.name_en)}  {shown(chain.name_ar)}  x{len(chain.mentions)}"))
    for title, lines in (("claims", _claims(analysis)), ("events", _events(analysis))):
        console.print(Text(title, style="bold"))
        for line in lines:
            console.print(line)


def _marked(analysis: Analysis, sentence: Sentence) -> Text:
    """One sentence in an isolate, names coloured, times underlined."""
    text = Text(tame(sentence.span.of(analysis.document.text)))
    for mention in analysis.mentions:
        if sentence.span.covers(mention.span):
            start, end = mention.span.start - sentence.span.start, mention.span.end - sentence.span.start
            text.stylize(f"bold {COLOUR.get(mention.type, 'white')}", start, end)
    for time in analysis.times:
        if sentence.span.covers(time.span):
            text.stylize("underline", time.span.start - sentence.span.start, time.span.end - sentence.span.start)
    return Text(FIRST_STRONG_ISOLATE).append(text).append(POP_ISOLATE)


def _names(analysis: Analysis, chains: Iterable[ChainId]) -> str:
    known = {chain.id: tame(chain.name_en) for chain in analysis.chains}
    return ", ".join(known.get(chain, chain) for chain in chains) or "-"


def _said(analysis: Analysis, modality: str, holders: tuple[ChainId, ...]) -> Text:
    by = "the outlet" if holders in ((), (AUTHOR,)) else _names(analysis, holders)
    return Text(f"  [{modality}; {by}]", style="dim" if modality == "asserted" else "yellow")


def _claims(analysis: Analysis) -> Iterable[Text]:
    for relation in analysis.relations:
        subject, object_ = _names(analysis, [relation.subject]), _names(analysis, [relation.object])
        line = Text(f"  {subject} ").append(relation.predicate, style="bold").append(f" {object_}")
        yield line.append(_said(analysis, relation.modality, relation.holders))


def _events(analysis: Analysis) -> Iterable[Text]:
    for event in analysis.events:
        roles = (("by", event.agents), ("on", event.targets), ("in", event.place), ("with", event.instrument))
        line = Text("  ").append(event.type, style="bold")
        line.append("".join(f" {word} {_names(analysis, chains)}" for word, chains in roles if chains))
        numbers = (("count", event.count), ("killed", event.killed), ("wounded", event.wounded))
        line.append("".join(f" {word} {number}" for word, number in numbers if number is not None))
        yield line.append(f" {event.date}" if event.date else "").append(_said(analysis, event.modality, event.holders))
