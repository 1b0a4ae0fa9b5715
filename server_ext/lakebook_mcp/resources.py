"""What agents may read without asking: the profiles of tables, and the semantic models."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, unquote

from mcp import types

from lakebook.arguments import validated
from lakebook.errors import NotFound
from lakebook.verb import wire
from lakebook.verbs import BY_NAME
from lakebook_mcp.desk import Desk

SCHEME = "lakebook"
# A kind of resource: the verb that lists its things, a thing's name, the verb that shows one and its field.
KINDS = {
    "profile": ("datasets.list", "full_name", "profile", "dataset"),
    "semantics": ("semantics.list", "name", "semantics.show", "model"),
}
WORDS = {"profile": "Profile of the table {}.", "semantics": "What the words of {} mean in the tables."}


def resources_of(desk: Desk) -> list[types.Resource]:
    """Every profile and semantic model that the caller may read."""
    return [_resource(kind, name) for kind in KINDS for name in _names(desk, kind)]


def read(desk: Desk, uri: str) -> str:
    """The resource's content as JSON; raises NotFound where there is none."""
    kind, _, name = uri.removeprefix(f"{SCHEME}://").partition("/")
    if kind not in KINDS or not name or not uri.startswith(f"{SCHEME}://"):
        raise NotFound(f"There is no resource {uri!r}.", hint="The list of resources names those that are there.")
    _, _, show, field = KINDS[kind]
    verb = BY_NAME[show]
    plain = wire(desk.carry_out(verb, validated(verb.request, {field: unquote(name)})))
    return json.dumps(plain.model_dump(mode="json"), ensure_ascii=False)


def _names(desk: Desk, kind: str) -> list[str]:
    listing, field, *_ = KINDS[kind]
    verb = BY_NAME[listing]
    items: list[Any] = wire(desk.carry_out(verb, validated(verb.request, {}))).model_dump()["items"]
    return [_full_name(item) if field == "full_name" else str(item[field]) for item in items]


def _full_name(item: dict[str, Any]) -> str:
    return f"{item['layer']}.{item['name']}"


def _resource(kind: str, name: str) -> types.Resource:
    return types.Resource(
        name=f"{kind} {name}",
        uri=f"{SCHEME}://{kind}/{quote(name, safe='')}",
        description=WORDS[kind].format(name),
        mime_type="application/json",
    )
