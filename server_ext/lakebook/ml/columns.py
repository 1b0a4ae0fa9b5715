"""The types a feature can have, and the one way columns become the numbers and words that models read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lakebook.ml.model_version import Feature, FeatureType

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

# A timestamp in nanoseconds holds these years; others count as missing.
FIRST_INSTANT, LAST_INSTANT = datetime(1678, 1, 1, tzinfo=UTC), datetime(2262, 1, 1, tzinfo=UTC)


def feature_type(dtype: pl.DataType) -> FeatureType | None:
    """The feature type of a polars column type, None where no model can read it."""
    import polars as pl

    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "number"
    if isinstance(dtype, pl.Boolean):
        return "boolean"
    if isinstance(dtype, (pl.String, pl.Categorical, pl.Enum)):
        return "text"
    if isinstance(dtype, pl.Date):
        return "date"
    return "timestamp" if isinstance(dtype, pl.Datetime) else None


def arrow_type(kind: FeatureType) -> pa.DataType:
    """The Arrow type in which values of a feature type travel to the models."""
    import pyarrow as pa

    if kind in ("integer", "number", "boolean"):
        return pa.float64()
    return pa.string() if kind == "text" else pa.timestamp("us")


def travel_schema(features: Sequence[Feature]) -> pa.Schema:
    """The Arrow schema of a table with exactly these features, in their order."""
    import pyarrow as pa

    return pa.schema([(feature.name, arrow_type(feature.type)) for feature in features])


def travel_column(column: pa.ChunkedArray[Any], kind: FeatureType) -> pa.ChunkedArray[Any]:
    """The column in its travelling type: infinities and not-a-number become null, instants become naive UTC."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = arrow_type(kind)
    missing = pa.scalar(None, wanted)
    if pa.types.is_null(column.type):
        return column.cast(wanted)
    if kind in ("date", "timestamp"):
        column = column.cast(wanted, safe=False)
        late_enough = pc.greater_equal(column, pa.scalar(FIRST_INSTANT, wanted))
        inside = pc.and_(late_enough, pc.less(column, pa.scalar(LAST_INSTANT, wanted)))
        kept: pa.ChunkedArray[Any] = pc.if_else(inside, column, missing)
        return kept
    if kind == "text":
        return column.cast(wanted)
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.uint8())
    column = column.cast(wanted, safe=False)
    finite: pa.ChunkedArray[Any] = pc.if_else(pc.is_finite(column), column, missing)
    return finite


def to_frame(table: pa.Table, features: Sequence[Feature]) -> pd.DataFrame:
    """A pandas frame of the features: float64 with NaN, object with None, datetime64[ns] with NaT."""
    import pandas as pd
    import pyarrow as pa

    columns: dict[str, object] = {}
    for feature in features:
        column = travel_column(table.column(feature.name), feature.type)
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("ns"))
        columns[feature.name] = column.to_pandas()
    return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows))
