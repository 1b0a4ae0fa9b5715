"""A model asked for its owner's sake: to compare it or to measure drift. Such questions are not recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lakebook.ml.model_version import Feature, ModelVersion
from lakebook.ml.requests import Prediction

if TYPE_CHECKING:
    import pyarrow as pa

    from lakebook.call import Call


def ask(call: Call, model: ModelVersion, table: pa.Table) -> tuple[pa.Table, list[Prediction]]:
    """The table's features as they travel, and this very version's answers; Conflict where it is archived."""
    from lakebook.ml.serving.feature_rows import from_table
    from lakebook.ml.serving.predictions import predictions_of

    predictors = call.runtime.predictors
    meant = predictors.meant(model.model_id)
    travelling, _warnings = from_table(as_given(table, model.features), model.features, table.column_names)
    if not travelling.num_rows:
        return travelling, []
    return travelling, predictions_of(meant.model, predictors.answers(meant, travelling))


def as_given(table: pa.Table, features: Sequence[Feature]) -> pa.Table:
    """The table with features in the types in which they are given: held-out rows have yes and no as numbers."""
    import pyarrow as pa

    for feature in features:
        place = table.schema.get_field_index(feature.name)
        if place >= 0 and feature.type == "boolean" and pa.types.is_floating(table.schema.field(place).type):
            table = table.set_column(place, feature.name, table.column(place).cast(pa.bool_()))
    return table
