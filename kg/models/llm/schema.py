"""The ontology compiled for a language model: a JSON schema of its answers, and instructions with our examples."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import yaml
from pyoxigraph import NamedNode

from kg import vocabulary
from kg.datamodel import digest
from kg.resources import ontology_path
from kg.vocabulary import RDFS

Json = dict[str, Any]
ROLES = ("agents", "targets", "place", "instrument")
NUMBERS = ("count", "killed", "wounded")


@cache
def answer_schema() -> Json:
    """The JSON schema of an answer: every name in it is one of ``ontology/*.ttl``."""
    sentence, quote = {"type": "integer", "minimum": 1}, {"type": "string", "minLength": 1}
    start = {"type": ["integer", "null"]}
    mention = _object({"sentence": sentence, "quote": quote, "start": start}, optional=("start",))
    argument = _object({"entity": quote, "quote": quote, "start": start}, optional=("start",))
    holder = _nullable(
        _object({"entity": quote, "sentence": sentence, "quote": quote, "start": start}, optional=("start",))
    )
    said = {"holder": holder, "modality": _one_of(vocabulary.modalities())}
    number = _nullable(_object({"value": {"type": "integer", "minimum": 0}, "quote": quote}))
    entity = _object({"id": quote, "type": _one_of(vocabulary.entity_types()), "mentions": _many(mention)})
    relation = _object(
        {"predicate": _one_of(vocabulary.predicates()), "sentence": sentence, "quote": quote, "start": start,
         "subject": argument, "object": argument, **said}, optional=("start",),
    )  # fmt: skip
    event = _object(
        {"type": _one_of(vocabulary.event_types()), "sentence": sentence, "trigger": quote, "start": start}
        | {role: _many(argument) for role in ROLES}
        | dict.fromkeys(NUMBERS, number)
        | {"date": _nullable(_object({"value": quote, "quote": quote}))}
        | said,
        optional=("start",),
    )
    return _object({"entities": _many(entity), "relations": _many(relation), "events": _many(event)})


def _object(properties: Mapping[str, Any], optional: Sequence[str] = ()) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": dict(properties), "required": required, "additionalProperties": False}


def _nullable(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _many(schema: Json) -> Json:
    return {"type": "array", "items": schema}


def _one_of(names: Mapping[str, object]) -> Json:
    return {"type": "string", "enum": sorted(names)}


@cache
def examples() -> tuple[Json, ...]:
    """Our own sentences with the right answers."""
    loaded = yaml.safe_load(ontology_path("llm", "examples.yaml").read_text(encoding="utf-8"))
    return tuple(loaded["examples"])


@cache
def instructions() -> str:
    """What a model is told first: the task, the terms of the ontology with what they mean, and the examples."""
    parts = [ontology_path("llm", "instructions.txt").read_text(encoding="utf-8").strip()]
    parts.append("Types of entities:\n" + _glossary(vocabulary.entity_types()))
    parts.append("Predicates, with what subject and object may be:\n" + _predicates())
    parts.append("Types of events:\n" + _glossary(vocabulary.event_types()))
    for number, example in enumerate(examples(), 1):
        parts.append(
            f"Example {number}, input:\n{numbered(example['sentences'])}\nAnswer:\n{_compact(example['answer'])}"
        )
    return "\n\n".join(parts) + "\n"


def _glossary(terms: Mapping[str, NamedNode]) -> str:
    return "\n".join(f"- {name}: {vocabulary.comment(node)}" for name, node in sorted(terms.items()))


def _predicates() -> str:
    lines = []
    for name, node in sorted(vocabulary.predicates().items()):
        ends = " -> ".join(vocabulary.local_name(end) if end else "anything" for end in ends_of(name))
        lines.append(f"- {name} ({ends}): {vocabulary.comment(node)}")
    return "\n".join(lines)


@cache
def ends_of(predicate: str) -> tuple[NamedNode | None, NamedNode | None]:
    """Domain and range of a predicate; None where the ontology does not say."""
    node = vocabulary.predicate(predicate)
    found: dict[NamedNode, NamedNode] = {
        triple.predicate: triple.object
        for triple in vocabulary.triples()
        if triple.subject == node and isinstance(triple.object, NamedNode)
    }
    return found.get(RDFS.domain), found.get(RDFS.range)


def fits(entity_type: str, end: NamedNode | None) -> bool:
    """Whether an entity of the type may stand where the ontology asks for ``end``.

    >>> fits("Faction", ends_of("holdsOffice")[0])
    False
    """
    if end is None:
        return True
    node = vocabulary.entity_type(entity_type)
    return node == end or end in vocabulary.superclasses().get(node, frozenset())


def numbered(sentences: Sequence[str]) -> str:
    """Sentences as the data of a user message: JSON, so that no sentence can end its own quotation.

    >>> numbered(["a", "b"])
    '{"sentences": [{"sentence": 1, "text": "a"}, {"sentence": 2, "text": "b"}]}'
    """
    return _compact({"sentences": [{"sentence": n, "text": text} for n, text in enumerate(sentences, 1)]})


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@cache
def prompt_version() -> str:
    """A digest of all that a model is told beside the article: another one asks again."""
    return digest("prompt", instructions(), answer_schema())
