"""Uploads that go on after a cut, by the tus protocol 1.0: created, sent in parts, asked for, taken back."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from email.utils import formatdate
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web
from tornado.http1connection import HTTP1Connection

from lakebook.arguments import validated
from lakebook.errors import Conflict, PayloadTooLarge, WrongMedia, WrongVersion
from lakebook.ingest.accept import check_name
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.uploads import ALGORITHMS, Appending, Upload, Uploads
from lakebook.jobs import crash_points
from lakebook.jobs.submit import submit
from lakebook.names import from_file
from lakebook.verbs import BY_NAME
from lakebook_server.base import Base
from lakebook_server.batches import Batches
from lakebook_server.routes.uploads import UploadHandler
from lakebook_server.tus_headers import metadata_of, read_checksum, read_metadata, read_number

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination,checksum"
MEDIA = "application/offset+octet-stream"


class Tus(Base):
    """What both addresses share: the version, the headers, the uploads of this home."""

    @property
    def uploads(self) -> Uploads:
        """The uploads of the home."""
        uploads: Uploads = self.settings["lakebook_uploads"]
        return uploads

    def set_default_headers(self) -> None:
        """Every answer says the version."""
        super().set_default_headers()
        self.set_header("Tus-Resumable", VERSION)
        self.set_header("Tus-Version", VERSION)

    def check_version(self) -> None:
        """Refuse clients of another version."""
        said = self.request.headers.get("Tus-Resumable")
        if said != VERSION:
            raise WrongVersion(f"This server speaks tus {VERSION}, not {said or 'anything unnamed'}.")

    def say(self, upload: Upload, **headers: int | str) -> None:
        """What every answer about an upload says, and these headers."""
        self.set_header("Upload-Expires", formatdate(upload.expires, usegmt=True))
        for name, value in headers.items():
            self.set_header(name.replace("_", "-"), str(value))

    @web.authenticated
    @authorized("read", resource="lakebook:ingest")
    async def answer_abilities(self, **_path: str) -> None:
        """What this server can."""
        self.set_header("Tus-Extension", EXTENSIONS)
        self.set_header("Tus-Max-Size", str(self.uploads.most))
        self.set_header("Tus-Checksum-Algorithm", ",".join(ALGORITHMS))
        self.set_status(204)
        self.finish()

    # The server's own OPTIONS lets everybody in and is not awaited.
    options: Any = answer_abilities


class UploadsHandler(Tus, UploadHandler):
    """Takes a whole file as it is, or begins a resumable upload where the client speaks tus."""

    async def prepare(self, *, _redirect_to_login: bool = True) -> None:
        """Nothing is written for a client that only begins an upload."""
        if "Tus-Resumable" not in self.request.headers and self.request.method == "POST":
            await super().prepare()
            return
        self.incoming, self.form, self.failure = None, None, None
        await Base.prepare(self)

    @web.authenticated
    @authorized("write", resource="lakebook:ingest")
    async def post(self) -> None:
        """201 with the upload's address, or what the whole file gives."""
        if "Tus-Resumable" not in self.request.headers:
            await self.take()
            return
        self.check_version()
        length, fields = read_number(self.request.headers, "Upload-Length"), read_metadata(self.request.headers)
        filename = fields.pop("filename", "")
        upload = await self.off_loop(lambda: self._create(filename, length, fields))
        self.say(upload, Location=f"{self.request.path.rstrip('/')}/{upload.upload_id}", Upload_Offset=0)
        self.set_status(201)
        self.finish()

    def _create(self, filename: str, length: int, fields: dict[str, str]) -> Upload:
        call = self.call()
        if filename:
            # Said before the bytes are sent, not after.
            check_name(call, request_of(filename, fields, "uploaded"), filename)
        upload = self.uploads.create(self.principal.user_id, filename, length, fields)
        call.audit("uploads.create", f"upload:{upload.upload_id}", filename=filename, bytes=length)
        return upload


@web.stream_request_body
class TusHandler(Tus):
    """One upload on its way: asked for, continued, taken back."""

    async def prepare(self, *, _redirect_to_login: bool = True) -> None:
        """Check who sends what, and open the upload, before the first byte is taken."""
        self.stack, self.lock, self.left = ExitStack(), threading.Lock(), False
        self.appending: Appending | None = None
        self.failure: Exception | None = None
        if self.request.method == "POST":
            self.request.method = self.request.headers.get("X-HTTP-Method-Override", "POST").upper()
        if isinstance(self.request.connection, HTTP1Connection):
            self.request.connection.set_max_body_size(self.uploads.most)
        await super().prepare()
        if self.current_user is None:
            raise web.HTTPError(403)
        if self.request.method != "OPTIONS":
            self.check_version()
        if self.request.method == "PATCH":
            await self._open()

    async def _open(self) -> None:
        headers = self.request.headers
        if headers.get("Content-Type", "").partition(";")[0].strip() != MEDIA:
            raise WrongMedia("The bytes of an upload have a type of their own.", hint=f"Send them as `{MEDIA}`.")
        offset, checksum = read_number(self.request.headers, "Upload-Offset"), read_checksum(headers)
        self.upload = await self._mine(self.path_kwargs["upload_id"])
        if int(headers.get("Content-Length") or 0) > self.upload.length - offset:
            raise PayloadTooLarge("More bytes come than the upload said.", hint="Start it again with its real length.")
        at = await self.off_loop(lambda: self.uploads.offset(self.upload))
        if offset == at == self.upload.length:
            return
        enter = self.stack.enter_context
        self.appending = await self.off_loop(lambda: enter(self.uploads.appending(self.upload, offset, checksum)))
        self.batches = Batches(self._write, self.settings["lakebook_pool"])
        self._senders[self.upload.upload_id] = self

    async def _mine(self, upload_id: str) -> Upload:
        """The caller's upload, with nobody else writing to it.

        A sender whose connection went dead unnoticed would hold the upload for ever: the newest request has it.
        """
        upload = await self.off_loop(lambda: self.uploads.show(upload_id, self.principal.user_id))
        former = self._senders.pop(upload.upload_id, None)
        if former is not None:
            await self.off_loop(former.leave)
        return upload

    @property
    def _senders(self) -> dict[str, TusHandler]:
        senders: dict[str, TusHandler] = self.settings["lakebook_senders"]
        return senders

    async def data_received(self, chunk: bytes) -> None:
        """Have the chunk written in a thread, so that others are served meanwhile."""
        if self.appending is None or self.failure is not None:
            return
        try:
            await self.batches.add(chunk)
        except Exception as error:
            # Said when the body has been read: a client that still sends would not read the answer.
            self.failure = error

    def _write(self, block: bytes) -> None:
        with self.lock:
            if self.left or self.appending is None:
                raise Conflict("Another request has taken this upload over.", hint="Ask for its offset again.")
            self.appending.write(block)

    @web.authenticated
    @authorized("write", resource="lakebook:ingest")
    async def patch(self, upload_id: str) -> None:
        """204 with the new offset; after the last byte the file is kept and its ingest queued."""
        if self.failure is not None:
            raise self.failure
        if self.appending is not None:
            await self.batches.end()
            self.appending.verify()
        # Left before the answer: the next part may come at once.
        await self.off_loop(self.leave)
        await self._answer(204)

    @web.authenticated
    @authorized("write", resource="lakebook:ingest")
    async def head(self, upload_id: str) -> None:
        """How far the upload is; one that was whole when the server died is queued now."""
        self.upload = await self._mine(upload_id)
        self.say(self.upload, Upload_Length=self.upload.length, Upload_Metadata=metadata_of(self.upload))
        await self._answer(200)

    async def _answer(self, status: int) -> None:
        offset = await self.off_loop(lambda: self.uploads.offset(self.upload))
        if offset == self.upload.length:
            await self.off_loop(self._queue)
        self.say(self.upload, Upload_Offset=offset)
        self.set_status(status)
        self.finish()

    def _queue(self) -> None:
        kept, call, upload = self.uploads.keep(self.upload), self.call(), self.upload
        crash_points.reached("upload-kept")
        call.upload_name = upload.filename
        request = request_of(upload.filename, upload.fields, str(kept))
        submit(call, BY_NAME["ingest"], request, staffed=True, job_id=upload.upload_id)

    @web.authenticated
    @authorized("write", resource="lakebook:ingest")
    async def delete(self, upload_id: str) -> None:
        """204: what came of the upload is gone; a job that it has become stays."""
        upload = await self._mine(upload_id)
        await self.off_loop(lambda: self.uploads.drop(upload))
        call = self.call()
        await self.off_loop(lambda: call.audit("uploads.delete", f"upload:{upload.upload_id}"))
        self.set_status(204)
        self.finish()

    def leave(self) -> None:
        """Close the upload's file; what has come stays, and the next request may go on."""
        with self.lock:
            if not self.left:
                self.left = True
                self.stack.close()

    def on_finish(self) -> None:
        """Leave the upload to the next request."""
        self._go()

    def on_connection_close(self) -> None:
        """A connection lost half-way leaves what has come."""
        self._go()

    def _go(self) -> None:
        if self.appending is None:
            return
        if self._senders.get(self.upload.upload_id) is self:
            del self._senders[self.upload.upload_id]
        # In a thread: a block may just be on its way to the disk.
        self.settings["lakebook_pool"].submit(self.leave)


def request_of(filename: str, fields: dict[str, str], source: str) -> IngestRequest:
    """What is asked of ingest for an uploaded file."""
    request = validated(IngestRequest, {"name": from_file(filename), **fields, "source": source})
    assert isinstance(request, IngestRequest)
    return request


def routes() -> list[tuple[str, type[Any]]]:
    """Pattern and handler."""
    return [(r"/uploads", UploadsHandler), (r"/uploads/(?P<upload_id>[^/]+)", TusHandler)]
