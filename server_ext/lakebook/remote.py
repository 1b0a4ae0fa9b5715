"""Verbs on a server, by REST; rows come as Arrow, files go as streams."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import httpx

from lakebook.errors import Conflict, LakebookError, Unauthorized, Unavailable
from lakebook.jobs.models import Job
from lakebook.jobs.submit import follow, result_of
from lakebook.llm.endpoint import is_loopback
from lakebook.received_error import from_dict
from lakebook.verb import Verb
from lakebook.verbs import BY_NAME

if TYPE_CHECKING:
    from lakebook.client import Watch
    from lakebook.verb import Request

API = "lakebook/api/v1"
ARROW = "application/vnd.apache.arrow.stream"
BLOCK = 1 << 20


class RemotePlace:
    """A lakebook server; the token comes from the address, `LAKEBOOK_TOKEN_FILE` or `LAKEBOOK_TOKEN`."""

    def __init__(self, address: str, token: str | None = None, *, offline: bool = False) -> None:
        parts = urlsplit(address)
        if offline and not is_loopback(parts.hostname or ""):
            raise Unavailable("lakebook is offline, and that server is on another machine.", hint="Drop `--offline`.")
        self.address = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/"
        given = token or dict(httpx.QueryParams(parts.query)).get("token") or _token()
        headers = {"Authorization": f"token {given}"} if given else {}
        self.http = httpx.Client(base_url=self.address + API, headers=headers, timeout=120.0, trust_env=False)

    def do(self, verb: Verb, request: Request, *, background: bool, watch: Watch) -> Any:
        """Carry the verb out on the server; a job is followed until its end."""
        sent = request.model_dump(mode="json", exclude_unset=True)
        if verb.name == "ingest" and Path(sent["source"]).is_file():
            job = self._upload(Path(sent.pop("source")), sent)
        elif verb.name == "datasets.download":
            return self._download(verb, sent)
        else:
            answer = self._send(verb, sent)
            if verb.job is None:
                return self._result(verb, answer)
            job = Job.model_validate(answer.json())
        return job if background else self._wait(verb, job, watch)

    def stage(self, frame: Any) -> str:
        """Write the frame as Parquet in a temporary folder, from where it is uploaded."""
        from lakebook.ingest.frames import stage

        return str(stage(frame, Path(tempfile.mkdtemp(prefix="lakebook-"))))

    def table(self, name: str) -> Any:
        """Frames are written from pipelines, which run where the home is."""
        raise Conflict(
            f"The table {name!r} lies on the server.", hint="Read it with `lb.query`; write it in a notebook run there."
        )

    def report(self, figures: dict[str, Any]) -> None:
        """A notebook run by the server reports there, through its own home."""

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def _wait(self, verb: Verb, job: Job, watch: Watch) -> Any:
        show = BY_NAME["jobs.show"]
        try:
            ended = follow(lambda: Job.model_validate(self._send(show, {"job": job.job_id}).json()), watch)
        except KeyboardInterrupt:
            with suppress(Conflict):
                self._send(BY_NAME["jobs.cancel"], {"job": job.job_id})
            raise
        return result_of(verb, ended)

    def _send(self, verb: Verb, sent: dict[str, Any]) -> httpx.Response:
        return self._checked(self._built(verb, sent))

    def _built(self, verb: Verb, sent: dict[str, Any], **options: Any) -> httpx.Request:
        path = verb.path
        for name in list(sent):
            if f"{{{name}}}" in path:
                path = path.replace(f"{{{name}}}", quote(str(sent.pop(name)), safe=""))
        rich = getattr(verb.result, "travels_as_arrow", False)
        headers = {"Accept": ARROW if rich else "application/json"}
        if verb.method in ("GET", "DELETE"):
            return self.http.build_request(verb.method, path, params=sent, headers=headers, **options)
        return self.http.build_request(verb.method, path, json=sent, headers=headers, **options)

    def _result(self, verb: Verb, answer: httpx.Response) -> Any:
        if answer.headers.get("Content-Type", "").startswith(ARROW):
            from lakebook.query.travel import from_arrow

            return from_arrow(answer.content)
        return verb.result.model_validate(answer.json())

    def _download(self, verb: Verb, sent: dict[str, Any]) -> Any:
        """The table's file, written here as it comes; nothing stays of one that comes in part."""
        from lakebook.catalog.download import FACTS, form_of, fresh_file

        to = sent.pop("to", None)
        request = self._built(verb, {**sent, "format": form_of(sent.get("format"), to)}, timeout=None)
        answer = self._checked(request, stream=True)
        try:
            facts = json.loads(answer.headers[FACTS])
            target = Path(to or f"{facts['name']}.{facts['format']}").absolute()
            with fresh_file(target) as file:
                for block in answer.iter_bytes(BLOCK):
                    file.write(block)
        except httpx.TransportError as error:
            raise Unavailable("The server broke off: the file is not whole.", hint="Start it again.") from error
        finally:
            answer.close()
        return verb.result.model_validate({**facts, "to": str(target), "size_bytes": target.stat().st_size})

    def _upload(self, source: Path, sent: dict[str, Any]) -> Job:
        params = {"filename": source.name, **{k: v for k, v in sent.items() if v is not None}}
        request = self.http.build_request(
            "POST", "/uploads", params=params, content=_blocks(source),
            headers={"Content-Type": "application/octet-stream"},
        )  # fmt: skip
        return Job.model_validate(self._checked(request).json())

    def _checked(self, request: httpx.Request, *, stream: bool = False) -> httpx.Response:
        try:
            answer = self.http.send(request, stream=stream)
            if not answer.is_success:
                answer.read()
        except httpx.TransportError as error:
            raise Unavailable(
                f"No lakebook server answers at {self.address}.",
                hint="Start one, or name the right address.",
            ) from error
        if answer.is_success:
            return answer
        try:
            plain = dict(answer.json()["error"])
        except (ValueError, KeyError, TypeError):
            if answer.status_code in (302, 401, 403):
                raise Unauthorized(f"The server at {self.address} does not know who you are.") from None
            raise LakebookError(f"The server at {self.address} answered {answer.status_code}.") from None
        raise from_dict(plain)


def _blocks(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _token() -> str:
    file = os.environ.get("LAKEBOOK_TOKEN_FILE")
    if file and Path(file).is_file():
        return Path(file).read_text().strip()
    return os.environ.get("LAKEBOOK_TOKEN", "")
