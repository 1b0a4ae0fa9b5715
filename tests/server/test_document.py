"""The OpenAPI document is what the verbs say, and every route is in it."""

from __future__ import annotations

import re

import yaml
from openapi_spec_validator import validate

from lakebook.verbs import VERBS
from lakebook_server.openapi import FILE, document, text
from lakebook_server.routes import PREFIXES, handlers
from lakebook_server.routes.missing import MissingHandler
from tests.server.conftest import Ask


def test_committed_file_is_up_to_date() -> None:
    assert FILE.read_text() == text(), "run `python -m lakebook_server.openapi`"


def test_document_is_openapi_3_1() -> None:
    validate(yaml.safe_load(FILE.read_text()))
    assert document()["openapi"] == "3.1.0"


def test_every_route_is_in_the_document() -> None:
    described = {re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) for path in document()["paths"]}
    for prefix in PREFIXES:
        routed = {
            pattern.removeprefix(prefix)
            for pattern, handler in handlers()
            if pattern.startswith(prefix) and handler is not MissingHandler
        }
        assert routed == described


def test_every_verb_is_described_with_its_help_and_fields() -> None:
    for verb in VERBS:
        operation = document()["paths"][verb.path][verb.method.lower()]
        assert operation["summary"] == verb.help
        named = {parameter["name"] for parameter in operation["parameters"]} - {"wait"}
        fields = set(verb.request.model_fields)
        body = "requestBody" in operation
        assert named <= fields
        assert body or named == fields
        assert ("202" in operation["responses"]) == (verb.job is not None)
        assert "default" in operation["responses"]


def test_no_default_is_written_twice() -> None:
    """Defaults in the document are those of the request models."""
    for verb in VERBS:
        properties = verb.request.model_json_schema().get("properties", {})
        for name, field in verb.request.model_fields.items():
            if not field.is_required() and field.default is not None and field.default_factory is None:
                assert properties[name]["default"] == field.default


async def test_document_is_served(ask: Ask) -> None:
    status, plain = await ask("GET", "/lakebook/api/v1/openapi")
    assert status == 200
    assert plain == document()
