"""Rows that a load could not read: they go into a table beside the dataset, visible together with the load."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from lakebook import names
from lakebook.call import Call
from lakebook.ids import new_id
from lakebook.ingest.native import Options, Processed, process
from lakebook.ingest.standing import standing_files

if TYPE_CHECKING:
    from lakebook.ingest.load import Loading
    from lakebook.lake.tables import Committed


@dataclass
class Rejected:
    """The rejected rows of a load, committed to their own table and not yet in the catalogue."""

    loading: Loading
    processed: Processed
    committed: Committed


@contextmanager
def rejected_rows(call: Call, loading: Loading, processed: Processed) -> Iterator[Rejected | None]:
    """The rejected rows beside the load, their table's lane held until it is visible; None where there are none."""
    if not processed.rejected:
        yield None
        return
    own = loading_of(call, loading)
    with call.runtime.lake.lane(own.layer, own.dataset_id):
        yield _committed(call, own, loading, processed.rejected)


def loading_of(call: Call, loading: Loading) -> Loading:
    """The load of the rejected rows; its ids come from the main load's, so another attempt has them again."""
    name = names.rejected_of(loading.name)
    load_id = str(uuid5(NAMESPACE_URL, f"{loading.load_id}/rejected"))
    found = call.runtime.catalog.find(loading.layer, name)
    dataset_id = found["dataset_id"] if found is not None else str(uuid5(NAMESPACE_URL, f"{load_id}/dataset"))
    return replace(loading, load_id=load_id, dataset_id=dataset_id, name=name, source_hash=None,
                   source_kind="rejected rows", append=True)  # fmt: skip


def discard_rejected(call: Call, loading: Loading) -> None:
    """Remove the table of a load's rejected rows where it never came to be."""
    own = loading_of(call, loading)
    if not call.runtime.catalog.versions(own.dataset_id):
        call.runtime.lake.discard(own.layer, own.dataset_id)


def _committed(call: Call, own: Loading, loading: Loading, rows: list[dict[str, Any]]) -> Rejected:
    """The rows that stood and the new ones as one file, in one Delta commit."""
    temporary = call.runtime.settings.folder("tmp")
    staged = temporary / f"{own.load_id}.rejected.parquet"
    # Each attempt has a file of its own: one that another attempt committed is never written over.
    parquet = call.runtime.lake.table_folder(own.layer, own.dataset_id) / f"{new_id()}.parquet"
    try:
        _write(staged, rows, loading)
        sources = [*standing_files(call, own), staged]
        processed = process(sources, parquet, Options(format="parquet"), temporary=temporary, report=_quietly)
        return Rejected(own, processed, _commit(call, own, parquet, processed))
    except BaseException:
        call.runtime.lake.drop_empty(own.layer, own.dataset_id, parquet)
        raise
    finally:
        staged.unlink(missing_ok=True)


def _commit(call: Call, own: Loading, parquet: Path, processed: Processed) -> Committed:
    """Complete the commit of an earlier attempt where nothing came between, else make one."""
    lake, catalog = call.runtime.lake, call.runtime.catalog
    earlier, versions = lake.committed(own.layer, own.dataset_id, own.load_id), catalog.versions(own.dataset_id)
    before = versions[0]["delta_version"] if versions else -1
    if earlier is not None and earlier.delta_version == before + 1:
        parquet.unlink()
        return earlier
    return lake.commit(own.layer, own.dataset_id, own.load_id, parquet, processed.row_count)


def _write(staged: Path, rows: list[dict[str, Any]], loading: Loading) -> None:
    import pyarrow as pa
    from pyarrow import parquet as pq

    words: list[tuple[str, pa.DataType]] = [(name, pa.string()) for name in ("raw", "reason", "load_id", "source")]
    schema = pa.schema([("line", pa.int64()), *words])
    own = {"load_id": loading.load_id, "source": loading.source}
    table = pa.Table.from_pylist([{**row, **own} for row in rows], schema=schema)
    pq.write_table(table, staged)


def _quietly(_fraction: float, _rows: int) -> None:
    """So few rows are read at once: there is nothing to report."""
