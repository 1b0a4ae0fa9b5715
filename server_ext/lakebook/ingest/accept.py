"""The verb `ingest`: refuse at once what cannot work, keep the file, load it under its name's lane."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from lakebook import names
from lakebook.call import Call
from lakebook.errors import BadFile, NameTaken
from lakebook.ids import new_id
from lakebook.ingest.keep import keep_file
from lakebook.ingest.load import Loading, load
from lakebook.ingest.models import IngestRequest, IngestResult
from lakebook.ingest.native import Options


def prepare(call: Call, request: IngestRequest) -> dict[str, Any]:
    """Refuse at once what cannot work: a missing file, a folder, an empty file, a taken name."""
    source = (call.folder / request.source).absolute()
    if not source.exists():
        raise BadFile(f"There is no file {request.source}.", hint="Check the path.")
    if source.is_dir():
        raise BadFile(f"{request.source} is a folder, not a file.", hint="Name one file in it.")
    if source.stat().st_size == 0:
        raise BadFile(f"{call.upload_name or source.name} is empty.", hint="Choose a file with a header and rows.")
    filename = call.upload_name or source.name
    request.source = str(source)
    layer, bare = names.split_layer(request.name) if request.name else (None, None)
    name = names.checked(bare or names.from_file(filename))
    request.name = name
    layer = layer or "bronze"
    taken = call.runtime.catalog.find(layer, name)
    if taken is not None and request.mode == "fail":
        raise NameTaken(f"A dataset is already called {name!r}.")
    dataset_id = taken["dataset_id"] if taken is not None else new_id()
    return {"title": filename, "dataset_id": dataset_id, "layer": layer, "filename": filename,
            "s3_key": call.runtime.lake.key(layer, dataset_id)}  # fmt: skip


def ingest(call: Call, request: IngestRequest) -> IngestResult:
    """Load one file as a dataset; a load found half done is completed, never redone."""
    if call.job is None:
        raise BadFile("Ingest runs as a job.", hint="Call it through a door.")
    facts, name = call.job.metadata, request.name or ""
    kept, digest = keep_file(call, Path(request.source), facts["filename"])
    with name_lane(call, facts["layer"], name):
        loading = Loading(
            load_id=call.job.job_id,
            dataset_id=_dataset_id(call, request, facts),
            layer=facts["layer"],
            name=name,
            sources=[kept],
            source=facts["filename"],
            source_hash=digest,
            append=request.mode == "append",
        )
        promised = promised_format(facts["filename"])
        made = load(call, loading, Options(request.format or promised, request.delimiter, request.null))
    # A staged frame goes only now: until the load stands, another attempt reads it again.
    if Path(request.source).parent == call.runtime.settings.folder("tmp"):
        Path(request.source).unlink(missing_ok=True)
    return made


def name_lane(call: Call, layer: str, name: str) -> AbstractContextManager[None]:
    """The name's only writer while inside: two who make one table must make it once."""
    key = hashlib.sha256(names.key(name).encode()).hexdigest()[:32]
    return call.runtime.lake.lane(layer, f"name-{key}")


def _dataset_id(call: Call, request: IngestRequest, facts: dict[str, Any]) -> str:
    """The table that the job was checked against, or the one that another job has made under the name since."""
    checked, catalog = str(facts["dataset_id"]), call.runtime.catalog
    if request.mode == "fail" or catalog.versions(checked):
        return checked
    found = catalog.find(facts["layer"], request.name or "")
    return checked if found is None else str(found["dataset_id"])


def promised_format(filename: str) -> str | None:
    """The format that a file's name promises and must then have; a CSV's name promises nothing."""
    return {".parquet": "parquet", ".jsonl": "json", ".ndjson": "json"}.get(Path(filename).suffix.lower())
