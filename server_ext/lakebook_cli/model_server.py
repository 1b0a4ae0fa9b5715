"""`lakebook serve models`: registered models on a port of their own, for programs."""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import signal
import sys
from argparse import Namespace
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import parse_qs, unquote

from tornado.httpserver import HTTPServer
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    HTTPServerConnectionDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets

import lakebook
from lakebook.arguments import Parser
from lakebook.errors import (
    InvalidRequest,
    LakebookError,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    Unauthorized,
    Unavailable,
)
from lakebook.llm.endpoint import is_loopback
from lakebook.ml.serving.batcher import Answer, Asked, Batcher, refusal
from lakebook.ml.serving.protocol import JSON, MOST_BYTES, Style, check_head
from lakebook.runtime import Runtime, open_runtime
from lakebook_cli.ending import ended

IDLE_SECONDS, MOST_DROPPED = 300, 256 << 20
REASONS = {200: "OK", 400: "Bad Request", 429: "Too Many Requests", 503: "Service Unavailable"}
OWN = ("/lakebook/api/v1/ml/predict", "/lakebook/api/v1/predict")
OPEN: dict[str, str] = {"/ping": "\n", "/health": "\n", "/version": lakebook.__version__}
Reply = Callable[[Answer], None]


class Door(HTTPServerConnectionDelegate):
    """Hands each request to the batcher, and its answer back on the loop."""

    def __init__(self, batcher: Batcher, token: str) -> None:
        self.batcher, self.token = batcher, token
        self._loop = asyncio.get_running_loop()
        self._answered: deque[tuple[Reply, Answer]] = deque()
        self._told = False

    def deliver(self, reply: Reply, answer: Answer) -> None:
        """Have a request answered on the loop, from any thread; many at once wake it once."""
        self._answered.append((reply, answer))
        if not self._told:
            self._told = True
            self._loop.call_soon_threadsafe(self._reply_all)

    def _reply_all(self) -> None:
        self._told = False
        while self._answered:
            reply, answer = self._answered.popleft()
            reply(answer)

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> HTTPMessageDelegate:
        """One request's conversation."""
        return Conversation(self, request_conn)


class Conversation(HTTPMessageDelegate):
    """One request: refused by its head where it can be, else read and asked.

    The body of a refused request is read past and dropped: a client that is cut off while it sends hears no reason.
    """

    def __init__(self, door: Door, connection: Any) -> None:
        self._door, self._connection = door, connection
        self._parts: list[bytes] = []
        self._length = 0
        self._ask: Callable[[bytes], None] | None = None
        self._refused: Answer | None = None
        self._over = False

    def headers_received(self, start_line: Any, headers: HTTPHeaders) -> None:
        """Answer what needs no body; refuse who may not ask, and what no model reads."""
        try:
            self._begin(start_line, headers)
        except LakebookError as error:
            self._refused = refusal(error)

    def _begin(self, line: RequestStartLine, headers: HTTPHeaders) -> None:
        path, _, query = line.path.partition("?")
        if path in OPEN:
            self._reply(Answer(200, OPEN[path].encode()), "text/plain")
            return
        style, reference = _address(path)
        words = {name: values[-1] for name, values in parse_qs(query).items()} if query else {}
        if not is_allowed(self._door.token, headers.get("Authorization", ""), words.get("token", "")):
            raise Unauthorized("This server answers only with its token.", hint="It was printed when it started.")
        if line.method != "POST":
            raise MethodNotAllowed("Predictions are asked for with POST.")
        media = headers.get("Content-Type", "")
        length = headers.get("Content-Length", "0")
        check_head(style, media, int(length) if length.isdecimal() else 0)
        self._ask = partial(self._put, style, media, reference or words.get("model"), headers.get("Lakebook-Key"))

    def data_received(self, chunk: bytes) -> None:
        """Keep a part of the body, or drop it; past all patience, hang up."""
        self._length += len(chunk)
        if self._refused is None and self._length > MOST_BYTES:
            self._parts.clear()
            self._refused = refusal(PayloadTooLarge(f"The body has more than {MOST_BYTES:,} bytes."))
        if self._refused is None:
            self._parts.append(chunk)
        elif self._length > MOST_DROPPED:
            self._reply(self._refused)

    def finish(self) -> None:
        """Ask, now that the body is whole; or say why not."""
        if self._refused is not None:
            self._reply(self._refused)
        elif self._ask is not None:
            self._ask(b"".join(self._parts))

    def on_connection_close(self) -> None:
        """Nobody hears the answer any more."""
        self._over = True

    def _put(self, style: Style, media: str, reference: str | None, key: str | None, body: bytes) -> None:
        deliver = partial(self._door.deliver, self._reply)
        try:
            self._door.batcher.put(Asked(style, media, body, deliver, reference, key))
        except LakebookError as error:
            self._reply(refusal(error))

    def _reply(self, answer: Answer, media: str = JSON) -> None:
        if self._over:
            return
        self._over = True
        headers = HTTPHeaders({"Content-Type": media, "Content-Length": str(len(answer.body))})
        if answer.model is not None:
            headers["Lakebook-Model"] = json.dumps(answer.model).strip('"')
        if answer.status in (429, 503):
            headers["Retry-After"] = "1"
        line = ResponseStartLine("HTTP/1.1", answer.status, REASONS.get(answer.status, "Refused"))
        with suppress(StreamClosedError):
            self._connection.write_headers(line, headers, answer.body)
            self._connection.finish()


def _address(path: str) -> tuple[Style, str | None]:
    """How an address is asked, and the model that it names."""
    if path in OWN:
        return "lakebook", None
    if path == "/invocations":
        return "mlflow", None
    front, _, rest = path.removeprefix("/").partition("/")
    reference, _, last = rest.partition("/")
    if front == "models" and reference and last == "invocations":
        return "mlflow", unquote(reference)
    raise NotFound(f"There is nothing at {path[:80]!r}.", hint="Predictions are at /invocations and " + OWN[0] + ".")


def is_allowed(token: str, header: str, word: str) -> bool:
    """Whether the token came, in the header `Authorization: Bearer …` (or `token …`) or in the address."""
    if not token:
        return True
    kind, _, given = header.partition(" ")
    shown = given.strip() if kind.lower() in ("bearer", "token") else word
    return hmac.compare_digest(shown.encode(), token.encode())


def only_model(runtime: Runtime, named: str | None) -> str:
    """The model that requests mean which name none."""
    if named is not None:
        return named
    names = sorted({version.name for version in runtime.models.list()})
    if len(names) == 1:
        return names[0]
    raise NotFound(
        f"The request names no model, and there are {len(names)}.",
        hint="Ask /models/NAME/invocations, or start with `lakebook serve models --model NAME`.",
    )


def listen(door: Door, host: str, port: int) -> tuple[HTTPServer, int]:
    """A server that listens, and its port; Unavailable where the port cannot be had."""
    # The door itself refuses bodies that are too long, in one sentence; tornado would only hang up.
    server = HTTPServer(door, max_body_size=1 << 40, idle_connection_timeout=IDLE_SECONDS)
    try:
        sockets = bind_sockets(port, host)
    except OSError as error:
        raise Unavailable(f"Port {port} of {host} cannot be used.", hint="Choose another with `--port`.") from error
    server.add_sockets(sockets)
    return server, int(sockets[0].getsockname()[1])


async def serve(runtime: Runtime, model: str | None, host: str, port: int, token: str) -> None:
    """Serve until the process is told to end."""
    # The loop has the turn as soon as a thread has had it for half a millisecond: answers do not wait for questions.
    sys.setswitchinterval(0.0005)
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    runtime.predictors.warm()
    batcher = Batcher(runtime.predictors, partial(only_model, runtime, model))
    server, bound = listen(Door(batcher, token), host, port)
    asked = f"?token={token}" if token else ""
    print(f"Serving models at http://{host}:{bound}/invocations{asked}", flush=True)
    await ended.wait()
    server.stop()
    batcher.close()
    await server.close_all_connections()


def main(words: list[str]) -> int:
    """`lakebook serve models …`; 1 for a refusal, 2 for wrong use."""
    return ended(lambda: parser().parse_args(words), _serve)


def token_for(host: str, given: str | None) -> str:
    """What requests must bring: what was given, or a new one; none only where nobody else can ask."""
    if given == "" and not is_loopback(host):
        raise InvalidRequest(
            f"Without a token anyone who reaches {host} could ask the models.",
            hint="Leave `--token` out, or listen at 127.0.0.1.",
        )
    return secrets.token_hex(24) if given is None else given


def _serve(options: Namespace) -> int:
    token = token_for(options.host, options.token)
    runtime = open_runtime(options.home)
    try:
        if options.model is not None:
            runtime.predictors.meant(options.model)
        asyncio.run(serve(runtime, options.model, options.host, options.port, token))
    finally:
        runtime.close()
    return 0


def parser() -> Parser:
    """The words that `lakebook serve models` takes."""
    made = Parser(prog="lakebook serve models", description="Serve registered models on a port of their own.")
    made.add_argument("--home", default=None, help="Folder that holds everything lakebook keeps.")
    made.add_argument("--model", default=None, help="Model that requests mean which name none.")
    made.add_argument("--port", type=int, default=5001, help="Port to listen at; 0 for a free one.")
    made.add_argument("--host", default="127.0.0.1", help="Address to listen at.")
    made.add_argument(
        "--token", default=None, help="What requests must bring; one is made up where none is given, '' asks for none."
    )
    return made
