"""The first rows of a table, as they may stand in JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lakebook.rows import json_rows


def first_rows(files: Sequence[str], count: int) -> list[dict[str, Any]]:
    """The first `count` rows of these Parquet files; DECIMAL and integers past 2^53 are text."""
    from pyarrow import parquet as pq

    taken: list[dict[str, Any]] = []
    for file in files:
        for batch in pq.ParquetFile(file).iter_batches(batch_size=count):
            taken += json_rows(batch.slice(0, count - len(taken)).to_pylist())
            if len(taken) >= count:
                return taken
    return taken
