"""The history of questions: kept without rows, found again, named, pinned, shared, run again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lakebook.errors import Conflict, Forbidden, Gone, NotFound
from lakebook.ids import new_id, now, rfc3339
from lakebook.query.history_models import (
    AskedQuestion,
    QuestionPin,
    QuestionRename,
    QuestionRequest,
    QuestionRerun,
    QuestionShare,
    QuestionsRequest,
)  # isort: skip # fmt: skip
from lakebook.query.tables import Table
from lakebook.verb import Listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import RowMapping

    from lakebook.call import Call
    from lakebook.query.answer import Answer


def keep(call: Call, answer: Answer) -> Answer:
    """Keep an answer in the history, without its rows; the answer with its id."""
    from lakebook.metadata.schema import query

    query_id = new_id()
    with call.runtime.database.write() as connection:
        connection.execute(
            query.insert().values(
                query_id=query_id,
                user_id=call.principal.user_id,
                question=answer.question if answer.source != "sql" else None,
                generated_sql=answer.sql or None,
                status=answer.status,
                source=answer.source,
                explanation=answer.sentence or answer.reason,
                row_count=answer.arrow().num_rows,
                execution_time_ms=round(answer.execution_time_ms),
                reading=answer.reading or None,
                datasets=_read(call, answer),
                created_at=rfc3339(now()),
            )
        )
    return replace(answer, query_id=query_id)


def list_questions(call: Call, request: QuestionsRequest) -> Listing[AskedQuestion]:
    """Your questions and those shared with you: pinned ones first, then the newest."""
    from sqlalchemy import or_

    from lakebook.metadata.schema import query

    statement = query.select().where(_readable(call))
    for word in (request.search or "").split():
        pattern = f"%{word.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
        places = (query.c.question, query.c.name, query.c.generated_sql, query.c.reading)
        statement = statement.where(or_(*(place.ilike(pattern, escape="!") for place in places)))
    if request.pinned:
        statement = statement.where(query.c.is_pinned)
    statement = statement.order_by(query.c.is_pinned.desc(), query.c.query_id.desc()).limit(request.limit)
    with call.runtime.database.read() as connection:
        rows = connection.execute(statement).mappings().all()
    return Listing[AskedQuestion](items=[_question(row) for row in rows])


def show_question(call: Call, request: QuestionRequest) -> AskedQuestion:
    """One question with its SQL and the versions of the tables it read."""
    return _question(row_of(call, request.question))


def rename_question(call: Call, request: QuestionRename) -> AskedQuestion:
    """Call a question something."""
    return change(call, request.question, "questions.rename", name=request.name)


def pin_question(call: Call, request: QuestionPin) -> AskedQuestion:
    """Keep a question at hand, or no longer."""
    return change(call, request.question, "questions.pin", is_pinned=not request.off)


def share_question(call: Call, request: QuestionShare) -> AskedQuestion:
    """Show a question to the others of this server, or no longer; they see its tables only where they may."""
    return change(call, request.question, "questions.share", is_shared=not request.off)


def delete_question(call: Call, request: QuestionRequest) -> AskedQuestion:
    """Take a question out of the history; what was verified of it stays."""
    from lakebook.metadata.schema import query

    row = own_row(call, request.question)
    with call.runtime.database.write() as connection:
        connection.execute(query.delete().where(query.c.query_id == row["query_id"]))
        call.runtime.audit.record_in(connection, call, "questions.delete", f"query:{row['query_id']}", {})
    return _question(row)


def rerun_question(call: Call, request: QuestionRerun) -> Answer:
    """Ask a question or run a statement again: as the tables are now, or as they were then."""
    from lakebook.query.domains import tables_of
    from lakebook.query.models import AskRequest, QueryRequest
    from lakebook.query.read import Way, statement
    from lakebook.query.verbs import ask, query

    row = row_of(call, request.question)
    if not request.same_versions:
        if row["question"]:
            return ask(call, AskRequest(question=row["question"], limit=request.limit))
        return query(call, QueryRequest(sql=row["generated_sql"], limit=request.limit))
    if not row["generated_sql"]:
        raise Conflict("This question was declined, so there is nothing to run again.", hint="Ask it anew.")
    tables = [_as_it_was(call, one, tables_of(call)) for one in row["datasets"] or []]
    way = Way(call.runtime.children, call.principal.user_id, request.limit)
    answer = statement(row["generated_sql"], tables, way)
    said = {"question": row["question"], "reading": row["reading"] or "", "source": row["source"]}
    return keep(call, replace(answer, **said) if row["question"] else answer)


def row_of(call: Call, reference: str) -> RowMapping:
    """The question of this id or name that the caller may see; NotFound otherwise."""
    from lakebook.metadata.schema import query

    statement = (
        query.select()
        .where(_readable(call), (query.c.query_id == reference) | (query.c.name == reference))
        .order_by(query.c.query_id.desc())
    )
    with call.runtime.database.read() as connection:
        row = connection.execute(statement).mappings().first()
    if row is None:
        raise NotFound(f"No question has the id or name {reference!r}.", hint="List them: `lakebook questions`.")
    return row


def own_row(call: Call, reference: str) -> RowMapping:
    """The same, of the caller's own; Forbidden for somebody else's that is shared."""
    row = row_of(call, reference)
    if row["user_id"] != call.principal.user_id:
        raise Forbidden("This question is somebody else's.", hint="Ask it yourself; then it is yours.")
    return row


def change(call: Call, reference: str, action: str, **values: Any) -> AskedQuestion:
    """Change a question of the caller's own."""
    from lakebook.metadata.schema import query

    row = own_row(call, reference)
    with call.runtime.database.write() as connection:
        connection.execute(query.update().where(query.c.query_id == row["query_id"]).values(**values))
        call.runtime.audit.record_in(connection, call, action, f"query:{row['query_id']}", values)
    return _question({**row, **values})


def _read(call: Call, answer: Answer) -> list[dict[str, Any]]:
    """The tables that an answer read; of two with one name the one whose layer the SQL names, else bronze's."""
    if not answer.datasets:
        return []
    standing, sql = [one for one, _files in call.runtime.catalog.datasets()], answer.sql.casefold()
    read = []
    for name, version in answer.datasets:
        same = [one for one in standing if one.name == name]
        same.sort(key=lambda one: (f"{one.layer}." not in sql.replace('"', ""), one.layer != "bronze"))
        read += [
            {"name": name, "version": version, "layer": one.layer, "dataset_id": one.dataset_id} for one in same[:1]
        ]
    return read


def _readable(call: Call) -> Any:
    from lakebook.metadata.schema import query

    return (query.c.user_id == call.principal.user_id) | query.c.is_shared


def _as_it_was(call: Call, read: dict[str, Any], standing: Sequence[Table]) -> Table:
    """A table at the version that was read then, under the name it had then."""
    from lakebook.query.domains import table_of

    now_there = next((one for one in standing if one.dataset_id == read["dataset_id"]), None)
    if now_there is None:
        raise Gone(f"The table {read['name']!r} is not there any more.", hint="Bring it back, then run this again.")
    version = call.runtime.catalog.version(read["dataset_id"], read["version"])
    profile = call.runtime.catalog.profile(read["dataset_id"], read["version"])
    s3_key = call.runtime.catalog.row(read["dataset_id"])["s3_key"]
    return table_of(call, {**read, "s3_key": s3_key}, version, profile)


def _question(row: RowMapping | dict[str, Any]) -> AskedQuestion:
    return AskedQuestion(
        query_id=row["query_id"],
        asked=row["name"] or row["question"] or row["generated_sql"] or "",
        question=row["question"],
        name=row["name"],
        reading=row["reading"],
        sql=row["generated_sql"],
        status=row["status"],
        source=row["source"],
        explanation=row["explanation"],
        datasets=[{"name": one["name"], "version": one["version"]} for one in row["datasets"] or []],
        row_count=row["row_count"],
        execution_time_ms=row["execution_time_ms"],
        is_pinned=row["is_pinned"],
        is_shared=row["is_shared"],
        verdict=row["verdict"],
        fault=row["fault"],
        user_id=row["user_id"],
        created_at=row["created_at"],
    )
