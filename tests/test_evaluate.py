"""The scorer: hand-built cases with figures worked out by hand, and equality with the reference where it is at hand."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from kg.datamodel import Document, Reading, Span, TimeExpression, Token
from kg.errors import InputError, UnreadableInput
from kg.evaluate.assignment import assign, largest_matching
from kg.evaluate.conllu import evaluate_conllu
from kg.evaluate.coreference import b_cubed, ceaf_e, muc
from kg.evaluate.corpus import CorpusReport
from kg.evaluate.event_sets import FoundEvent, evaluate_events
from kg.evaluate.figures import Counts
from kg.evaluate.folder import evaluate_folder, score_folder, write_predictions
from kg.evaluate.gold import gold_documents, plain_name, predicted_documents, widen
from kg.evaluate.names import evaluate_names
from kg.evaluate.ner import evaluate_ner, passage_of
from kg.evaluate.report import difference, score
from kg.evaluate.score import same_date
from kg.evaluate.tables import corpus_tables, difference_table, report_tables
from kg.evaluate.times import evaluate_times

SHARED = Path(__file__).resolve().parents[2] / "shared" / "gold"
TEXT = "Ali met Omar in Mosul. Ali did not attack Mosul. The army fired on 2018-06-17."
Json = dict[str, Any]


def mention(quote: str, nth: int = 1) -> Json:
    start = -1
    for _ in range(nth):
        start = TEXT.index(quote, start + 1)
    return {"text": quote, "start": start, "end": start + len(quote)}


def gold() -> Json:
    return {
        "doc_id": "01", "file": "articles/01.txt",
        "entities": [
            {"id": "ali", "type": "Official", "name_ar": "Ali", "mentions": [mention("Ali"), mention("Ali", 2)]},
            {"id": "omar", "type": "Person", "name_ar": "Omar", "mentions": [mention("Omar")]},
            {"id": "mosul", "type": "City", "name_ar": "Mosul", "mentions": [mention("Mosul"), mention("Mosul", 2)]},
            {"id": "army", "type": "MilitaryForce", "name_ar": "army", "mentions": [mention("army")]},
        ],
        "relations": [
            {"subject": "ali", "predicate": "met", "object": "omar", "asserted_by": ["author"], "modality": "asserted"},
            {"subject": "ali", "predicate": "attacked", "object": "mosul", "asserted_by": ["author"],
             "modality": "negated"},
            {"subject": "army", "predicate": "attacked", "object": "mosul", "asserted_by": ["ali"],
             "modality": "claimed", "confidence": 0.5},
        ],
        "events": [
            {"type": "Attack", "trigger_start": 58, "trigger_end": 63, "agents": ["army"], "targets": ["mosul"],
             "date": "2018-06-17", "casualties": {"killed": 2}, "sent_start": 49, "sent_end": len(TEXT)},
        ],
        "timex": [{"start": TEXT.index("2018"), "end": len(TEXT) - 1, "value": "2018-06-17"}],
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("articles", "gold"):
        (tmp_path / name).mkdir()
    (tmp_path / "articles" / "01.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "articles" / "index.json").write_text('[{"file": "01.txt", "date": "2018-06-18"}]', encoding="utf-8")
    (tmp_path / "gold" / "01.json").write_text(json.dumps(gold()), encoding="utf-8")
    return tmp_path


def scored(folder: Path, change: Callable[[Json], None]) -> Json:
    predicted = gold()
    change(predicted)
    return evaluate_folder(folder, lambda _: predicted).report


def f1(report: Json, row: str) -> float:
    return float(report["micro"][row]["f1"])


class TestFolder:
    def test_the_gold_itself_is_perfect(self, folder: Path) -> None:
        report = scored(folder, lambda _: None)
        assert {row["f1"] for row in report["micro"].values()} == {1.0}
        assert report["false_assertion_rate"] == {"rate": 0.0, "wrongly_asserted": 0, "of": 1}

    def test_ids_are_free(self, folder: Path) -> None:
        def rename(data: Json) -> None:
            text = json.dumps(data).replace('"ali"', '"e1"').replace('"mosul"', '"e2"')
            data.update(json.loads(text))

        assert {row["f1"] for row in scored(folder, rename)["micro"].values()} == {1.0}

    def test_a_lost_mention_costs_recall_only(self, folder: Path) -> None:
        report = scored(folder, lambda data: data["entities"][0]["mentions"].pop())
        row = report["micro"]["mention/token-exact"]
        assert (row["p"], row["tp"], row["pred"], row["gold"]) == (1.0, 5, 5, 6)
        assert f1(report, "relation/triple") == 1.0

    def test_part_of_a_word_counts_as_the_word(self, folder: Path) -> None:
        def shift(data: Json) -> None:
            data["entities"][2]["mentions"][0]["start"] += 1

        report = scored(folder, shift)
        assert f1(report, "mention/token-exact+type") == 1.0
        assert f1(report, "mention/char-exact+type") < 1.0

    def test_a_negated_triple_stated_as_fact(self, folder: Path) -> None:
        report = scored(folder, lambda data: data["relations"][1].update(modality="asserted"))
        assert report["false_assertion_rate"]["rate"] == 1.0
        assert f1(report, "relation/triple") == 1.0
        assert report["accuracy_relations"]["modality"] == pytest.approx(2 / 3)

    def test_symmetric_predicates_may_be_turned(self, folder: Path) -> None:
        def turn(data: Json) -> None:
            for relation in data["relations"]:
                relation["subject"], relation["object"] = relation["object"], relation["subject"]

        report = scored(folder, turn)
        assert report["by_predicate"]["met"]["f1"] == 1.0
        assert report["by_predicate"]["attacked"]["f1"] == 0.0

    def test_doubted_gold_is_neutral_in_the_core(self, folder: Path) -> None:
        report = scored(folder, lambda data: data["relations"].pop())
        assert report["micro"]["relation/triple core"]["f1"] == 1.0
        assert report["micro"]["relation/triple"]["r"] == pytest.approx(2 / 3)

    def test_roles_dates_and_casualties(self, folder: Path) -> None:
        def change(data: Json) -> None:
            data["events"][0].update(date="2018-06", targets=[], casualties={"killed": 3})

        report = scored(folder, change)
        assert report["by_role"]["date"]["f1"] == 1.0
        assert report["by_role"]["target"]["r"] == 0.0
        assert report["by_role"]["killed"]["f1"] == 0.0
        assert report["micro"]["event/arguments"]["tp"] == 2

    def test_written_predictions_score_the_same(self, folder: Path, tmp_path: Path) -> None:
        result = evaluate_folder(folder, lambda _: {"entities": gold()["entities"][:2]})
        write_predictions(result.predictions, tmp_path / "out")
        assert score_folder(folder, tmp_path / "out") == result.report

    def test_metadata_reaches_the_prediction(self, folder: Path) -> None:
        seen: list[Document] = []

        def predict(document: Document) -> Mapping[str, Any]:
            seen.append(document)
            return {}

        evaluate_folder(folder, predict)
        assert [(d.published, d.text) for d in seen] == [("2018-06-18", TEXT)]

    def test_nothing_predicted(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "none").mkdir()
        report = score_folder(folder, tmp_path / "none")
        assert report["missing_predictions"] == ["01"]
        assert {row["f1"] for row in report["micro"].values()} == {0.0}

    def test_what_is_missing_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="no folder gold/"):
            score_folder(tmp_path, tmp_path)

    def test_tables_hold_every_figure(self, folder: Path) -> None:
        console = Console(width=160, record=True, quiet=False, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115
        report = scored(folder, lambda _: None)
        for table in report_tables(report):
            console.print(table)
        console.file.close()
        text = console.export_text()
        for row in (*report["micro"], *report["by_type"], *report["by_predicate"], "01"):
            assert row in text

    def test_difference(self, folder: Path) -> None:
        before = scored(folder, lambda data: data["relations"].pop())
        moved = difference(scored(folder, lambda _: None), before)
        assert [round(row[1], 4) for row in moved if row[0] == "relation/triple"] == [0.8]
        assert not isinstance(difference_table(moved), str)
        assert difference_table([]) == "no figure moved against the baseline"


class TestParts:
    def test_assignment_against_brute_force(self) -> None:
        rnd = random.Random(5)
        for _ in range(80):
            rows, columns = rnd.randint(1, 5), rnd.randint(1, 5)
            weights = [[rnd.choice([0, 0, 1, 2, rnd.random()]) for _ in range(columns)] for _ in range(rows)]
            if rows <= columns:
                best = max(sum(weights[i][p[i]] for i in range(rows)) for p in permutations(range(columns), rows))
            else:
                best = max(sum(weights[p[j]][j] for j in range(columns)) for p in permutations(range(rows), columns))
            assert sum(weight for *_, weight in assign(weights)) == pytest.approx(best)

    def test_matching_takes_detours(self) -> None:
        assert largest_matching([[0], [0, 1], [1, 2], [2]]) == 3
        assert largest_matching([[0], [0, 1], [1, 2], [2, 3]]) == 4
        assert largest_matching([]) == 0

    def test_the_classic_chains(self) -> None:
        theirs = {(i, i): "a" if i <= 5 else "b" if i <= 7 else "c" for i in range(1, 13)}
        ours = {(i, i): "x" if i <= 5 else "y" for i in range(1, 13)}
        parts = b_cubed(ours, theirs)
        assert parts.precision / parts.of_precision == pytest.approx(0.76190, abs=1e-4)
        assert parts.recall == parts.of_recall
        links = muc(ours, theirs)
        assert links.precision / links.of_precision == pytest.approx(0.9)
        assert ceaf_e(ours, theirs).recall / 3 == pytest.approx((1 + 10 / 12) / 3)

    @pytest.mark.parametrize(
        ("a", "b", "same"),
        [
            ("2018-06-18", "2018-06-17/2018-06-18", True),
            ("2018-12", "2018-12-31", True),
            ("2018-06", "2018-07-01", False),
            ("2018", "2018-07-01T10:00", True),
            ("P2Y", "P2Y", True),
            ("P2Y", "2018", False),
            ("2018-02-30", "2018", False),
        ],
    )
    def test_dates(self, a: str, b: str, *, same: bool) -> None:
        assert same_date(a, b) is same

    def test_names_and_words(self) -> None:
        assert plain_name("  The_Name, II ") == "the name ii"
        alef = "\N{ARABIC LETTER ALEF}"
        assert plain_name("\N{ARABIC LETTER ALEF WITH HAMZA BELOW}" + "\N{ARABIC TATWEEL}x") == f"{alef}x"
        assert widen(None, (1, 2)) == (1, 2)


class TestCorpora:
    def test_ner(self, tmp_path: Path) -> None:
        path = tmp_path / "x.conll"
        path.write_text(
            "wBaghdad\tB-LOC\nsaid\tO\nAli\tB-PERS\nHasan\tI-PERS\n\nUN\tI-ORG\nx\tB-MISC\n", encoding="utf-8"
        )
        passage = passage_of([[("a", "O")], [("b", "B-LOC")]])
        assert (passage.text, passage.names) == ("a\nb", ((2, 3, "LOC"),))

        def predict(text: str) -> Sequence[tuple[int, int, str]]:
            at = text.index
            return [(at("Baghdad"), at("Baghdad") + 7, "City"), (at("Ali"), at("Ali") + 9, "Official"),
                    (at("UN"), at("UN") + 2, "Country"), (at("said"), at("said") + 4, "UnnamedSource")]  # fmt: skip

        rows = dict(evaluate_ner(path, predict).rows)
        assert rows["blind to proclitics"].counts == Counts(2, 3, 3)
        assert rows["strict spans"].counts == Counts(1, 3, 3)
        assert rows["blind, any type"].counts == Counts(3, 3, 3)

    def test_conllu(self, tmp_path: Path) -> None:
        waw, beh, yeh, teh = "\u0648", "\u0628", "\u064a", "\u062a"
        text = f"{waw}{beh}{yeh}{teh} {beh}{yeh}{teh}"
        row = "{}\t{}\t{}\t{}\t_\t_\t0\t_\t_\t{}\n"
        cells = [(1, waw, waw, "CCONJ", "SpaceAfter=No"), (2, text[1:4], text[1:4], "NOUN", "_"),
                 (3, text[5:], text[5:], "VERB", "_")]  # fmt: skip
        path = tmp_path / "x.conllu"
        path.write_text(f"# text = {text}\n" + "".join(row.format(*c) for c in cells) + "\n", encoding="utf-8")

        def tokenise(sentence: str) -> Sequence[Token]:
            assert sentence == text
            first = Reading(lemma=text[1:4], pos="NOUN", proclitics=("wa",), core=1)
            second = Reading(lemma="x", pos="NOUN")
            return [Token(span=Span(0, 4), norm=text[:4], kind="word", reading=first, core=Span(1, 4)),
                    Token(span=Span(5, 8), norm=text[5:], kind="word", reading=second, core=Span(5, 8))]  # fmt: skip

        rows = dict(evaluate_conllu(path, tokenise).rows)
        assert (rows["clitic segmentation"].f1, rows["lemma"].f1) == (1.0, 0.5)
        assert rows["verbs"].counts == Counts(0, 0, 1)

    def test_times(self, tmp_path: Path) -> None:
        text = "on 5 May 2011 for two years and recently"
        gold_times = [
            {"start": 3, "end": 13, "text": "5 May 2011", "type": "DATE", "value": "2011-05-05"},
            {"start": 18, "end": 27, "text": "two years", "type": "DURATION", "value": "P2Y"},
            {"start": 32, "end": 40, "text": "recently", "type": "DATE", "value": "PAST_REF"},
        ]
        path = tmp_path / "x.jsonl"
        path.write_text(json.dumps({"text": text, "timex": gold_times, "dct": "2015-12-20"}), encoding="utf-8")
        days: list[str | None] = []

        def find(_: str, day: str | None) -> Sequence[TimeExpression]:
            days.append(day)
            return [TimeExpression(span=Span(3, 13), type="date", value="2011-05-05", sentence=0),
                    TimeExpression(span=Span(14, 27), type="duration", value="P3Y", sentence=0)]  # fmt: skip

        report = evaluate_times(path, find)
        rows = dict(report.rows)
        assert days == ["2015-12-20"]
        assert rows["span (whole words)"].counts == Counts(1, 2, 3)
        assert rows["span (overlap)"].counts == Counts(2, 2, 3)
        assert (rows["value, absolute dates"].f1, rows["value, durations"].f1) == (1.0, 0.0)

    def test_event_detection(self, tmp_path: Path) -> None:
        labels = ["yes", "yes", "easy no", "difficult no", "ambiguous"]
        lines = [{"text": str(i), "event_type": "ASSAULT", "label": label} for i, label in enumerate(labels)]
        path = tmp_path / "x.jsonl"
        path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

        def find(text: str) -> Sequence[FoundEvent]:
            modality = "planned" if text == "1" else "asserted"
            kind = "Meeting" if text == "2" else "Attack"
            return [FoundEvent(type=kind, modality=modality, trigger=(0, 1), told=text != "3")]

        rows = dict(evaluate_events(path, find).rows)
        assert rows["ASSAULT"].counts == Counts(1, 1, 2)
        assert rows["ASSAULT, and those only mentioned"].counts == Counts(1, 2, 2)
        assert (rows["ASSAULT, easy no: left alone"].f1, rows["ASSAULT, difficult no: left alone"].f1) == (1.0, 1.0)

    def test_event_roles(self, tmp_path: Path) -> None:
        def note(source: list[list[int]], target: list[list[int]]) -> Json:
            return {"source_actor": {"spans": source}, "target_actor": {"spans": target}, "verb": {"spans": [[4, 7]]}}

        row = {
            "text": "Ali hit Omar.",
            "event_type": "ASSAULT",
            "annotations": [note([[0, 3]], [[8, 12]]), note([[0, 3]], [])],
        }
        path = tmp_path / "x.jsonl"
        path.write_text(json.dumps(row), encoding="utf-8")

        def find(_: str) -> Sequence[FoundEvent]:
            return [FoundEvent(type="Attack", modality="asserted", trigger=(4, 7), agents=((0, 3),), targets=((0, 3),))]

        rows = dict(evaluate_events(path, find).rows)
        assert (rows["source_actor"].p, rows["source_actor"].r) == (1.0, 1.0)
        assert (rows["target_actor"].p, rows["target_actor"].r) == (0.0, 0.0)
        assert rows["verb"].f1 == 1.0

    def test_names(self, tmp_path: Path) -> None:
        path = tmp_path / "x.txt"
        path.write_text("\u0622\u0628\tabbe\n\u0628\tb\n", encoding="utf-8")

        def build(names: Sequence[str]) -> Callable[[str, int], Sequence[str]]:
            assert len(names) == 2
            return lambda spelling, limit: list(names)[:limit] if spelling == "b" else []

        rows = dict(evaluate_names(path, build).rows)
        assert (rows["among the first 1"].f1, rows["among the first 5"].f1) == (0.0, 0.5)

    def test_a_wrong_format_is_said(self, tmp_path: Path) -> None:
        path = tmp_path / "x"
        path.write_text('{"other": 1}\n', encoding="utf-8")
        with pytest.raises(UnreadableInput, match="no text, timex; is this the right --as format"):
            evaluate_times(path, lambda *_: [])
        path.write_text("one\ttwo\n", encoding="utf-8")
        with pytest.raises(UnreadableInput, match="CoNLL-U has 10"):
            evaluate_conllu(path, lambda _: [])
        with pytest.raises(InputError, match="No such file"):
            evaluate_names(tmp_path / "none", lambda _: lambda *_: [])

    def test_tables_and_json(self) -> None:
        report = CorpusReport(name="x", size="1 word", rows=(), notes=("a note",))
        assert corpus_tables(report)[1:] == ["a note"]
        assert report.to_json() == {"name": "x", "size": "1 word", "micro": {}}


def distorted(data: Json, rnd: random.Random, share: float) -> Json:
    """A prediction that errs in every way the scorer counts."""
    data = copy.deepcopy(data)
    ids = [entity["id"] for entity in data["entities"]]
    for entity in data["entities"]:
        if rnd.random() < share:
            entity["type"] = rnd.choice(["Faction", "City", "Person"])
        entity["mentions"] = [m for m in entity["mentions"] if rnd.random() > share]
        for m in entity["mentions"]:
            m["start"] = max(0, m["start"] - rnd.randint(0, 6) * (rnd.random() < share))
            m["end"] += rnd.randint(0, 9) * (rnd.random() < share)
    if len(data["entities"]) > 2:
        data["entities"][0]["mentions"] += data["entities"].pop(1)["mentions"]
    for relation in data["relations"]:
        if rnd.random() < share:
            relation.update(subject=relation["object"], object=relation["subject"])
        if rnd.random() < share:
            relation.update(modality=rnd.choice(["asserted", "claimed", "negated"]), asserted_by=[rnd.choice(ids)])
    data["relations"] += [dict(r, modality="asserted") for r in data["relations"] if rnd.random() < share]
    for event in data["events"]:
        for key, value in (("type", "Meeting"), ("sent_start", None), ("trigger_start", None), ("count", 3)):
            if rnd.random() < share:
                event[key] = value
        if rnd.random() < share:
            event.update(agents=event["targets"], targets=event["agents"], date=(event.get("date") or "")[:7])
    data["timex"] = [time for time in data["timex"] if rnd.random() > share]
    for key in ("entities", "relations", "events"):
        rnd.shuffle(data[key])
    return data


@pytest.mark.skipif(not (SHARED / "score.py").exists(), reason="the reference scorer is not beside the checkout")
@pytest.mark.parametrize("share", [0.0, 0.15, 0.5])
def test_same_figures_as_the_reference(tmp_path: Path, share: float) -> None:
    rnd = random.Random(f"{share}")
    for path in sorted((SHARED / "gold").glob("*.json")):
        data = distorted(json.loads(path.read_text(encoding="utf-8")), rnd, share)
        if share < 0.5 or path.stem != "03":
            (tmp_path / path.name).write_text(json.dumps(data), encoding="utf-8")
    command = [
        sys.executable,
        str(SHARED / "score.py"),
        "--gold",
        str(SHARED / "gold"),
        "--pred",
        str(tmp_path),
        "--json",
    ]
    expected = json.loads(subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8").stdout)
    documents = gold_documents(SHARED / "gold")
    found = json.loads(json.dumps(score(predicted_documents(tmp_path, documents), documents)))
    assert flat(found) == pytest.approx(flat(expected), nan_ok=True)


def flat(data: Any, path: str = "") -> dict[str, Any]:
    if isinstance(data, dict):
        return {key: value for name, inner in data.items() for key, value in flat(inner, f"{path}/{name}").items()}
    if isinstance(data, list):
        return {f"{path}[{index}]": len(str(inner)) for index, inner in enumerate(data)}
    return {path: float("nan") if data is None else data}
