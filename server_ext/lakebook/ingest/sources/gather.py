"""Which source a request names: by its scheme, then as a folder, then by what the file's first bytes are."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lakebook.call import Call
from lakebook.errors import InvalidRequest
from lakebook.ingest.keep import keep_file
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.native import Options
from lakebook.ingest.sources import arrow, folder, members, packed, sqlite, workbook, zipped
from lakebook.ingest.sources.material import Material
from lakebook.ingest.sources.workbook_parts import kind_of

Tables = Callable[[Call, IngestRequest, dict[str, Any]], Iterator[Material]]

# Each has `tables(call, request, facts)`; a module that needs a check at the door has `prepare(call, request)` too.
REMOTE = {
    "s3": "lakebook.ingest.sources.s3",
    "http": "lakebook.ingest.sources.web",
    "https": "lakebook.ingest.sources.web",
    "sqlite": "lakebook.ingest.sources.sqlite",
    "postgresql": "lakebook.ingest.sources.postgres",
    "snowflake": "lakebook.ingest.sources.snowflake",
}


def scheme_of(source: str) -> str | None:
    """The scheme of an address (`s3://…`), or None for a path."""
    found = re.match(r"([A-Za-z][A-Za-z0-9+.-]+)://", source)
    return found.group(1).lower() if found else None


def title_of(address: str) -> str:
    """What an address is called: the last word of its path, else its host; never its user, secret or query."""
    try:
        parts = urlsplit(address)
        return parts.path.rstrip("/").rsplit("/", 1)[-1] or parts.hostname or parts.scheme
    except ValueError as error:
        raise InvalidRequest("The address cannot be read.", hint="Check its host and path.") from error


def remote_module(scheme: str) -> Any:
    """The module that reads addresses of this scheme; InvalidRequest names the schemes there are."""
    module = REMOTE.get(scheme)
    if module is None or find_spec(module) is None:
        known = sorted(name for name, at in REMOTE.items() if find_spec(at) is not None)
        raise InvalidRequest(
            f"Addresses that begin with {scheme}:// cannot be read.",
            hint=f"Give a path, or one of: {', '.join(known)}." if known else "Give the path of a file or a folder.",
        )
    return import_module(module)


def options_of(request: IngestRequest, filename: str) -> Options:
    """How the request says its file is to be read; a name that promises a format is held to it."""
    return Options(
        request.format or promised_format(filename), request.delimiter, request.null, request.quote, request.escape,
        request.header, request.encoding, request.decimal, request.skip,
    )  # fmt: skip


def promised_format(filename: str) -> str | None:
    """The format that a file's name promises and must then have; a CSV's name promises nothing."""
    known = {".parquet": "parquet", ".jsonl": "json", ".ndjson": "json", ".json": "json"}
    return known.get(Path(filename).suffix.lower())


def gather(call: Call, request: IngestRequest, facts: dict[str, Any]) -> Generator[Material]:
    """Every table that the source holds, one after the other, as local files."""
    for one in _found(call, request, facts):
        try:
            yield from _by_content(call, request, one, facts)
        finally:
            one.drop()


def _found(call: Call, request: IngestRequest, facts: dict[str, Any]) -> Iterator[Material]:
    scheme = scheme_of(request.source)
    if scheme is not None:
        tables: Tables = remote_module(scheme).tables
        yield from tables(call, request, facts)
        return
    parts = folder.parts(request.source)
    if parts is not None:
        yield folder.united(call, request, parts, facts["filename"], lambda name: options_of(request, name))
        return
    kept, digest = keep_file(call, Path(request.source), facts["filename"])
    yield local(call, kept, digest, facts["filename"], options_of(request, packed.inner_name(facts["filename"])))


def local(call: Call, kept: Path, digest: str, filename: str, options: Options) -> Material:
    """One kept file: as it is, or unpacked where its content is packed."""
    packing = packed.packing_of(kept)
    if packing is None or kind_of(kept, filename) is not None:
        return Material(None, [kept], options, filename, source_hash=digest)
    if packing == "zip":
        found = zipped.unpack(call, kept, filename)
        plain = [path for _name, path in found]
        options = replace(options, format=options.format or promised_format(plain[0].name))
        if len(found) > 1:
            return members.united(call, found, options, Material(None, plain, options, filename, "archive", digest))
        return Material(None, plain, options, filename, "archive", digest, passing=plain)
    one = packed.unpack(call, kept, packing, filename)
    return Material(None, [one], options, filename, "archive", digest, passing=[one])


def _by_content(call: Call, request: IngestRequest, one: Material, facts: dict[str, Any]) -> Iterator[Material]:
    """The material as it is, or the tables that its file's first bytes say it holds."""
    if one.fault is not None or len(one.files) != 1:
        yield one
        return
    filename, file = facts["filename"], one.files[0]
    with file.open("rb") as opened:
        head = opened.read(16)
    if kind_of(file, filename) is not None:
        yield from workbook.of_file(call, request, one, facts)
    elif sqlite.is_sqlite(head):
        yield from sqlite.of_file(call, request, one, facts)
    elif arrow.is_arrow(head):
        plain = arrow.as_parquet(call, file, filename)
        yield replace(one, files=[plain], options=Options("parquet"), passing=[plain])
    else:
        yield one
