"""A semantic model's file read into lakebook's own model, with every fault of its form named by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError

from lakebook.semantics.document import Document, Path, read
from lakebook.semantics.expressions import sql_of
from lakebook.semantics.faults import Fault
from lakebook.semantics.model import Dataset, Field, Metric, Relationship, SemanticModel
from lakebook.semantics.ossie import (
    SPECIFICATION,
    TIMES,
    OssieDataset,
    OssieField,
    OssieMetric,
    OssieModel,
    OssieRelationship,
    Part,
)  # fmt: skip

# Versions whose form is that of 0.2, or lacks only what is optional in it.
READ_VERSIONS = ("0.1", "0.2")


@dataclass
class Parsed:
    """What a file says: its models with the path at which each stands, and its faults."""

    document: Document
    models: list[tuple[Path, SemanticModel]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def parse(text: str) -> Parsed:
    """The models of a file and what is wrong with their form; raises BadModel where it is no YAML or JSON at all."""
    parsed = Parsed(read(text))
    data = parsed.document.data
    if not isinstance(data, dict):
        said = "The file is empty." if data is None else "A semantic model is a mapping with `name` and `datasets`."
        parsed.faults.append(Fault(1, said))
        return parsed
    _version(parsed, data)
    for path, part in _models(parsed, data):
        _parse_model(parsed, path, part)
    return parsed


def _version(parsed: Parsed, data: dict[str, Any]) -> None:
    version = data.get("version")
    if version is not None and not str(version).startswith(READ_VERSIONS):
        said = f"The file is written for version {version} of the format; this reads {SPECIFICATION}."
        parsed.faults.append(Fault(parsed.document.line(("version",)), said, is_note=True))


def _models(parsed: Parsed, data: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Both forms: a list under `semantic_model`, or the model at the top level."""
    if "semantic_model" not in data:
        yield (), {name: value for name, value in data.items() if name not in ("version", "dialects", "vendors")}
        return
    listed = data["semantic_model"]
    if isinstance(listed, dict):
        yield ("semantic_model",), listed
    elif isinstance(listed, list) and listed:
        yield from ((("semantic_model", number), part) for number, part in enumerate(listed))
    else:
        line = parsed.document.line(("semantic_model",))
        parsed.faults.append(Fault(line, "`semantic_model` must be a list of models."))


def _parse_model(parsed: Parsed, path: Path, part: Any) -> None:
    try:
        shape = OssieModel.model_validate(part)
    except ValidationError as error:
        parsed.faults += [_fault(parsed.document, path, one) for one in error.errors()]
        return
    parsed.faults += _unknown_keys(parsed.document, path, shape)
    parsed.models.append((path, _model(shape)))


def _fault(document: Document, path: Path, error: Any) -> Fault:
    inside: Path = tuple(one for one in error["loc"] if one != "function-before")
    line = document.line((*path, *inside))
    place, name = place_of(document.data, (*path, *inside[:-1])), inside[-1] if inside else ""
    kinds = {
        "missing": f"`{name}` is missing",
        "string_type": f"`{name}` must be text",
        "list_type": f"`{name}` must be a list",
        "dict_type": f"`{name}` must be a mapping",
        "bool_type": f"`{name}` must be true or false",
        "model_type": f"`{name}` must be a mapping" if isinstance(name, str) else "it must be a mapping",
        "too_short": f"`{name}` must not be empty",
        "string_too_short": f"`{name}` must not be empty",
        "literal_error": f"`{name}` must be one of {error.get('ctx', {}).get('expected', '')}",
    }
    said = kinds.get(error["type"], f"`{name}`: {str(error['msg']).lower()}")
    return Fault(line, f"{place}: {said}." if place else f"{said[:1].upper()}{said[1:]}.")


def place_of(data: Any, path: Path) -> str:
    """Where a path leads, in words: "dataset orders, field 3"."""
    kinds = {"datasets": "dataset", "fields": "field", "relationships": "relationship", "metrics": "metric"}
    found, here, kind = [], data, ""
    for step in path:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(step, int) and kind:
            name = here.get("name") if isinstance(here, dict) else None
            found.append(f"{kind} {name if isinstance(name, str) else step + 1}")
        kind = kinds.get(str(step), "")
    return ", ".join(found)


def _unknown_keys(document: Document, path: Path, part: BaseModel) -> Iterator[Fault]:
    """Keys that are nearly known ones are likely typing errors; others are left alone."""
    from rapidfuzz import fuzz, process

    known = {one.alias or name for name, one in type(part).model_fields.items()} | {"custom_extensions"}
    for extra in part.model_extra or {}:
        nearest = None if extra in known else process.extractOne(extra, sorted(known), scorer=fuzz.ratio)
        if nearest is not None and nearest[1] >= 80:
            said = f"`{extra}` is not used; did you mean `{nearest[0]}`?"
            yield Fault(document.line((*path, extra)), said, is_note=True)
    for name, one in type(part).model_fields.items():
        value, key = getattr(part, name), one.alias or name
        if isinstance(value, Part):
            yield from _unknown_keys(document, (*path, key), value)
        elif isinstance(value, list):
            for number, item in enumerate(value):
                if isinstance(item, Part):
                    yield from _unknown_keys(document, (*path, key, number), item)


def _model(shape: OssieModel) -> SemanticModel:
    return SemanticModel(
        name=str(shape.name),
        description=shape.description,
        instructions=shape.ai_context.instructions,
        datasets=tuple(map(_dataset, shape.datasets)),
        relationships=tuple(map(_relationship, shape.relationships)),
        metrics=tuple(map(_metric, shape.metrics)),
    )


def _dataset(shape: OssieDataset) -> Dataset:
    return Dataset(
        name=str(shape.name),
        source=str(shape.source),
        primary_key=_texts(shape.primary_key),
        fields=tuple(map(_field, shape.fields)),
        description=shape.description,
        synonyms=_texts(shape.ai_context.synonyms),
    )


def _field(shape: OssieField) -> Field:
    said = shape.dimension.is_time
    return Field(
        name=str(shape.name),
        expression=sql_of(shape.expression) or "",
        data_type=shape.datatype or "",
        label=shape.label,
        is_time=shape.datatype in TIMES if said is None else said,
        description=shape.description,
        synonyms=_texts(shape.ai_context.synonyms),
        value_synonyms=tuple((str(value), _texts(words)) for value, words in shape.ai_context.value_synonyms.items()),
    )


def _relationship(shape: OssieRelationship) -> Relationship:
    return Relationship(
        name=str(shape.name),
        from_dataset=str(shape.from_),
        to_dataset=str(shape.to),
        from_columns=_texts(shape.from_columns),
        to_columns=_texts(shape.to_columns),
    )


def _metric(shape: OssieMetric) -> Metric:
    return Metric(
        name=str(shape.name),
        expression=sql_of(shape.expression) or "",
        data_type=shape.datatype or "",
        description=shape.description,
        synonyms=_texts(shape.ai_context.synonyms),
    )


def _texts(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(str, given))
