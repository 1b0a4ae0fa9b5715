"""What the rungs of a question hand on: rows that are remembered, stale or cut off are said to be."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest

from lakebook.call import Call
from lakebook.errors import QueryFailed, QueryTimedOut
from lakebook.llm.endpoint import local_endpoint
from lakebook.llm.language_model import LanguageModel
from lakebook.query.answer import Answer
from lakebook.query.history_models import QuestionVerify
from lakebook.query.ladder_rungs import NO_MODEL, Asking
from lakebook.query.read import Way
from lakebook.query.results import FRESH_SECONDS, Results
from lakebook.query.verified import verify_question
from tests.unit.history.answers import asked
from tests.unit.llm.scripted import says, scripted
from tests.unit.query.remembering import Clock, Engine

ROWS = pa.table({"Country": ["Germany", "France"]})
QUESTION = "how many rows for Germany?"
WRITTEN = 'SELECT "Country" FROM orders'


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def asking(shop: Call, clock: Clock) -> Asking:
    """A verified question whose statement gives two rows."""
    verify_question(shop, QuestionVerify(question=asked(shop)))
    return Asking(shop, QUESTION, Way(Engine(ROWS), shop.principal.user_id, results=Results(clock)))


def engine(asking: Asking) -> Engine:
    assert isinstance(asking.way.children, Engine)
    return asking.way.children


def verified(asking: Asking) -> Answer:
    found = asking.verified()
    assert found is not None
    assert (found.status, found.source, found.question, found.reading) == (
        "answered", "verified", QUESTION, "number of rows",
    )  # fmt: skip
    return found


def test_a_verified_answer_says_how_old_its_rows_are(asking: Asking, clock: Clock) -> None:
    assert verified(asking).age_seconds is None
    calls = engine(asking).calls
    clock.now += 60
    again = verified(asking)
    assert (again.age_seconds, again.stale_since, engine(asking).calls) == (60, "", calls)
    assert again.arrow() == ROWS


def test_a_verified_answer_of_a_slow_engine_says_that_it_is_stale(asking: Asking, clock: Clock) -> None:
    verified(asking)
    engine(asking).trouble = QueryTimedOut("slow")
    clock.now += FRESH_SECONDS
    stale = verified(asking)
    assert (stale.age_seconds, stale.stale_since[:2]) == (FRESH_SECONDS, "20")
    assert "stale" in stale._repr_mimebundle_()["text/html"]


def test_a_verified_answer_is_run_anew_where_that_is_asked_for(asking: Asking, clock: Clock) -> None:
    verified(asking)
    clock.now += 60
    asking.way = replace(asking.way, fresh=True)
    assert verified(asking).age_seconds is None


def test_a_verified_answer_says_that_it_is_cut_off(asking: Asking) -> None:
    asking.way = replace(asking.way, row_limit=1)
    short = verified(asking)
    assert (short.arrow().num_rows, short.truncated) == (1, True)
    assert "LIMIT 1" in short.sql


def test_a_verified_statement_that_fails_is_no_answer(asking: Asking) -> None:
    asking.way = replace(asking.way, results=None)
    assert verified(asking).arrow() == ROWS
    engine(asking).trouble = QueryFailed("wrong")
    with pytest.raises(QueryFailed):
        asking.verified()


def test_a_question_that_nobody_verified_has_no_such_rung(asking: Asking) -> None:
    asking.text = "how many customers?"
    assert asking.verified() is None
    assert engine(asking).calls == 0


def by_model(asking: Asking, *replies: str) -> Answer:
    with scripted(*(says(reply) for reply in replies)) as server:
        ledger = asking.call.runtime.egress
        return asking.by_model(LanguageModel(local_endpoint(server.address, "tiny", ""), ledger, seconds=10))


def test_a_models_answer_says_how_old_its_rows_are(asking: Asking, clock: Clock) -> None:
    asking.text = "list every Country of the orders"
    first = by_model(asking, WRITTEN, WRITTEN)
    assert (first.status, first.source, first.question) == ("answered", "local model", asking.text), first.reason
    clock.now += 60
    again = by_model(asking, WRITTEN, WRITTEN)
    assert (again.age_seconds, again.datasets, len(again.egress)) == (60, (("orders", 1),), 2)


def test_a_doubted_statement_shows_no_rows(asking: Asking) -> None:
    asking.text = "list every Country of the orders by churn"
    offered = by_model(asking, WRITTEN, WRITTEN)
    assert (offered.status, offered.table, offered.truncated) == ("unverified", None, False)
    assert "churn" in offered.reason
    assert "Country" in offered.sql


def test_help_names_no_model_where_there_is_none(asking: Asking) -> None:
    helped = asking.help()
    assert helped is not None
    assert (helped.status, helped.help, helped.offers) == ("declined", NO_MODEL, "")
