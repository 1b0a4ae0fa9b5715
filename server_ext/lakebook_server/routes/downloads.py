"""Downloads: a table as a file, written by a process of its own and sent on as it comes."""

from __future__ import annotations

import asyncio
import json
import shutil
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from jupyter_server.auth.decorator import authorized
from tornado import web
from tornado.http1connection import HTTP1Connection
from tornado.iostream import StreamClosedError

from lakebook.arguments import validated
from lakebook.catalog.download import FACTS, Plan, left_by, planned
from lakebook.catalog.download_child import command, order
from lakebook.catalog.download_models import Downloaded, DownloadRequest
from lakebook.errors import InvalidRequest, LakebookError
from lakebook.received_error import from_dict
from lakebook.verbs import BY_NAME
from lakebook_server.routes.verbs import VerbHandler, pattern_of

BLOCK = 256 << 10
AT_ONCE = 8
VERB = BY_NAME["datasets.download"]


class DownloadHandler(VerbHandler):
    """Sends a table as a file."""

    seats = asyncio.Semaphore(AT_ONCE)
    child: Process | None = None

    @web.authenticated
    @authorized("read", resource="lakebook:datasets")
    async def get(self, dataset: str) -> None:
        """The table in the form that is asked for."""
        request = validated(DownloadRequest, self._given(VERB, {"dataset": dataset}))
        assert isinstance(request, DownloadRequest)
        if request.to is not None:
            raise InvalidRequest("The server writes no file: it sends it.", hint="Leave `to` out.")
        call = self.call()
        plan = await self.off_loop(lambda: planned(call, request))
        async with self.seats:
            await self._send_on(plan)

    async def _send_on(self, plan: Plan) -> None:
        """Start the child and pass on what it writes; it is stopped where the client leaves."""
        temporary = self.runtime.settings.folder("tmp")
        child = self.child = await asyncio.create_subprocess_exec(*command(), stdin=PIPE, stdout=PIPE, stderr=PIPE)
        try:
            await self._pass_on(child, order(plan, temporary), plan)
        except StreamClosedError:
            # The client has left: there is nobody to answer.
            return
        finally:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
            for left in temporary.glob(f"{left_by(child.pid)}*"):
                shutil.rmtree(left, ignore_errors=True)

    async def _pass_on(self, child: Process, told: bytes, plan: Plan) -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdin.write(told)
        child.stdin.close()
        block = await child.stdout.read(BLOCK)
        if block:
            self._announce(plan)
        while block:
            self.write(block)
            await self.flush()
            block = await child.stdout.read(BLOCK)
        said = await child.stderr.read()
        if await child.wait() == 0:
            self.finish(set_content_type=Downloaded.media[plan.format])
        elif self._headers_written:
            # The length was not said: a connection that breaks tells the client that the file is not whole.
            self._break_off()
        else:
            raise _fault(said)

    def _announce(self, plan: Plan) -> None:
        self.set_header("Content-Type", Downloaded.media[plan.format])
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(plan.filename, safe='')}")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header(FACTS, json.dumps(plan.facts()))

    def _break_off(self) -> None:
        if isinstance(self.request.connection, HTTP1Connection):
            self.request.connection.close()

    def on_connection_close(self) -> None:
        """Stop the child of a client that has left."""
        if self.child is not None:
            with suppress(ProcessLookupError):
                self.child.kill()


def _fault(said: bytes) -> LakebookError:
    """The child's refusal, or that it broke."""
    try:
        return from_dict(dict(json.loads(said)))
    except ValueError:
        return LakebookError("The file could not be written.")


def routes() -> list[tuple[str, type[Any]]]:
    """Pattern and handler; it comes before the verb's own, which would write on the server."""
    return [(pattern_of(VERB.path), DownloadHandler)]
