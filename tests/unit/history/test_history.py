"""The history: listed, searched, named, pinned, shared, deleted, and run again as the tables were."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.catalog.models import DatasetRequest, RenameRequest
from lakebook.catalog.verbs import delete_dataset, rename_dataset
from lakebook.errors import Conflict, Forbidden, Gone, NotFound
from lakebook.query.history import (
    delete_question,
    list_questions,
    pin_question,
    rename_question,
    rerun_question,
    share_question,
    show_question,
)
from lakebook.query.history_models import (
    QuestionPin,
    QuestionRename,
    QuestionRequest,
    QuestionRerun,
    QuestionShare,
    QuestionsRequest,
)
from tests.unit.history.answers import COUNT, asked, declined
from tests.unit.semantics.conftest import ORDERS
from tests.unit.tables.seats import loaded


def listed(call: Call, **request: object) -> list[str]:
    return [one.asked for one in list_questions(call, QuestionsRequest.model_validate(request)).items]


@pytest.fixture
def other(shop: Call) -> Call:
    """Somebody else in the same home."""
    return replace(shop, principal=Principal("somebody else"))


def test_what_was_asked_is_kept(shop: Call) -> None:
    shown = show_question(shop, QuestionRequest(question=asked(shop)))
    assert (shown.question, shown.reading, shown.sql, shown.status) == (
        "how many rows for Germany?", "number of rows", COUNT, "answered",
    )  # fmt: skip
    assert shown.datasets == [{"name": "orders", "version": 1}]


def test_the_newest_first_and_the_pinned_before(shop: Call) -> None:
    first = asked(shop, "first")
    declined(shop, "second")
    asked(shop, "third", source="sql")
    assert listed(shop) == [COUNT, "second", "first"]
    pin_question(shop, QuestionPin(question=first))
    assert listed(shop) == ["first", COUNT, "second"]
    assert listed(shop, pinned=True) == ["first"]
    pin_question(shop, QuestionPin(question=first, off=True))
    assert listed(shop, limit=1) == [COUNT]
    assert listed(shop, pinned=True) == []


@pytest.mark.parametrize(
    ("search", "found"),
    [("germany", 1), ("ROWS many", 1), ("quarterly", 1), ("100%", 1), ("%", 1), ("_", 0), ("nothing", 0), ("bronze", 2),
     ("", 2)],
)  # fmt: skip
def test_search(shop: Call, search: str, found: int) -> None:
    rename_question(shop, QuestionRename(question=asked(shop), name="Quarterly figures"))
    asked(shop, "100% of what?", "SELECT 1 FROM bronze.orders")
    assert len(listed(shop, search=search)) == found


def test_a_name_is_as_good_as_an_id(shop: Call) -> None:
    query_id = asked(shop)
    rename_question(shop, QuestionRename(question=query_id, name="German rows"))
    assert show_question(shop, QuestionRequest(question="German rows")).query_id == query_id
    assert listed(shop) == ["German rows"]


def test_a_deleted_question_is_gone(shop: Call) -> None:
    query_id = asked(shop)
    delete_question(shop, QuestionRequest(question=query_id))
    assert listed(shop) == []
    with pytest.raises(NotFound):
        show_question(shop, QuestionRequest(question=query_id))


def test_only_shared_questions_are_seen_by_others(shop: Call, other: Call) -> None:
    query_id = asked(shop)
    assert listed(other) == []
    share_question(shop, QuestionShare(question=query_id))
    assert listed(other) == ["how many rows for Germany?"]
    with pytest.raises(Forbidden):
        rename_question(other, QuestionRename(question=query_id, name="mine"))
    with pytest.raises(Forbidden):
        delete_question(other, QuestionRequest(question=query_id))
    with pytest.raises(Forbidden):
        share_question(other, QuestionShare(question=query_id, off=True))
    with pytest.raises(Forbidden):
        pin_question(other, QuestionPin(question=query_id))
    share_question(shop, QuestionShare(question=query_id, off=True))
    assert listed(other) == []


def test_changes_are_audited(shop: Call) -> None:
    query_id = asked(shop)
    rename_question(shop, QuestionRename(question=query_id, name="x"))
    pin_question(shop, QuestionPin(question=query_id))
    share_question(shop, QuestionShare(question=query_id))
    delete_question(shop, QuestionRequest(question=query_id))
    assert [one["action"] for one in shop.runtime.audit.entries()][:4] == [
        "questions.delete", "questions.share", "questions.pin", "questions.rename",
    ]  # fmt: skip


def test_run_again_as_it_was(shop: Call) -> None:
    """The table was renamed and its rows replaced since; the answer is the one of then."""
    query_id = asked(shop)
    more = ORDERS + "A5,1,1.00,Germany,2012-01-01 00:00:00,1\n"
    loaded(shop, more, mode="replace", name="orders")
    rename_dataset(shop, RenameRequest(dataset="orders", name="sales"))
    then = rerun_question(shop, QuestionRerun(question=query_id, same_versions=True))
    assert then.arrow().to_pydict() == {"rows": [1]}
    assert (then.question, then.reading, then.source) == ("how many rows for Germany?", "number of rows", "parser")
    rename_dataset(shop, RenameRequest(dataset="sales", name="orders"))
    sql = asked(shop, source="sql")
    now = rerun_question(shop, QuestionRerun(question=sql))
    assert now.arrow().to_pydict() == {"rows": [2]}
    assert show_question(shop, QuestionRequest(question=now.query_id)).datasets == [{"name": "orders", "version": 2}]


def test_what_cannot_be_run_again(shop: Call) -> None:
    query_id = asked(shop)
    with pytest.raises(Conflict, match="was declined"):
        rerun_question(shop, QuestionRerun(question=declined(shop, "churn"), same_versions=True))
    delete_dataset(shop, DatasetRequest(dataset="orders"))
    with pytest.raises(Gone, match="'orders' is not there any more"):
        rerun_question(shop, QuestionRerun(question=query_id, same_versions=True))
