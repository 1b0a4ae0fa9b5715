"""The verb `ingest`: refuse at once what cannot work, gather the tables, load each under its name's lane."""

from __future__ import annotations

from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lakebook import names
from lakebook.call import Call
from lakebook.errors import BadFile, JobCancelled, LakebookError, LeaseLost, NameTaken
from lakebook.ids import new_id
from lakebook.ingest.contract import rules_for
from lakebook.ingest.load import Loading, load
from lakebook.ingest.models import IngestRequest, IngestResult, TableMade
from lakebook.ingest.relations import relations_of
from lakebook.ingest.sources import folder
from lakebook.ingest.sources.database import settle
from lakebook.ingest.sources.gather import gather, remote_module, scheme_of, title_of
from lakebook.ingest.sources.material import Material
from lakebook.ingest.sources.own_names import own_name
from lakebook.ingest.sources.packed import inner_name


def prepare(call: Call, request: IngestRequest) -> dict[str, Any]:
    """Refuse at once what cannot work: a missing or empty file, an empty folder, an unknown scheme, a taken name."""
    filename = _at_the_door(call, request)
    layer, bare, taken = check_name(call, request, filename)
    dataset_id = taken["dataset_id"] if taken is not None else new_id()
    return {"title": filename, "dataset_id": dataset_id, "layer": layer, "filename": filename, "named": bare,
            "s3_key": call.runtime.lake.key(layer, dataset_id)}  # fmt: skip


def check_name(call: Call, request: IngestRequest, filename: str) -> tuple[str, str | None, Any]:
    """The layer, the name that was given and the dataset that has it; NameTaken where that must not be."""
    layer, bare = names.split_layer(request.name) if request.name else (None, None)
    name = names.for_table(bare or names.from_file(inner_name(filename)))
    request.name = name
    layer = layer or "bronze"
    taken = call.runtime.catalog.find(layer, name)
    if taken is not None and request.mode == "fail" and not (request.key or request.watermark):
        raise NameTaken(f"A dataset is already called {name!r}.")
    # A source of several tables has a contract for each of them, and is asked for it when they are known.
    if request.contract and (taken is not None or bare is not None):
        rules_for(call, layer, name)
    return layer, bare, taken


def _at_the_door(call: Call, request: IngestRequest) -> str:
    """What the source is called, once it is plain that it can be read; makes a path absolute."""
    scheme = scheme_of(request.source)
    if scheme is not None:
        module = remote_module(scheme)
        title: str = module.prepare(call, request) if hasattr(module, "prepare") else title_of(request.source)
        return title
    given, source = request.source, (call.folder / request.source).absolute()
    request.source = str(source)
    if folder.parts(request.source) is not None:
        return source.name if source.is_dir() else folder.title(source)
    if not source.exists():
        raise BadFile(f"There is no file {given}.", hint="Check the path.")
    filename = call.upload_name or source.name
    if source.stat().st_size == 0:
        raise BadFile(f"{filename} is empty.", hint="Choose a file with a header and rows.")
    return filename


def ingest(call: Call, request: IngestRequest) -> IngestResult:
    """Load every table of the source; a load found half done is completed, never redone."""
    if call.job is None:
        raise BadFile("Ingest runs as a job.", hint="Call it through a door.")
    facts = call.job.metadata
    made: list[IngestResult] = []
    failed: list[TableMade] = []
    faults: list[LakebookError] = []
    with closing(gather(call, request, facts)) as found:
        for material in found:
            try:
                made.append(_load(call, request, facts, material))
            except (JobCancelled, LeaseLost):
                raise
            except LakebookError as error:
                if material.name is None:
                    raise
                failed.append(TableMade(name=material.name, error=error.to_dict()))
                faults.append(error)
            finally:
                material.drop()
    if not made:
        raise faults[0] if faults else BadFile(f"{facts['filename']} holds no table.", hint="Look at the source.")
    # A staged frame goes only now: until the load stands, another attempt reads it again.
    if Path(request.source).parent == call.runtime.settings.folder("tmp"):
        Path(request.source).unlink(missing_ok=True)
    others = [TableMade(name=one.name, dataset_id=one.dataset_id, version=one.version, rows=one.rows,
                        columns=one.columns)
              for one in made[1:]]  # fmt: skip
    return made[0].model_copy(update={"tables": [*others, *failed]})


def _load(call: Call, request: IngestRequest, facts: dict[str, Any], material: Material) -> IngestResult:
    """One table; a source's own table gets a checked name and ids that another attempt finds again."""
    name, job_id = request.name or "", call.job.job_id if call.job else ""
    if material.name is not None:
        name = material.table or own_name(material.name, facts.get("named"))
        load_id = str(uuid5(NAMESPACE_URL, f"{job_id}/{material.name}"))
    else:
        load_id = job_id
    if material.fault is not None:
        raise material.fault
    with name_lane(call, facts["layer"], name):
        settle(call, material, facts["layer"], name)
        own_id = str(uuid5(NAMESPACE_URL, f"{load_id}/dataset")) if material.name is not None else None
        loading = Loading(
            load_id=load_id,
            dataset_id=_dataset_id(call, request, facts)
            if own_id is None
            else _own_id(call, request, name, own_id, joins=material.mode is not None),
            layer=facts["layer"],
            name=name,
            sources=material.files,
            source=material.source,
            source_hash=material.source_hash,
            source_kind=material.source_kind,
            append=material.mode == "append" or (request.mode == "append" and material.mode is None),
            facts=_facts(request, facts, material),
            deviations=material.deviations,
            deviation_counts=material.counted(),
            rejected=material.rejected,
            dialect=material.dialect,
            again=request.again,
            schema_mode=request.schema_mode,
            contract=request.contract,
        )
        return load(call, loading, material.options)


def _facts(request: IngestRequest, facts: dict[str, Any], material: Material) -> dict[str, Any]:
    """What the version must know for the next load, and what is to be said about this one."""
    found = material.facts() | relations_of(material, facts.get("named") if material.name is not None else None)
    if material.watermark is None or request.key or material.keys:
        return found
    column = material.watermark["column"]
    return found | {
        "message": f"The next load takes rows whose {column} is past the last one: a row that comes later with "
        f"the same {column} is missed, for no key tells it from those that are here.",
        "hint": "Name the columns that do: `--key id`.",
    }


def name_lane(call: Call, layer: str, name: str) -> AbstractContextManager[None]:
    """The name's only writer while inside: two who make one table must make it once."""
    return call.runtime.lake.name_lane(layer, name)


def _dataset_id(call: Call, request: IngestRequest, facts: dict[str, Any]) -> str:
    """The table that the job was checked against, or the one that another job has made under the name since."""
    checked, catalog = str(facts["dataset_id"]), call.runtime.catalog
    if request.mode == "fail" or catalog.versions(checked):
        return checked
    found = catalog.find(facts["layer"], request.name or "")
    return checked if found is None else str(found["dataset_id"])


def _own_id(call: Call, request: IngestRequest, name: str, fresh: str, *, joins: bool) -> str:
    """The id of one of several tables: the standing table's where it may be written, else the fresh one."""
    layer = call.job.metadata["layer"] if call.job else "bronze"
    found = call.runtime.catalog.find(layer, name)
    if found is None or found["dataset_id"] == fresh:
        return fresh
    if request.mode == "fail" and not joins:
        raise NameTaken(f"A dataset is already called {name!r}.")
    return str(found["dataset_id"])
