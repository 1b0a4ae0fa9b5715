"""Files at `https://` and `http://` addresses, fetched once, from addresses that were checked before."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from lakebook.call import Call
from lakebook.errors import BadFile, Forbidden, InvalidRequest, NotFound, PayloadTooLarge, Unavailable
from lakebook.ingest.keep import Incoming
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.sources.addresses import resolved
from lakebook.ingest.sources.credentials import checked, refuse_secrets, secret_of, without_secrets
from lakebook.ingest.sources.gather import local, options_of, title_of
from lakebook.ingest.sources.material import Material
from lakebook.ingest.sources.packed import inner_name

if TYPE_CHECKING:
    import httpx

REDIRECTS = 5
SECONDS = 30.0
BLOCK = 1 << 20
PAGE = re.compile(rb"\s*(<!doctype html|<html)", re.IGNORECASE)
HOST = re.compile(r"[\w.:-]+")
SUFFIXES = {"text/csv": ".csv", "application/json": ".json", "application/x-ndjson": ".jsonl",
            "text/tab-separated-values": ".tsv", "application/vnd.apache.parquet": ".parquet"}  # fmt: skip


def prepare(call: Call, request: IngestRequest) -> str:
    """Refuse at the door what carries a secret or names no host; returns what the file is called."""
    import httpx

    refuse_secrets(request.source, "https://host/path")
    checked(call, request.credentials)
    try:
        host = httpx.URL(request.source).host
    except (httpx.InvalidURL, UnicodeError) as error:
        raise InvalidRequest("The address cannot be read.", hint="Check its host and path.") from error
    if not HOST.fullmatch(host):
        raise InvalidRequest("The address names no host.", hint="Write `https://host/path`.")
    return unquote(title_of(request.source)).rsplit("/", 1)[-1] or host


def tables(call: Call, request: IngestRequest, _facts: dict[str, Any]) -> Iterator[Material]:
    """The one table of the file at the address."""
    secret = secret_of(call, request.credentials)
    with _answer(call, request.source, secret) as answer:
        filename = _filename(answer, request.source)
        kept, digest = _keep(call, answer, filename)
    material = local(call, kept, digest, filename, options_of(request, inner_name(filename)))
    material.source, material.source_kind = without_secrets(request.source), "web"
    yield material


@contextmanager
def _answer(call: Call, address: str, secret: str | None) -> Iterator[httpx.Response]:
    """The answer of the last address in a row of redirects, each host checked before it is spoken to."""
    import httpx

    url = httpx.URL(address)
    first = _place(url)
    # No proxy of the environment's: it would look the host up again, behind the check.
    with httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False) as client:
        for _ in range(REDIRECTS + 1):
            call.check()
            answer = _asked(call, client, url, secret if _place(url) == first else None)
            try:
                if not answer.has_redirect_location:
                    _refuse(answer, url)
                    yield answer
                    return
                url = url.join(answer.headers["location"])
            except httpx.InvalidURL as error:
                raise BadFile(f"{url.host} sends on to what is no address.", hint="Check the address.") from error
            finally:
                answer.close()
            if url.scheme not in {"http", "https"}:
                raise Forbidden(f"The address sends on to {url.scheme}://, which is not read over the web.", hint="")
    raise Unavailable(f"The address sends on more than {REDIRECTS} times.", hint="Give the last address.")


def _place(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _asked(call: Call, client: httpx.Client, url: httpx.URL, secret: str | None) -> httpx.Response:
    """Ask the checked address, under the host's own name: a second look-up could answer otherwise."""
    import httpx

    allowed = frozenset(host.strip().casefold() for host in call.runtime.settings.web_hosts.split(",") if host.strip())
    address = resolved(url.host, url.port or {"https": 443}.get(url.scheme, 80), allowed)
    headers = {"Host": url.netloc.decode("ascii"), "Accept": "*/*", "Accept-Encoding": "identity"}
    if secret is not None:
        plain = base64.b64encode(secret.encode()).decode()
        headers["Authorization"] = f"Basic {plain}" if ":" in secret else f"Bearer {secret}"
    request = client.build_request(
        "GET", url.copy_with(host=address), headers=headers, extensions={"sni_hostname": url.host}
    )
    try:
        return client.send(request, stream=True)
    except httpx.TimeoutException as error:
        raise Unavailable(f"{url.host} did not answer in {SECONDS:.0f} seconds.") from error
    except httpx.HTTPError as error:
        raise Unavailable(f"{url.host} cannot be reached.", hint="Check the address and the network.") from error


def _refuse(answer: httpx.Response, url: httpx.URL) -> None:
    status = answer.status_code
    if status in {401, 403}:
        raise Forbidden(f"{url.host} does not give the file ({status}).", hint="Give `--credentials env:NAME`.")
    if status in {404, 410}:
        raise NotFound(f"{url.host} has nothing at this address ({status}).", hint="Check the path.")
    if status != 200:
        raise Unavailable(f"{url.host} answered with {status}.", hint="Try again later.")
    if answer.headers.get("content-type", "").partition(";")[0].strip().lower() == "text/html":
        raise _page(url.host)


def _page(host: str) -> BadFile:
    return BadFile(f"{host} answered with a web page, not with a table.", hint="Give the address of the file itself.")


def _filename(answer: httpx.Response, address: str) -> str:
    """What the answer says its file is called, else the address's last word; with an ending where its type has one."""
    said = answer.headers.get("content-disposition", "")
    starred = re.search(r"filename\*\s*=\s*utf-8''([^;]+)", said, re.IGNORECASE)
    plain = re.search(r'filename\s*=\s*(?:"([^"]*)"|([^;\s]+))', said, re.IGNORECASE)
    name = unquote(starred[1]) if starred else (plain[1] or plain[2] or "") if plain else unquote(title_of(address))
    name = re.sub(r"[\x00-\x1f]", "", name.replace("\\", "/").rsplit("/", 1)[-1])[-200:] or "file"
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    return name if "." in name else name + SUFFIXES.get(kind, "")


def _keep(call: Call, answer: httpx.Response, filename: str) -> tuple[Any, str]:
    """Stream the body into `files/`, within the limit of an upload."""
    import httpx

    limit, host = call.runtime.settings.max_upload_bytes, answer.request.headers["host"]
    promised = int(answer.headers.get("content-length", "0") or 0)
    with Incoming(call, filename, promised) as incoming:
        try:
            for block in answer.iter_bytes(BLOCK):
                if not incoming.size and PAGE.match(block[:512]):
                    raise _page(host)
                incoming.write(block)
                if max(incoming.size, promised) > limit:
                    raise PayloadTooLarge(f"{filename} is larger than {limit:,} bytes.")
        except httpx.HTTPError as error:
            raise Unavailable(f"{host} broke off before the file's end.", hint="Try again.") from error
        return incoming.keep()
