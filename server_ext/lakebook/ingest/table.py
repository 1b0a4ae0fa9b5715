"""A table as pipelines use it: read as a frame, written through the same native pass and commit as a file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.call import Call
from lakebook.errors import InvalidRequest, NotFound
from lakebook.ids import new_id
from lakebook.ingest.frames import stage
from lakebook.ingest.load import Loading, load
from lakebook.ingest.models import IngestResult
from lakebook.ingest.native import Options

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


class TableHandle:
    """One table of the lake, by `name` or `layer.name`."""

    def __init__(self, call: Call, name: str) -> None:
        layer, bare = names.split_layer(name)
        self._call, self._layer, self.name = call, layer, names.checked(bare)

    def __repr__(self) -> str:
        return f"<table {self._layer or 'bronze'}.{self.name}>"

    @property
    def exists(self) -> bool:
        """Whether the table is there."""
        with suppress(NotFound):
            return bool(self._row())
        return False

    def arrow(self) -> pyarrow.Table:
        """The rows as an Arrow table."""
        import pyarrow as pa
        from pyarrow import parquet as pq

        return pa.concat_tables([pq.read_table(path) for path in self._files()], promote_options="permissive")

    def polars(self) -> polars.DataFrame:
        """The rows as a polars frame; DECIMAL stays exact."""
        import polars as pl

        return pl.DataFrame(self.arrow())

    def df(self, *, decimals: bool = False) -> pandas.DataFrame:
        """The rows as a pandas frame; DECIMAL as float64 unless `decimals`."""
        import pyarrow as pa

        table = self.arrow()
        if not decimals:
            fields = [pa.field(f.name, pa.float64()) if pa.types.is_decimal(f.type) else f for f in table.schema]
            table = table.cast(pa.schema(fields))
        return table.to_pandas()

    def replace(self, frame: Any) -> IngestResult:
        """Make these rows the table's whole content; makes the table where it is missing."""
        return self._write(lambda staged, _standing: [staged], frame)

    def append(self, frame: Any) -> IngestResult:
        """Add these rows; makes the table where it is missing."""
        return self._write(lambda staged, standing: [*standing, staged], frame)

    def merge(self, frame: Any, on: str | Sequence[str]) -> IngestResult:
        """Put these rows in the place of all rows with the same key; makes the table where it is missing."""
        keys = [on] if isinstance(on, str) else list(on)
        if not keys:
            raise InvalidRequest("A merge needs a key.", hint='Name its columns: on=["day"].')
        return self._write(lambda staged, standing: self._merged(staged, standing, keys), frame)

    def _row(self) -> Any:
        catalog = self._call.runtime.catalog
        return catalog.row(f"{self._layer}.{self.name}" if self._layer else self.name)

    def _files(self) -> list[Path]:
        row = self._row()
        version = self._call.runtime.catalog.version(row["dataset_id"], row["version"])
        return [Path(path) for path in self._call.runtime.lake.paths(row["s3_key"], version["files"])]

    def _write(self, sources: Any, frame: Any) -> IngestResult:
        runtime, layer = self._call.runtime, self._layer or "bronze"
        staged = stage(frame, runtime.settings.folder("tmp"))
        made: list[Path] = [staged]
        try:
            # The lane of the name: two pipelines that make one table must make it once.
            with runtime.lake.lane(layer, f"name-{hashlib.sha256(names.key(self.name).encode()).hexdigest()[:32]}"):
                found = runtime.catalog.find(layer, self.name)
                standing = self._files() if found else []
                chosen = sources(staged, standing)
                made += [path for path in chosen if path not in standing]
                dataset_id = found["dataset_id"] if found else new_id()
                loading = Loading(new_id(), dataset_id, layer, self.name, chosen, _origin(), source_kind="pipeline")
                return load(self._call, loading, Options(format="parquet"))
        finally:
            for path in made:
                path.unlink(missing_ok=True)

    def _merged(self, staged: Path, standing: list[Path], keys: list[str]) -> list[Path]:
        import duckdb

        if not standing:
            return [staged]
        merged = staged.with_name(f"{new_id()}.parquet")
        same = " AND ".join(f'old."{key}" IS NOT DISTINCT FROM new."{key}"' for key in keys)
        with duckdb.connect() as connection:
            connection.execute("SET autoinstall_known_extensions=false")
            known = {row[0] for row in connection.execute("DESCRIBE FROM read_parquet($1)", [str(staged)]).fetchall()}
            for key in keys:
                if key not in known:
                    raise InvalidRequest(f"The key {key!r} is no column of the rows.", hint=f"It has: {sorted(known)}.")
            connection.execute(
                f"COPY (SELECT * FROM read_parquet($old, union_by_name=true) old WHERE NOT EXISTS "
                f"(SELECT 1 FROM read_parquet($new) new WHERE {same}) "
                f"UNION ALL BY NAME SELECT * FROM read_parquet($new)) TO '{merged}' (FORMAT parquet)",
                {"old": [str(path) for path in standing], "new": str(staged)},
            )
        return [merged]


def _origin() -> str:
    """What made the rows: the notebook's run, or a program."""
    return os.environ.get("LAKEBOOK_RUN_ID", "python")
