"""Several members of an archive as one table, each row with the name of the member that it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

from lakebook.call import Call
from lakebook.errors import DiskFull
from lakebook.ingest.native import Options, Processed, process
from lakebook.ingest.sources.material import Material, part_hash

COLUMN = "member"
BATCH = 50_000


def united(call: Call, found: list[tuple[str, Path]], options: Options, archive: Material) -> Material:
    """The members' rows in one Parquet file in `tmp/`, with a column `member`; the plain members are gone then.

    They are read as one table, so that a column has one type; how many rows each brought is counted beside that.
    """
    staged, target = call.staged(".united.parquet"), call.staged(".members.parquet")
    try:
        whole = _read(call, [path for _name, path in found], staged, options, archive.source)
        counts = [(name, _rows_of(call, path, options, archive.source)) for name, path in found]
        if sum(count for _name, count in counts) != whole.row_count:
            return _without(archive, found)
        _write(call, staged, target, counts)
    except BaseException as error:
        _drop([target, *(path for _name, path in found)])
        if isinstance(error, OSError) and error.errno == 28:
            raise DiskFull(f"No room left to read {archive.source}.") from error
        raise
    finally:
        _drop([staged])
    _drop([path for _name, path in found])
    words = astuple(options)
    return replace(
        archive, files=[target], passing=[target], options=Options("parquet"), dialect=whole.dialect,
        source=_called(archive, found), source_hash=part_hash(archive.source_hash, *words),
        deviations=whole.deviations, deviation_counts=whole.deviation_counts, rejected=whole.rejected,
    )  # fmt: skip


def _called(archive: Material, found: list[tuple[str, Path]]) -> str:
    return f"{archive.source} ({len(found)} files)"


def _without(archive: Material, found: list[tuple[str, Path]]) -> Material:
    """The members as they are, where alone they give other rows than together; that is said."""
    reason = "read alone the files give other rows than together: none is told by its file"
    said = {"kind": "no_member", "line": None, "column": COLUMN, "raw": None, "reason": reason}
    return replace(archive, deviations=[said], passing=archive.files, source=_called(archive, found))


def _read(call: Call, files: list[Path], target: Path, options: Options, source: str) -> Processed:
    def report(fraction: float, rows: int) -> None:
        call.report(0.05 + 0.05 * fraction, f"reading {source}", rows=rows)

    return process(files, target, options, temporary=call.runtime.settings.folder("tmp"), report=report, called=source)


def _rows_of(call: Call, path: Path, options: Options, source: str) -> int:
    """How many rows a member brings."""
    alone = call.staged(".alone.parquet")
    try:
        return _read(call, [path], alone, options, source).row_count
    finally:
        _drop([alone])


def _write(call: Call, staged: Path, target: Path, counts: list[tuple[str, int]]) -> None:
    """Copy the rows, each with its member's name at the end."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    file = pq.ParquetFile(staged)
    schema = file.schema_arrow.remove_metadata()
    taken = {name.casefold() for name in schema.names}
    column = next(name for name in _candidates() if name.casefold() not in taken)
    names = _labels(counts)
    with pq.ParquetWriter(target, schema.append(pa.field(column, pa.string())), store_schema=False) as writer:
        for batch in file.iter_batches(batch_size=BATCH):
            call.check()
            labels = pa.array([next(names) for _row in range(batch.num_rows)], pa.string())
            plain = batch.replace_schema_metadata(None)
            writer.write_batch(plain.append_column(column, labels))


def _candidates() -> Iterator[str]:
    yield COLUMN
    number = 2
    while True:
        yield f"{COLUMN}_{number}"
        number += 1


def _labels(counts: list[tuple[str, int]]) -> Iterator[Any]:
    for name, count in counts:
        for _row in range(count):
            yield name


def _drop(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
