"""A table as pipelines use it: read as a frame, written through the same native pass and commit as a file."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.call import Call
from lakebook.errors import InvalidRequest, NotFound
from lakebook.ids import new_id
from lakebook.ingest.accept import name_lane
from lakebook.ingest.frames import stage
from lakebook.ingest.load import Loading, load
from lakebook.ingest.models import IngestResult
from lakebook.ingest.native import Options
from lakebook.sql_text import literal, quoted

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

    def replace_by(self, parquet: Path, source: str) -> IngestResult:
        """Make a Parquet file's rows the table's whole content; the file is used up, `source` says what wrote it."""
        return self._write(lambda staged, _standing: [staged], parquet, source)

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
        return [Path(path) for path in self._call.runtime.files(self._row())]

    def _write(self, sources: Any, frame: Any, source: str = "python") -> IngestResult:
        runtime, layer = self._call.runtime, self._layer or "bronze"
        staged = frame if isinstance(frame, Path) else stage(frame, runtime.settings.folder("tmp"))
        made: list[Path] = [staged]
        try:
            with name_lane(self._call, layer, self.name):
                found = runtime.catalog.find(layer, self.name)
                standing = self._files() if found else []
                chosen = sources(staged, standing)
                made += [path for path in chosen if path not in standing]
                dataset_id = found["dataset_id"] if found else new_id()
                run_id = os.environ.get("LAKEBOOK_RUN_ID")
                loading = Loading(new_id(), dataset_id, layer, self.name, chosen, run_id or source,
                                  source_kind="pipeline", run_id=run_id)  # fmt: skip
                return load(self._call, loading, Options(format="parquet"))
        finally:
            for path in made:
                path.unlink(missing_ok=True)

    def _merged(self, staged: Path, standing: list[Path], keys: list[str]) -> list[Path]:
        """The standing rows without those that have a key of the staged ones, then the staged ones."""
        import duckdb
        from pyarrow import parquet as pq

        given = pq.read_schema(staged).names
        for key in keys:
            if key not in given:
                raise InvalidRequest(f"The key {key!r} is no column of the rows.", hint=f"They have: {sorted(given)}.")
        if not standing:
            return [staged]
        known = {name for path in standing for name in pq.read_schema(path).names}
        same = " AND ".join(
            f"old.{quoted(_standing_name(key, known))} IS NOT DISTINCT FROM new.{quoted(key)}" for key in keys
        )
        others = staged.with_name(f"{new_id()}.parquet")
        try:
            with duckdb.connect() as connection:
                connection.execute("SET autoinstall_known_extensions=false")
                connection.execute(
                    f"COPY (SELECT * FROM read_parquet($old, union_by_name=true) old WHERE NOT EXISTS "
                    f"(SELECT 1 FROM read_parquet($new) new WHERE {same})) TO {literal(str(others))} (FORMAT parquet)",
                    {"old": [str(path) for path in standing], "new": str(staged)},
                )
        except (duckdb.ConversionException, duckdb.BinderException) as error:
            others.unlink(missing_ok=True)
            raise InvalidRequest(
                f"The values of the key {', '.join(keys)} are of another type than the table's.",
                hint="Give the key the type that it has in the table.",
            ) from error
        return [others, staged]


def _standing_name(key: str, known: set[str]) -> str:
    """What the table calls this column of the rows: some characters of a header become `_` in it."""
    folded = {names.key(name): name for name in known}
    for name in (key, re.sub(r"[ ,;{}()\n\t=\r\0_]+", "_", key.strip())):
        if names.key(name) in folded:
            return folded[names.key(name)]
    raise InvalidRequest(f"The table has no column {key!r} to merge on.", hint=f"It has: {sorted(known)}.")
