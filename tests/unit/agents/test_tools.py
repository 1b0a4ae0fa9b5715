"""The agents' face by the protocol's own client: tools are the verbs, errors are sentences, nothing else is there."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Collection
from typing import Any, TypeVar

import pytest
from mcp import types
from mcp.client import Client
from mcp.shared.exceptions import MCPError

from lakebook.catalog.models import DataProfile
from lakebook.errors import NotFound
from lakebook.ids import new_id
from lakebook.jobs.models import Job
from lakebook.query.models import AnswerResult
from lakebook.verb import Action, Request, Verb
from lakebook.verbs import BY_NAME, VERBS
from lakebook_mcp.desk import RequestDesk
from lakebook_mcp.server import READING, server_of
from lakebook_mcp.tools import tools_of

Value = TypeVar("Value")
EVERY: frozenset[Action] = frozenset(("read", "write", "execute"))


class Desk(RequestDesk):
    """Remembers what was asked of it and answers with what the test gives."""

    def __init__(self, answers: dict[str, Any]) -> None:
        super().__init__(self.answer)
        self.answers, self.asked = answers, list[tuple[str, dict[str, Any]]]()

    def answer(self, verb: Verb, request: Request) -> Any:
        self.asked.append((verb.name, request.model_dump(exclude_unset=True)))
        answer = self.answers[verb.name]
        if isinstance(answer, Exception):
            raise answer
        return answer


def through(desk: Desk, talk: Callable[[Client], Awaitable[Value]], allowed: Collection[Action] = READING) -> Value:
    """What the talk of a client with a server at this desk comes to."""

    async def run() -> Value:
        async with Client(server_of(lambda _context: desk, allowed)) as client:
            return await talk(client)

    return asyncio.run(run())


def answered(**given: Any) -> AnswerResult:
    return AnswerResult(query_id=new_id(), status="answered", source="parser", **given)


def said(result: Any) -> str:
    block = result.content[0]
    assert isinstance(block, types.TextContent)
    return block.text


def test_the_tools_are_the_reading_verbs_with_their_own_schemas() -> None:
    tools = through(Desk({}), lambda client: client.list_tools()).tools
    reading = {verb.name.replace(".", "_") for verb in VERBS if verb.action == "read" and verb.mcp}
    assert {tool.name for tool in tools} == reading
    by_name = {tool.name: tool for tool in tools}
    ask = by_name["ask"]
    assert ask.description == BY_NAME["ask"].help
    assert set(ask.input_schema["properties"]) == set(BY_NAME["ask"].request.model_fields)
    assert ask.input_schema["required"] == ["question"]
    assert ask.output_schema is not None
    assert "results" in ask.output_schema["properties"]
    assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_names_fit_every_client_and_only_what_is_allowed_is_there(verb: Verb) -> None:
    name = verb.name.replace(".", "_")
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name)
    assert (name in tools_of(EVERY)) == verb.mcp
    assert (name in tools_of(READING)) == (verb.mcp and verb.action == "read")


def test_files_consents_and_confirmations_are_not_for_agents() -> None:
    files = {"files_show", "files_rows", "datasets_download", "demo", "ask_file", "evaluate"}
    people = {"llm_allow", "llm_forbid", "llm_values", "questions_verify"}
    assert not (files | people) & set(tools_of(EVERY))


def test_a_call_is_the_verb_and_its_result() -> None:
    desk = Desk({"ask": answered(sentence="There are 3 rows.", row_count=1)})
    result = through(desk, lambda client: client.call_tool("ask", {"question": "how many rows?"}))
    assert desk.asked == [("ask", {"question": "how many rows?"})]
    assert not result.is_error
    assert result.structured_content is not None
    assert result.structured_content["sentence"] == "There are 3 rows."
    assert json.loads(said(result)) == result.structured_content


def test_a_job_is_answered_at_once() -> None:
    moment = "2026-01-01T00:00:00Z"
    job = Job(
        job_id=new_id(), user_id="ann", job_type="training", verb="train", status="queued",
        created_at=moment, updated_at=moment,
    )  # fmt: skip
    desk = Desk({"train": job})
    result = through(
        desk, lambda client: client.call_tool("train", {"dataset": "orders", "target": "paid"}), allowed=EVERY
    )
    assert result.structured_content is not None
    assert result.structured_content["job_id"] == job.job_id


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("train", {"dataset": "orders", "target": "paid"}, "There is no tool 'train' here."),
        ("nothing", {}, "There is no tool 'nothing' here."),
        ("ask", {"question": "x", "colour": "red"}, "colour"),
        ("ask", {"question": ""}, "question: "),
        ("datasets_show", {"dataset": "ordres"}, "No dataset is called 'ordres'. Did you mean 'orders'?"),
        ("profile", {"dataset": "orders"}, "request id"),
    ],
    ids=["not-allowed", "unknown", "unknown-field", "empty", "not-found", "broken"],
)
def test_what_fails_is_one_sentence_and_no_internals(tool: str, arguments: dict[str, Any], words: str) -> None:
    desk = Desk(
        {
            "datasets.show": NotFound.named("dataset", "ordres", ["orders"]),
            "profile": ZeroDivisionError("/secret/path.py"),
        }
    )
    result = through(desk, lambda client: client.call_tool(tool, arguments))
    assert result.is_error
    assert words in said(result)
    assert "/secret" not in said(result)


def test_a_profile_is_a_resource() -> None:
    profile = DataProfile(
        dataset_id="d", name="orders", version=1, row_count=0, column_count=0, duplicate_rows=0, quality_score=1.0,
        columns=[], issues=[], generated_at="2026-01-01T00:00:00Z",
    )  # fmt: skip
    desk = Desk({"profile": profile})
    read = through(desk, lambda client: client.read_resource("lakebook://profile/bronze.orders"))
    assert desk.asked == [("profile", {"dataset": "bronze.orders"})]
    content = read.contents[0]
    assert isinstance(content, types.TextResourceContents)
    assert json.loads(content.text)["dataset_id"] == "d"


@pytest.mark.parametrize("uri", ["lakebook://nothing/here", "lakebook://profile/", "file:///etc/passwd"])
def test_what_is_no_resource_is_not_read(uri: str) -> None:
    async def refused(client: Client) -> str:
        with pytest.raises(MCPError) as raised:
            await client.read_resource(uri)
        return str(raised.value)

    desk = Desk({})
    assert "There is no resource" in through(desk, refused)
    assert desk.asked == []
