"""Tables and files to draw: every common type, nulls, empties, unicode, extremes."""

from __future__ import annotations

import math
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import polars as pl
from hypothesis import strategies as st

Format = Literal["csv", "json", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "json", "parquet")

texts = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=10),
    st.sampled_from(("", " ", "NA", "null", "ß", "İ", "e\u0301", "𝄞", "a,b", 'say "x"', "=1+1", "007")),
)
whole = st.one_of(
    st.integers(-(2**63), 2**63 - 1), st.integers(-5, 5), st.sampled_from((-(2**63), 2**63 - 1, 2**53 + 1))
)
fractions = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from((0.0, -0.0, 1e308, 5e-324, 0.1))
)
days = st.dates(date(1, 1, 1), date(9999, 12, 31))
moments = st.datetimes(datetime.fromisoformat("1700-01-01"), datetime.fromisoformat("2200-01-01"))
KINDS: dict[pl.DataType, st.SearchStrategy[object]] = {
    pl.Int64(): whole,
    pl.Float64(): fractions,
    pl.String(): texts,
    pl.Boolean(): st.booleans(),
    pl.Date(): days,
    pl.Datetime("us"): moments,
}


@st.composite
def frames(
    draw: st.DrawFn, *, min_rows: int = 0, max_rows: int = 12, max_columns: int = 4, largest: float = math.inf
) -> pl.DataFrame:
    """A frame of a few typed columns called `c0`, `c1`, …, in which anything may be null."""
    height = draw(st.integers(min_rows, max_rows))
    columns = []
    for number in range(draw(st.integers(1, max_columns))):
        kind = draw(st.sampled_from(sorted(KINDS, key=str)))
        known = KINDS[kind].filter(lambda value: not isinstance(value, float) or abs(value) <= largest)
        cells = st.one_of(st.none(), known, known)
        values = draw(st.lists(cells, min_size=height, max_size=height))
        columns.append(pl.Series(f"c{number}", values, dtype=kind))
    return pl.DataFrame(columns)


def written(frame: pl.DataFrame, path: Path, kind: Format) -> Path:
    """The frame as a file of this format; its path with the ending."""
    path = path.with_name(f"{path.name}.{kind}")
    match kind:
        case "csv":
            frame.write_csv(path, quote_style="non_numeric")
        case "json":
            frame.write_ndjson(path)
        case "parquet":
            frame.write_parquet(path)
    return path
