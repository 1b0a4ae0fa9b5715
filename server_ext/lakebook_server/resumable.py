"""How the OpenAPI document describes resumable uploads: headers say what bodies say elsewhere."""

from __future__ import annotations

from typing import Any

ERROR = {
    "description": "An error.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}
WHOLE = {"type": "integer", "minimum": 0}
TEXT = {"type": "string"}
HEADERS: dict[str, tuple[str, dict[str, Any]]] = {
    "Tus-Resumable": ("The version of the protocol, 1.0.0.", TEXT),
    "Upload-Length": ("Bytes of the whole file.", WHOLE),
    "Upload-Offset": ("Bytes that have come.", WHOLE),
    "Upload-Metadata": ("Names and base64 values: `filename`, and the fields of ingest.", TEXT),
    "Upload-Checksum": ("`sha1` or `sha256`, a blank, the digest of this part in base64.", TEXT),
    "Upload-Expires": ("When the upload is forgotten.", TEXT),
    "Location": ("The upload's address; its last part is also the id of the job that it becomes.", TEXT),
    "Tus-Version": ("The versions that the server speaks.", TEXT),
    "Tus-Extension": ("The extensions that the server speaks.", TEXT),
    "Tus-Max-Size": ("Bytes of the largest file.", WHOLE),
    "Tus-Checksum-Algorithm": ("The kinds of checksum that the server knows.", TEXT),
}


def _given(name: str, required: bool = True) -> dict[str, Any]:
    description, schema = HEADERS[name]
    return {"name": name, "in": "header", "required": required, "description": description, "schema": schema}


def _answer(description: str, *names: str) -> dict[str, Any]:
    headers = {name: {"description": HEADERS[name][0], "schema": HEADERS[name][1]} for name in names}
    return {"description": description, "headers": headers}


CREATION = [_given(name, False) for name in ("Tus-Resumable", "Upload-Length", "Upload-Metadata")]
CREATED = _answer("The upload has begun (only with `Tus-Resumable`).", "Location", "Upload-Offset", "Upload-Expires")
_ID = {"name": "upload_id", "in": "path", "required": True, "schema": TEXT}


def abilities(name: str) -> dict[str, Any]:
    """The operation that tells what the server can."""
    said = _answer("Said.", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm")
    return _operation(name, "What the server can of tus 1.0.", [], {"204": said})


def operations() -> dict[str, Any]:
    """The operations on one upload."""
    version = _given("Tus-Resumable")
    bytes_of_it = {"application/offset+octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {
        "parameters": [_ID],
        "head": _operation(
            "upload_show", "How far an upload is.", [version],
            {"200": _answer("It stands.", "Upload-Offset", "Upload-Length", "Upload-Metadata", "Upload-Expires")},
        ),
        "patch": {
            **_operation(
                "upload_continue", "Send the next bytes; after the last one the upload becomes the job of its id.",
                [version, _given("Upload-Offset"), _given("Upload-Checksum", False)],
                {"204": _answer("Taken.", "Upload-Offset", "Upload-Expires")},
            ),
            "requestBody": {"required": True, "content": bytes_of_it},
        },
        "delete": _operation("upload_delete", "Forget an upload.", [version], {"204": _answer("Forgotten.")}),
        "options": abilities("upload_options"),
    }  # fmt: skip


def _operation(name: str, summary: str, parameters: list[dict[str, Any]], responses: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "tags": ["ingest"],
        "parameters": parameters,
        "responses": {**responses, "default": ERROR},
    }
