"""One question through one language model: told, asked, mended, guarded, run, doubted; asked again to compare."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlglot import exp, parse_one

from lakebook.errors import QueryCancelled, QueryFailed, RefusedStatement
from lakebook.llm.language_model import LanguageModel
from lakebook.llm.ledger import Errand
from lakebook.llm.outcomes import NoReply
from lakebook.query.answer import Answer
from lakebook.query.by_model.doubts import doubtful_joins, doubtful_limits, doubtful_rows, empty_filters
from lakebook.query.by_model.linking import linked
from lakebook.query.by_model.prompt import Example, Message, Prompt, prompt_for
from lakebook.query.by_model.repair import BeyondRepair, Repaired, repaired
from lakebook.query.by_model.reply import NoStatement, statement_in
from lakebook.query.by_model.sources import Values
from lakebook.query.by_model.trace import doubts_of_words
from lakebook.query.domain import Domain
from lakebook.query.same_result import columns_left_over

if TYPE_CHECKING:
    import pyarrow as pa

PURPOSE = "ask"
SECOND_TEMPERATURE = 0.7


@dataclass(frozen=True)
class Asked:
    """A question with what may be looked at for it; `run` gives the rows of a statement, guarded."""

    question: str
    domain: Domain
    values: Values
    run: Callable[[str], Answer]
    examples: Sequence[Example] = ()
    may_send: frozenset[str] = frozenset()

    @property
    def prompt(self) -> Prompt:
        """What a model would be sent."""
        return prompt_for(self.question, linked(self.question, self.domain), self.examples, self.may_send)


@dataclass(frozen=True)
class Outcome:
    """What came of it: an answer with rows, or a statement with doubts, or neither and a reason."""

    status: Literal["answered", "unverified", "declined"]
    ran: Answer | None = None
    reasons: tuple[str, ...] = ()
    diff: str = ""
    egress: tuple[str, ...] = ()


class ByModel:
    """One question's way through one model."""

    def __init__(self, asked: Asked, model: LanguageModel, user_id: str, cancel: threading.Event | None = None) -> None:
        self._asked, self._model, self._cancel = asked, model, cancel
        self._errand = Errand(user_id, PURPOSE)
        self._messages = list(asked.prompt.messages)
        self._egress: list[str] = []

    def outcome(self) -> Outcome:
        """Ask, mend, run and doubt; a second answer is asked for only where the first leaves no doubt."""
        first = self._candidate(0.0)
        if isinstance(first, BeyondRepair):
            first = self._candidate(0.0, [*self._messages, *_told_why(first)])
        if isinstance(first, NoReply | NoStatement):
            return self._declined(first.message if isinstance(first, NoReply) else first.reason)
        if isinstance(first, BeyondRepair):
            said = " ".join(reason.message for reason in first.reasons)
            return self._declined(f"The SQL that the language model wrote is refused: {said}")
        return self._examined(first)

    def _examined(self, first: Repaired) -> Outcome:
        tree = parse_one(first.sql, read="duckdb")
        doubts = [
            *empty_filters(tree, self._asked.domain, self._asked.values),
            *doubtful_joins(tree, self._asked.domain),
            *doubts_of_words(self._asked.question, tree, self._asked.domain),
        ]
        try:
            ran = self._asked.run(first.sql)
            doubts += [*doubtful_rows(ran.arrow()), *doubtful_limits(tree, self._run_tree)]
        except QueryCancelled:
            raise
        except (QueryFailed, RefusedStatement):
            # What the engine says may hold values of rows: it is neither shown nor sent.
            return self._declined("The SQL that the language model wrote could not be run.", first)
        if not doubts:
            doubts = self._compared(tree, ran.arrow())
        reasons = tuple(dict.fromkeys(doubts))
        return Outcome("unverified" if doubts else "answered", ran, reasons, first.diff, tuple(self._egress))

    def _compared(self, tree: exp.Expr, table: pa.Table) -> list[str]:
        """A second answer must give the same result."""
        second = self._candidate(SECOND_TEMPERATURE)
        if not isinstance(second, Repaired):
            return ["The language model gave no second answer to compare the first with."]
        try:
            other = self._asked.run(second.sql).arrow()
        except QueryCancelled:
            raise
        except (QueryFailed, RefusedStatement):
            return ["The language model's second answer could not be run."]
        rows, more = _rows(table), _rows(other)
        ordered = tree.args.get("order") is not None
        same = table.num_columns == other.num_columns and columns_left_over(rows, more, ordered=ordered) == 0
        return [] if same else ["A second answer of the language model gives another result."]

    def _candidate(
        self, temperature: float, messages: Sequence[Message] | None = None
    ) -> Repaired | BeyondRepair | NoStatement | NoReply:
        reply = self._model.complete(
            messages or self._messages, self._errand, temperature=temperature, cancel=self._cancel
        )
        if reply.egress_id:
            self._egress.append(reply.egress_id)
        if isinstance(reply, NoReply):
            if reply.kind == "cancelled":
                raise QueryCancelled(reply.message)
            return reply
        sql = statement_in(reply.text)
        return sql if isinstance(sql, NoStatement) else repaired(sql, self._asked.domain, self._asked.values)

    def _run_tree(self, tree: exp.Expr) -> pa.Table:
        return self._asked.run(tree.sql("duckdb")).arrow()

    def _declined(self, reason: str, tried: Repaired | None = None) -> Outcome:
        return Outcome("declined", reasons=(reason,), diff=tried.diff if tried else "", egress=tuple(self._egress))


def _told_why(tried: BeyondRepair) -> tuple[Message, Message]:
    """The statement and the guard's reasons, which hold names and no values of rows."""
    reasons = "\n".join(f"- {reason.message}" for reason in tried.reasons)
    return (
        {"role": "assistant", "content": tried.sql},
        {"role": "user", "content": f"This is refused:\n{reasons}\nWrite the one SELECT again."},
    )


def _rows(table: pa.Table) -> list[tuple[object, ...]]:
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True)) if table.num_columns else []
