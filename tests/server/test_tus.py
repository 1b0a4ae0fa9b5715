"""Uploads that go on after a cut, over HTTP: created, cut, continued, queued once, refused in words."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPResponse

from lakebook.access.principal import local_principal
from lakebook.ids import new_id
from lakebook.ingest import uploads as core
from lakebook.ingest.uploads import Uploads
from lakebook.jobs.models import Job
from lakebook.runtime import Runtime
from tests.server.conftest import Ask

BODY = b"id,city\n" + b"".join(b"%d,Bern\n" % n for n in range(5000))
HALF = len(BODY) // 2
UPLOADS = "/lakebook/api/v1/uploads"
Tus = Callable[..., Awaitable[HTTPResponse]]


def metadata(**fields: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in fields.items())


@pytest.fixture
def tus(jp_fetch: Callable[..., Awaitable[HTTPResponse]]) -> Tus:
    """Speaks tus; returns the whole answer, for refusals too. A header of None is left out."""

    async def send(method: str, path: str = UPLOADS, body: bytes | None = None, **headers: Any) -> HTTPResponse:
        said = {"Tus-Resumable": "1.0.0", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if body is not None:
            said.setdefault("Content-Type", "application/offset+octet-stream")
        return await jp_fetch(
            *path.strip("/").split("/"), method=method, body=body, allow_nonstandard_methods=True, raise_error=False,
            headers={name: str(value) for name, value in said.items() if value is not None},
        )  # fmt: skip

    return send


@pytest.fixture
def runtime(jp_serverapp: Any) -> Runtime:
    """The services of the server under test."""
    runtime: Runtime = jp_serverapp.web_app.settings["lakebook_runtime"]
    return runtime


async def begun(tus: Tus, filename: str = "Orders.CSV", length: int = len(BODY), **fields: str) -> str:
    """The address of a fresh upload."""
    answer = await tus("POST", Upload_Length=length, Upload_Metadata=metadata(filename=filename, **fields))
    assert answer.code == 201, answer.body
    path: str = answer.headers["Location"]
    return path[path.index("/lakebook/") :]


def job_of(runtime: Runtime, path: str) -> Job:
    return runtime.jobs.show(path.rpartition("/")[2])


def code(answer: HTTPResponse) -> tuple[int, str]:
    return answer.code, json.loads(answer.body)["error"]["code"]


def restart(web_app: Any) -> None:
    """As if the server had just started: nothing is known but what is on the disk."""
    old: Uploads = web_app.settings["lakebook_uploads"]
    web_app.settings["lakebook_uploads"] = Uploads(old.folder, old.files, old.most)
    web_app.settings["lakebook_senders"] = {}


async def test_what_the_server_can(tus: Tus, jp_base_url: str) -> None:
    for path in (UPLOADS, f"{UPLOADS}/{new_id()}"):
        answer = await tus("OPTIONS", path, Tus_Resumable=None)
        assert answer.code == 204
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert answer.headers["Tus-Extension"] == "creation,expiration,termination,checksum"
        assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"
        assert int(answer.headers["Tus-Max-Size"]) == 20 * 2**30


async def test_cut_at_half_and_continued_after_a_restart(tus: Tus, runtime: Runtime, jp_web_app: Any) -> None:
    path = await begun(tus, mode="replace", filetype="text/csv")
    half = await tus("PATCH", path, BODY[:HALF], Upload_Offset=0)
    assert (half.code, half.headers["Upload-Offset"]) == (204, str(HALF))
    assert runtime.jobs.newest() == []
    restart(jp_web_app)
    head = await tus("HEAD", path)
    assert (head.code, head.headers["Upload-Offset"], head.headers["Upload-Length"]) == (200, str(HALF), str(len(BODY)))
    assert head.headers["Upload-Metadata"] == metadata(filename="Orders.CSV", mode="replace")
    assert head.headers["Cache-Control"] == "no-store"
    assert head.headers["Upload-Expires"].endswith("GMT")
    rest = await tus("PATCH", path, BODY[HALF:], Upload_Offset=HALF)
    assert (rest.code, rest.headers["Upload-Offset"]) == (204, str(len(BODY)))
    job = job_of(runtime, path)
    assert (job.title, job.status, job.metadata["filename"]) == ("Orders.CSV", "queued", "Orders.CSV")
    request = runtime.jobs.row(job.job_id)["request"]
    kept = Path(request["source"])
    assert (request["name"], request["mode"]) == ("Orders", "replace")
    assert kept.name == f"{hashlib.sha256(BODY).hexdigest()}.csv"
    assert kept.read_bytes() == BODY
    assert not list(runtime.settings.folder("uploads").glob("*.part"))


async def test_one_upload_is_one_job_and_one_dataset(
    tus: Tus, runtime: Runtime, jp_web_app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lakebook.jobs import child

    monkeypatch.setattr("lakebook.observe.logs.configure", lambda _settings: None)
    monkeypatch.setattr("os.setsid", lambda: None)
    path = await begun(tus)
    assert (await tus("PATCH", path, BODY, Upload_Offset=0)).code == 204
    row = runtime.jobs.claim("the test")
    assert row is not None
    child.run_job(str(runtime.settings.home), row["job_id"], row["lease_epoch"])
    restart(jp_web_app)
    # A client that missed the answer: its offset is wrong, it asks, and hears that all has come.
    assert (await tus("PATCH", path, BODY[HALF:], Upload_Offset=HALF)).code == 409
    assert (await tus("HEAD", path)).headers["Upload-Offset"] == str(len(BODY))
    assert (await tus("PATCH", path, b"", Upload_Offset=len(BODY))).code == 204
    assert [job.status for job in runtime.jobs.newest()] == ["completed"]
    assert runtime.catalog.dataset("Orders").row_count == 5000
    assert len(runtime.catalog.datasets()) == 1


@pytest.mark.parametrize("method", ["HEAD", "PATCH"])
async def test_a_whole_file_that_was_not_queued_is_queued_at_the_next_word(
    tus: Tus, runtime: Runtime, jp_web_app: Any, method: str
) -> None:
    """The server died between the last byte and the queue."""
    path = await begun(tus)
    store: Uploads = jp_web_app.settings["lakebook_uploads"]
    upload = store.show(path.rpartition("/")[2], job_owner())
    with store.appending(upload, 0) as appending:
        appending.write(BODY)
    store.keep(upload)
    restart(jp_web_app)
    assert runtime.jobs.newest() == []
    if method == "HEAD":
        assert (await tus("HEAD", path)).code == 200
    else:
        assert (await tus("PATCH", path, b"", Upload_Offset=len(BODY))).code == 204
    assert [job.job_id for job in runtime.jobs.newest()] == [upload.upload_id]


def job_owner() -> str:
    return local_principal().user_id


@pytest.mark.parametrize("offset", [0, HALF - 1, HALF + 1])
async def test_a_wrong_offset_changes_nothing(tus: Tus, offset: int) -> None:
    path = await begun(tus)
    await tus("PATCH", path, BODY[:HALF], Upload_Offset=0)
    answer = await tus("PATCH", path, b"x", Upload_Offset=offset)
    assert code(answer) == (409, "conflict")
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert (await tus("HEAD", path)).headers["Upload-Offset"] == str(HALF)


@pytest.mark.parametrize("version", ["0.2.2", "2.0.0"])
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
async def test_other_versions_are_refused(tus: Tus, method: str, version: str) -> None:
    path = UPLOADS if method == "POST" else await begun(tus)
    answer = await tus(method, path, Tus_Resumable=version)
    assert code(answer) == (412, "wrong_version")
    assert answer.headers["Tus-Version"] == "1.0.0"


async def test_bytes_without_a_version_are_refused(tus: Tus) -> None:
    answer = await tus("PATCH", await begun(tus), BODY, Upload_Offset=0, Tus_Resumable=None)
    assert code(answer) == (412, "wrong_version")


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE"])
@pytest.mark.parametrize("whose", ["nobody", "eve", "no id"])
async def test_an_upload_of_nobody_or_another_is_not_found(tus: Tus, jp_web_app: Any, method: str, whose: str) -> None:
    store: Uploads = jp_web_app.settings["lakebook_uploads"]
    foreign = store.create("eve", "a.csv", 10)
    upload_id = {"nobody": new_id(), "eve": foreign.upload_id, "no id": "..%2F..%2Fetc"}[whose]
    headers = {"Upload_Offset": 0} if method == "PATCH" else {}
    answer = await tus(method, f"{UPLOADS}/{upload_id}", b"x" if method == "PATCH" else None, **headers)
    assert answer.code == 404
    assert store.offset(store.show(foreign.upload_id, "eve")) == 0


async def test_an_expired_upload_is_gone(tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    path = await begun(tus)
    monkeypatch.setattr(core, "LIFETIME", 0)
    monkeypatch.setattr(core, "time", lambda: 4e9)
    assert code(await tus("DELETE", path)) == (410, "gone")


async def test_a_deleted_upload_leaves_nothing(tus: Tus, runtime: Runtime) -> None:
    path = await begun(tus)
    await tus("PATCH", path, BODY[:HALF], Upload_Offset=0)
    assert (await tus("DELETE", path)).code == 204
    assert (await tus("HEAD", path)).code == 404
    assert not list(runtime.settings.folder("uploads").iterdir())


async def test_a_job_outlives_its_upload(tus: Tus, runtime: Runtime) -> None:
    path = await begun(tus)
    await tus("PATCH", path, BODY, Upload_Offset=0)
    assert (await tus("DELETE", path)).code == 204
    assert job_of(runtime, path).status == "queued"


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({"Upload_Metadata": metadata(filename="a.csv")}, (400, "invalid_request")),
        ({"Upload_Length": "-1", "Upload_Metadata": metadata(filename="a.csv")}, (400, "invalid_request")),
        ({"Upload_Length": 0, "Upload_Metadata": metadata(filename="a.csv")}, (400, "invalid_request")),
        ({"Upload_Length": 9}, (400, "invalid_request")),
        ({"Upload_Length": 9, "Upload_Metadata": "filename !!"}, (400, "invalid_request")),
        ({"Upload_Length": 9, "Upload_Metadata": metadata(filename="a.csv", mod="x")}, (400, "invalid_request")),
        ({"Upload_Length": 21 * 2**30, "Upload_Metadata": metadata(filename="a.csv")}, (413, "payload_too_large")),
    ],
    ids=["no length", "negative", "empty", "no name", "no base64", "a typo", "too large"],
)
async def test_what_cannot_begin_leaves_nothing(
    tus: Tus, runtime: Runtime, headers: dict[str, Any], error: tuple[int, str]
) -> None:
    assert code(await tus("POST", **headers)) == error
    assert not list(runtime.settings.folder("uploads").iterdir())


async def test_a_taken_name_is_said_before_the_bytes_are_sent(tus: Tus, runtime: Runtime) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(runtime.catalog), "find", lambda *_given: {"dataset_id": "d"})
        answer = await tus("POST", Upload_Length=9, Upload_Metadata=metadata(filename="a.csv"))
    assert code(answer) == (409, "name_taken")


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ({"Content-Type": "text/csv", "Upload_Offset": 0}, (415, "wrong_media")),
        ({}, (400, "invalid_request")),
        ({"Upload_Offset": "x"}, (400, "invalid_request")),
        ({"Upload_Offset": 0, "Upload_Checksum": "md5 AAAA"}, (400, "invalid_request")),
        ({"Upload_Offset": 0, "Upload_Checksum": "sha1 !"}, (400, "invalid_request")),
    ],
    ids=["media", "no offset", "no number", "unknown checksum", "no base64"],
)
async def test_what_cannot_be_continued(tus: Tus, headers: dict[str, Any], error: tuple[int, str]) -> None:
    path = await begun(tus)
    assert code(await tus("PATCH", path, b"x", **headers)) == error
    assert (await tus("HEAD", path)).headers["Upload-Offset"] == "0"


async def test_more_bytes_than_said_are_refused(tus: Tus) -> None:
    path = await begun(tus)
    assert code(await tus("PATCH", path, BODY + b"x", Upload_Offset=0)) == (413, "payload_too_large")
    assert (await tus("HEAD", path)).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
async def test_bytes_with_another_checksum_are_not_kept(tus: Tus, runtime: Runtime, kind: str) -> None:
    path = await begun(tus)

    async def part(start: int, end: int, hashed: bytes) -> HTTPResponse:
        said = base64.b64encode(hashlib.new(kind, hashed).digest()).decode()
        return await tus("PATCH", path, BODY[start:end], Upload_Offset=start, Upload_Checksum=f"{kind} {said}")

    assert (await part(0, HALF, BODY[:HALF])).code == 204
    assert code(await part(HALF, len(BODY), b"other")) == (460, "checksum_mismatch")
    assert (await tus("HEAD", path)).headers["Upload-Offset"] == str(HALF)
    assert (await part(HALF, len(BODY), BODY[HALF:])).code == 204
    assert Path(runtime.jobs.row(job_of(runtime, path).job_id)["request"]["source"]).read_bytes() == BODY


async def test_methods_that_a_proxy_does_not_let_through(tus: Tus) -> None:
    path = await begun(tus)
    override = {"X-HTTP-Method-Override": "PATCH"}
    assert (await tus("POST", path, BODY[:HALF], Upload_Offset=0, **override)).code == 204
    assert (await tus("HEAD", path)).headers["Upload-Offset"] == str(HALF)
    assert (await tus("POST", path)).code == 405


async def test_the_newest_request_has_the_upload(tus: Tus, jp_web_app: Any) -> None:
    """A sender whose connection went dead, as when a lid is closed, does not hold it."""
    path = await begun(tus)
    store: Uploads = jp_web_app.settings["lakebook_uploads"]
    upload = store.show(path.rpartition("/")[2], job_owner())

    class Dead:
        def __init__(self) -> None:
            self.sending = store.appending(upload, 0)
            self.sending.__enter__().write(BODY[:HALF])

        def leave(self) -> None:
            self.sending.__exit__(None, None, None)

    jp_web_app.settings["lakebook_senders"][upload.upload_id] = Dead()
    assert (await tus("HEAD", path)).headers["Upload-Offset"] == str(HALF)
    assert (await tus("PATCH", path, BODY[HALF:], Upload_Offset=HALF)).code == 204


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "PATCH"])
async def test_nobody_gets_in_without_a_token(tus: Tus, method: str) -> None:
    path = f"{UPLOADS}/{new_id()}" if method == "PATCH" else UPLOADS
    answer = await tus(method, path, Authorization="token wrong", Upload_Length=3)
    assert answer.code in (401, 403)


async def test_a_whole_file_is_taken_as_before(ask: Ask) -> None:
    status, job = await ask("POST", UPLOADS, BODY, params={"filename": "orders.csv"})
    assert (status, job["title"]) == (202, "orders.csv")


async def test_who_did_what_is_kept(tus: Tus, runtime: Runtime) -> None:
    path = await begun(tus)
    await tus("DELETE", path)
    from lakebook.metadata import schema

    with runtime.database.read() as connection:
        actions = [row["action"] for row in connection.execute(schema.audit.select()).mappings()]
    assert [action for action in actions if action.startswith("uploads.")] == ["uploads.create", "uploads.delete"]
