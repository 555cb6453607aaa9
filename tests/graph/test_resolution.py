"""One entity of the corpus for what is one, with reasons; people overrule the program, and splits undo merges."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from kg.cli import app
from kg.datamodel import Analysis, DocumentId, EntityId
from kg.errors import DataError, InputError
from kg.graph.check import check
from kg.graph.corpus import Corpus
from kg.graph.evidence import Profile, weights
from kg.graph.folder import GraphFolder
from kg.graph.judgements import Judgement, Judgements, append_judgement, read_judgements
from kg.graph.lifted import Lifted, from_json, to_json, written_names
from kg.graph.query import ask
from kg.graph.records import read_articles, read_entities
from kg.graph.resolution import Resolution, resolve_corpus
from kg.graph.resolve import resolve
from kg.graph.review import judge, proposals, read_answers
from tests.graph.build import analysis, background, lift

PEOPLE = json.loads((Path(__file__).parent / "cases" / "people.json").read_text(encoding="utf-8"))["articles"]
STERNBERG, JADIRI = ("p1 a", "p2 a"), ("p3 a", "p4 a")


def articles() -> list[Analysis]:
    return [analysis(row) for row in PEOPLE]


def lifted(each: Analysis) -> Lifted:
    return Lifted(graph=lift(each), names=written_names(each, resolve(each, background())), digest="d")


def own_id(place: str) -> EntityId:
    """The id of a chain, told by article and chain, as its article has it."""
    article, chain = place.split()
    one = next(each for each in articles() if each.document.id == article)
    return next(entity.id for key, entity in resolve(one, background()).items() if key == chain)


def resolved(judgements: Iterable[Judgement] = (), order: Iterable[int] = range(8)) -> tuple[Corpus, Resolution]:
    standing = Judgements(judgements)
    corpus = Corpus(parts={name for line in standing.lines for name in line.pair})
    for index in order:
        corpus.add(lifted(articles()[index]))
    return corpus, resolve_corpus(corpus, standing)


def same(one: str, other: str, resolution: Resolution) -> bool:
    groups = resolution.groups
    return groups.get(own_id(one), own_id(one)) == groups.get(own_id(other), own_id(other))


def said(one: str, other: str, verdict: str) -> Judgement:
    return Judgement(one=own_id(one), other=own_id(other), verdict=verdict)  # type: ignore[arg-type]


def test_a_lifted_article_reads_back_the_same() -> None:
    for each in articles():
        one = lifted(each)
        assert from_json(to_json(one), each.document) == one


def test_spellings_and_types_are_united_and_names_of_others_are_not() -> None:
    corpus, resolution = resolved()
    assert same(*STERNBERG, resolution)
    assert same(*JADIRI, resolution)
    assert same("p6 a", "p7 a", resolution), "the lexicon has him under another spelling"
    assert not same("p3 b", "p4 b", resolution), "Hasan is not Husain"
    assert not same("p5 a", "p3 a", resolution), "a surname alone says too little"
    assert resolution.groups[own_id("p6 a")] == "khaled-al-obeidi"
    assert corpus.profiles[own_id("p1 a")].offices == {"iq-minister-of-defence"}


def test_every_merge_says_why() -> None:
    _, resolution = resolved()
    assert resolution.merges
    for each in resolution.merges:
        assert each.score >= weights()["threshold"]
        assert all(feature.name in weights() for feature in each.features)
        assert each.features[0].detail
    (one,) = (each for each in resolution.merges if {each.one, each.other} == set(map(own_id, STERNBERG)))
    assert [feature.name for feature in one.features][:3] == ["spelling", "same-type", "office"]


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(8)))
def test_no_order_of_articles_matters(order: list[int]) -> None:
    _, expected = resolved()
    _, found = resolved(order=order)
    assert (found.canonical, found.merges, found.doubtful) == (expected.canonical, expected.merges, expected.doubtful)


def people(*names: str, company: str) -> Resolution:
    """A corpus of people, each of an article of his own that names the same two others."""
    corpus = Corpus()
    for number, name in enumerate(names):
        unit, article = EntityId(f"e{number}"), DocumentId(f"a{number}")
        rare = {EntityId(each): 1 for each in company.split()}
        corpus.profiles[unit] = Profile(id=unit, types={"Person": 1}, names={name}, documents={article}, company=rare)
        corpus.documents.add(article)
    for number in range(20):
        corpus.documents.add(DocumentId(f"other {number}"))
    corpus._mentions.update({EntityId(each): len(names) for each in company.split()})
    return resolve_corpus(corpus, Judgements())


@pytest.mark.parametrize(
    ("names", "company", "united"),
    [
        (("Sternberg", "Sternberg", "Avigdor Sternberg"), "liverpool", {"e0", "e1"}),
        (("Sternberg", "Sternberg", "Avigdor Sternberg"), "", set()),
        (("Sternberg", "Sternberg"), "liverpool", set()),
        (("Sternberg", "Sternberg", "Avigdor Sternberg", "Josef Sternberg"), "liverpool", set()),
        (("\u0639\u0628\u062f \u0627\u0644\u0644\u0647", "\u0639\u0628\u062f\u0627\u0644\u0644\u0647"), "", set()),
        (
            ("Salih \u0639\u0628\u062f \u0627\u0644\u0644\u0647", "Salih \u0639\u0628\u062f\u0627\u0644\u0644\u0647"),
            "",
            {"e0", "e1"},
        ),
    ],
    ids=["one bearer", "other company", "no bearer", "two bearers", "Abd Allah alone", "Abd Allah in two ways"],
)
def test_one_word_is_enough_where_one_person_bears_it(names: tuple[str, ...], company: str, united: set[str]) -> None:
    assert {unit for unit in people(*names, company=company).groups if unit in ("e0", "e1")} == united


# ---------------------------------------------------------------- judgements


def line(one: str, other: str, verdict: str) -> Judgement:
    return Judgement(one=one, other=other, verdict=verdict)  # type: ignore[arg-type]


def test_judgements_are_transitive_and_the_last_word_stands() -> None:
    found = Judgements([line("a", "b", "same"), line("c", "b", "same"), line("c", "d", "different")])
    assert [found.verdict(*pair) for pair in ("ac", "ad", "db", "ae")] == ["same", "different", "different", None]
    assert found.groups() == {"a": ("a", "b", "c")}
    found = Judgements([line("a", "b", "same"), line("b", "c", "same"), line("c", "a", "different")])
    assert found.verdict("a", "c") == "different"
    assert found.overruled == [line("a", "b", "same")]
    found = Judgements([line("a", "b", "same"), line("b", "a", "unsure")])
    assert (found.verdict("a", "b"), found.groups()) == ("unsure", {})


PAIRS = st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")).filter(lambda pair: pair[0] != pair[1])


@given(st.lists(st.tuples(PAIRS, st.sampled_from(["same", "different", "unsure"])), max_size=14))
def test_what_stands_never_contradicts_itself(told: list[tuple[tuple[str, str], str]]) -> None:
    lines = [line(*pair, verdict) for pair, verdict in told]
    found = Judgements(lines)
    for a, b, c in itertools.permutations("abcde", 3):
        if found.verdict(a, b) == found.verdict(b, c) == "same":
            assert found.verdict(a, c) == "same"
        if found.verdict(a, b) == "same" and found.verdict(b, c) == "different":
            assert found.verdict(a, c) == "different"
    if lines:
        assert found.verdict(lines[-1].one, lines[-1].other) == lines[-1].verdict or lines[-1].verdict == "unsure"


def test_the_file_only_grows_and_a_torn_line_is_no_judgement(tmp_path: Path) -> None:
    path = tmp_path / "judgements.tsv"
    assert read_judgements(path).lines == ()
    append_judgement(path, Judgement(one="a", other="b", verdict="same", who="x\ty", when="2024-07-25", note="so"))
    first = path.read_bytes()
    with path.open("ab") as file:
        file.write(b"a\tb\tdiffe")
    assert [each.who for each in read_judgements(path).lines] == ["x y"]
    append_judgement(path, line("b", "c", "different"))
    assert path.read_bytes() == first + b"b\tc\tdifferent\n"
    path.write_text("a\tb\tperhaps\n", encoding="utf-8")
    with pytest.raises(DataError, match="same, different or unsure"):
        read_judgements(path)


def test_people_are_never_overridden() -> None:
    _, resolution = resolved([said(*STERNBERG, "different")])
    assert not same(*STERNBERG, resolution)
    _, resolution = resolved([said("p3 b", "p4 b", "same")])
    assert same("p3 b", "p4 b", resolution)
    assert all(own_id("p3 b") not in (each.one, each.other) for each in resolution.doubtful)


# ---------------------------------------------------------------- the folder


def full(path: Path, judgements: Iterable[Judgement] = (), left: Iterable[int] = range(8)) -> bytes:
    with GraphFolder.open(path) as folder:
        for index in left:
            folder.add(articles()[index], background())
        for each in judgements:
            folder.judge(each)
        folder.finish()
        return folder.store.nquads()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[GraphFolder]:
    with GraphFolder.open(tmp_path / "graph") as made:
        for each in articles():
            made.add(each, background())
        made.finish()
        yield made


def test_the_graph_has_one_node_with_all_names(folder: GraphFolder) -> None:
    entities = read_entities(folder.store)
    found = [each for each in entities.values() if "Sternberg" in each.label_en]
    assert len(found) == 1
    assert {"Avigador Sternberg", "Avigdor Sternberg"} <= set(found[0].aliases)
    assert not [each for each in entities.values() if each.label_en == "Khalid al-Ubaidi"]
    assert check(folder) == []
    assert "spelling +2" in (folder.path / "merges.tsv").read_text(encoding="utf-8")


def test_the_graph_and_the_table_tell_the_same_merges(folder: GraphFolder) -> None:
    table = (folder.path / "merges.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in table]
    told = "SELECT ?entity ?score ?id { GRAPH kg:merges { ?m kg:united ?entity ; kg:score ?score ; kg:unit ?id } }"
    expected = {(f"entity:{entity}", score, unit) for entity, one, other, score, _ in rows for unit in (one, other)}
    assert {tuple(row) for row in ask(folder.store, told).texts()} == expected
    reasons = ask(folder.store, "SELECT ?reason { GRAPH kg:merges { ?m kg:reason ?reason } }").texts()
    assert sorted(reason for (reason,) in reasons) == sorted(each for *_, why in rows for each in why.split("; "))
    assert not check(folder)


def test_a_split_undoes_a_merge_completely(folder: GraphFolder, tmp_path: Path) -> None:
    united = folder.store.nquads()
    judge(folder, [said(*STERNBERG, "different")])
    split = folder.store.nquads()
    assert split == full(tmp_path / "split", [said(*STERNBERG, "different")])
    assert sum("Sternberg" in each.label_en for each in read_entities(folder.store).values()) == 2
    judge(folder, [said("p3 b", "p4 b", "same"), said(*STERNBERG, "unsure")])
    judge(folder, [said("p3 b", "p4 b", "unsure")])
    assert folder.store.nquads() == united


def test_who_is_judged_one_does_nothing_to_himself(folder: GraphFolder) -> None:
    judge(folder, [said("p3 a", "p3 b", "same")])
    met = [claim for graph in read_articles(folder.store) for claim in graph.claims if claim.predicate == "met"]
    assert sorted(claim.article.id for claim in met) == ["p4", "p7"]
    assert check(folder) == []


def test_one_article_can_be_taken_out_of_a_name(folder: GraphFolder) -> None:
    part = f"{own_id('p3 a')}@p3"
    judge(folder, [Judgement(one=part, other=own_id("p4 a"), verdict="different")])
    found = [each for each in read_entities(folder.store).values() if each.label_en == "Salim al-Jadiri"]
    assert sorted(each.type for each in found) == ["Official", "Person"]
    assert check(folder) == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(["add", "remove", "finish", "same", "different", "unsure"]), st.integers(0, 7))),
    st.permutations(range(8)),
)
def test_any_way_to_build_ends_in_the_graph_of_a_full_build(steps: list[tuple[str, int]], order: list[int]) -> None:
    with TemporaryDirectory() as place:
        told: list[Judgement] = []
        left: set[int] = set()
        with GraphFolder.open(Path(place) / "steps") as made:
            for what, index in [*steps, *(("add", index) for index in order[:5])]:
                if what == "add":
                    made.add(articles()[index], background())
                    left.add(index)
                elif what == "remove":
                    made.remove(articles()[index].document.id)
                    left.discard(index)
                elif what == "finish":
                    made.finish()
                else:
                    told.append(said(*(STERNBERG if index % 2 else ("p3 b", "p4 b")), what))
                    made.judge(told[-1])
            made.finish()
            found = made.store.nquads()
        assert found == full(Path(place) / "full", told, sorted(left))


def test_an_interrupted_finish_is_made_good(
    folder: GraphFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = full(tmp_path / "split", [said(*STERNBERG, "different")])
    folder.judge(said(*STERNBERG, "different"))
    write, count = folder.store.write, itertools.count()

    def fails(*arguments: object, **options: object) -> bool:
        if next(count):
            raise KeyboardInterrupt
        return write(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(folder.store, "write", fails)
    with pytest.raises(KeyboardInterrupt):
        folder.finish()
    assert not folder.is_finished
    folder.store.close()
    with GraphFolder.open(folder.path) as again:
        again.finish()
        assert again.store.nquads() == expected
        assert again.is_finished


# ---------------------------------------------------------------- review


def test_what_is_doubtful_is_proposed_with_its_reasons(folder: GraphFolder) -> None:
    found = proposals(folder)
    assert found
    doubts = [abs(each.evidence.score - weights()["threshold"]) for each in found]
    assert doubts == sorted(doubts)
    for each in found:
        assert each.one.told[0].quote
        assert each.evidence.features


Run = Callable[..., str]


@pytest.fixture
def kg(folder: GraphFolder) -> Run:
    folder.store.close()

    def run(*arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["review", str(folder.path), *arguments])
        assert done.exit_code == code, done.output
        return done.output

    return run


def test_the_command_lists_and_takes_answers(kg: Run, folder: GraphFolder, tmp_path: Path) -> None:
    listed = kg().splitlines()
    assert all(len(row.split("\t")) == 7 for row in listed)
    one, other, state = listed[0].split("\t")[:3]
    answers = tmp_path / "answers.tsv"
    answers.write_text(
        f"# mine\n{one}\t{other}\t{'different' if state == 'one' else 'same'}\tlooked\n", encoding="utf-8"
    )
    page = folder.path / "graph.html"
    page.write_text("<html lang='ar'>old</html>", encoding="utf-8")
    assert "1 judgement taken" in kg("--answers", str(answers), "--who", "tester")
    assert "old" not in page.read_text(encoding="utf-8")[:200], "the page follows the judgement"
    assert not any(row.startswith(f"{one}\t{other}\t") for row in kg().splitlines())
    (taken,) = read_judgements(folder.path / "judgements.tsv").lines
    assert (taken.who, taken.note, len(taken.when)) == ("tester", "looked", 10)


def test_answers_that_cannot_be_read_change_nothing(kg: Run, tmp_path: Path, folder: GraphFolder) -> None:
    answers = tmp_path / "answers.tsv"
    answers.write_text("a\tb\tperhaps\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"answers\.tsv:1"):
        read_answers(answers)
    answers.write_text("a\ta \tsame\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"answers\.tsv:1"):
        read_answers(answers)
    kg("--answers", str(answers), code=1)
    kg("--answers", str(tmp_path / "none"), code=1)
    assert not (folder.path / "judgements.tsv").exists()


def test_a_person_is_asked(folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.store.close()
    monkeypatch.setattr("kg.cli.reviewing._is_terminal", lambda: True)
    done = CliRunner().invoke(app, ["review", str(folder.path), "--limit", "2"], input="x\nd\nq\n")
    assert done.exit_code == 0, done.output
    assert "1 judgement taken" in done.output
    assert "same-type" in done.output
    assert read_judgements(folder.path / "judgements.tsv").lines[0].verdict == "different"
