"""The Python door: `open()` gives every verb as a method, on the home here or on a server by REST."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from lakebook.arguments import marker, validated
from lakebook.ids import now, rfc3339
from lakebook.jobs.models import Job
from lakebook.verb import Positional, Request, Verb, load
from lakebook.verbs import BY_NAME, VERBS

Watch = Callable[[Job], None]


def unwatched(_job: Job) -> None:
    """Progress that nobody looks at."""


class Place(Protocol):
    """Where verbs are carried out."""

    address: str

    def do(self, verb: Verb, request: Request, *, background: bool, watch: Watch) -> Any:
        """Carry the verb out; jobs block and return their result unless `background`."""

    def stage(self, frame: Any) -> str:
        """Put a frame where `ingest` finds it; returns its path."""

    def table(self, name: str) -> Any:
        """A table for reading and writing frames."""

    def report(self, figures: dict[str, Any]) -> None:
        """Keep figures with the notebook's run."""

    def close(self) -> None:
        """Let go of what was opened."""


class JobHandle:
    """A job that goes on by itself."""

    def __init__(self, place: Place, job: Job) -> None:
        self._place, self.job_id = place, job.job_id

    @property
    def job(self) -> Job:
        """The job as it stands."""
        return self._ask("jobs.show")

    def cancel(self) -> Job:
        """Ask the job to stop."""
        return self._ask("jobs.cancel")

    def wait(self, watch: Watch = unwatched) -> Any:
        """The job's result; raises its error."""
        from lakebook.jobs.submit import follow, result_of

        job = follow(lambda: self.job, watch)
        return result_of(BY_NAME[job.verb], job)

    def __repr__(self) -> str:
        job = self.job
        return f"<job {job.title}: {job.status}, {job.progress} %>"

    def _ask(self, name: str) -> Job:
        verb = BY_NAME[name]
        job: Job = self._place.do(
            verb, validated(verb.request, {"job": self.job_id}), background=False, watch=unwatched
        )
        return job


class Lakebook:
    """Every verb as a method; `lb.datasets()` lists, `lb.datasets.show("orders")` and the like go on from there."""

    def __init__(self, place: Place, watch: Watch = unwatched) -> None:
        self.place, self._watch = place, watch

    def __getattr__(self, name: str) -> Any:
        members = [verb for verb in VERBS if verb.name.startswith(f"{name}.")]
        if name in BY_NAME:
            return self._method(BY_NAME[name], members)
        if not members:
            raise AttributeError(f"lakebook has no verb {name!r}; it has: {', '.join(dir(self))}")
        return Group({verb.name.partition(".")[2]: self._method(verb) for verb in members})

    def __dir__(self) -> list[str]:
        return sorted({verb.name.partition(".")[0] for verb in VERBS} | {"table", "report", "close", "do"})

    def __repr__(self) -> str:
        return f"<lakebook at {self.place.address}>"

    def __enter__(self) -> Lakebook:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def do(self, verb: Verb, request: Request, *, background: bool = False, watch: Watch | None = None) -> Any:
        """Carry out a verb by its definition, as the shell and the cells do."""
        watch = watch or self._watch

        def carry(request: Request, fraction: float = 0.0, message: str = "") -> Any:
            if message:
                watch(_said(verb, fraction, message))
            return self.place.do(verb, request, background=background, watch=watch)

        done = load(verb.here)(request, carry, Path.cwd()) if verb.here else carry(request.brought())
        return JobHandle(self.place, done) if background and isinstance(done, Job) else done

    def stage(self, frame: Any) -> str:
        """Put a frame where `ingest` finds it; returns its path."""
        return self.place.stage(frame)

    def table(self, name: str) -> Any:
        """A table for pipelines: `.polars()`, `.df()`, `.append(frame)`, `.merge(frame, on=…)`, `.replace(frame)`."""
        return self.place.table(name)

    def report(self, **figures: Any) -> None:
        """Keep figures with the run of the notebook that calls this; elsewhere it does nothing."""
        self.place.report(figures)

    def close(self) -> None:
        """Let go of what was opened."""
        self.place.close()

    def _method(self, verb: Verb, members: Sequence[Verb] = ()) -> Callable[..., Any]:
        signature = signature_of(verb)

        def method(*args: Any, **kwargs: Any) -> Any:
            given = dict(signature.bind(*args, **kwargs).arguments)
            background = bool(given.pop("background", False))
            if verb.name == "ingest" and not isinstance(given["source"], str | Path):
                given["name"] = given.get("name") or "table"
                given["source"] = self.place.stage(given["source"])
            if isinstance(given.get("source"), Path):
                given["source"] = str(given["source"])
            return self.do(verb, validated(verb.request, given), background=background)

        method.__name__ = verb.name.rpartition(".")[2]
        method.__doc__ = verb.help
        method.__dict__["__signature__"] = signature
        method.__dict__.update({member.name.rpartition(".")[2]: self._method(member) for member in members})
        return method


class Group:
    """Verbs over one kind of thing; calling it lists the things, where they can be listed."""

    def __init__(self, methods: dict[str, Callable[..., Any]]) -> None:
        self._methods = methods

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        listing = self._methods.get("list")
        if listing is None:
            raise TypeError(f"there is nothing to list here; there is: {', '.join(self._methods)}")
        return listing(*args, **kwargs)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        try:
            return self._methods[name]
        except KeyError:
            raise AttributeError(f"no {name!r} here; there is: {', '.join(self._methods)}") from None

    def __dir__(self) -> list[str]:
        return sorted(self._methods)


def signature_of(verb: Verb) -> inspect.Signature:
    """The Python signature of a verb, from its request."""
    parameters = []
    for name, field in verb.request.model_fields.items():
        positional = marker(field, Positional) is not None
        default = inspect.Parameter.empty if field.is_required() else field.get_default(call_default_factory=True)
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD if positional else inspect.Parameter.KEYWORD_ONLY
        parameters.append(inspect.Parameter(name, kind, default=default, annotation=field.annotation))
    if verb.job:
        only = inspect.Parameter.KEYWORD_ONLY
        parameters.append(inspect.Parameter("background", only, default=False, annotation=bool))
    empty = inspect.Parameter.empty
    parameters.sort(key=lambda parameter: (parameter.kind, parameter.default is not empty))
    return inspect.Signature(parameters)


def _said(verb: Verb, fraction: float, message: str) -> Job:
    """Progress of work that is no job, as a job would say it."""
    at = rfc3339(now())
    return Job(
        job_id="", user_id="", job_type=verb.name, verb=verb.name, title=verb.name, status="processing",
        progress=round(100 * fraction), message=message, created_at=at, updated_at=at,
    )  # fmt: skip


def open_place(address: str | os.PathLike[str] | None, **settings: Any) -> Place:
    """The place at this address: a server for `http(s)://…` or `LAKEBOOK_URL`, else the home here."""
    named = str(address) if address is not None else os.environ.get("LAKEBOOK_URL", "")
    if named.startswith(("http://", "https://")):
        from lakebook.remote import RemotePlace

        return RemotePlace(named, **settings)
    from lakebook.local import LocalPlace

    return LocalPlace(address, **settings)
