"""Delta tables in layers: where they lie, how a load is committed, which lane writes them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook import names
from lakebook.errors import Conflict, DiskFull

if TYPE_CHECKING:
    from deltalake import CommitProperties, DeltaTable, Schema

NAIVE_TIMES = "timestampNtz"


@dataclass(frozen=True)
class Committed:
    """A load that stands in its Delta table."""

    delta_version: int
    files: tuple[str, ...]
    size_bytes: int


class Lake:
    """The folder of the tables: `<layer>/<dataset id>/`."""

    def __init__(self, folder: Path, temporary: Path) -> None:
        self.folder = folder
        self.temporary = temporary

    def key(self, layer: str, dataset_id: str) -> str:
        """Where a table lies, relative to the lake."""
        return f"{layer}/{dataset_id}"

    def table_folder(self, layer: str, dataset_id: str) -> Path:
        """The table's folder, made if missing."""
        path = self.folder / layer / dataset_id
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def paths(self, key: str, files: list[str]) -> tuple[str, ...]:
        """The local paths of a version's Parquet files."""
        return tuple(str(self.folder / key / name) for name in files)

    @contextmanager
    def lane(self, layer: str, dataset_id: str, *, wait: float = -1) -> Iterator[None]:
        """The table's only writer while inside; Conflict where another writes for more than `wait` seconds."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.temporary / f"lane-{layer}-{dataset_id}.lock")
        try:
            lock.acquire(timeout=wait)
        except Timeout as error:
            raise Conflict("Another load writes this table now.", hint="Try again when it has ended.") from error
        try:
            yield
        finally:
            lock.release()

    def name_lane(self, layer: str, name: str, *, wait: float = -1) -> AbstractContextManager[None]:
        """The name's only writer while inside: two who make one table must make it once."""
        key = hashlib.sha256(names.key(name).encode()).hexdigest()[:32]
        return self.lane(layer, f"name-{key}", wait=wait)

    def committed(self, layer: str, dataset_id: str, load_id: str) -> Committed | None:
        """The load if the table's log already holds it."""
        from deltalake import DeltaTable

        folder = self.table_folder(layer, dataset_id)
        if not DeltaTable.is_deltatable(str(folder)):
            return None
        table = DeltaTable(str(folder))
        version = table.transaction_version(load_id)
        if version is None:
            return None
        table.load_as_version(version)
        return _standing(folder, version, [_name(uri) for uri in table.file_uris()])

    def commit(self, layer: str, dataset_id: str, load_id: str, parquet: Path, rows: int) -> Committed:
        """Make this Parquet file the table's whole content, under the load id as application transaction."""
        from deltalake import CommitProperties, DeltaTable, Schema, Transaction
        from deltalake.transaction import AddAction, create_table_with_add_actions
        from pyarrow import parquet as pq

        folder = self.table_folder(layer, dataset_id)
        _sync(parquet)
        schema = Schema.from_arrow(pq.read_schema(parquet))
        stat = parquet.stat()
        add = AddAction(
            parquet.name, stat.st_size, {}, int(stat.st_mtime * 1000), True, json.dumps({"numRecords": rows})
        )
        exists = DeltaTable.is_deltatable(str(folder))
        if exists:
            _allow_naive_times(DeltaTable(str(folder)), schema)
        version = DeltaTable(str(folder)).version() + 1 if exists else 0
        properties: CommitProperties = CommitProperties(app_transactions=[Transaction(load_id, version)])
        if exists:
            DeltaTable(str(folder)).create_write_transaction(
                [add], mode="overwrite", schema=schema, commit_properties=properties
            )
        else:
            create_table_with_add_actions(str(folder), schema, [add], commit_properties=properties)
        return _standing(folder, version, [parquet.name])

    def restore(self, layer: str, dataset_id: str, load_id: str, delta_version: int) -> Committed:
        """Give the table the content of this Delta version again: one commit over the same files, none is copied."""
        from deltalake import CommitProperties, DeltaTable, Transaction

        folder = self.table_folder(layer, dataset_id)
        table = DeltaTable(str(folder))
        properties: CommitProperties = CommitProperties(app_transactions=[Transaction(load_id, table.version() + 1)])
        table.restore(delta_version, commit_properties=properties)
        return _standing(folder, table.version(), [_name(uri) for uri in table.file_uris()])

    def discard(self, layer: str, dataset_id: str) -> None:
        """Remove a table's folder with everything in it."""
        shutil.rmtree(self.folder / layer / dataset_id, ignore_errors=True)

    def drop_empty(self, layer: str, dataset_id: str, half_made: Path) -> None:
        """After a failed load: remove its file, and the folder where the table never came to be."""
        for path in (half_made, half_made.with_name(half_made.name + ".part")):
            path.unlink(missing_ok=True)
        if not (self.folder / layer / dataset_id / "_delta_log").exists():
            self.discard(layer, dataset_id)


def _allow_naive_times(table: DeltaTable, schema: Schema) -> None:
    """A table made without naive timestamps must say that it will hold some before it does."""
    from deltalake import TableFeatures

    if "timestamp_ntz" in schema.to_json() and NAIVE_TIMES not in (table.protocol().writer_features or []):
        table.alter.add_feature(TableFeatures.TimestampWithoutTimezone, allow_protocol_versions_increase=True)


def _standing(folder: Path, version: int, files: list[str]) -> Committed:
    return Committed(version, tuple(files), sum((folder / name).stat().st_size for name in files))


def _name(uri: str) -> str:
    return uri.rsplit("/", 1)[-1]


def _sync(path: Path) -> None:
    try:
        with path.open("rb") as file:
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno == 28:
            raise DiskFull("No room left for the table's file.") from error
        raise
