"""One request to an OpenAI-compatible server: what leaves is said before it leaves, what comes is read up to a size."""

from __future__ import annotations

import asyncio
import importlib
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lakebook.errors import LakebookError, MissingExtra
from lakebook.llm.endpoint import Endpoint
from lakebook.llm.outcomes import Kind

if TYPE_CHECKING:
    import openai

MOST_BYTES = 1 << 20
MOST_TOKENS = 400
CONNECT_SECONDS = 5.0
_LOOK_SECONDS = 0.05
# Nothing else is said about this machine, this Python or the organisation that may stand in its environment.
# The last one is the library's note to itself, without which it cannot give the reply as bytes.
_HEADERS = frozenset(
    {"host", "content-length", "content-type", "accept", "authorization", "connection", "x-stainless-raw-response"}
)
_BY_STATUS: dict[int, Kind] = {401: "refused_key", 403: "refused_key", 429: "rate_limited"}

Message = dict[str, str]


class Ended(Exception):
    """The request gave nothing: why, whether it may be sent again, and the wait in seconds that the server asks for."""

    def __init__(self, kind: Kind, *, again: bool = False, wait: float | None = None) -> None:
        super().__init__(kind)
        self.kind: Kind = kind
        self.again = again
        self.wait = wait


@dataclass(frozen=True)
class Ask:
    """One request: messages, temperature, and the seconds that it may take."""

    messages: Sequence[Message]
    temperature: float
    seconds: float


@dataclass(frozen=True)
class Got:
    """A whole reply: its text, tokens in and out where they are said, and the bytes received."""

    text: str
    tokens: tuple[int | None, int | None]
    received: int


def ready() -> None:
    """Load the library, which takes seconds the first time, before any time is counted; MissingExtra without it."""
    try:
        importlib.import_module("openai")
    except ModuleNotFoundError as error:
        raise MissingExtra.named("The client of language models", "llm") from error


def send(
    endpoint: Endpoint, key: str, ask: Ask, leaving: Callable[[bytes], None], cancel: threading.Event | None
) -> Got:
    """The model's reply; raises Ended. `leaving` gets the exact body before it is sent.

    It runs in a thread of its own, for the caller's may hold an event loop; to set `cancel` closes the connection.
    """
    found: list[Got | BaseException] = []
    stop = threading.Event()

    def work() -> None:
        try:
            found.append(asyncio.run(_until_stopped(_request(endpoint, key, ask, leaving), ask.seconds, stop, cancel)))
        except BaseException as error:
            found.append(error)

    thread = threading.Thread(target=work, name="lakebook-llm", daemon=True)
    thread.start()
    try:
        thread.join()
    except BaseException:
        stop.set()
        thread.join()
        raise
    outcome = found[0]
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


async def _until_stopped(work: Any, seconds: float, *stops: threading.Event | None) -> Got:
    task = asyncio.ensure_future(work)
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        done, _ = await asyncio.wait({task}, timeout=_LOOK_SECONDS)
        if done:
            got: Got = task.result()
            return got
        stopped = any(stop is not None and stop.is_set() for stop in stops)
        if stopped or asyncio.get_running_loop().time() >= deadline:
            task.cancel()
            await asyncio.wait({task})
            raise Ended("cancelled" if stopped else "timeout")


async def _request(endpoint: Endpoint, key: str, ask: Ask, leaving: Callable[[bytes], None]) -> Got:
    import openai

    async def before(request: Any) -> None:
        for name in [name for name in request.headers if name.lower() not in _HEADERS]:
            del request.headers[name]
        request.headers["Accept-Encoding"] = "identity"
        leaving(await request.aread())

    async def after(response: Any) -> None:
        _check(response)

    transport = openai.DefaultAsyncHttpxClient(
        # A proxy of the environment would carry a local question to another machine; so would a redirect.
        trust_env=not endpoint.is_local,
        follow_redirects=False,
        timeout=openai.Timeout(ask.seconds, connect=min(CONNECT_SECONDS, ask.seconds)),
        event_hooks={"request": [before], "response": [after]},
    )
    client = openai.AsyncOpenAI(base_url=endpoint.address, api_key=key, max_retries=0, http_client=transport)
    try:
        async with client:
            return _reply(await _body(client, endpoint, ask))
    except LakebookError:
        raise
    except Exception as error:  # of the library's own and of whichever transport it uses: all are one outcome here
        raise _ended(error) from error


async def _body(client: openai.AsyncOpenAI, endpoint: Endpoint, ask: Ask) -> bytes:
    most = {"max_tokens" if endpoint.is_local else "max_completion_tokens": MOST_TOKENS}
    messages: Any = list(ask.messages)
    body = bytearray()
    async with client.chat.completions.with_streaming_response.create(
        model=endpoint.model, messages=messages, temperature=ask.temperature, extra_body=most
    ) as response:
        async for piece in response.iter_bytes():
            body += piece
            if len(body) > MOST_BYTES:
                raise Ended("too_long")
    return bytes(body)


def _check(response: Any) -> None:
    """Look at the head of the reply; the body of an error is never read."""
    status = response.status_code
    if status == 200:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise Ended("malformed")
        return
    if 300 <= status < 400:
        raise Ended("moved")
    if status >= 500:
        raise Ended("server_error", again=True, wait=_wait(response))
    kind = _BY_STATUS.get(status, "refused_request")
    raise Ended(kind, again=kind == "rate_limited", wait=_wait(response))


def _wait(response: Any) -> float | None:
    said = response.headers.get("retry-after", "")
    return float(said) if said.isascii() and said.isdigit() and len(said) < 7 else None


def _ended(error: BaseException) -> Ended:
    """The outcome that lies under an error of the library or of its transport."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Ended):
            return cause
        name = type(cause).__name__
        if name == "ConnectError":
            return Ended("unreachable", again=True)
        if name.endswith(("Timeout", "TimeoutError")):
            return Ended("timeout")
        cause = cause.__cause__
    return Ended("unreachable")


def _reply(body: bytes) -> Got:
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Ended("malformed") from error
    choices = plain.get("choices") if isinstance(plain, dict) else None
    if not isinstance(choices, list):
        raise Ended("malformed")
    if not choices:
        raise Ended("empty")
    choice = choices[0]
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(message, dict):
        raise Ended("malformed")
    if message.get("refusal") or choice.get("finish_reason") == "content_filter":
        raise Ended("refusal")
    text = message.get("content")
    if text is not None and not isinstance(text, str):
        raise Ended("malformed")
    if not text or not text.strip():
        raise Ended("empty")
    if choice.get("finish_reason") == "length":
        raise Ended("truncated")
    usage = plain.get("usage")
    counted = usage if isinstance(usage, dict) else {}
    return Got(text, (_count(counted.get("prompt_tokens")), _count(counted.get("completion_tokens"))), len(body))


def _count(said: object) -> int | None:
    return said if isinstance(said, int) and not isinstance(said, bool) and 0 <= said < 2**31 else None
