"""The OpenAPI 3.1 document, made from the verbs; `python -m lakebook_server.openapi` writes `api.yaml`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from pydantic.json_schema import JsonSchemaMode, models_json_schema

import lakebook
from lakebook.jobs.models import Job
from lakebook.verb import Verb
from lakebook.verbs import VERBS
from lakebook_server import resumable

FILE = Path(__file__).parent / "api.yaml"
REF = "#/components/schemas/{model}"
ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "hint", "details", "request_id", "timestamp"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "hint": {"type": "string"},
                "details": {"type": "object"},
                "request_id": {"type": "string"},
                "timestamp": {"type": "string", "format": "date-time"},
            },
        }
    },
}


@cache
def document() -> dict[str, Any]:
    """The document as plain data."""
    kinds: dict[Any, None] = {Job: None}
    for verb in VERBS:
        kinds |= {verb.request: None, verb.result: None}
    modes: tuple[JsonSchemaMode, ...] = ("validation", "serialization")
    pairs = [(kind, mode) for kind in kinds for mode in modes]
    refs, definitions = models_json_schema(pairs, ref_template=REF)
    schemas = {**definitions.get("$defs", {}), "Error": ERROR}
    paths: dict[str, Any] = {}
    for verb in VERBS:
        for method, path in ((verb.method, verb.path), *verb.seed):
            paths.setdefault(path, {})[method.lower()] = _operation(verb, method, path, refs)
    for path in ("/uploads", "/data/upload"):
        paths[path] = {"post": _upload(path, refs)}
    paths["/uploads"]["options"] = resumable.abilities("uploads_options")
    paths["/uploads/{upload_id}"] = resumable.operations()
    paths["/openapi"] = {"get": _described("openapi", "This document.", {"type": "object"})}
    return {
        "openapi": "3.1.0",
        "info": {"title": "lakebook", "version": lakebook.__version__, "license": {"name": "BSD-3-Clause"}},
        "servers": [{"url": "/lakebook/api/v1"}, {"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "Authorization"}},
        },
    }


def _operation(verb: Verb, method: str, path: str, refs: Any) -> dict[str, Any]:
    given = refs[(verb.request, "validation")]
    result = refs[(verb.result, "serialization")]
    operation = _described(_id(verb, path), verb.help, result, verb.name.partition(".")[0])
    if media := getattr(verb.result, "media", None):
        file = {"schema": {"type": "string", "format": "binary"}}
        operation["responses"]["200"]["content"] = dict.fromkeys(media.values(), file)
    inside = re.findall(r"\{(\w+)\}", path)
    operation["parameters"] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in inside
    ]
    others = {name: field for name, field in verb.request.model_fields.items() if name not in inside}
    if method in ("GET", "DELETE"):
        properties = verb.request.model_json_schema()["properties"]
        operation["parameters"] += [
            {"name": name, "in": "query", "required": field.is_required(), "schema": properties[name]}
            for name, field in others.items()
        ]
    elif others:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": given}}}
    if verb.job:
        operation["parameters"].append(_WAIT)
        operation["responses"]["202"] = _content("The job that does it.", refs[(Job, "serialization")])
    return operation


_WAIT = {
    "name": "wait", "in": "query", "required": False,
    "description": "Seconds to wait for the result before answering 202.", "schema": {"type": "number", "default": 0},
}  # fmt: skip


def _upload(path: str, refs: Any) -> dict[str, Any]:
    operation = _described("upload" + ("" if path == "/uploads" else "_seed"), "Load one file as a table.",
                           refs[(Job, "serialization")], "ingest")  # fmt: skip
    operation["responses"]["202"] = operation["responses"].pop("200")
    if path == "/uploads":
        operation["responses"]["201"] = resumable.CREATED
    names = ("filename", "name", "mode", "format", "delimiter", "source_type")
    operation["parameters"] = [
        *({"name": name, "in": "query", "required": False, "schema": {"type": "string"}} for name in names),
        _WAIT,
        *(resumable.CREATION if path == "/uploads" else ()),
    ]
    binary = {"schema": {"type": "string", "format": "binary"}}
    form = {"type": "object", "properties": {"file": binary["schema"], "source_type": {"type": "string"}}}
    operation["requestBody"] = {
        "required": path != "/uploads",
        "content": {"application/octet-stream": binary, "multipart/form-data": {"schema": form}},
    }
    return operation


def _described(name: str, summary: str, schema: Any, tag: str = "lakebook") -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "tags": [tag],
        "responses": {
            "200": _content("The result.", schema),
            "default": _content("An error.", {"$ref": REF.format(model="Error")}),
        },
    }


def _content(description: str, schema: Any) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _id(verb: Verb, path: str) -> str:
    return verb.name.replace(".", "_") + ("" if path == verb.path else "_seed")


def text() -> str:
    """The document as YAML."""
    import yaml

    return yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=110)


if __name__ == "__main__":
    FILE.write_text(text())
