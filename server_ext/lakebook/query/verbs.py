"""The verbs over statements and questions: what they may see is what the catalogue names now."""

from __future__ import annotations

from dataclasses import asdict, replace

from lakebook.call import Call
from lakebook.catalog.models import ColumnProfile, Dataset
from lakebook.errors import RefusedStatement
from lakebook.ids import new_id, now, rfc3339
from lakebook.query import run
from lakebook.query.answer import Answer
from lakebook.query.guard import guard
from lakebook.query.models import AskRequest, QueryRequest, ValidateRequest, ValidateResult
from lakebook.query.tables import Column, Table


def ask(call: Call, request: AskRequest) -> Answer:
    """Answer a question, or decline it with the words that are not understood."""
    dataset = call.runtime.catalog.dataset(request.dataset).name if request.dataset else None
    answer = run.ask(
        request.question,
        tables_of(call),
        call.runtime.children,
        principal=call.principal.user_id,
        dataset=dataset,
        row_limit=request.limit,
    )
    return _kept(call, answer)


def query(call: Call, request: QueryRequest) -> Answer:
    """Run one guarded SELECT."""
    answer = run.query(
        request.sql,
        tables_of(call),
        call.runtime.children,
        principal=call.principal.user_id,
        row_limit=request.limit,
    )
    return _kept(call, answer)


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


def tables_of(call: Call) -> list[Table]:
    """Every table that the caller may read, at its current version."""
    return [_table(call, dataset, files) for dataset, files in call.runtime.catalog.datasets()]


def _table(call: Call, dataset: Dataset, files: list[str]) -> Table:
    profile = call.runtime.catalog.profile(dataset.dataset_id, dataset.version)
    return Table(
        name=dataset.name,
        layer=dataset.layer,
        dataset_id=dataset.dataset_id,
        version=dataset.version,
        row_count=dataset.row_count,
        files=call.runtime.lake.paths(dataset.s3_key, files),
        columns=tuple(_column(column) for column in profile.columns),
    )


def _column(column: ColumnProfile) -> Column:
    return Column(
        name=column.name,
        data_type=column.data_type,
        label=column.label,
        unique_count=column.unique_count,
        min=column.min_value,
        max=column.max_value,
        top_values=tuple(value for value, _ in column.top_values),
    )


def _kept(call: Call, answer: Answer) -> Answer:
    """Keep the question in the history, without its rows."""
    from lakebook.metadata import schema

    query_id = new_id()
    with call.runtime.database.write() as connection:
        connection.execute(
            schema.query.insert().values(
                query_id=query_id,
                user_id=call.principal.user_id,
                question=answer.question if answer.source != "sql" else None,
                generated_sql=answer.sql or None,
                status=answer.status,
                source=answer.source,
                explanation=answer.sentence or answer.reason,
                row_count=answer.arrow().num_rows,
                execution_time_ms=round(answer.execution_time_ms),
                created_at=rfc3339(now()),
            )
        )
    return replace(answer, query_id=query_id)
