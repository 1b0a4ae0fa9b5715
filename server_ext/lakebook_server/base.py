"""What every route shares: who calls, a request id, one shape of error, work off the event loop."""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import re
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

from jupyter_server.auth.identity import User
from jupyter_server.base.handlers import APIHandler
from tornado import web

from lakebook.access import tokens
from lakebook.access.principal import Principal, local_principal
from lakebook.call import Call
from lakebook.errors import (
    Forbidden,
    InvalidRequest,
    LakebookError,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
    Unauthorized,
)
from lakebook.ids import new_id, now, rfc3339
from lakebook.runtime import Runtime

log = logging.getLogger("lakebook.server")
Value = TypeVar("Value")
BY_STATUS: dict[int, type[LakebookError]] = {
    400: InvalidRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    413: PayloadTooLarge,
}
SENTENCES = {
    400: "The request could not be read.",
    401: "The request does not say who sends it.",
    403: "This is not allowed.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The body is larger than this server takes.",
}


class Base(APIHandler):
    """The base of every lakebook route."""

    @property
    def runtime(self) -> Runtime:
        """The services of the home."""
        runtime: Runtime = self.settings["lakebook_runtime"]
        return runtime

    @functools.cached_property
    def request_id(self) -> str:
        """The id under which this request is logged; the caller's own where it sends a sane one."""
        given = self.request.headers.get("X-Request-ID", "")
        return given if re.fullmatch(r"[\w\-]{8,64}", given) else new_id()

    @functools.cached_property
    def principal(self) -> Principal:
        """Whom the work is for: the token's owner, else the operating system's user."""
        return getattr(self, "_token_owner", None) or local_principal()

    async def prepare(self, *, _redirect_to_login: bool = True) -> None:
        """Know lakebook's own tokens first; everybody else is known by the server's identity provider."""
        token = self._bearer()
        if not token.startswith(tokens.PREFIX):
            await super().prepare()
            return
        if not self.check_host():
            raise web.HTTPError(403)
        owner = await self.off_loop(lambda: tokens.principal_of(self.runtime, token))
        if owner is None:
            raise Unauthorized("The token is not known, or its kernel has ended.")
        self._token_owner = owner
        self._token_authenticated = True
        self.current_user = self._jupyter_current_user = User(username=owner.user_id)

    def _bearer(self) -> str:
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() in ("token", "bearer") else ""

    def call(self) -> Call:
        """A call of a verb for this request, relative to the server's root folder."""
        return Call(self.runtime, self.principal, self.request_id, folder=self.settings["lakebook_root"])

    async def off_loop(self, work: Callable[[], Value]) -> Value:
        """Do blocking work in a thread of lakebook's own pool."""
        return await asyncio.get_running_loop().run_in_executor(self.settings["lakebook_pool"], work)

    def set_default_headers(self) -> None:
        """JSON, never kept by a cache."""
        super().set_default_headers()
        self.set_header("X-Request-ID", self.request_id)
        self.set_header("Cache-Control", "no-store")

    def json_body(self) -> dict[str, Any]:
        """The request's body, or InvalidRequest where it is not a JSON object."""
        if not self.request.body.strip():
            return {}
        try:
            body = json.loads(self.request.body)
        except ValueError as error:
            raise InvalidRequest("The body is not JSON.", hint="Send a JSON object.") from error
        if not isinstance(body, dict):
            raise InvalidRequest("The body is not a JSON object.", hint="Send fields with values.")
        return body

    def send(self, plain: Any, status: int = 200) -> None:
        """Answer with JSON."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(plain, ensure_ascii=False))

    def write_error(self, status_code: int, **details: Any) -> None:
        """Every error in the one shape; what is inside stays in the log."""
        raised = details.get("exc_info", (None, None, None))[1]
        error = _as_ours(raised, status_code)
        if error.status == 403 and not self._name():
            error = Unauthorized(SENTENCES[401])
        facts = {"request_id": self.request_id, "user": self._name(), "route": self.request.path}
        if error.status >= 500:
            stack = "".join(traceback.format_exception(raised)) if raised else ""
            log.error("request failed: %s", error.message, extra={**facts, "stack": stack})
        else:
            log.info("request refused: %s", error.message, extra=facts)
        self.send({"error": error_body(error, self.request_id)}, error.status)

    def _name(self) -> str:
        user = getattr(self, "current_user", None)
        return str(getattr(user, "username", "")) if user else ""

    def log_exception(self, *_details: Any) -> None:
        """Said by `write_error`, once, with the request id."""


def error_body(error: LakebookError, request_id: str) -> dict[str, Any]:
    """The one shape of an error."""
    return {**error.to_dict(), "request_id": request_id, "timestamp": rfc3339(now())}


def _as_ours(raised: BaseException | None, status: int) -> LakebookError:
    if isinstance(raised, LakebookError):
        return raised
    if isinstance(raised, web.HTTPError) and raised.status_code in BY_STATUS:
        kind = BY_STATUS[raised.status_code]
        return kind(SENTENCES[raised.status_code], details={})
    if status in BY_STATUS and raised is None:
        return BY_STATUS[status](SENTENCES[status])
    from lakebook.jobs.child import broken

    return broken(raised) if isinstance(raised, Exception) else LakebookError("Something broke that should not.")
