"""A table's rows, batch by batch, in one schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 10_000


def schema_of(files: Sequence[str]) -> pa.Schema:
    """The schema that holds the rows of all the files."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    schemas = [pq.ParquetFile(file).schema_arrow.remove_metadata() for file in files]
    return pa.unify_schemas(schemas, promote_options="permissive")


def batches(files: Sequence[str], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows in the order of the files; columns that a file lacks are null."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    for file in files:
        for batch in pq.ParquetFile(file).iter_batches(batch_size=BATCH):
            if batch.schema.equals(schema):
                yield batch
                continue
            columns = [
                batch.column(field.name).cast(field.type)
                if field.name in batch.schema.names
                else pa.nulls(batch.num_rows, field.type)
                for field in schema
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)
