"""One handler class for each path of the verbs; parameters, defaults and results come from the definitions."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from lakebook.arguments import validated
from lakebook.errors import InvalidRequest, PayloadTooLarge
from lakebook.jobs.submit import error_of, follow, submit
from lakebook.verb import Request, Verb, wire
from lakebook.verbs import VERBS
from lakebook_server.base import Base

ARROW = "application/vnd.apache.arrow.stream"
LONGEST_WAIT = 600.0
Method = Callable[..., Awaitable[None] | None]


class VerbHandler(Base):
    """What the routes of verbs share: request in, result out, jobs answered with 202."""

    is_gone = False

    async def prepare(self, *, _redirect_to_login: bool = True) -> None:
        """Refuse a body that is too large before anything reads it."""
        await super().prepare()
        if len(self.request.body) > self.runtime.settings.max_body_bytes:
            raise PayloadTooLarge("The body is larger than this server takes.", hint="Send files to `/uploads`.")

    def on_connection_close(self) -> None:
        """Whoever asked waits no longer: what only reads stops."""
        self.is_gone = True

    async def carry_out(self, verb: Verb, path: dict[str, str]) -> None:
        """Carry a verb out and answer with its result, or with its job."""
        request = validated(verb.request, self._given(verb, path))
        if verb.job is None:
            await self._answer(verb, request)
            return
        call = self.call()
        job = await self.off_loop(lambda: submit(call, verb, request, staffed=True))
        await self.answer_job(job.job_id)

    async def answer_job(self, job_id: str) -> None:
        """Answer 202 with the job; with `?wait=` its result, if it ends in time."""
        wait = self._wait()
        jobs = self.runtime.jobs
        job = jobs.show(job_id) if wait == 0 else await self.off_loop(
            lambda: follow(lambda: jobs.show(job_id), lambda _job: None, seconds=wait)
        )  # fmt: skip
        if wait and job.status == "completed":
            self.send({**(job.result or {}), "job_id": job_id})
        elif wait and job.status in ("failed", "cancelled"):
            raise error_of(job)
        else:
            self.send(job.model_dump(mode="json"), 202)

    async def _answer(self, verb: Verb, request: Request) -> None:
        call = self.call()
        if verb.action == "read":
            call.is_cancelled = lambda: self.is_gone
        result = await self.off_loop(lambda: verb.run(call, request))
        if ARROW in self.request.headers.get("Accept", "") and hasattr(result, "to_arrow"):
            body = await self.off_loop(result.to_arrow)
            self.finish(body, set_content_type=ARROW)
            return
        self.send(wire(result).model_dump(mode="json"))

    def _given(self, verb: Verb, path: dict[str, str]) -> dict[str, Any]:
        if verb.method in ("GET", "DELETE"):
            query = {name: self.get_query_argument(name) for name in self.request.query_arguments if name != "token"}
            return {**query, **path}
        return {**self.json_body(), **path}

    def _wait(self) -> float:
        try:
            return min(LONGEST_WAIT, max(0.0, float(self.get_query_argument("wait", "0"))))
        except ValueError as error:
            raise InvalidRequest("`wait` is a number of seconds.", hint="For example `?wait=30`.") from error


def routes() -> list[tuple[str, type[Any]]]:
    """Pattern and handler class of every path that a verb names."""
    by_path: dict[str, dict[str, Verb]] = {}
    for verb in VERBS:
        for method, path in ((verb.method, verb.path), *verb.seed):
            by_path.setdefault(path, {})[method] = verb
    # Fixed words before placeholders: `/dashboards/publish` is no dashboard's name.
    ordered = sorted(by_path, key=lambda path: ("{" in path, path))
    return [(pattern_of(path), _handler(path, by_path[path])) for path in ordered]


def pattern_of(path: str) -> str:
    """The path as tornado matches it."""
    return re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)


def _handler(path: str, verbs: dict[str, Verb]) -> type[VerbHandler]:
    methods: dict[str, Any] = {method.lower(): _method(verb) for method, verb in verbs.items()}
    methods["__doc__"] = f"{path}: {', '.join(verb.name for verb in verbs.values())}."
    name = "".join(part.title() for part in re.findall(r"\w+", path)) + "Handler"
    return type(name, (VerbHandler,), methods)


def _method(verb: Verb) -> Method:
    @web.authenticated
    @authorized(verb.action, resource=f"lakebook:{verb.name.partition('.')[0]}")
    async def method(self: VerbHandler, **path: str) -> None:
        await self.carry_out(verb, path)

    method.__doc__ = verb.help
    return method
