"""Arrow's own files and streams (also called Feather or IPC): copied batch by batch to Parquet for the native pass."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lakebook.call import Call
from lakebook.errors import BadFile, DiskFull
from lakebook.ingest.sources.packed import SPARE_DISK, Growth

FILE, STREAM, OLD = b"ARROW1", b"\xff\xff\xff\xff", b"FEA1"


def is_arrow(head: bytes) -> bool:
    """Whether a file that begins so is Arrow's: a file, a stream, or Feather's first version."""
    return head.startswith((FILE, STREAM, OLD))


def as_parquet(call: Call, kept: Path, filename: str) -> Path:
    """The file's rows as Parquet in `tmp/`; BadFile where it is damaged or holds what Parquet does not."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    plain = Growth(call, filename, kept.stat().st_size).path(f"{kept.stem[:16]}-arrow", ".parquet")
    try:
        with pa.memory_map(str(kept)) as source:
            schema, batches = _opened(source, filename)
            if not len(schema):
                raise BadFile(f"{filename} has no columns.", hint="Write it again with at least one.")
            # Arrow's own schema stays out: plain Parquet types are what every reader knows.
            with pq.ParquetWriter(plain, schema, store_schema=False) as writer:
                rows = 0
                for batch in batches:
                    batch.validate(full=True)
                    _room(plain, filename)
                    writer.write_batch(batch)
                    rows += batch.num_rows
                    call.report(0.1, f"reading {filename}", rows=rows)
    except BaseException as error:
        plain.unlink(missing_ok=True)
        if isinstance(error, (pa.ArrowNotImplementedError, pa.ArrowTypeError)):
            raise BadFile(
                f"{filename} holds a type that a table cannot have.", hint="Cast it, then write it."
            ) from error
        if isinstance(error, (pa.ArrowException, EOFError)) or (isinstance(error, OSError) and error.errno is None):
            raise BadFile(f"{filename} is cut short or damaged.", hint="Write it again.") from error
        if isinstance(error, OSError) and error.errno == 28:
            raise DiskFull(f"No room left to read {filename}.") from error
        raise
    return plain


def _opened(source: Any, filename: str) -> tuple[Any, Iterator[Any]]:
    from pyarrow import ipc

    head = source.read(len(FILE))
    source.seek(0)
    if head.startswith(OLD):
        raise BadFile(f"{filename} is of Feather's first version.", hint="Write it again as version 2 or Parquet.")
    if head == FILE:
        file = ipc.open_file(source)
        return file.schema, (file.get_batch(at) for at in range(file.num_record_batches))
    stream = ipc.open_stream(source)
    return stream.schema, iter(stream)


def _room(plain: Path, filename: str) -> None:
    if shutil.disk_usage(plain.parent).free < SPARE_DISK:
        raise DiskFull(f"No room left to read {filename}.")
