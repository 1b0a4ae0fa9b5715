"""Tests of the answers on a person's own tables without a single known answer: what they say must agree."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from lakebook.errors import LakebookError, NotFound
from lakebook.query.domains import tables_of
from lakebook.query.measure.models import Check, Failure, Question, Selftest, SelftestRequest
from lakebook.query.measure.question_file import answered, rows_of
from lakebook.query.measure.selftest_checks import NAMES, Case
from lakebook.query.measure.selftest_questions import cases_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lakebook.call import Call
    from lakebook.query.measure.selftest_checks import Rows
    from lakebook.query.tables import Table

MOST_FAILURES = 20


def prepare(call: Call, request: SelftestRequest) -> dict[str, Any]:
    """Refuse at once where there is no such table."""
    tables = _tables(call, request)
    return {"title": f"Self test of {tables[0].name if len(tables) == 1 else f'{len(tables)} tables'}"}


def selftest(call: Call, request: SelftestRequest) -> Selftest:
    """Ask each table its questions and hold the answers against each other."""
    began = time.monotonic()
    tables = _tables(call, request)
    result = Selftest(
        datasets=[{"name": table.name, "version": table.version} for table in tables],
        checks=[Check(check=name) for name in NAMES],
    )
    for number, table in enumerate(tables):
        _Examination(call, table, request.most, result).run(number / len(tables), 1 / len(tables))
    result.held = sum(check.held for check in result.checks)
    result.failed = sum(check.failed for check in result.checks)
    result.seconds = round(time.monotonic() - began, 1)
    return result


def _tables(call: Call, request: SelftestRequest) -> Sequence[Table]:
    tables = tables_of(call)
    if request.dataset is not None:
        dataset_id = call.runtime.catalog.dataset(request.dataset).dataset_id
        tables = [table for table in tables if table.dataset_id == dataset_id]
    if not tables:
        raise NotFound("There is no table to ask about.", hint="Load one with `lakebook ingest`.")
    return tables


class _Examination:
    """One table's questions, each asked once however many checks need its answer."""

    def __init__(self, call: Call, table: Table, most: int, result: Selftest) -> None:
        self.call, self.table, self.most, self.result = call, table, most, result
        self.answers: dict[str, Rows | None] = {}
        self.checks = {check.check: check for check in result.checks}

    def run(self, begin: float, part: float) -> None:
        cases = cases_of(self.table)
        for number, case in enumerate(cases):
            new = [question for question in case.questions if question not in self.answers]
            if len(self.answers) + len(new) > self.most:
                return
            self.call.report(begin + part * number / len(cases), f"{self.table.name}: {case.questions[-1]}")
            self._hold(case)

    def _hold(self, case: Case) -> None:
        check = self.checks[case.check]
        answers = [self._answer(question) for question in case.questions]
        given = [answer for answer in answers if answer is not None]
        if len(given) < len(answers):
            check.declined += 1
            return
        why = case.contradiction(given)
        if why is None:
            check.held += 1
            return
        check.failed += 1
        if len(check.failures) < MOST_FAILURES:
            check.failures.append(Failure(questions=list(case.questions), why=f"{self.table.name}: {why}"))

    def _answer(self, question: str) -> Rows | None:
        """The answer's rows, or None where it is declined."""
        if question not in self.answers:
            asked = Question(id=question, question=question, tables=[self.table.full_name])
            answer = answered(self.call, asked, no_scope=False)
            told = not isinstance(answer, LakebookError) and answer.status == "answered"
            self.answers[question] = rows_of(answer)[1] if told and not isinstance(answer, LakebookError) else None
            self.result.asked += 1
            self.result.answered += told
        return self.answers[question]
