"""Which rung answers, and what is said where none does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pyarrow as pa
import pytest

from lakebook.query.answer import Answer
from lakebook.query.ladder import Rung, climb
from lakebook.query.parse.question import NOT_UNDERSTOOD

QUESTION = "churn by month"


def answered(source: str = "x") -> Answer:
    return Answer(question=QUESTION, status="answered", source=source, table=pa.table({"n": [1]}))


def declined(reason: str = NOT_UNDERSTOOD, choices: tuple[str, ...] = ()) -> Answer:
    words = ("churn",) if reason == NOT_UNDERSTOOD else ()
    return Answer(
        question=QUESTION, status="declined", source="parser", reason=reason, words=words, choices=choices,
        suggestions=("rows by month",),
    )  # fmt: skip


def by_model(status: Literal["answered", "declined", "unverified"], sent: str) -> Answer:
    help_line = "The language model failed." if status == "declined" else ""
    reason = "Nothing in the SQL stands for “churn”." if status == "unverified" else ""
    return Answer(
        question=QUESTION, status=status, source="m", sql="SELECT 1", reason=reason, help=help_line, egress=(sent,)
    )


def never() -> Answer:
    pytest.fail("this rung may not be asked")


def rung(name: str, answer: Answer | Callable[[], Answer] | None) -> Rung:
    return Rung(name, answer if callable(answer) else lambda: answer)


def test_the_first_that_answers_does_and_says_its_name() -> None:
    found = climb(QUESTION, [rung("verified", None), rung("parser", answered()), rung("local model", never)])
    assert (found.status, found.source) == ("answered", "parser")
    found = climb(QUESTION, [rung("verified", answered()), rung("parser", never)])
    assert found.source == "verified"


def test_sql_that_was_asked_stays_sql() -> None:
    assert climb(QUESTION, [rung("parser", answered("sql"))]).source == "sql"


def test_a_model_is_asked_where_the_parser_declines() -> None:
    found = climb(QUESTION, [rung("parser", declined()), rung("local model", by_model("answered", "e1"))])
    assert (found.status, found.source, found.egress) == ("answered", "local model", ("e1",))


@pytest.mark.parametrize(
    "why", [declined(choices=("a", "b")), declined("It asks to change the data, which is only read.")]
)
def test_no_model_is_asked_where_a_person_must_choose_or_nothing_can_help(why: Answer) -> None:
    assert climb(QUESTION, [rung("parser", why), rung("local model", never)]).status == "declined"


def test_an_unverified_answer_is_kept_until_a_later_rung_answers() -> None:
    rungs = [rung("parser", declined()), rung("local model", by_model("unverified", "e1"))]
    found = climb(QUESTION, [*rungs, rung("remote model", by_model("answered", "e2"))])
    assert (found.status, found.source, found.egress) == ("answered", "remote model", ("e1", "e2"))
    found = climb(QUESTION, [*rungs, rung("remote model", by_model("declined", "e2"))])
    assert (found.status, found.source) == ("unverified", "local model")
    assert set(found.egress) == {"e1", "e2"}
    assert found.suggestions == ("rows by month",)


def test_a_declined_answer_says_what_everyone_had_to_say() -> None:
    helped = Answer(question=QUESTION, status="declined", source="help", help="Say what churn means.")
    rungs = [rung("parser", declined()), rung("local model", by_model("declined", "e1")), rung("help", helped)]
    found = climb(QUESTION, rungs)
    assert (found.status, found.source, found.words) == ("declined", "parser", ("churn",))
    assert found.help == "The language model failed. Say what churn means."
    assert found.egress == ("e1",)


def test_without_any_rung_it_is_declined() -> None:
    assert climb(QUESTION, []).status == "declined"


def test_an_unverified_answer_shows_its_doubts_and_no_rows() -> None:
    shown = by_model("unverified", "e1")
    text, page = repr(shown), shown._repr_mimebundle_()["text/html"]
    for part in ("Not verified", "“churn”", "SELECT 1"):
        assert part in text
        assert part in page
    assert shown.arrow().num_rows == 0
    assert shown.wire().status == "unverified"
    assert (shown.wire().results, shown.wire().egress) == ([], ["e1"])
