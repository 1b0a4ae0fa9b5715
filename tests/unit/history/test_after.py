"""A question asked after another, over real tables: both as one, kept as one; otherwise a question of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.errors import NotFound
from lakebook.query.answer import Answer
from lakebook.query.history import keep, list_questions
from lakebook.query.history_models import QuestionsRequest
from lakebook.query.models import AskRequest
from lakebook.query.verbs import ask
from lakebook.runtime import open_runtime
from tests.local_home import USER


@pytest.fixture(scope="module")
def shop(shop_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Call]:
    """One home for every test here: what they ask leaves each other alone."""
    folder = tmp_path_factory.mktemp("after")
    shutil.copytree(shop_home, folder / "home")
    opened = open_runtime(folder / "home")
    yield Call(opened, Principal(USER), folder=folder)
    opened.close()


def put(call: Call, question: str, after: Answer | str | None = None, dataset: str | None = "orders") -> Answer:
    """Ask, after another."""
    before = after.query_id if isinstance(after, Answer) else after
    return ask(call, AskRequest(question=question, after=before, dataset=dataset))


def rows(answer: Answer) -> list[dict[str, Any]]:
    """The rows, by column."""
    found: list[dict[str, Any]] = answer.arrow().to_pylist()
    return found


def test_questions_go_on_from_each_other(shop: Call) -> None:
    first = put(shop, "number of rows")
    assert rows(first) == [{"number_of_orders": 4}]
    german = put(shop, "only Germany", first)
    assert (german.status, german.source, german.question) == ("answered", "parser", "number of rows in Germany")
    assert german.reading.endswith("Country = Germany")
    assert german.notes[0] == "Read together with the question before: “number of rows in Germany”."
    assert rows(german) == [{"number_of_orders": 1}]
    french = put(shop, "what about France?", german)
    assert (french.question, rows(french)) == ("number of rows in France", [{"number_of_orders": 1}])
    monthly = put(shop, "and by month?", first)
    assert [row["number_of_orders"] for row in rows(monthly)] == [1, 2, 1]
    kept = list_questions(shop, QuestionsRequest(limit=1)).items[0]
    assert (kept.question, kept.reading) == ("number of rows by month", monthly.reading)


def test_what_does_not_go_on_is_a_question_of_its_own(shop: Call) -> None:
    first = put(shop, "number of rows")
    for question in ("total quantity", "how many customers in Germany"):
        alone, after = put(shop, question), put(shop, question, first)
        assert (after.sql, after.reading, after.notes) == (alone.sql, alone.reading, alone.notes)
    # It is not even looked up.
    assert put(shop, "total quantity", "no such id").status == "answered"


def test_what_is_not_clear_is_declined_with_its_reason(shop: Call) -> None:
    by_country = put(shop, "number of rows by country")
    both = put(shop, "and by month?", by_country)
    assert (both.status, both.sql) == ("declined", "")
    assert both.choices == ("number of rows by country by month", "number of rows by month")
    assert "“number of rows by country”" in both.reason
    neither = put(shop, "and the churn?", by_country)
    assert (neither.status, neither.choices) == ("declined", ())


def test_there_must_be_a_question_before(shop: Call) -> None:
    with pytest.raises(NotFound):
        put(shop, "and by month?", "no such id")
    first = put(shop, "number of rows")
    stranger = replace(shop, principal=Principal("somebody else"))
    with pytest.raises(NotFound):
        put(stranger, "and by month?", first)


@pytest.mark.parametrize(
    ("question", "source", "reading"),
    [("select 1", "sql", ""), ("number of rows", "local model", ""), ("number of rows", "parser", "other words")],
    ids=["sql", "model", "changed since"],
)
def test_only_what_the_parser_answered_is_gone_on_from(shop: Call, question: str, source: str, reading: str) -> None:
    before = keep(shop, Answer(question, "answered", source, reading=reading, sql="SELECT 1 AS one"))
    assert put(shop, "and by month?", before).status == "declined"


def test_without_a_scope_the_tables_read_before_are_meant(shop: Call) -> None:
    first = put(shop, "total quantity", dataset=None)
    assert first.status == "answered"
    then = put(shop, "and by country?", first, dataset=None)
    assert then.status == "answered"
    assert {row["Country"] for row in rows(then)} >= {"Germany", "France"}


def test_what_is_chosen_of_several_readings_is_answered(shop: Call) -> None:
    asked = put(shop, "customers not in Germany")
    assert asked.status == "declined"
    assert len(asked.choices) == 2
    answers = [put(shop, choice, asked) for choice in asked.choices]
    assert [answer.status for answer in answers] == ["answered", "answered"]
    assert [answer.reading for answer in answers] == list(asked.choices)
    assert {answer.question for answer in answers} == {"customers not in Germany"}
    assert "EXISTS" in answers[1].sql.upper()


def test_a_choice_of_no_question_is_a_question_of_its_own(shop: Call) -> None:
    asked, counted = put(shop, "customers not in Germany"), put(shop, "number of rows")
    for before in (None, "no such id", counted):
        alone = put(shop, asked.choices[0], before)
        assert alone.question == asked.choices[0]
