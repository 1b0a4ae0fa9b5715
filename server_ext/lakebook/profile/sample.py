"""A sample of a table's rows, from blocks spread over its file: it shows what is worth looking for in all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 20_000
BLOCKS = 8


def sampled(parquet: Path, columns: list[str]) -> pa.Table:
    """At most about `ROWS` rows of these columns: the first ones of up to `BLOCKS` row groups, evenly spread."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    with pq.ParquetFile(parquet, pre_buffer=False) as file:
        groups = file.metadata.num_row_groups
        chosen = [groups * number // min(BLOCKS, groups) for number in range(min(BLOCKS, groups))]
        each = ROWS // max(1, len(chosen))
        batches = [
            batch
            for group in chosen
            for batch in [next(file.iter_batches(batch_size=each, row_groups=[group], columns=columns), None)]
            if batch is not None
        ]
        schema = pa.schema([file.schema_arrow.field(name) for name in columns])
    return pa.Table.from_batches(batches, schema) if batches else schema.empty_table()
