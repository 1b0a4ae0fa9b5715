"""The ladder: verified answers, the parser, the model here, the model elsewhere; the first that can answer does.

Every answer says its rung. A later rung never overrules an earlier one: it is asked only where all before it declined,
and not at all where a person must choose between readings, or where the parser knows that no statement can help.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from lakebook.query.answer import Answer
from lakebook.query.parse.question import NOT_UNDERSTOOD


@dataclass(frozen=True)
class Rung:
    """A way to answer: `answer` gives an Answer of any status, or None where it has nothing to say."""

    name: str
    answer: Callable[[], Answer | None]


def climb(question: str, rungs: Iterable[Rung]) -> Answer:
    """The answer of the first rung that has one; else the first statement with doubts; else why it is declined."""
    declined: Answer | None = None
    unverified: Answer | None = None
    for rung in rungs:
        found = rung.answer()
        if found is None:
            continue
        if found.status == "answered":
            rowed = found if found.source == "sql" else replace(found, source=rung.name)
            return _with_egress(rowed, unverified, declined)
        if found.status == "unverified":
            unverified = unverified or replace(found, source=rung.name)
            continue
        declined = found if declined is None else _joined(declined, found)
        if is_final(found):
            break
    if unverified is not None:
        return _with_egress(_joined(unverified, declined) if declined else unverified, declined)
    return declined or Answer(question=question, status="declined", source="parser", reason="Nothing could be asked.")


def is_final(declined: Answer) -> bool:
    """Whether no other rung should try: there are readings to choose from, or what is wished cannot be answered."""
    return declined.source == "parser" and (bool(declined.choices) or declined.reason not in ("", NOT_UNDERSTOOD))


def _joined(first: Answer, later: Answer) -> Answer:
    """The first with what the later one has to say besides: help and suggestions that it lacks itself."""
    return replace(
        first,
        help=" ".join(dict.fromkeys(text for text in (first.help, later.help) if text)),
        offers=first.offers or later.offers,
        words=first.words or later.words,
        suggestions=first.suggestions or later.suggestions,
        egress=tuple(dict.fromkeys((*first.egress, *later.egress))),
        execution_time_ms=max(first.execution_time_ms, later.execution_time_ms),
    )


def _with_egress(answer: Answer, *others: Answer | None) -> Answer:
    """What was sent for the question before belongs to its answer too."""
    sent = [each for other in others if other is not None for each in other.egress]
    return replace(answer, egress=tuple(dict.fromkeys((*sent, *answer.egress))))
