"""How often answers are right on a person's own questions: each answer beside the result of a statement that is."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from lakebook.errors import LakebookError
from lakebook.query.domains import tables_of
from lakebook.query.measure.models import EvaluateRequest, Evaluation, Question, ResultRows, Rung, Verdict
from lakebook.query.measure.question_file import answered, no_questions, rows_of, told, unlike
from lakebook.query.read import Way, statement
from lakebook.query.same_result import LOOSE_TOLERANCE, TOLERANCE, columns_left_over

if TYPE_CHECKING:
    from lakebook.call import Call
    from lakebook.query.measure.models import FileAnswer

LOOSE_TAGS = frozenset({"stddev", "correlation"})
SHOWN_ROWS = 20
ORDER = {"wrong": 0, "unchecked": 1, "right": 2, "declined": 3}


def prepare(_call: Call, request: EvaluateRequest) -> dict[str, Any]:
    """Refuse at once what cannot be evaluated."""
    questions = unlike(_questions(request))
    return {"title": f"Evaluate {len(questions)} questions"}


def evaluate(call: Call, request: EvaluateRequest) -> Evaluation:
    """Ask every question, run its statements, and compare."""
    began = time.monotonic()
    questions, verdicts = unlike(_questions(request)), []
    for number, question in enumerate(questions):
        call.report(number / len(questions), f"question {number + 1} of {len(questions)}")
        verdicts.append(_verdict(call, question, no_scope=request.no_scope))
    return summed(questions, verdicts, seconds=time.monotonic() - began)


def summed(questions: Sequence[Question], verdicts: Sequence[Verdict], *, seconds: float) -> Evaluation:
    """The figures over all verdicts, those that went wrong first."""
    of = {each.id: each for each in questions}
    right = [each for each in verdicts if each.verdict == "right"]
    wrong = [each for each in verdicts if each.verdict == "wrong"]
    answerable = sum(each.answerable for each in questions)
    return Evaluation(
        questions=len(questions),
        answerable=answerable,
        answered=len(right) + len(wrong),
        right=len(right),
        wrong=len(wrong),
        declined=sum(each.verdict == "declined" for each in verdicts),
        unchecked=sum(each.verdict == "unchecked" for each in verdicts),
        coverage=_share(len(right), answerable),
        precision=_share(len(right), len(right) + len(wrong)),
        unanswerable_answered=sum(not of[each.id].answerable for each in wrong),
        right_with_columns_besides=sum(each.columns_besides > 0 for each in right),
        seconds=round(seconds, 1),
        datasets=sorted({table for each in questions for table in each.tables}),
        rungs=_rungs([*right, *wrong]),
        verdicts=sorted(verdicts, key=lambda each: ORDER[each.verdict]),
    )


def _questions(request: EvaluateRequest) -> list[Question]:
    if request.questions is None:
        raise no_questions()
    return request.questions


def _rungs(verdicts: Sequence[Verdict]) -> list[Rung]:
    rungs: dict[str, Rung] = {}
    for each in verdicts:
        rung = rungs.setdefault(each.rung, Rung(rung=each.rung))
        rung.answered += 1
        rung.right += each.verdict == "right"
    for rung in rungs.values():
        rung.precision = _share(rung.right, rung.answered)
    return list(rungs.values())


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _verdict(call: Call, question: Question, *, no_scope: bool) -> Verdict:
    given = told(question.id, answered(call, question, no_scope=no_scope))
    if given.status == "declined":
        return _said(question, given, "declined", given.reason or "")
    if not question.answerable:
        return _said(question, given, "wrong", "It has no answer.")
    if not question.gold:
        return _said(question, given, "unchecked", "The question has no statement to compare with.")
    try:
        return judged(question, given, (_result(call, sql) for sql in question.gold))
    except LakebookError as error:
        return _said(question, given, "unchecked", f"Its statement does not run: {error}")


def judged(question: Question, given: FileAnswer, results: Iterable[ResultRows]) -> Verdict:
    """The verdict on an answer beside the results that are right, of which one is enough: no more are looked at."""
    tolerance = LOOSE_TOLERANCE if LOOSE_TAGS & set(question.tags) else TOLERANCE
    first: ResultRows | None = None
    fewest: int | None = None
    for result in results:
        first = first or result
        besides = columns_left_over(result.rows, given.rows, ordered=question.ordered, tolerance=tolerance)
        fewest = besides if fewest is None else min(fewest, fewest if besides is None else besides)
        if fewest == 0:
            break
    verdict = _said(question, given, "wrong" if fewest is None else "right", "")
    verdict.columns_besides = fewest or 0
    verdict.expected = _first(first) if first and fewest is None else None
    return verdict


def _result(call: Call, sql: str) -> ResultRows:
    way = Way(call.runtime.children, call.principal.user_id, row_limit=None)
    columns, rows = rows_of(statement(sql, tables_of(call), way))
    return ResultRows(columns=columns, rows=rows, row_count=len(rows))


def _said(question: Question, given: FileAnswer, verdict: str, why: str) -> Verdict:
    shown = _first(ResultRows(columns=given.columns, rows=given.rows, row_count=len(given.rows)))
    return Verdict(
        id=question.id,
        question=question.question,
        verdict=verdict,
        why=why,
        rung=given.rung,
        reading=given.reading,
        sql=given.sql,
        given=shown if verdict in ("wrong", "unchecked") else None,
    )


def _first(rows: ResultRows) -> ResultRows:
    return ResultRows(columns=rows.columns, rows=rows.rows[:SHOWN_ROWS], row_count=rows.row_count)
