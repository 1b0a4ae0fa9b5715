"""The verb `stream`: rows of a file, or rows given, sent to a topic at a chosen pace."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator
from typing import Any

from lakebook.call import Call
from lakebook.errors import BadFile, InvalidRequest
from lakebook.streaming.files import rows_of
from lakebook.streaming.models import StreamRequest, StreamResult

BATCH = 200
LONGEST_NAP = 0.1


def stream(call: Call, request: StreamRequest) -> StreamResult:
    """Send the rows in order; stops at a cancel, what was sent stays sent."""
    began, sent = time.monotonic(), 0
    rows = itertools.islice(_rows(call, request), request.limit)
    for batch in _paced(call, rows, request.rate):
        call.runtime.topics.publish(request.topic, batch)
        sent += len(batch)
        call.report(0.0, f"{sent:,} rows sent", rows=sent)
    call.audit("stream", f"topic:{request.topic}", rows=sent)
    return StreamResult(topic=request.topic, sent=sent, seconds=round(time.monotonic() - began, 3))


def _rows(call: Call, request: StreamRequest) -> Iterator[dict[str, Any]]:
    if (request.source is None) == (request.rows is None):
        raise InvalidRequest("Either a file or rows are sent.", hint="Give one of `source` and `rows`.")
    if request.rows is not None:
        return iter(request.rows)
    path = (call.folder / (request.source or "")).absolute()
    if not path.is_file():
        raise BadFile(f"There is no file {request.source}.", hint="Check the path.")
    return rows_of(path)


def _paced(call: Call, rows: Iterable[dict[str, Any]], rate: float) -> Iterator[list[dict[str, Any]]]:
    """Batches as fast as they are read, or single rows at their times where there is a rate."""
    waiting = iter(rows)
    if rate <= 0:
        while batch := list(itertools.islice(waiting, BATCH)):
            call.check()
            yield batch
        return
    began = time.monotonic()
    for number, row in enumerate(waiting):
        _wait_until(call, began + number / rate)
        yield [row]


def _wait_until(call: Call, moment: float) -> None:
    call.check()
    while (left := moment - time.monotonic()) > 0:
        time.sleep(min(left, LONGEST_NAP))
        call.check()
