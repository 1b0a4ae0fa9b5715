"""A careful client of the soak: what it sends is sent again after a kill, and goes on where it was cut."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable

import httpx

from tests.live_server import LiveServer
from tests.soak.loads import Load

PART = 1 << 20
PATIENCE = 60.0
VERSION = {"Tus-Resumable": "1.0.0"}
BYTES = "application/offset+octet-stream"


class Refused(Exception):
    """The server refused in words what it should have taken."""


class Client:
    """Sends loads to whichever server stands; `server` is asked for anew after every break."""

    def __init__(self, server: Callable[[], LiveServer]) -> None:
        self.server = server

    def send(self, load: Load) -> str:
        """Send the load until it is accepted; returns its job's id."""
        end, pause = time.monotonic() + PATIENCE, threading.Event()
        upload = ""
        while True:
            try:
                with self.server().http() as http:
                    if load.way == "tus":
                        upload = upload or self._begun(http, load)
                        return self._continued(http, load, upload)
                    return self._stands(http, load) or self._sent(http, load)
            except httpx.TransportError:
                if time.monotonic() > end:
                    raise
                pause.wait(0.1)

    def _stands(self, http: httpx.Client, load: Load) -> str:
        """The job that an earlier, unanswered try has become, or nothing."""
        jobs = _told(http.get("/jobs", params={"limit": "100"})).json()["items"]
        return next((str(job["job_id"]) for job in jobs if job["title"] == load.path.name), "")

    def _sent(self, http: httpx.Client, load: Load) -> str:
        said = {"name": load.table, "mode": load.mode}
        if load.way == "path":
            answer = http.post("/ingest", json={"source": str(load.path), **said})
        else:
            answer = http.post("/uploads", params={"filename": load.path.name, **said}, content=load.path.read_bytes())
        return str(_told(answer).json()["job_id"])

    def _begun(self, http: httpx.Client, load: Load) -> str:
        fields = {"filename": load.path.name, "name": load.table, "mode": load.mode}
        told = ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in fields.items())
        size = str(load.path.stat().st_size)
        answer = _told(http.post("/uploads", headers={**VERSION, "Upload-Length": size, "Upload-Metadata": told}))
        return answer.headers["Location"].rpartition("/")[2]

    def _continued(self, http: httpx.Client, load: Load, upload: str) -> str:
        """Ask how far the upload is and send the rest, part by part; the job has the upload's id."""
        body = load.path.read_bytes()
        at = int(_told(http.head(f"/uploads/{upload}", headers=VERSION)).headers["Upload-Offset"])
        while at < len(body):
            headers = {**VERSION, "Upload-Offset": str(at), "Content-Type": BYTES}
            answer = http.patch(f"/uploads/{upload}", headers=headers, content=body[at : at + PART])
            at = int(_told(answer).headers["Upload-Offset"])
        return upload


def _told(answer: httpx.Response) -> httpx.Response:
    if answer.status_code >= 400:
        raise Refused(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}")
    return answer
