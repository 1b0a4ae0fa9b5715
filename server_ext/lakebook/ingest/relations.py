"""The keys that a database's table has: kept with the version that was made of it, under the columns' names here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.call import Call
from lakebook.ingest.sources.material import Material
from lakebook.ingest.sources.snapshot import standing_name

if TYPE_CHECKING:
    from lakebook.ingest.load import Loading


def relations_of(material: Material, named: str | None) -> dict[str, Any]:
    """`keys` and `references` of the material, where it has any; `named` stands before the names of its tables here."""
    found: dict[str, Any] = {}
    if material.keys:
        found["keys"] = list(material.keys)
    if material.references:
        found["references"] = [
            {
                "columns": list(one.columns),
                "table": _here(one.table, material.called, named),
                "table_columns": list(one.table_columns),
            }
            for one in material.references
        ]
    return found


def standing_relations(call: Call, loading: Loading) -> dict[str, Any]:
    """The relations of the version that rows are added to: they hold for the table that comes of it."""
    found = call.runtime.catalog.find(loading.layer, loading.name) if loading.append else None
    if found is None:
        return {}
    report = call.runtime.catalog.version(found["dataset_id"], found["version"])["report"]
    return {name: report[name] for name in ("keys", "references") if name in report}


def settled(facts: Mapping[str, Any], standing: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """The facts with relations in the names that the columns have in the table; those of no column are left out."""
    facts = {**standing, **facts}
    found = {name: value for name, value in facts.items() if name not in ("keys", "references")}
    keys = [standing_name(key, columns) for key in facts.get("keys", [])]
    if keys and None not in keys:
        found["keys"] = keys
    references = []
    for one in facts.get("references", []):
        own = [standing_name(name, columns) for name in one["columns"]]
        if None not in own:
            references.append({**one, "columns": own})
    if references:
        found["references"] = references
    return found


def renamed(report: Mapping[str, Any], new_names: Mapping[str, str], dropped: Sequence[str]) -> dict[str, Any]:
    """The relations of a version after columns were renamed and dropped."""
    found: dict[str, Any] = {}
    keys = list(report.get("keys", []))
    if keys and not set(keys) & set(dropped):
        found["keys"] = [new_names.get(name, name) for name in keys]
    references = [
        {**one, "columns": [new_names.get(name, name) for name in one["columns"]]}
        for one in report.get("references", [])
        if not set(one["columns"]) & set(dropped)
    ]
    return {**found, "references": references} if references else found


def _here(table: str, called: Mapping[str, str], named: str | None) -> str:
    """What the table is called here; a database may know a table by its name in another case."""
    folded = {names.key(part): name for part, name in called.items()}
    found = called.get(table) or folded.get(names.key(table))
    if found is not None:
        return found
    own = names.from_file(table)
    return f"{named}_{own}" if named else own
