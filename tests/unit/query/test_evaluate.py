"""Evaluations: each answer beside what is right, the figures over all, the wrong ones first."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pytest

from lakebook.call import Call
from lakebook.errors import InvalidRequest, QueryFailed
from lakebook.query.answer import Answer
from lakebook.query.measure import evaluate as evaluation
from lakebook.query.measure.evaluate import evaluate, judged, prepare, summed
from lakebook.query.measure.models import EvaluateRequest, Evaluation, FileAnswer, Question, ResultRows, Verdict

RESULTS = {"SELECT 1": [[1]], "SELECT 2": [[2]]}


def question(name: str, **more: Any) -> Question:
    return Question.model_validate({"id": name, "question": f"what is {name}", "gold": ["SELECT 1"], **more})


def given(*rows: list[Any], rung: str = "parser") -> FileAnswer:
    width = len(rows[0]) if rows else 0
    return FileAnswer(id="q", status="answered", columns=[f"c{n}" for n in range(width)], rows=list(rows), rung=rung)


def result(*rows: list[Any]) -> ResultRows:
    return ResultRows(columns=["n"], rows=list(rows), row_count=len(rows))


def test_any_of_the_right_results_will_do() -> None:
    verdict = judged(question("a"), given(["x", 2]), [result([1]), result([2])])
    assert (verdict.verdict, verdict.columns_besides, verdict.expected) == ("right", 1, None)


def test_the_fewest_columns_besides_count() -> None:
    verdict = judged(question("a"), given(["x", 2]), [result([2]), ResultRows(columns=["l", "n"], rows=[["x", 2]])])
    assert verdict.columns_besides == 0


def test_a_wrong_answer_shows_both_results() -> None:
    verdict = judged(question("a"), given([3]), [result([1]), result([2])])
    assert verdict.verdict == "wrong"
    assert verdict.expected == result([1])
    assert verdict.given is not None
    assert verdict.given.rows == [[3]]


@pytest.mark.parametrize(("tags", "verdict"), [(["stddev"], "right"), (["correlation"], "right"), (["sum"], "wrong")])
def test_deviations_may_differ_by_a_little_more(tags: list[str], verdict: str) -> None:
    assert judged(question("a", tags=tags), given([1.0000001]), [result([1])]).verdict == verdict


def test_order_counts_where_the_question_says_so() -> None:
    answer, right = given([2], [1]), [result([1], [2])]
    assert judged(question("a"), answer, right).verdict == "right"
    assert judged(question("a", ordered=True), answer, right).verdict == "wrong"


def test_figures() -> None:
    questions = [question(name) for name in "abcde"] + [question("f", answerable=False)]
    said = [("a", "right", 1), ("b", "right", 0), ("c", "wrong", 0), ("d", "declined", 0), ("e", "unchecked", 0)]
    verdicts = [
        Verdict(id=name, question=name, verdict=word, rung="parser", columns_besides=besides)
        for name, word, besides in said
    ]
    verdicts.append(Verdict(id="f", question="f", verdict="wrong", rung="remote model"))
    found = summed(questions, verdicts, seconds=1.23)
    assert (found.questions, found.answerable, found.answered) == (6, 5, 4)
    assert (found.right, found.wrong, found.declined, found.unchecked) == (2, 2, 1, 1)
    assert (found.coverage, found.precision) == (2 / 5, 2 / 4)
    assert (found.unanswerable_answered, found.right_with_columns_besides) == (1, 1)
    assert [(rung.rung, rung.answered, rung.right, rung.precision) for rung in found.rungs] == [
        ("parser", 3, 2, 2 / 3),
        ("remote model", 1, 0, 0.0),
    ]
    assert [verdict.verdict for verdict in found.verdicts] == [
        "wrong", "wrong", "unchecked", "right", "right", "declined",
    ]  # fmt: skip


def test_nothing_answered_has_no_precision() -> None:
    found = summed([question("a", answerable=False)], [Verdict(id="a", question="a", verdict="declined")], seconds=0)
    assert (found.precision, found.coverage, found.rungs) == (None, None, [])
    assert "precision                   -" in found.text()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Call:
    """A call whose questions are answered by their last word and whose statements have known results."""

    def answer_to(_call: Call, request: Any) -> Answer:
        word = request.question.split()[-1]
        if word == "unclear":
            return Answer(question=word, status="declined", source="parser", reason="I do not know.")
        return Answer(question=word, status="answered", source="parser", table=pa.table({"n": [int(word)]}))

    def run(sql: str, _tables: object, _way: object) -> Answer:
        if sql not in RESULTS:
            raise QueryFailed("There is no such column.")
        return Answer(question=sql, status="answered", source="sql", table=pa.table({"n": RESULTS[sql][0]}))

    monkeypatch.setattr("lakebook.query.measure.question_file.answer_to", answer_to)
    monkeypatch.setattr("lakebook.query.measure.evaluate.tables_of", lambda _call: [])
    monkeypatch.setattr("lakebook.query.measure.evaluate.statement", run)
    said: list[str] = []
    fake = SimpleNamespace(
        report=lambda _fraction, message: said.append(message), check=lambda: None, said=said,
        runtime=SimpleNamespace(children=None), principal=SimpleNamespace(user_id="me"),
    )  # fmt: skip
    return cast(Call, fake)


def test_every_question_gets_a_verdict(asked: Call) -> None:
    questions = [
        question("1"),
        question("2"),
        question("3", gold=["SELECT 2", "SELECT 1"]),
        question("unclear"),
        question("unclear!", question="unclear", answerable=False, gold=[]),
        question("4", answerable=False, gold=[]),
        question("5", gold=["SELECT gone"]),
        question("6", gold=[]),
    ]
    found = evaluate(asked, EvaluateRequest(questions=questions))
    verdicts = {verdict.id: verdict for verdict in found.verdicts}
    assert {name: verdict.verdict for name, verdict in verdicts.items()} == {
        "1": "right", "2": "wrong", "3": "wrong", "unclear": "declined", "unclear!": "declined", "4": "wrong",
        "5": "unchecked", "6": "unchecked",
    }  # fmt: skip
    assert verdicts["4"].why == "It has no answer."
    assert verdicts["5"].why.startswith("Its statement does not run: There is no such column.")
    assert verdicts["unclear"].why == "I do not know."
    assert cast(Any, asked).said[0] == "question 1 of 8"
    shown = found.text()
    assert shown.index("wrong 2: what is 2") < shown.index("unchecked 5: what is 5")
    assert "expected, 1 rows:" in shown


def test_a_long_list_of_wrong_answers_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = [Verdict(id=str(n), question="q", verdict="wrong") for n in range(25)]
    assert "5 more; --json shows all." in Evaluation(verdicts=verdicts).text()


def test_what_cannot_be_evaluated_is_refused_at_once() -> None:
    call = cast(Call, None)
    with pytest.raises(InvalidRequest, match="no questions"):
        prepare(call, EvaluateRequest(file="/etc/passwd"))
    with pytest.raises(InvalidRequest, match="a occurs twice"):
        prepare(call, EvaluateRequest(questions=[question("a"), question("a")]))
    assert prepare(call, EvaluateRequest(questions=[question("a")])) == {"title": "Evaluate 1 questions"}
    assert set(evaluation.ORDER) == {"wrong", "unchecked", "right", "declined"}
