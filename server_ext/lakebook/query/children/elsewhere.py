"""Guarded statements on an engine elsewhere, with the face of the pool of children."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

from sqlglot import exp

from lakebook.errors import InvalidRequest, QueryFailed, QueryMemoryExceeded, Unavailable
from lakebook.query.children.engine import Engine
from lakebook.query.children.pool import RESULT_LIMIT_BYTES, Children, Terms
from lakebook.query.guard.guarded import Guarded
from lakebook.query.guard.meaning.numbers import scale
from lakebook.query.guard.meaning.typed import is_decimal
from lakebook.query.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

KEPT_SECONDS = 60.0


class Elsewhere:
    """Runs what was guarded for the engine's dialect; `dialect` is what to guard for."""

    def __init__(self, engine: Engine, time_limit: float) -> None:
        self._engine = engine
        self._time_limit = time_limit
        self._known: tuple[float, list[Table]] | None = None
        self.dialect = engine.dialect

    def tables_now(self) -> list[Table]:
        """The engine's tables, looked up again after a minute; none while it is down."""
        if self._known is None or time.monotonic() - self._known[0] > KEPT_SECONDS:
            try:
                found = self.tables()
            except (Unavailable, QueryFailed):
                found = []
            # The same objects while nothing has changed: what is known of them is kept by them.
            if self._known is None or found != self._known[1]:
                self._known = (time.monotonic(), found)
            self._known = (time.monotonic(), self._known[1])
        return self._known[1]

    def tables(self) -> list[Table]:
        """The engine's tables as a question sees them; raises Unavailable."""
        return [
            Table(
                name=table.name,
                layer=table.schema,
                dataset_id=f"{self.dialect}:{table.schema}.{table.name}",
                version=0,
                row_count=0,
                files=(),
                columns=tuple(Column(name, data_type) for name, data_type in table.columns),
                engine=self.dialect,
            )
            for table in self._engine.tables()
        ]

    def run(self, guarded: Guarded, **terms: Unpack[Terms]) -> pa.Table:
        """The rows of a guarded statement; raises QueryTimedOut, QueryCancelled, QueryFailed, Unavailable.

        The session is that of the engine's role, whoever asks.
        """
        if guarded.dialect != self.dialect:
            raise InvalidRequest(f"The statement was written for {guarded.dialect}, and this is {self.dialect}.")
        table = self._engine.rows(
            guarded.sql, seconds=terms.get("time_limit") or self._time_limit, cancel=terms.get("cancel")
        )
        wished = terms.get("memory_limit_bytes")
        most = RESULT_LIMIT_BYTES if wished is None else wished
        if table.nbytes > most:
            raise QueryMemoryExceeded(f"The result is larger than {most >> 20} MiB.")
        return as_duckdb_gives(table, _outputs(guarded.statement))

    def close(self) -> None:
        """End the session."""
        self._engine.close()


class ChildrenAndEngine(Children):
    """Runs each statement where its tables are: in a sealed child, or on the engine."""

    def __init__(self, elsewhere: Elsewhere, *, memory_limit_bytes: int, time_limit: float) -> None:
        super().__init__(memory_limit_bytes=memory_limit_bytes, time_limit=time_limit)
        self._elsewhere = elsewhere

    def tables_elsewhere(self) -> list[Table]:
        """The engine's tables; none while it is down."""
        return self._elsewhere.tables_now()

    def run(self, guarded: Guarded, **terms: Unpack[Terms]) -> pa.Table:
        """The rows of a guarded statement; raises QueryFailed and its kinds, and Unavailable."""
        runs = super().run if guarded.dialect == "duckdb" else self._elsewhere.run
        return runs(guarded, **terms)

    def close(self) -> None:
        """Stop the children and end the session."""
        self._elsewhere.close()
        super().close()


def as_duckdb_gives(table: pa.Table, outputs: Sequence[exp.Expr] = ()) -> pa.Table:
    """The columns in the types that DuckDB has for them.

    Whole numbers as 64 bits, times in microseconds, and what a statement's `outputs` call decimals as decimals.
    """
    import pyarrow as pa

    columns = []
    for place, column in enumerate(table.columns):
        kind = column.type
        output = outputs[place].unalias() if len(outputs) == table.num_columns else None
        if output is not None and is_decimal(output) and pa.types.is_floating(kind):
            column = column.cast(pa.decimal128(38, scale(output)), safe=False)
        elif pa.types.is_decimal(kind) and kind.scale == 0 and _fits(column):
            column = column.cast(pa.int64())
        elif pa.types.is_timestamp(kind) and kind.unit != "us":
            column = column.cast(pa.timestamp("us", kind.tz), safe=False)
        elif pa.types.is_integer(kind):
            column = column.cast(pa.int64())
        columns.append(column)
    return pa.table(columns, names=table.column_names)


def _outputs(statement: exp.Expr) -> Sequence[exp.Expr]:
    return statement.selects if isinstance(statement, exp.Query) else ()


def _fits(column: Any) -> bool:
    import pyarrow.compute as pc

    return all(value is None or -(2**63) <= value < 2**63 for value in (pc.min(column).as_py(), pc.max(column).as_py()))
