"""The verbs over semantic models: keep, show, list, delete, export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook import names
from lakebook.errors import BadModel
from lakebook.semantics import store
from lakebook.semantics.check import Check
from lakebook.semantics.current import tables_of
from lakebook.semantics.document import read
from lakebook.semantics.faults import Fault, refused
from lakebook.semantics.format import Parsed, parse
from lakebook.semantics.known import Tables, among
from lakebook.semantics.requests import (
    ModelChecked,
    ModelDetail,
    ModelDocument,
    ModelExport,
    ModelLoad,
    ModelRequest,
    ModelsRequest,
    ModelSummary,
    Said,
)  # isort: skip # fmt: skip
from lakebook.semantics.write import as_json, as_yaml, plain_of
from lakebook.verb import Listing

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from lakebook.call import Call
    from lakebook.semantics.model import SemanticModel


def load(call: Call, request: ModelLoad) -> ModelChecked:
    """Keep a model for everybody, in the place of one of its name; BadModel with every fault's line otherwise."""
    try:
        parsed = parse(request.document)
        faults = checked(parsed, among(tables_of(call)))
    except BadModel as error:
        if not request.check:
            raise
        return ModelChecked(name="", kept=False, valid=False, faults=[Said(**one) for one in error.details["faults"]])
    faults += _also_described(call, parsed)
    wrong = [one for one in faults if not one.is_note]
    if wrong and not request.check:
        raise refused(wrong)
    models = [model for _path, model in parsed.models]
    result = ModelChecked(
        name=models[0].name if models else "",
        kept=not request.check,
        valid=not wrong,
        datasets=[one.name for model in models for one in model.datasets],
        metrics=[one.name for model in models for one in model.metrics],
        faults=_said(wrong),
        notes=_said([one for one in faults if one.is_note]),
    )
    if request.check:
        return result
    with call.runtime.database.write() as connection:
        model_id = store.put(connection, result.name, request.document, user_id=call.principal.user_id)
        details = {"name": result.name, "datasets": result.datasets}
        call.runtime.audit.record_in(connection, call, "semantics.load", f"semantic_model:{model_id}", details)
    return result.model_copy(update={"model_id": model_id})


def list_models(call: Call, request: ModelsRequest) -> Listing[ModelSummary]:
    """The models of everybody by name, then your own words."""
    rows = store.kept(call.runtime.database, call.principal.user_id)
    if request.dataset is None:
        return Listing[ModelSummary](items=[_summary(row) for row in rows])
    wanted = call.runtime.catalog.row(request.dataset)
    tables = among(tables_of(call))
    return Listing[ModelSummary](
        items=[_summary(row) for row in rows if _speaks_of(row, tables, f"{wanted['layer']}.{wanted['name']}")]
    )


def show_model(call: Call, request: ModelRequest) -> ModelDetail:
    """One model with its file, and what is worth knowing of it now: columns may have gone since."""
    row = store.found(call.runtime.database, call.principal.user_id, request.model)
    faults = checked(parse(row["document"]), among(tables_of(call)))
    return ModelDetail(**_summary(row).model_dump(), document=row["document"], notes=_said(faults))


def delete_model(call: Call, request: ModelRequest) -> ModelSummary:
    """Take a model away; questions are understood without it from now on."""
    row = store.found(call.runtime.database, call.principal.user_id, request.model)
    with call.runtime.database.write() as connection:
        store.remove(connection, row["model_id"])
        resource, details = f"semantic_model:{row['model_id']}", {"name": row["name"]}
        call.runtime.audit.record_in(connection, call, "semantics.delete", resource, details)
    return _summary(row)


def export_model(call: Call, request: ModelExport) -> ModelDocument:
    """The model's file as it was loaded, or in the other form."""
    row = store.found(call.runtime.database, call.principal.user_id, request.model)
    text = str(row["document"])
    is_json = read(text).is_json
    wanted = request.format or ("json" if is_json else "yaml")
    if wanted == "json" and not is_json:
        text = as_json(text)
    elif wanted == "yaml" and is_json:
        text = as_yaml(plain_of(text))
    return ModelDocument(name=row["name"], format=wanted, document=text)


def checked(parsed: Parsed, tables: Tables) -> list[Fault]:
    """Every fault and note of a file, by line: of its form, of what it says, and beside the tables that are there."""
    found = list(parsed.faults)
    for path, model in parsed.models:
        found += Check(parsed.document, path, model, tables).faults()
    return sorted(found, key=lambda one: (one.line, one.message))


def _also_described(call: Call, parsed: Parsed) -> list[Fault]:
    """Notes on tables that another model speaks of too: figures of one name would be asked about."""
    tables, notes = among(tables_of(call)), []
    own = {names.key(model.name) for _path, model in parsed.models[:1]}
    others = [
        row for row in store.kept(call.runtime.database, call.principal.user_id) if row["owner"] == store.EVERYBODY
    ]
    for path, model in parsed.models:
        for number, dataset in enumerate(model.datasets):
            table = tables(dataset.source)
            for row in others:
                if table and row["name_key"] not in own and _speaks_of(row, tables, table.full_name):
                    line = parsed.document.line((*path, "datasets", number))
                    notes.append(Fault(line, f"The model {row['name']} speaks of {table.name} too.", is_note=True))
    return notes


def _summary(row: RowMapping) -> ModelSummary:
    models = _models(row)
    return ModelSummary(
        model_id=row["model_id"],
        name=row["name"],
        is_own=row["owner"] != store.EVERYBODY,
        version=row["version"],
        datasets=[one.name for model in models for one in model.datasets],
        metrics=[one.name for model in models for one in model.metrics],
        updated_at=row["updated_at"],
        user_id=row["user_id"],
    )


def _models(row: RowMapping) -> list[SemanticModel]:
    return [model for _path, model in parse(row["document"]).models]


def _speaks_of(row: RowMapping, tables: Tables, full_name: str) -> bool:
    found = (tables(one.source) for model in _models(row) for one in model.datasets)
    return any(one is not None and names.key(one.full_name) == names.key(full_name) for one in found)


def _said(faults: list[Fault]) -> list[Said]:
    return [Said(line=one.line, message=one.message) for one in faults]
