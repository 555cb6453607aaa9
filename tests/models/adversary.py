"""Wrong answers about given sentences: right ones with one or more lies put in, from a seed."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

from kg.models.llm.schema import examples
from kg.pipeline import analyse, to_gold
from kg.text.read import read_text

Json = dict[str, Any]
Places = dict[str, list[tuple[int, int, int]]]
"""Entity to the sentences and offsets of its mentions."""


def honest(sentences: list[str]) -> Json:
    """What a careful model would answer: the rules' own reading, quoted."""
    text = "\n".join(sentences) + "\n"
    starts = [sum(len(s) + 1 for s in sentences[:n]) for n in range(len(sentences))]
    gold = to_gold(analyse(read_text(text)))

    def where(offset: int) -> int:
        return max(n for n, start in enumerate(starts) if start <= offset)

    entities = []
    names: Places = {}
    for row in gold["entities"]:
        places = [(where(m["start"]), m["start"], m["end"]) for m in row["mentions"]]
        if places:
            names[row["id"]] = places
            mentions = [{"sentence": n + 1, "quote": text[a:b], "start": a - starts[n]} for n, a, b in places]
            entities.append({"id": row["id"], "type": row["type"], "mentions": mentions})
    relations = []
    for row in gold["relations"]:
        n = where(row["sent_start"])
        ends = [next((p for p in names.get(row[end], ()) if p[0] == n), None) for end in ("subject", "object")]
        if None in ends:
            continue
        (_, a, b), (_, c, d) = ends  # type: ignore[misc]
        holder = row["asserted_by"][0]
        held = None
        if holder != "author":
            place = next((p for p in names.get(holder, ()) if p[0] <= n), None)
            if place is None:
                continue
            held = {"entity": holder, "sentence": place[0] + 1, "quote": text[place[1] : place[2]]}
        relations.append(
            {"predicate": row["predicate"], "sentence": n + 1, "quote": text[min(a, c) : max(b, d)], "start": None,
             "subject": {"entity": row["subject"], "quote": text[a:b], "start": a - starts[n]},
             "object": {"entity": row["object"], "quote": text[c:d], "start": c - starts[n]},
             "holder": held, "modality": row["modality"]}
        )  # fmt: skip
    events = [_event(row, names, text, starts, sentences) for row in gold["events"]]
    return {"entities": entities, "relations": relations, "events": [event for event in events if event]}


def _event(
    row: Json, names: dict[str, list[tuple[int, int, int]]], text: str, starts: list[int], of: list[str]
) -> Json:
    """An event with the roles that its own sentence names; nothing if its holder is not named."""
    n = max(n for n, start in enumerate(starts) if start <= row["trigger_start"])
    made: Json = {"type": row["type"], "sentence": n + 1, "trigger": text[row["trigger_start"] : row["trigger_end"]]}
    made["start"] = row["trigger_start"] - starts[n]
    for role in ("agents", "targets", "place", "instrument"):
        places = {entity: next((p for p in names.get(entity, ()) if p[0] == n), None) for entity in row[role]}
        made[role] = [
            {"entity": e, "quote": text[p[1] : p[2]], "start": p[1] - starts[n]} for e, p in places.items() if p
        ]
    numbers = {"count": row["count"], **(row["casualties"] or {})}
    for name in ("count", "killed", "wounded"):
        made[name] = {"value": numbers[name], "quote": of[n]} if numbers.get(name) is not None else None
    made["date"] = {"value": row["date"], "quote": of[n]} if row["date"] else None
    holder = row["asserted_by"][0]
    made["modality"], made["holder"] = row["modality"], None
    if holder != "author":
        place = next((p for p in names.get(holder, ()) if p[0] <= n), None)
        if place is None:
            return {}
        made["holder"] = {"entity": holder, "sentence": place[0] + 1, "quote": text[place[1] : place[2]]}
    return made


INVENTED = [example["answer"]["entities"][0]["mentions"][0]["quote"] for example in examples()] + [
    "X",
    "Hamas",
    "",
    " ",
    "\u202e",
    "a" * 5000,
    "\u0648",
    ".",
]
JUNK: list[Any] = [
    None,
    0,
    -1,
    10**30,
    1.5,
    True,
    [],
    {},
    "e1",
    "author",
    [[]],
    {"entity": "e1"},
    "\ud800",
    float("inf"),
]


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [path] * bool(path) + [leaf for key, item in value.items() for leaf in _leaves(item, (*path, key))]
    if isinstance(value, list):
        return [path] * bool(path) + [leaf for n, item in enumerate(value) for leaf in _leaves(item, (*path, n))]
    return [path]


def _put(value: Any, path: tuple[Any, ...], new: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = new


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def lie(answer: Json, sentences: list[str], seed: int) -> str:
    """An answer with lies, as text; sometimes not even JSON."""
    dice = random.Random(seed)
    wrong = copy.deepcopy(answer)
    for _ in range(dice.randint(1, 4)):
        leaves = _leaves(wrong)
        if not leaves:
            break
        path = dice.choice(leaves)
        old = _at(wrong, path)
        words = dice.choice(sentences).split()
        cut = dice.randrange(len(words))
        made: list[Any] = [dice.choice(INVENTED), dice.choice(JUNK), " ".join(words[cut : cut + dice.randint(1, 4)])]
        if isinstance(old, str) and len(old) > 3:
            made += [old[1:], old[:-1], old[::-1], old + old[-1], old.replace(" ", "  ")]
        if isinstance(old, int):
            made += [old + dice.randint(-30, 30)]
        _put(wrong, path, dice.choice(made))
    if dice.random() < 0.3 and isinstance(wrong.get("relations"), list):
        wrong["relations"] += [_forged(answer, sentences, dice) for _ in range(3)]
    if dice.random() < 0.3 and isinstance(wrong.get("events"), list):
        wrong["events"] += [_forged_event(answer, sentences, dice) for _ in range(2)]
    text = json.dumps(wrong, ensure_ascii=dice.random() < 0.5)
    kind = dice.random()
    if kind < 0.05:
        return text[: dice.randrange(len(text))]
    if kind < 0.08:
        return "[" * 100_000
    if kind < 0.12:
        return f"```json\n{text}\n```"
    return text


def _forged(answer: Json, sentences: list[str], dice: random.Random) -> Json:
    """A relation of real entities in a sentence that does not name them, with a real quote."""
    entities = [row["id"] for row in answer["entities"]] or ["e1"]
    number = dice.randint(1, len(sentences))
    return {
        "predicate": dice.choice(["attacked", "killed", "holdsOffice", "memberOf", "hates"]),
        "sentence": number,
        "quote": sentences[number - 1],
        "subject": {"entity": dice.choice(entities), "quote": dice.choice(INVENTED)},
        "object": {"entity": dice.choice(entities), "quote": sentences[number - 1].split()[0]},
        "holder": dice.choice([None, {"entity": dice.choice(entities), "sentence": 1, "quote": "X"}]),
        "modality": dice.choice(["asserted", "claimed", "certain"]),
    }


def _forged_event(answer: Json, sentences: list[str], dice: random.Random) -> Json:
    """An event with a real trigger and roles, numbers and a date from nowhere."""
    entities = [row["id"] for row in answer["entities"]] or ["e1"]
    number = dice.randint(1, len(sentences))
    words = sentences[number - 1].split()
    role = [{"entity": dice.choice(entities), "quote": dice.choice((words[0], dice.choice(INVENTED)))}]
    return {
        "type": dice.choice(["Attack", "Killing", "Statement", "Miracle"]),
        "sentence": number,
        "trigger": dice.choice(words),
        "agents": role,
        "targets": dice.choice([role, [], None]),
        "place": [],
        "instrument": dice.choice([[], JUNK]),
        "count": {"value": dice.randint(0, 99), "quote": sentences[number - 1]},
        "killed": {"value": 40, "quote": dice.choice(words)},
        "wounded": None,
        "date": {"value": "2024-01-01", "quote": sentences[number - 1]},
        "holder": None,
        "modality": dice.choice(["asserted", "claimed", "negated"]),
    }
