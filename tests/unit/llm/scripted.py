"""A server that speaks OpenAI's protocol on loopback and does what the test says, well or badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Act = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Keeps the body and the headers of each request, and answers by the script."""

    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        """Answer as the script says."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.bodies.append(body)
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.server.asked.set()
        self.server.next_act(json.loads(body))(self)

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        """A whole answer."""
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """The server: `acts` are done one after the other, the last one again and again."""

    daemon_threads = True
    # A test that ends does not wait for a client that hangs.
    block_on_close = False

    def __init__(self, acts: tuple[Act, ...], answers: Callable[[dict[str, Any]], str] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.acts = list(acts)
        self.answers = answers
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.asked = threading.Event()
        self.closed = threading.Event()
        self.gone = threading.Event()

    @property
    def address(self) -> str:
        """The address of its API."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def next_act(self, body: dict[str, Any]) -> Act:
        """What to do with this request."""
        if self.answers is not None:
            return says(self.answers(body))
        return self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is no fault here."""


def set_when_asked(server: Server, event: threading.Event) -> threading.Thread:
    """A running thread that sets the event once the server was asked."""

    def work() -> None:
        server.asked.wait(10)
        event.set()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


@contextmanager
def scripted(*acts: Act, answers: Callable[[dict[str, Any]], str] | None = None) -> Iterator[Server]:
    """The server, running; `answers` makes the text of a reply of the request's body instead of acts."""
    server = Server(acts or (says(""),), answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closed.set()
        server.shutdown()
        server.server_close()
        thread.join()


def completion(text: object, *, finish: str = "stop", usage: object = None, refusal: object = None) -> dict[str, Any]:
    """A chat completion as plain data."""
    message = {"role": "assistant", "content": text, "refusal": refusal}
    choice = {"index": 0, "finish_reason": finish, "message": message}
    counted = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18} if usage is None else usage
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": counted}


def says(text: object, **more: Any) -> Act:
    """Answers with a completion."""
    return lambda handler: handler.answer(200, json.dumps(completion(text, **more)).encode())


def sends(body: bytes, status: int = 200, **headers: str) -> Act:
    """Answers with these bytes."""
    return lambda handler: handler.answer(status, body, **headers)


def drops(handler: Handler) -> None:
    """Closes the connection without a word."""
    handler.close_connection = True


def breaks_off(handler: Handler) -> None:
    """Closes the connection in the middle of the body."""
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')
    handler.close_connection = True


def goes_on(status: int = 200) -> Act:
    """Sends bytes without end."""

    def act(handler: Handler) -> None:
        handler.send_response(status)
        handler.send_header("content-type", "application/json")
        handler.send_header("connection", "close")
        handler.end_headers()
        handler.close_connection = True
        try:
            while not handler.server.closed.is_set():
                handler.wfile.write(b" " * 65_536)
        except OSError:
            handler.server.gone.set()

    return act


def hangs(handler: Handler) -> None:
    """Says nothing until the client leaves; then `gone` is set."""
    handler.close_connection = True
    handler.connection.settimeout(10)
    try:
        if handler.connection.recv(1) == b"":
            handler.server.gone.set()
    except OSError:
        handler.server.gone.set()
