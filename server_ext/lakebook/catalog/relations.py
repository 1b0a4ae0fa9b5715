"""Which columns tell the rows of a dataset apart, and which name a row of another: as its database said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook import names
from lakebook.call import Call
from lakebook.catalog.models import TableReference
from lakebook.catalog.schemas import types_of

if TYPE_CHECKING:
    from sqlalchemy import RowMapping


def relations_of(call: Call, row: RowMapping) -> tuple[list[str], list[TableReference]]:
    """The primary key's columns, and the foreign keys; each with the dataset it leads to, where that is here."""
    report = call.runtime.catalog.version(row["dataset_id"], row["version"])["report"]
    found = [TableReference.model_validate(one) for one in report.get("references", [])]
    return list(report.get("keys", [])), [_led(call, row["layer"], one) for one in found]


def _led(call: Call, layer: str, reference: TableReference) -> TableReference:
    other = call.runtime.catalog.find(layer, reference.table)
    if other is None:
        return reference
    columns = {names.key(name): name for name in types_of(call.runtime.database, other["dataset_id"])}
    own = [columns.get(names.key(name), name) for name in reference.table_columns]
    return reference.model_copy(
        update={"table": other["name"], "table_columns": own, "dataset_id": other["dataset_id"]}
    )
