"""Ask a question: understand it, answer what it was understood to mean, or say why not."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from lakebook.errors import NotConnected, RefusedStatement, SeveralWays
from lakebook.query.agreeing import agreed
from lakebook.query.answer import Answer
from lakebook.query.parse.question import STATEMENT, understand
from lakebook.query.read import Way, answered, statement
from lakebook.query.reading import Declined, Reading
from lakebook.query.seen import Values, values_from

if TYPE_CHECKING:
    from lakebook.query.domain import Domain


def ask(question: str, domain: Domain, way: Way, *, values: Values | None = None) -> Answer:
    """The answer to a question in words, or a declined one; SQL is guarded and run as what it is.

    `values` defaults to asking the children.
    """
    started = time.monotonic()
    values = values or values_from(way.children, principal=way.principal, cancel=way.cancel)
    understood = understand(question, domain, values)
    return _timed(started, lambda: _answered(question, understood, domain, way), question)


def meant(reading: Reading, domain: Domain, way: Way) -> Answer:
    """The answer to the reading that a person chose of several, as the answer to what they had asked."""
    return _timed(time.monotonic(), lambda: answered(reading, domain, way), reading.question)


def _answered(question: str, understood: Reading | Declined, domain: Domain, way: Way) -> Answer:
    if isinstance(understood, Reading):
        return answered(understood, domain, way)
    if understood.reason == STATEMENT:
        return statement(question, domain.tables, way)
    return agreed(understood.readings, domain, way) or declined(question, understood)


def _timed(started: float, answer: Callable[[], Answer], question: str) -> Answer:
    """The answer, or why it cannot be asked, with the time since then."""
    try:
        made = answer()
    except (NotConnected, RefusedStatement) as error:
        made = declined(question, Declined((), reason=str(error)))
    except SeveralWays as error:
        made = declined(question, Declined((), choices=tuple(error.details["ways"]), reason=error.message))
    return replace(made, execution_time_ms=round((time.monotonic() - started) * 1000, 1))


def declined(question: str, why: Declined) -> Answer:
    """A question that is not answered."""
    return Answer(
        question=question,
        status="declined",
        source="parser",
        reason=why.reason,
        words=why.words,
        suggestions=why.suggestions,
        choices=why.choices,
    )
