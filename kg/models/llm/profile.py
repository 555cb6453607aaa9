"""``--profile llm``: settings from the command line become an extractor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.errors import InputError
from kg.models.llm.client import Cached, Client, Endpoint, Price, Usage
from kg.models.llm.extract import MODES, Estimate, Extractor
from kg.models.llm.review import Review

SETTINGS = {
    "mode": "second: the rules with the model's opinion; sole: the model alone",
    "cache": "folder of answers that were paid for already",
    "rate": "requests a minute",
    "timeout": "seconds for one answer",
    "attempts": "how often one question is asked before it is given up",
    "stream": "yes: take the answer as a stream",
    "schema": "no: the server does not know response_format",
    "price-in": "what a million tokens sent cost",
    "price-out": "what a million tokens answered cost",
    "limit": "refuse to begin where the estimate is above this",
}


def extractor(endpoint: str, model: str, settings: Mapping[str, str], review: Review | None = None) -> Extractor:
    """The extractor that the settings describe; InputError for one that does not exist."""
    for name in settings:
        if name not in SETTINGS:
            raise InputError(f"--set {name}: the profile llm knows {', '.join(SETTINGS)}")
    if not endpoint:
        raise InputError("the profile llm asks a model: name it with --endpoint URL --model NAME")
    mode = next((known for known in MODES if known == settings.get("mode", "second")), None)
    if mode is None:
        raise InputError(f"--set mode={settings['mode']}: it is one of {', '.join(MODES)}")
    client = Client(
        Endpoint(
            url=endpoint,
            model=model,
            a_minute=_number(settings, "rate", 60),
            timeout=_number(settings, "timeout", 120),
            attempts=int(_number(settings, "attempts", 4)),
            stream=settings.get("stream") == "yes",
            schema=settings.get("schema") != "no",
        )
    )
    cache = settings.get("cache")
    return Extractor(
        answers=Cached(client, Path(cache), model) if cache else client,
        mode=mode,
        price=Price(a_million_in=_number(settings, "price-in", 0), a_million_out=_number(settings, "price-out", 0)),
        model=model,
        observe=review,
    )


def limit(settings: Mapping[str, str]) -> float | None:
    """The most that a run may cost by the estimate."""
    return _number(settings, "limit", 0) if "limit" in settings else None


def _number(settings: Mapping[str, str], name: str, default: float) -> float:
    try:
        found = float(settings.get(name, default))
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise InputError(f"--set {name}={settings[name]}: a number is needed")
    return found


def before(extractor: Extractor, estimate: Estimate) -> str:
    """The line told before anything is asked."""
    price = extractor.price
    cost = f", cost about {extractor.cost(estimate):.4f}" if price.a_million_in or price.a_million_out else ""
    return (
        f"llm: {estimate.documents} articles, {estimate.groups} requests to make, {estimate.cached} answers kept, "
        f"{estimate.withheld} sentences withheld; about {estimate.tokens_in:,} tokens in, {estimate.tokens_out:,} out"
        f"{cost}"
    )


def after(extractor: Extractor) -> list[str]:
    """The lines told when the run is over: what it cost, what was believed, what was not and why."""
    usage: Usage = extractor.answers.usage
    cost = extractor.price.of(usage.tokens_in, usage.tokens_out)
    counted = " (estimated)" if usage.estimated else ""
    requests = f"{usage.asked} answers, {usage.cached} kept ones, {usage.failed} given up"
    tokens = f"{usage.tokens_in:,} tokens in, {usage.tokens_out:,} out{counted}"
    lines = [f"llm: {requests}; {tokens}, cost {cost:.4f}"]
    for what, counts in (
        ("believed", extractor.tally.accepted),
        ("refused", extractor.tally.refused),
        ("flagged", extractor.tally.flagged),
    ):
        lines += [f"llm: {what}\t{name}\t{number}" for name, number in counts.most_common()]
    return lines
