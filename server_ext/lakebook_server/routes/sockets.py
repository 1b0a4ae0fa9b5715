"""WebSockets: job progress for the panel, rows of a topic for live tiles."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado import web
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from lakebook.ids import now, rfc3339
from lakebook_server.broadcast import Broadcast


class Socket(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """What both sockets share: who may open them, and that a closed one leaves nothing behind."""

    stop: Callable[[], None] | None = None

    @property
    def broadcast(self) -> Broadcast:
        """The one look at the home."""
        broadcast: Broadcast = self.settings["lakebook_broadcast"]
        return broadcast

    def tell(self, message: dict[str, Any]) -> None:
        """Send a message; a socket that closed meanwhile stops listening."""
        try:
            self.write_message(json.dumps(message, ensure_ascii=False))
        except WebSocketClosedError:
            self.on_close()

    def on_close(self) -> None:
        """Stop listening."""
        if self.stop is not None:
            self.stop()
            self.stop = None
        super().on_close()

    def refuse(self, message: str, hint: str) -> None:
        """Say what was wrong with a message; the socket stays open."""
        error = {"code": "invalid_request", "message": message, "hint": hint}
        self.tell({"type": "error", "error": error, "timestamp": rfc3339(now())})


class JobsSocket(Socket):
    """`/lakebook/ws/jobs`: every change of a job, and a word when the catalogue changed."""

    @web.authenticated
    @authorized("read", resource="lakebook:jobs")
    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Open the socket."""
        await super().get(*args, **kwargs)

    def open(self, *args: Any, **kwargs: Any) -> None:
        """Follow the jobs."""
        super().open(*args, **kwargs)
        self.stop = self.broadcast.follow_jobs(self.tell)

    def on_message(self, _message: str | bytes) -> None:
        """Nothing is asked of this socket."""


class AnalyticsSocket(Socket):
    """`/lakebook/ws/analytics/{dashboard}`: rows of the dashboard's topic, filtered as the client asked."""

    @web.authenticated
    @authorized("read", resource="lakebook:stream")
    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Open the socket."""
        await super().get(*args, **kwargs)

    def open(self, topic: str, *args: Any, **kwargs: Any) -> None:
        """Wait for the client to subscribe."""
        super().open(topic, *args, **kwargs)
        self.topic: str = topic
        self.filters: dict[str, Any] = {}

    async def on_message(self, message: str | bytes) -> None:
        """`{"action": "subscribe", "filters": {…}}` begins, or changes the filters."""
        try:
            asked = json.loads(message)
            action, filters = asked["action"], asked.get("filters") or {}
        except (ValueError, KeyError, TypeError, AttributeError):
            self.refuse("The message is not JSON with an action.", 'Send {"action": "subscribe", "filters": {}}.')
            return
        if action == "unsubscribe" and self.stop is not None:
            self.stop()
            self.stop = None
        elif action == "subscribe" and isinstance(filters, dict):
            self.filters = filters
            if self.stop is None:
                self.stop = await self.broadcast.follow_topic(self.topic, self._row)
            self.tell({"type": "subscribed", "topic": self.topic, "timestamp": rfc3339(now())})
        elif action != "unsubscribe":
            self.refuse("The action or its filters are not known.", "Subscribe or unsubscribe; filters are an object.")

    def _row(self, message: dict[str, Any]) -> None:
        from lakebook.streaming.filters import matches

        if matches(self.filters, message["data"]):
            self.tell(message)


def routes() -> list[tuple[str, type[Any]]]:
    """Pattern and handler."""
    return [(r"/jobs", JobsSocket), (r"/analytics/([^/]+)", AnalyticsSocket)]
