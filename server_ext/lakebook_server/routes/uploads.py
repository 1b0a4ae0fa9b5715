"""Uploads: streamed to disk as they arrive, hashed on the way, answered with the job that loads them."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from python_multipart import MultipartParser
from python_multipart.multipart import parse_options_header
from tornado import web
from tornado.http1connection import HTTP1Connection

from lakebook.arguments import validated
from lakebook.errors import InvalidRequest, PayloadTooLarge
from lakebook.ingest.arrival import Arrival
from lakebook.ingest.models import IngestRequest
from lakebook.jobs import crash_points
from lakebook.jobs.submit import submit
from lakebook.names import from_file
from lakebook.verbs import BY_NAME
from lakebook_server.batches import Batches
from lakebook_server.routes.verbs import VerbHandler


class Form:
    """A multipart body: one file, the other parts as text fields."""

    def __init__(self, boundary: bytes, incoming: Arrival) -> None:
        self.incoming, self.fields, self.filename = incoming, {"": ""}, ""
        self.headers: dict[str, bytes] = {}
        self.name, self.header, self.value, self.is_file = "", b"", b"", False
        self.parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._extend("header", data[start:end]),
                "on_header_value": lambda data, start, end: self._extend("value", data[start:end]),
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": lambda data, start, end: self._data(data[start:end]),
            },
        )

    def _begin(self) -> None:
        self.headers, self.header, self.value = {}, b"", b""

    def _extend(self, what: str, data: bytes) -> None:
        setattr(self, what, getattr(self, what) + data)

    def _header_end(self) -> None:
        self.headers[self.header.decode("latin-1").lower()] = self.value
        self.header, self.value = b"", b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self.headers.get("content-disposition", b""))
        self.name = options.get(b"name", b"").decode()
        self.is_file = b"filename" in options
        if self.is_file:
            self.filename = options[b"filename"].decode(errors="replace")

    def _data(self, data: bytes) -> None:
        if self.is_file:
            self.incoming.write(data)
        else:
            self.fields[self.name] = self.fields.get(self.name, "") + data.decode(errors="replace")


@web.stream_request_body
class UploadHandler(VerbHandler):
    """Takes one file, raw or as a form, of any size the settings allow."""

    async def prepare(self, *, _redirect_to_login: bool = True) -> None:
        """Check who sends and how much, before the first byte is taken."""
        self.incoming: Arrival | None = None
        self.form: Form | None = None
        self.failure: Exception | None = None
        most = self.runtime.settings.max_upload_bytes
        if isinstance(self.request.connection, HTTP1Connection):
            self.request.connection.set_max_body_size(most)
        await super(VerbHandler, self).prepare()
        if self.current_user is None:
            raise web.HTTPError(403)
        if int(self.request.headers.get("Content-Length") or 0) > most:
            raise PayloadTooLarge(f"The file is larger than the {most:,} bytes this server takes.")
        self.incoming = Arrival(self.runtime.settings.folder("tmp"))
        kind, options = parse_options_header(self.request.headers.get("Content-Type", ""))
        if kind == b"multipart/form-data":
            self.form = Form(options.get(b"boundary", b""), self.incoming)
        take = self.form.parser.write if self.form else self.incoming.write
        self.batches = Batches(take, self.settings["lakebook_pool"])

    async def data_received(self, chunk: bytes) -> None:
        """Have the chunk written in a thread, so that others are served meanwhile."""
        if self.incoming is None or self.failure is not None:
            return
        try:
            await self.batches.add(chunk)
        except Exception as error:
            # Said when the body has been read: a client that still sends would not read the answer.
            self.failure = error

    @web.authenticated
    @authorized("write", resource="lakebook:ingest")
    async def post(self) -> None:
        """Keep the file and queue its ingest; 202 with the job."""
        await self.take()

    async def take(self) -> None:
        """Answer with the job of the file that has come."""
        if self.failure is not None:
            raise self.failure
        if self.incoming is None:
            raise InvalidRequest("There is no file in the request.", hint="Send its bytes as the body.")
        await self.batches.end()
        incoming, fields = self.incoming, self._fields()
        filename = fields.pop("filename", "")
        if not filename or incoming.size == 0:
            hint = "Name it: `?filename=orders.csv`." if incoming.size else "Choose a file that has rows."
            raise InvalidRequest("The file has no name." if incoming.size else "The file is empty.", hint=hint)
        job = await self.off_loop(lambda: self._queue(incoming, filename, fields))
        await self.answer_job(job)

    def _queue(self, incoming: Arrival, filename: str, fields: dict[str, str]) -> str:
        kept = incoming.keep(self.runtime.settings.folder("files"), filename)
        self.incoming = None
        crash_points.reached("upload-kept")
        call = self.call()
        call.upload_name = filename
        request = validated(IngestRequest, {"name": from_file(filename), **fields, "source": str(kept)})
        return submit(call, BY_NAME["ingest"], request, staffed=True).job_id

    def _fields(self) -> dict[str, Any]:
        query = {name: self.get_query_argument(name) for name in self.request.query_arguments}
        form = {name: value for name, value in (self.form.fields if self.form else {}).items() if name}
        fields = {**({"filename": self.form.filename} if self.form else {}), **query, **form}
        return {name: value for name, value in fields.items() if name not in ("token", "wait")}

    def on_finish(self) -> None:
        """Drop what was not kept."""
        if self.incoming is not None:
            self.incoming.drop()

    def on_connection_close(self) -> None:
        """A connection lost half-way leaves nothing behind."""
        if self.incoming is not None:
            self.incoming.drop()
            self.incoming = None


def routes() -> list[tuple[str, type[Any]]]:
    """Pattern and handler, under the seed's name."""
    return [(r"/data/upload", UploadHandler)]
