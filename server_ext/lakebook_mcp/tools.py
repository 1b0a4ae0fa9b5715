"""Which verbs agents may use, and how the protocol describes them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from mcp import types

from lakebook.jobs.models import Job
from lakebook.verb import Action, Verb
from lakebook.verbs import VERBS


def tools_of(allowed: Collection[Action]) -> dict[str, Verb]:
    """The verbs at this door whose action is allowed, by their tools' names."""
    return {tool_name(verb): verb for verb in VERBS if "mcp" in verb.doors and verb.action in allowed}


def tool_name(verb: Verb) -> str:
    """The verb's name in the letters that every client takes: `datasets_show`."""
    return verb.name.replace(".", "_")


def described(name: str, verb: Verb) -> types.Tool:
    """The tool as the protocol lists it: its schemas are those of the verb's request and result."""
    result = Job if verb.job else verb.result
    return types.Tool(
        name=name,
        title=verb.name,
        description=f"{verb.help} Answers at once with a job; `jobs_show` follows it." if verb.job else verb.help,
        input_schema=_plain(verb.request.model_json_schema(by_alias=False)),
        output_schema=_plain(result.model_json_schema(mode="serialization")),
        annotations=types.ToolAnnotations(
            read_only_hint=verb.action == "read",
            destructive_hint=verb.method == "DELETE",
            open_world_hint=False,
        ),
    )


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without what is for readers of Python alone."""
    return {"type": "object", **{key: value for key, value in schema.items() if key not in ("title", "description")}}
