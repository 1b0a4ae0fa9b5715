"""How an answer travels: as JSON for programs, as Arrow with its facts in the schema between two lakebooks."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from lakebook.query.models import AnswerResult
from lakebook.query.rows import rows_json

if TYPE_CHECKING:
    from lakebook.query.answer import Answer

FACTS = b"lakebook"
KEPT = ("query_id", "question", "status", "source", "reading", "sql", "sentence", "reason", "words", "suggestions",
        "choices", "datasets", "execution_time_ms", "truncated", "help", "offers", "repairs", "egress", "notes",
        "traces", "shape", "age_seconds", "stale_since")  # fmt: skip
LISTS = ("words", "suggestions", "choices", "notes", "egress")


def to_result(answer: Answer) -> AnswerResult:
    """The answer as plain data, rows included."""
    table = answer.arrow()
    columns, rows = rows_json(table, table.num_rows)
    return AnswerResult(
        query_id=answer.query_id,
        status=answer.status,
        source=answer.source,
        question=answer.question,
        reading=answer.reading or None,
        sql=answer.sql or None,
        columns=columns,
        results=rows,
        row_count=table.num_rows,
        truncated=answer.truncated,
        sentence=answer.sentence or None,
        explanation=answer.sentence or answer.reading or answer.reason or repr(answer),
        chart=answer.chart,
        words=list(answer.words),
        suggestions=[*answer.choices, *answer.suggestions],
        datasets=[{"name": name, "version": version} for name, version in answer.datasets],
        execution_time_ms=round(answer.execution_time_ms),
        notes=list(answer.notes),
        traces=list(answer.traces),
        age_seconds=answer.age_seconds,
        stale_since=answer.stale_since or None,
        help=answer.help or None,
        offers=answer.offers or None,
        repairs=answer.repairs or None,
        egress=list(answer.egress),
    )


def to_arrow(answer: Answer) -> bytes:
    """The rows as an Arrow stream; everything else of the answer is in the schema's metadata."""
    import pyarrow as pa

    facts = {name: getattr(answer, name) for name in KEPT}
    table = answer.arrow().replace_schema_metadata({FACTS: json.dumps(facts).encode()})
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def from_arrow(body: bytes) -> Answer:
    """The answer that `to_arrow` wrote."""
    import pyarrow as pa

    from lakebook.query.answer import Answer

    table = pa.ipc.open_stream(body).read_all()
    facts: dict[str, Any] = json.loads((table.schema.metadata or {})[FACTS])
    for name in LISTS:
        facts[name] = tuple(facts[name])
    facts["traces"] = tuple((start, end, row, column) for start, end, row, column in facts["traces"])
    facts["datasets"] = tuple((name, version) for name, version in facts["datasets"])
    plain = table.replace_schema_metadata(None)
    return Answer(**facts, table=plain if facts["status"] == "answered" else None)
