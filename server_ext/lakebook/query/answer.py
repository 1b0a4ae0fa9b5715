"""The answer to a question or a statement, as notebooks keep it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from lakebook.query import travel
from lakebook.query.explain import Trace, written
from lakebook.query.rows import is_wide_integer
from lakebook.query.unverified import unverified_html, unverified_text

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from lakebook.query.models import AnswerResult
    from lakebook.query.reading import Reading

SHOWN_ROWS = 20
SHOWN_COLUMNS = 30
SHOWN_CHARACTERS = 80

_FONT = "font-family: var(--jp-ui-font-family, sans-serif); color: var(--jp-ui-font-color1, #212121)"
_FAINT = "color: var(--jp-ui-font-color2, #616161)"
_LINE = "border-bottom: 1px solid var(--jp-border-color2, #e0e0e0); padding: 4px 12px 4px 0"


@dataclass(frozen=True)
class Answer:
    """Rows, the SQL that made them, a chart and a sentence; or why there are none."""

    question: str
    # An unverified one offers a statement with the doubts about it, and no rows.
    status: Literal["answered", "declined", "unverified"]
    source: str  # the rung it came from: "verified", "parser", "local model", "remote model"; "sql" for a statement
    reading: str = ""
    sql: str = ""
    sentence: str = ""
    reason: str = ""
    words: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    datasets: tuple[tuple[str, int], ...] = ()
    execution_time_ms: float = 0.0
    truncated: bool = False
    query_id: str = ""
    help: str = ""  # one line on what would help where the question was declined
    offers: str = ""  # the language model, "local" or "remote", that could try once it is allowed
    repairs: str = ""  # what was mended in a model's SQL, as a difference of two texts
    notes: tuple[str, ...] = ()  # what the answer takes for granted, or leaves open
    traces: tuple[Trace, ...] = ()  # for each value in the sentence: where it begins and ends, its row, its column
    age_seconds: float | None = None  # of a result that was remembered
    stale_since: str = ""  # when the rows were made, where the engine did not answer in time
    shape: str = (
        ""  # what its chart is of: "time", "groups", "ordered", "bins", "pairs", "none"; empty where the rows decide
    )
    meaning: Reading | None = field(default=None, repr=False, compare=False)  # the reading, where this process read it
    egress: tuple[str, ...] = ()  # the ledger's entries of what was sent to a model
    table: pa.Table | None = field(default=None, repr=False)

    def arrow(self) -> pa.Table:
        """The rows as an Arrow table, exact; empty where the question was declined."""
        import pyarrow as pa

        return pa.table({}) if self.table is None else self.table

    @cached_property
    def df(self) -> pd.DataFrame:
        """The rows as a pandas frame, DECIMAL as float64."""
        return self.frame()

    def frame(self, *, decimals: bool = False) -> pd.DataFrame:
        """The rows as a pandas frame; `decimals=True` keeps DECIMAL exact."""
        table = self.arrow()
        return (table if decimals else without_decimals(table)).to_pandas()

    def polars(self) -> pl.DataFrame:
        """The rows as a polars frame, DECIMAL exact."""
        import polars as pl

        frame = pl.from_arrow(self.arrow())
        return frame if isinstance(frame, pl.DataFrame) else frame.to_frame()

    @cached_property
    def chart(self) -> dict[str, Any] | None:
        """A Vega-Lite 5 spec, or None where no chart fits."""
        from lakebook.charts import spec_for

        if self.table is None or self.source == "sql" or self.shape == "none":
            return None
        return spec_for(self.table, self.reading, self.shape)

    def wire(self) -> AnswerResult:
        """The answer as plain data."""
        return travel.to_result(self)

    def to_arrow(self) -> bytes:
        """The answer as an Arrow stream."""
        return travel.to_arrow(self)

    def text(self) -> str:
        """The answer for the shell: the reading, the rows, the sentence."""
        from lakebook.display import table_text

        shown = self.arrow().slice(0, SHOWN_ROWS)
        rows = [[written(value) for value in row.values()] for row in shown.to_pylist()]
        lines = [repr(self), table_text(tuple(shown.column_names), rows)] if shown.num_columns else [repr(self)]
        return "\n".join(lines)

    def __repr__(self) -> str:
        if self.status == "declined":
            return _declined_text(self)
        if self.status == "unverified":
            return unverified_text(self)
        rows = self.arrow().num_rows
        said = f"{rows:,} {'row' if rows == 1 else 'rows'}"
        lines = [self.reading or self.question, said, self.sentence, *self.notes]
        return "\n".join(line for line in lines if line)

    def _repr_mimebundle_(
        self, include: Sequence[str] | None = None, exclude: Sequence[str] | None = None
    ) -> dict[str, Any]:
        """A static bundle: HTML and text, and the chart's spec and PNG where there is one."""
        made: dict[str, Any] = {"text/plain": repr(self), "text/html": _html(self)}
        if self.chart is not None:
            from lakebook.charts import bundle

            made = {**bundle(self.chart), **made}
        return {
            kind: data
            for kind, data in made.items()
            if (not include or kind in include) and not (exclude and kind in exclude)
        }


def without_decimals(table: pa.Table) -> pa.Table:
    """The table with DECIMAL as float64, and 128-bit integers as int64 where they fit."""
    import pyarrow as pa

    for number, column in enumerate(table.schema):
        if not pa.types.is_decimal(column.type):
            continue
        values = table.column(number)
        table = table.set_column(number, column.name, _narrowed(values))
    return table


def _narrowed(values: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    import pyarrow as pa

    if is_wide_integer(values.type):
        try:
            return values.cast(pa.int64())
        except pa.ArrowInvalid:
            pass  # too large for int64: float64 then, as for every other decimal
    return values.cast(pa.float64())


def _declined_text(answer: Answer) -> str:
    unknown = " and ".join(answer.words)
    lines = [f"I do not know what {unknown} means here." if unknown else answer.reason]
    if answer.choices:
        lines += ["It could mean:", *(f"  {choice}" for choice in answer.choices)]
    if answer.suggestions:
        lines += ["These work:", *(f"  {suggestion}" for suggestion in answer.suggestions)]
    lines.append(answer.help)
    return "\n".join(line for line in lines if line)


def _html(answer: Answer) -> str:
    made = {"declined": _declined_html, "unverified": unverified_html}.get(answer.status, _answered_html)
    body = made(answer)
    return f'<div style="{_FONT}">{body}</div>'


def _declined_html(answer: Answer) -> str:
    words = " and ".join(f"<b>{html.escape(word)}</b>" for word in answer.words)
    parts = [
        f"<div>I do not know what {words} means here.</div>" if words else f"<div>{html.escape(answer.reason)}</div>"
    ]
    for head, texts in (("It could mean:", answer.choices), ("These work:", answer.suggestions)):
        if texts:
            items = "".join(f"<li>{html.escape(text)}</li>" for text in texts)
            parts.append(f'<div style="{_FAINT}">{head}</div><ul style="margin: 2px 0">{items}</ul>')
    if answer.help:
        parts.append(f'<div style="{_FAINT}">{html.escape(answer.help)}</div>')
    return "".join(parts)


def _answered_html(answer: Answer) -> str:
    table = answer.arrow()
    said = " · ".join((f"{answer.execution_time_ms:,.0f} ms", *_age(answer)))
    versions = " · ".join(f"{html.escape(name)} v{version}" for name, version in answer.datasets)
    head = html.escape(answer.reading or answer.question)
    parts = [
        f'<div style="font-weight: 600">{head}</div>',
        f'<div style="{_FAINT}">{" · ".join(each for each in (answer.source, said, versions) if each)}</div>',
        _table_html(table),
    ]
    if table.num_rows > SHOWN_ROWS or answer.truncated:
        more = " or more" if answer.truncated else ""
        shown = min(SHOWN_ROWS, table.num_rows)
        parts.append(f'<div style="{_FAINT}">{shown} of {table.num_rows:,}{more} rows</div>')
    if answer.sentence:
        parts.append(f'<div style="margin-top: 6px">{html.escape(answer.sentence)}</div>')
    parts += [f'<div style="{_FAINT}">{html.escape(note)}</div>' for note in answer.notes]
    return "".join(parts)


def _age(answer: Answer) -> list[str]:
    """How old the rows are, where they are not of this moment."""
    if answer.stale_since:
        return [f"stale: the engine is slow, rows of {html.escape(answer.stale_since)}"]
    return [] if answer.age_seconds is None else [f"remembered for {answer.age_seconds:,.0f} s"]


def _table_html(table: pa.Table) -> str:
    import pyarrow as pa

    shown = table.slice(0, SHOWN_ROWS).select(list(range(min(table.num_columns, SHOWN_COLUMNS))))
    numeric = [
        pa.types.is_integer(each.type) or pa.types.is_floating(each.type) or pa.types.is_decimal(each.type)
        for each in shown.schema
    ]
    sides = ["right" if number else "left" for number in numeric]
    heads = "".join(
        f'<th style="{_LINE}; text-align: {side}">{html.escape(name)}</th>'
        for name, side in zip(shown.column_names, sides, strict=True)
    )
    columns = [column.to_pylist() for column in shown.columns]
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td style="{_LINE}; text-align: {side}">{_cell(column[row])}</td>'
            for column, side in zip(columns, sides, strict=True)
        )
        + "</tr>"
        for row in range(shown.num_rows)
    )
    style = "border-collapse: collapse; margin: 6px 0; font-variant-numeric: tabular-nums"
    return f'<table style="{style}"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _cell(value: object) -> str:
    if value is None:
        return f'<span style="{_FAINT}">∅</span>'
    text = written(value)
    return html.escape(text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…")
