"""The self test: what it asks of a table, and that each check finds the answers that contradict each other."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pytest

from lakebook.call import Call
from lakebook.errors import NotFound, QueryTimedOut
from lakebook.query.answer import Answer
from lakebook.query.measure import selftest_checks as checks
from lakebook.query.measure.models import Selftest, SelftestRequest
from lakebook.query.measure.selftest import prepare, selftest
from lakebook.query.measure.selftest_questions import cases_of, categories, measures, spoken, values
from lakebook.query.tables import Column, Table

TABLE = Table(
    "sales", "bronze", "id-1", 3, 900, (),
    (
        Column("OrderId", "BIGINT", unique_count=900, min="1", max="900"),
        Column("unit_price", "DECIMAL(18,2)", unique_count=40, min="0.10", max="90.10"),
        Column("Country", "VARCHAR", unique_count=12, top_values=("Norway", "it's \"odd\"", "Chad", "Peru")),
        Column("Note", "VARCHAR", unique_count=880),
        Column("sold_at", "TIMESTAMP", unique_count=800),
        Column("birth_year", "BIGINT", unique_count=50),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "said"),
    [("UnitPrice", "unit price"), ("unit_price", "unit price"), ("price", "price"), ("temp__max", "temp max")],
)
def test_names_are_said_as_people_say_them(name: str, said: str) -> None:
    assert spoken(name) == said


def test_columns_are_chosen_by_what_they_are() -> None:
    assert [column.name for column in measures(TABLE)] == ["unit_price"]
    assert [column.name for column in categories(TABLE)] == ["Country"]
    assert values(TABLE.columns[2]) == ["Norway", "Chad"]


def test_every_kind_of_check_comes_before_any_twice() -> None:
    cases = cases_of(TABLE)
    assert {case.check for case in cases[:7]} == set(checks.NAMES)
    assert cases == cases_of(TABLE)
    asked = [question for case in cases for question in case.questions]
    assert "total unit price by country" in asked
    assert "how many rows where country is not Norway" in asked
    assert "total unit price by month" in asked
    assert "top 5 country by total unit price" in asked


def test_a_table_without_measures_is_asked_less() -> None:
    bare = Table("t", "bronze", "id-2", 1, 5, (), (Column("name", "VARCHAR", unique_count=2, top_values=("a", "b")),))
    assert {case.check for case in cases_of(bare)} == {
        checks.PARTS, checks.FILTER, checks.NEGATION, checks.PARAPHRASE,
    }  # fmt: skip


Rows = list[list[Any]]


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        pytest.param(checks.parts_sum, [[[6]], [["a", 2], ["b", 4]]], [[[6]], [["a", 2], ["b", 5]]], id="parts"),
        pytest.param(checks.parts_sum, [[[2]], [["a", None], ["b", 2]]], [[["x"]], [["a", 2]]], id="an empty part"),
        pytest.param(checks.never_more, [[[9]], [[4]], [[4]]], [[[4]], [[9]]], id="filter"),
        pytest.param(checks.never_more, [[[9]], [[0]]], [[[9]], [[1], [2]]], id="a filter that gives rows"),
        pytest.param(checks.complement, [[[9]], [[4]], [[3]], [[2]]], [[[9]], [[4]], [[4]], [[0]]], id="negation"),
        pytest.param(checks.complement, [[[9]], [[4]], [[5]], [[2]]], [[[9]], [[4]], [["x"]], [[0]]], id="nulls in"),
        pytest.param(checks.same, [[["a", 1]], [[1, "a"]]], [[["a", 1]], [["a", 2]]], id="other words"),
        pytest.param(checks.same, [[[1]], [["label", 1]]], [[[1]], [[1], [1]]], id="a label besides"),
        pytest.param(checks.heads, [[["a", 9], ["b", 7]], [["b", 9], ["a", 7], ["c", 1]]],
                     [[["a", 9], ["b", 7]], [["a", 9], ["b", 8], ["c", 7]]], id="head"),
        pytest.param(checks.heads, [[["a", 9]], [["a", 9]]], [[["a", 9], ["b", 7]], [["a", 9]]], id="shorter"),
        pytest.param(checks.between, [[[1]], [[2.5]], [[4]]], [[[1]], [[5]], [[4]]], id="bounds"),
        pytest.param(checks.between, [[[1]], [[1]], [[1]]], [[["x"]], [[1]], [[1]]], id="all the same"),
    ],
)  # fmt: skip
def test_contradictions_are_found(check: Callable[[list[Rows]], str | None], good: list[Rows], bad: list[Rows]) -> None:
    assert check(good) is None
    assert check(bad)


class Wise:
    """Answers a few kinds of questions over rows that it counts, one of them wrongly where `lies`."""

    def __init__(self, lies: str = "") -> None:
        self.lies, self.asked = lies, list[str]()

    def __call__(self, _call: Call, request: Any) -> Answer:
        question = request.question
        self.asked.append(question)
        assert request.dataset == ["bronze.sales"]
        if question.startswith("top"):
            raise QueryTimedOut("It took too long.")
        if "by month" in question:
            return Answer(question=question, status="declined", source="parser", reason="Not understood.")
        return Answer(question=question, status="answered", source="parser", table=self.rows(question))

    def rows(self, question: str) -> pa.Table:
        if self.lies and self.lies in question:
            return pa.table({"n": [10_000]})
        if " first" in question:
            return pa.table({"n": [900]})
        if "highest" in question or "lowest" in question or "average" in question.lower() or "mean" in question:
            order = ("lowest", "average", "highest")
            return pa.table({"n": [next((n for n, word in enumerate(order) if word in question), 1)]})
        if "where" in question or "with" in question:
            return pa.table({"n": [0 if "not" in question or "missing" in question or "above" in question else 900]})
        return pa.table({"n": [900]})


def call_of(monkeypatch: pytest.MonkeyPatch, wise: Wise, tables: list[Table]) -> Call:
    monkeypatch.setattr("lakebook.query.measure.question_file.answer_to", wise)
    monkeypatch.setattr("lakebook.query.measure.selftest.tables_of", lambda _call: tables)
    catalog = SimpleNamespace(dataset=lambda name: SimpleNamespace(dataset_id={"sales": "id-1"}.get(name, "none")))
    said: list[str] = []
    fake = SimpleNamespace(
        report=lambda _fraction, message: said.append(message), runtime=SimpleNamespace(catalog=catalog)
    )
    return cast(Call, fake)


def by_check(result: Selftest) -> dict[str, tuple[int, int, int]]:
    return {check.check: (check.held, check.failed, check.declined) for check in result.checks}


def test_a_consistent_reader_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    wise = Wise()
    found = selftest(call_of(monkeypatch, wise, [TABLE]), SelftestRequest())
    assert [failure for check in found.checks for failure in check.failures] == []
    assert found.held > 10
    assert found.asked == len(wise.asked) == len(set(wise.asked))
    assert by_check(found)[checks.HEAD] == (0, 0, 1)
    assert by_check(found)[checks.PARTS][2] == 1
    assert found.datasets == [{"name": "sales", "version": 3}]
    assert "what must hold" in found.text()


@pytest.mark.parametrize(
    ("lies", "check"),
    [("number of rows by", checks.PARTS), ("is not Norway", checks.NEGATION), ("above", checks.FILTER),
     ("per country", checks.PARAPHRASE), ("lowest first", checks.ORDER), ("average unit price where", checks.BOUNDS)],
)  # fmt: skip
def test_a_lie_is_found_and_named(monkeypatch: pytest.MonkeyPatch, lies: str, check: str) -> None:
    found = selftest(call_of(monkeypatch, Wise(lies), [TABLE]), SelftestRequest(dataset="sales"))
    failed = next(each for each in found.checks if each.check == check)
    assert failed.failed
    assert any(lies in question for failure in failed.failures for question in failure.questions)
    assert failed.failures[0].questions[0] in found.text()


def test_no_more_questions_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    wise = Wise()
    found = selftest(call_of(monkeypatch, wise, [TABLE]), SelftestRequest(most=10))
    assert found.asked == len(wise.asked) <= 10


def test_a_table_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    call = call_of(monkeypatch, Wise(), [TABLE])
    with pytest.raises(NotFound, match="no table"):
        prepare(call, SelftestRequest(dataset="other"))
    assert prepare(call, SelftestRequest(dataset="sales")) == {"title": "Self test of sales"}
    with pytest.raises(NotFound, match="no table"):
        selftest(call_of(monkeypatch, Wise(), []), SelftestRequest())
