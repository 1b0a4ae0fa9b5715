"""A large upload, whole and by tus: last byte to answer, the server's memory, and what others wait meanwhile."""

from __future__ import annotations

import base64
import http.client
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.live_server import LiveServer, live_server

MEGABYTE = 1 << 20
SIZE = 150 * MEGABYTE
PART = 16 * MEGABYTE
BLOCK = 256 * 1024
PAUSE = 0.02


@dataclass
class Watch:
    """What others saw while a file went up: waits in milliseconds, the server's resident memory in bytes."""

    server: LiveServer
    waits: list[float] = field(default_factory=list)
    resident: list[int] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Ask for the tables again and again until it is over."""
        with self.server.http() as http:
            while not self.over.wait(PAUSE):
                began = time.perf_counter()
                http.get("/datasets").raise_for_status()
                self.waits.append((time.perf_counter() - began) * 1000)
                self.resident.append(resident(self.server))

    def __enter__(self) -> Watch:
        """Begin to look."""
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Look no more."""
        self.over.set()
        self.thread.join()


def resident(server: LiveServer) -> int:
    """The server's resident memory, in bytes."""
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def content() -> Iterator[bytes]:
    """The file, block by block: rows of one column."""
    block = (b"%015d\n" * (BLOCK // 16)) % tuple(range(BLOCK // 16))
    for _ in range(SIZE // BLOCK):
        yield block


class Sender:
    """Sends requests to a server; remembers when the last byte of a body went."""

    def __init__(self, server: LiveServer) -> None:
        host = server.url.removeprefix("http://").rstrip("/")
        self.connection, self.token = http.client.HTTPConnection(host), server.token

    def send(self, method: str, path: str, headers: dict[str, str], body: list[bytes]) -> tuple[float, str]:
        """Milliseconds from the last byte to the answer, and the answer's Location."""
        self.connection.putrequest(method, path)
        length = sum(map(len, body))
        for name, value in {**headers, "Authorization": f"token {self.token}", "Content-Length": str(length)}.items():
            self.connection.putheader(name, value)
        self.connection.endheaders()
        for block in body:
            self.connection.send(block)
        sent = time.perf_counter()
        answer = self.connection.getresponse()
        said = answer.read()
        waited = (time.perf_counter() - sent) * 1000
        if answer.status >= 300:
            raise RuntimeError(said.decode())
        return waited, answer.headers.get("Location", "")


def whole(server: LiveServer, blocks: list[bytes], name: str) -> float:
    """Send the file in one request."""
    headers = {"Content-Type": "application/octet-stream"}
    return Sender(server).send("POST", f"/lakebook/api/v1/uploads?filename={name}.csv", headers, blocks)[0]


def resumable(server: LiveServer, blocks: list[bytes], name: str) -> float:
    """Send the file by tus, in parts."""
    sender, version = Sender(server), {"Tus-Resumable": "1.0.0"}
    named = base64.b64encode(f"{name}.csv".encode()).decode()
    creation = {**version, "Upload-Length": str(SIZE), "Upload-Metadata": f"filename {named}"}
    _, path = sender.send("POST", "/lakebook/api/v1/uploads", creation, [])
    step, waited = PART // BLOCK, 0.0
    for start in range(0, len(blocks), step):
        part = {**version, "Upload-Offset": str(start * BLOCK), "Content-Type": "application/offset+octet-stream"}
        waited, _ = sender.send("PATCH", path, part, blocks[start : start + step])
    return waited


if __name__ == "__main__":
    blocks = list(content())
    # No worker: what is measured is the server alone.
    with tempfile.TemporaryDirectory() as folder, live_server(Path(folder), workers=0) as server:
        print(f"\nUpload of {SIZE / MEGABYTE:.0f} MB ({os.cpu_count()} cores)")
        with Watch(server) as idle:
            idle.over.wait(2)
        print(f"  {'nothing':<10} others p95 {quantiles(idle.waits, n=20)[-1]:6.1f} ms")
        for name, send in (("whole", whole), ("tus", resumable)):
            answers = []
            before = resident(server)
            with Watch(server) as watch:
                for number in range(7):
                    # Never the same file twice: that one would be kept already.
                    fresh = [f"{name}{number:>8}\n".encode().rjust(16) + blocks[0][16:], *blocks[1:]]
                    answers.append(send(server, fresh, f"{name}{number}"))
            print(
                f"  {name:<10} others p95 {quantiles(watch.waits, n=20)[-1]:6.1f} ms  "
                f"last byte to answer {median(answers):6.1f} ms (most {max(answers):.1f})  "
                f"memory +{(max(watch.resident) - before) / MEGABYTE:.1f} MB  median of {len(answers)}"
            )
