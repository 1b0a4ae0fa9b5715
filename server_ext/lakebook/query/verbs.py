"""The verbs over statements and questions: what they may see is what the catalogue names now."""

from __future__ import annotations

from dataclasses import asdict, replace

from lakebook.call import Call
from lakebook.errors import RefusedStatement
from lakebook.query import run
from lakebook.query.after import after_another, chosen
from lakebook.query.answer import Answer
from lakebook.query.domains import tables_of
from lakebook.query.guard.guarded import guard
from lakebook.query.history import keep
from lakebook.query.ladder import Rung, climb
from lakebook.query.ladder_rungs import Asking
from lakebook.query.models import AskRequest, QueryRequest, ValidateRequest, ValidateResult
from lakebook.query.read import Way, statement
from lakebook.query.reading import Declined

READ_AS = "Read together with the question before: “{}”."


def ask(call: Call, request: AskRequest) -> Answer:
    """Answer a question, or decline it with the words that are not understood; the history keeps it."""
    answer = keep(call, answer_to(call, request))
    if answer.egress:
        call.runtime.egress.were_for(answer.egress, answer.query_id)
    return answer


def answer_to(call: Call, request: AskRequest) -> Answer:
    """The answer alone, for files of questions and tests, which the history does not keep: the ladder's first."""
    asked = Asking(call, request.question, way_of(call, request), tuple(request.scope))
    reading = chosen(asked, request.after) if request.after else None
    if reading is not None:
        return run.meant(reading, asked.domain, asked.way)
    whole = after_another(asked, request.after) if request.after else asked
    if isinstance(whole, Declined):
        return run.declined(request.question, whole)
    parser = Rung("parser", lambda: run.ask(whole.text, whole.domain, whole.way, values=whole.values))
    answer = climb(whole.text, whole.rungs(parser))
    return answer if whole.text == asked.text else replace(answer, notes=(READ_AS.format(whole.text), *answer.notes))


def query(call: Call, request: QueryRequest) -> Answer:
    """Run one guarded SELECT."""
    return keep(call, statement(request.sql, tables_of(call), way_of(call, request)))


def way_of(call: Call, request: AskRequest | QueryRequest) -> Way:
    """How a request's statement is run: in the caller's children, what was run lately not again."""
    runtime = call.runtime
    return Way(runtime.children, call.principal.user_id, request.limit, fresh=request.fresh, results=runtime.results)


def validate(call: Call, request: ValidateRequest) -> ValidateResult:
    """Hold a statement against the guard."""
    try:
        guarded = guard(request.sql, tables_of(call), row_limit=None, dialect=request.dialect)
    except RefusedStatement as error:
        return ValidateResult(
            valid=False,
            errors=[reason.message for reason in error.reasons],
            reasons=[asdict(reason) for reason in error.reasons],
        )
    return ValidateResult(valid=True, errors=[], sql=guarded.sql)
