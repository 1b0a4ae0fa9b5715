"""Clients that ask one server as fast as it answers: `load_clients.py PORT PATH BODY CLIENTS SECONDS [TOKEN]`.

Prints one JSON object: requests a second, milliseconds (p50, p99), answers that were not 200, and up to ten different
bodies.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any


@dataclass
class Seen:
    """What all clients saw: seconds, answers that failed, and how often each body came."""

    spent: list[float] = field(default_factory=list)
    failed: list[bytes] = field(default_factory=list)
    bodies: Counter[bytes] = field(default_factory=Counter)


class Client(asyncio.Protocol):
    """One connection kept open; asks again as soon as it is answered."""

    def __init__(self, request: bytes, seen: Seen, until: float) -> None:
        self.request, self.all, self.until = request, seen, until
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.seen = b""
        self.began = 0.0

    def connection_made(self, transport: Any) -> None:
        """Ask for the first time."""
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        """Send the request."""
        self.seen, self.began = b"", time.perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Once the answer is whole, note it and ask again."""
        self.seen += data
        head, found, body = self.seen.partition(b"\r\n\r\n")
        if not found:
            return
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        if len(body) < length:
            return
        self.all.spent.append(time.perf_counter() - self.began)
        if head.startswith(b"HTTP/1.1 200"):
            self.all.bodies[body] += 1
        else:
            self.all.failed.append(body)
        if time.perf_counter() < self.until:
            self.ask()
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """Over; a connection that the server ended has failed."""
        if error is not None or time.perf_counter() < self.until:
            self.all.failed.append(str(error).encode())
        if not self.done.done():
            self.done.set_result(None)


async def load(port: int, request: bytes, clients: int, seconds: float) -> dict[str, Any]:
    """Ask with so many clients for so long."""
    seen = Seen()
    loop, began = asyncio.get_running_loop(), time.perf_counter()
    made = [
        await loop.create_connection(lambda: Client(request, seen, began + seconds), "127.0.0.1", port)
        for _ in range(clients)
    ]
    await asyncio.wait([client.done for _, client in made], timeout=seconds + 30)
    took, cuts = time.perf_counter() - began, quantiles(seen.spent, n=100)
    return {
        "rate": len(seen.spent) / took, "p50": cuts[49] * 1000, "p99": cuts[98] * 1000, "asked": len(seen.spent),
        "failed": len(seen.failed), "first": seen.failed[0].decode()[:200] if seen.failed else None,
        "bodies": {body.decode(): count for body, count in seen.bodies.most_common(10)},
    }  # fmt: skip


def request_of(path: str, body: bytes, token: str) -> bytes:
    """The request's bytes."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{bearer}"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


if __name__ == "__main__":
    port, path, body, clients, seconds, *rest = sys.argv[1:]
    asked = request_of(path, Path(body).read_bytes(), rest[0] if rest else "")
    print(json.dumps(asyncio.run(load(int(port), asked, int(clients), float(seconds)))))
