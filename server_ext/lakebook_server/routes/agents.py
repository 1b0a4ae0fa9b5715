"""`/lakebook/mcp`: the agents' face on the server, one exchange a request, under the caller's own principal."""

from __future__ import annotations

import inspect
from collections.abc import MutableMapping
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from lakebook.errors import Forbidden, MissingExtra, PayloadTooLarge
from lakebook.jobs.submit import submit
from lakebook.verb import Request, Verb
from lakebook_server.base import Base

Message = MutableMapping[str, Any]
# What the server's own answer says about the connection is tornado's to say.
HOP_BY_HOP = {"content-length", "connection", "transfer-encoding", "server", "date"}


class AgentsHandler(Base):
    """The Model Context Protocol over HTTP, without sessions: every request stands for itself."""

    @web.authenticated
    @authorized("read", resource="lakebook:agents")
    async def post(self) -> None:
        """Answer one message of the protocol."""
        if len(self.request.body) > self.runtime.settings.max_body_bytes:
            raise PayloadTooLarge("The body is larger than this server takes.", hint="Ask for less at once.")
        try:
            from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

            from lakebook_mcp.desk import RequestDesk
            from lakebook_mcp.server import server_of
        except ModuleNotFoundError as error:
            raise MissingExtra.named("The library for agents", "mcp") from error
        desk = RequestDesk(self._carry)
        server = server_of(lambda _context: desk, self.settings["lakebook_agent_actions"])
        exchange = Exchange(self)
        manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
        async with manager.run():
            await manager.handle_request(exchange.scope, exchange.receive, exchange.send)

    def _carry(self, verb: Verb, request: Request) -> Any:
        """Carry the verb out as the route of the verb would, once the caller may; jobs are queued."""
        resource = f"lakebook:{verb.name.partition('.')[0]}"
        allowed = self.authorizer.is_authorized(self, self.current_user, verb.action, resource)
        if inspect.isawaitable(allowed):
            raise Forbidden("This server's authorizer cannot be asked from here.", hint="Use the REST interface.")
        if not allowed:
            raise Forbidden(f"You may not {verb.action} {resource.partition(':')[2]}.")
        call = self.call()
        return verb.run(call, request) if verb.job is None else submit(call, verb, request, staffed=True)


class Exchange:
    """One request and its answer in the form that the protocol's library speaks (ASGI)."""

    def __init__(self, handler: Base) -> None:
        self._handler = handler
        self._unread = True
        self._kind = "application/json"
        self._body: list[bytes] = []
        request = handler.request
        self.scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": request.protocol,
            "path": request.path,
            "raw_path": request.path.encode(),
            "query_string": request.query.encode(),
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in _headers(request)],
            "server": (request.host_name, None),
            "client": (request.remote_ip, 0),
        }

    async def receive(self) -> Message:
        """The body, whole; then the end of the connection."""
        if self._unread:
            self._unread = False
            return {"type": "http.request", "body": self._handler.request.body, "more_body": False}
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Hand a part of the answer to tornado."""
        if message["type"] == "http.response.start":
            self._handler.set_status(message["status"])
            for name, value in message.get("headers", ()):
                self._set(name.decode("latin-1").lower(), value.decode("latin-1"))
            return
        self._body.append(message.get("body", b""))
        if not message.get("more_body"):
            self._handler.finish(b"".join(self._body), set_content_type=self._kind)

    def _set(self, name: str, value: str) -> None:
        if name == "content-type":
            self._kind = value
        elif name not in HOP_BY_HOP:
            self._handler.set_header(name.title(), value)


def _headers(request: Any) -> list[tuple[str, str]]:
    """Every header but the caller's credentials, which are spent once the caller is known."""
    return [pair for pair in request.headers.get_all() if pair[0] not in ("Authorization", "Cookie")]


def routes() -> list[tuple[str, type[Any]]]:
    """The one address of the agents' face."""
    return [(r"/lakebook/mcp", AgentsHandler)]
