"""Verified questions: an answer that someone looked at is given again, to the same words with other values at most."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lakebook.errors import Conflict
from lakebook.ids import new_id, now, rfc3339
from lakebook.query.history import change, own_row
from lakebook.query.history_models import AskedQuestion, QuestionVerify
from lakebook.query.mask import Masked, Slot, masked, said, tokens
from lakebook.query.meant import meaning_of
from lakebook.query.rebind import is_bound_to_versions, rebound, slots_of
from lakebook.query.tables import Column, Table, folded
from lakebook.semantics.current import models_for

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

    from lakebook.call import Call
    from lakebook.query.answer import Answer

RIGHT, WRONG = "right", "wrong"
MOST_LOOKED_AT = 5000
MOST_HOMES = 8

_read: dict[tuple[str, str], tuple[object, Sequence[tuple[RowMapping, Masked]]]] = {}

ValuesOf = Callable[[Table, Column], Sequence[str]]


@dataclass(frozen=True)
class Verified:
    """A statement that somebody said is right for a question of these words."""

    sql: str
    question: str  # as it was asked when its answer was verified
    reading: str
    verified_id: str
    user_id: str
    is_same: bool  # whether it was asked in the very same words, values and all


def verify_question(call: Call, request: QuestionVerify) -> AskedQuestion:
    """Say that an answer is right, or wrong and why; a later word takes the place of an earlier one."""
    row = own_row(call, request.question)
    if not row["question"] or not row["generated_sql"]:
        raise Conflict("Only an answer to a question in words can be verified.", hint="Choose one that has an answer.")
    verdict = WRONG if request.wrong else RIGHT
    with call.runtime.database.write() as connection:
        _put(call, connection, row, verdict)
    return change(call, row["query_id"], "questions.verify", verdict=verdict, fault=request.fault or None)


def verified(call: Call, question: str, tables: Sequence[Table], values: ValuesOf) -> Verified | None:
    """What was verified for exactly these words, with this question's numbers, days and values; the newest first.

    A value counts only where the same column has it, in any case. None where a table is gone or was never the
    caller's, where the words have come to mean something else, or where the statement holds days that were reckoned
    from other versions of the tables.
    """
    words = said(question)
    for row, known in _rows(call, RIGHT):
        given = known.match(words)
        if given is None or meaning_of(row["question"], models_for(call)) != row["meaning"]:
            continue
        here = _tables_of(row, tables)
        if here is None:
            continue
        bound = _bound(known.slots, given, here, values)
        sql = None if bound is None else rebound(row["sql"], known.slots, bound)
        if sql is not None:
            is_same = words == said(row["question"])
            reading = row["reading"] or "" if is_same else ""
            return Verified(sql, row["question"], reading, row["verified_id"], row["user_id"], is_same)
    return None


def judged_wrong(call: Call, question: str, sql: str) -> bool:
    """Whether somebody said that this statement is a wrong answer to these very words."""
    asked, wanted = said(question), _bare(sql)
    return any(said(row["question"]) == asked and _bare(row["sql"]) == wanted for row, _known in _rows(call, WRONG))


def doubted(call: Call, answer: Answer | None) -> Answer | None:
    """The answer, offered with its doubt where somebody said that this statement is wrong for these words."""
    if answer is None or answer.status != "answered" or not judged_wrong(call, answer.question, answer.sql):
        return answer
    doubt = "Somebody who looked at this answer said that it is wrong."
    return replace(answer, status="unverified", reason=doubt, sentence="", traces=(), table=None)


def _put(call: Call, connection: Connection, row: RowMapping, verdict: str) -> None:
    """Keep the verdict in the place of earlier ones on the same question and statement."""
    from lakebook.metadata.schema import verified_question as table
    from lakebook.query.domains import tables_of

    question, sql = row["question"], row["generated_sql"]
    before = connection.execute(table.select().where(table.c.question == question)).mappings().all()
    # One right answer to a question, and no statement both right and wrong.
    same = [one["verified_id"] for one in before if _bare(one["sql"]) == _bare(sql)]
    if verdict == RIGHT:
        same += [one["verified_id"] for one in before if one["verdict"] == RIGHT]
    if verdict == WRONG:
        same += _given_again(connection, question, sql)
    connection.execute(table.delete().where(table.c.verified_id.in_(same)))
    read = [dict(one) for one in row["datasets"] or []]
    standing = [one for one in tables_of(call) if one.dataset_id in {each["dataset_id"] for each in read}]
    slots = slots_of(question, sql, standing) if verdict == RIGHT else []
    if is_bound_to_versions(question, sql, slots):
        read = [{**one, "is_bound": True} for one in read]
    known = masked(question, slots)
    connection.execute(
        table.insert().values(
            verified_id=new_id(),
            pattern=known.pattern,
            slots=[slot.plain() for slot in known.slots],
            question=question,
            reading=row["reading"],
            sql=sql,
            datasets=read,
            query_id=row["query_id"],
            verdict=verdict,
            meaning=meaning_of(question, models_for(call)),
            user_id=call.principal.user_id,
            created_at=rfc3339(now()),
        )
    )


def _given_again(connection: Connection, question: str, sql: str) -> list[str]:
    """What was verified at other values and gave this very statement: it is not to be given any more."""
    from lakebook.metadata.schema import verified_question as table

    found = []
    for row in connection.execute(table.select().where(table.c.verdict == RIGHT)).mappings():
        known = _masked(row)
        given = known.match(said(question))
        again = None if given is None else rebound(row["sql"], known.slots, given)
        if again is not None and _bare(again).casefold() == _bare(sql).casefold():
            found.append(row["verified_id"])
    return found


def _rows(call: Call, verdict: str) -> Sequence[tuple[RowMapping, Masked]]:
    """What was said to be right, or wrong, the newest first; read anew only after something was said."""
    from sqlalchemy import func, select

    from lakebook.metadata.schema import verified_question as table

    database = call.runtime.database
    with database.read() as connection:
        stamp = tuple(connection.execute(select(func.count(), func.max(table.c.verified_id)).select_from(table)).one())
        key = (database.address, verdict)
        if key not in _read or _read[key][0] != stamp:
            statement = table.select().where(table.c.verdict == verdict).order_by(table.c.verified_id.desc())
            rows = connection.execute(statement.limit(MOST_LOOKED_AT)).mappings().all()
            if len(_read) >= MOST_HOMES:
                _read.clear()
            _read[key] = (stamp, [(row, _masked(row)) for row in rows])
        return _read[key][1]


def _masked(row: RowMapping) -> Masked:
    return Masked(row["pattern"], tuple(Slot(**slot) for slot in row["slots"]))


def _tables_of(row: RowMapping, tables: Sequence[Table]) -> dict[str, Table] | None:
    """The tables that the statement reads, by full name; None where one is gone, renamed or too new for it."""
    found = {}
    for read in row["datasets"]:
        table = next((one for one in tables if one.dataset_id == read["dataset_id"]), None)
        if table is None or folded(table.full_name) != folded(f"{read['layer']}.{read['name']}"):
            return None
        if read.get("is_bound") and table.version != read["version"]:
            return None
        found[table.full_name] = table
    return found


def _bound(
    slots: Sequence[Slot], given: Sequence[str], tables: Mapping[str, Table], values: ValuesOf
) -> list[str] | None:
    """What is given, values as their column spells them; None where the column does not have one."""
    found = []
    for slot, text in zip(slots, given, strict=True):
        if slot.kind != "value":
            found.append(text)
            continue
        column = next((one for one in tables[slot.table].columns if one.name == slot.column), None)
        spelled = None if column is None else _spelled(text, values(tables[slot.table], column))
        if spelled is None:
            return None
        found.append(spelled)
    return found


def _spelled(text: str, values: Sequence[str]) -> str | None:
    """The only value that is this text but for case, blanks and marks around its words."""
    wanted = text.split(" ")
    same = [value for value in values if tokens(value) == wanted]
    return same[0] if len(same) == 1 else None


def _bare(sql: str) -> str:
    """The statement without its limit and line ends, so that the same one is known again."""
    return re.sub(r" LIMIT \d+$", "", " ".join(sql.split()))
