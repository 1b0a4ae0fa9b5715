"""Verified answers: given again to the same words over tables that are still there, and never when wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.catalog.models import DatasetRequest, RenameRequest
from lakebook.catalog.verbs import delete_dataset, rename_dataset
from lakebook.errors import Conflict, Forbidden, NotFound
from lakebook.query.answer import Answer
from lakebook.query.domains import tables_of
from lakebook.query.guard.guarded import guard
from lakebook.query.history import share_question, show_question
from lakebook.query.history_models import QuestionRequest, QuestionShare, QuestionVerify
from lakebook.query.tables import Column, Table
from lakebook.query.verified import doubted, judged_wrong, verified, verify_question
from lakebook.semantics.requests import ModelLoad, SynonymRequest
from lakebook.semantics.verbs import load
from lakebook.semantics.words import add_synonym
from tests.unit.history.answers import COUNT, LATELY, asked, declined
from tests.unit.semantics.conftest import ORDERS
from tests.unit.tables.seats import loaded

COUNTRIES = ("Germany", "France", "O'Brien Land", "United Kingdom")


def values(_table: Table, column: Column) -> Sequence[str]:
    return COUNTRIES if column.name == "Country" else ()


def given(call: Call, question: str) -> str | None:
    """The verified statement for a question in one line; the guard takes it."""
    tables = tables_of(call)
    found = verified(call, question, tables, values)
    if found is None:
        return None
    assert guard(found.sql, tables, row_limit=None).tables[0].name == "orders"
    return " ".join(found.sql.split())


def verify(call: Call, query_id: str, *, wrong: bool = False, fault: str = "") -> None:
    verdict = verify_question(call, QuestionVerify(question=query_id, wrong=wrong, fault=fault))
    assert verdict.verdict == ("wrong" if wrong else "right")


def test_nothing_is_verified_at_first(shop: Call) -> None:
    asked(shop)
    assert given(shop, "how many rows for Germany?") is None


@pytest.mark.parametrize(
    ("question", "country"),
    [("how many rows for Germany?", "Germany"), ("How many rows for FRANCE", "France"),
     ("how many rows for O'Brien land.", "O''Brien Land"), ("how many rows for united kingdom", "United Kingdom")],
)  # fmt: skip
def test_the_same_words_get_the_same_statement(shop: Call, question: str, country: str) -> None:
    verify(shop, asked(shop))
    assert f"\"Country\" = '{country}'" in str(given(shop, question))


@pytest.mark.parametrize(
    "question",
    ["how many rows for Spain", "how many rows for Germany and France", "how many rows for Germany by month",
     "how many orders for Germany", "how many rows not for Germany", "number of rows for Germany", "rows for Germany",
     "how many rows for", "how many rows for Ger", "how many rows for Germany' OR 1=1 --", "Germany", ""],
)  # fmt: skip
def test_other_words_get_nothing(shop: Call, question: str) -> None:
    verify(shop, asked(shop))
    assert given(shop, question) is None


def test_the_reading_is_given_with_the_same_values_only(shop: Call) -> None:
    verify(shop, asked(shop))
    tables = tables_of(shop)
    same, other = (verified(shop, f"how many rows for {one}", tables, values) for one in ("germany", "France"))
    assert same is not None
    assert other is not None
    assert (same.is_same, same.reading, other.is_same, other.reading) == (True, "number of rows", False, "")
    assert other.question == "how many rows for Germany?"
    assert other.user_id == shop.principal.user_id


def test_a_wrong_answer_is_not_given_again(shop: Call) -> None:
    query_id = asked(shop)
    verify(shop, query_id)
    assert not judged_wrong(shop, "how many rows for Germany", COUNT)
    verify(shop, query_id, wrong=True, fault="Returns are counted.")
    assert given(shop, "how many rows for Germany") is None
    assert given(shop, "how many rows for France") is None
    assert judged_wrong(shop, "How many rows for germany?", COUNT.replace("LIMIT 1000", "\nLIMIT 20"))
    assert not judged_wrong(shop, "how many rows for France", COUNT)
    assert not judged_wrong(shop, "how many rows for Germany", LATELY)
    kept = show_question(shop, QuestionRequest(question=query_id))
    assert (kept.verdict, kept.fault) == ("wrong", "Returns are counted.")


def test_the_last_word_counts(shop: Call) -> None:
    query_id = asked(shop)
    verify(shop, query_id, wrong=True)
    verify(shop, query_id)
    assert given(shop, "how many rows for Germany") is not None
    assert not judged_wrong(shop, "how many rows for Germany", COUNT)


def test_an_answer_from_a_pattern_can_be_wrong_too(shop: Call) -> None:
    """Germany was right; what the same words gave for France was not: the pattern is given no more."""
    verify(shop, asked(shop))
    france = asked(shop, "how many rows for France?", COUNT.replace("Germany", "France"), source="verified")
    verify(shop, france, wrong=True)
    assert given(shop, "how many rows for France") is None
    assert given(shop, "how many rows for Germany") is None


def test_a_second_right_answer_takes_the_place_of_the_first(shop: Call) -> None:
    verify(shop, asked(shop))
    verify(shop, asked(shop, sql=COUNT.replace("COUNT(*)", 'SUM("Quantity")')))
    assert "SUM" in str(given(shop, "how many rows for France"))


def test_days_reckoned_from_the_data_hold_for_its_version(shop: Call) -> None:
    verify(shop, asked(shop, "how many rows last month", LATELY))
    verify(shop, asked(shop, "how many rows since March 2011", LATELY))
    assert given(shop, "how many rows last month") is not None
    loaded(shop, ORDERS + "A5,1,1.00,France,2012-01-01 00:00:00,1\n", mode="replace", name="orders")
    assert given(shop, "how many rows last month") is None
    assert given(shop, "how many rows since March 2011") is not None


def test_a_table_that_is_gone_or_renamed(shop: Call) -> None:
    verify(shop, asked(shop))
    rename_dataset(shop, RenameRequest(dataset="orders", name="sales"))
    assert given(shop, "how many rows for Germany") is None
    rename_dataset(shop, RenameRequest(dataset="sales", name="orders"))
    assert given(shop, "how many rows for Germany") is not None
    delete_dataset(shop, DatasetRequest(dataset="orders"))
    loaded(shop, ORDERS)
    assert given(shop, "how many rows for Germany") is None


def test_words_that_have_come_to_mean_something_else(shop: Call) -> None:
    """Another formula behind a word that was said is another question; a change elsewhere is none."""
    question = "total revenue for Germany"
    model = (
        "name: shop\ndatasets: [{name: orders, source: orders}]\nmetrics:\n"
        "  - {name: revenue, expression: SUM(orders.Quantity * orders.UnitPrice)}\n"
    )
    load(shop, ModelLoad(document=model))
    verify(shop, asked(shop, question, COUNT.replace("COUNT(*)", 'SUM("Quantity" * "UnitPrice")')))
    assert given(shop, question) is not None
    load(shop, ModelLoad(document=model + "  - {name: pieces, expression: SUM(orders.Quantity)}\n"))
    assert given(shop, question) is not None
    load(shop, ModelLoad(document=model.replace("UnitPrice", "CustomerID")))
    assert given(shop, question) is None
    load(shop, ModelLoad(document=model))
    assert given(shop, question) is not None
    add_synonym(shop, SynonymRequest(word="Total Revenue", means="orders.Quantity"))
    assert given(shop, question) is None
    assert given(replace(shop, principal=Principal("somebody else")), question) is not None


def test_only_tables_in_scope(shop: Call) -> None:
    verify(shop, asked(shop))
    others = [table for table in tables_of(shop) if table.name != "orders"]
    assert verified(shop, "how many rows for Germany", others, values) is None


def test_what_cannot_be_verified(shop: Call) -> None:
    for query_id in (declined(shop, "churn by month"), asked(shop, source="sql")):
        with pytest.raises(Conflict, match="Only an answer to a question in words"):
            verify(shop, query_id)
    with pytest.raises(NotFound, match="No question has the id or name 'nothing'"):
        verify(shop, "nothing")


def test_another_persons_answer_is_theirs_to_verify(shop: Call) -> None:
    query_id = asked(shop)
    other = replace(shop, principal=Principal("somebody else"))
    with pytest.raises(NotFound):
        verify(other, query_id)
    share_question(shop, QuestionShare(question=query_id))
    with pytest.raises(Forbidden):
        verify(other, query_id)
    verify(shop, query_id)
    assert given(other, "how many rows for Germany") is not None


def test_a_wrong_answer_is_offered_with_its_doubt(shop: Call) -> None:
    verify(shop, asked(shop), wrong=True)
    answer = Answer("How many rows for Germany", "answered", "parser", sql=COUNT, sentence="There is 1 row.")
    found = doubted(shop, answer)
    assert found is not None
    assert (found.status, found.sentence, found.table) == ("unverified", "", None)
    assert "said that it is wrong" in found.reason
    other = replace(answer, sql=LATELY)
    assert doubted(shop, other) is other
    assert doubted(shop, None) is None


def test_verdicts_are_audited(shop: Call) -> None:
    verify(shop, asked(shop), wrong=True, fault="no")
    (entry,) = [one for one in shop.runtime.audit.entries() if one["action"] == "questions.verify"]
    assert entry["details"] == {"verdict": "wrong", "fault": "no"}
