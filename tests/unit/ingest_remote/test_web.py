"""Files over the web, from a server of the test's own: redirects, refusals, names, limits."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from lakebook.call import Call
from lakebook.errors import BadFile, Forbidden, InvalidRequest, JobCancelled, NotFound, PayloadTooLarge, Unavailable
from lakebook.ingest.table import TableHandle
from tests.services.remote import loaded
from tests.unit.remains import left_in

CSV = b"id,kind\n1,a\n2,b\n"


class Site:
    """A server on loopback whose pages a test lays down."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                status, headers, body = site.pages.get(self.path.partition("?")[0], (404, {}, b""))
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def lay(self, path: str, body: bytes = CSV, status: int = 200, **headers: str) -> str:
        """Put a page at the path; its address."""
        self.pages[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)
        return self.address + path


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def near(call: Call) -> Call:
    """A call in a home where this machine may be read."""
    call.runtime.settings.web_hosts = "elsewhere.example, 127.0.0.1"
    return call


def test_a_file_over_the_web_is_a_table(near: Call, site: Site) -> None:
    done = loaded(near, site.lay("/data/My%20orders.csv") + "?version=3")
    assert (done.name, done.rows) == ("My_orders", 2)
    (edge,) = near.runtime.catalog.lineage(done.dataset_id)
    assert (edge["source_kind"], edge["source"]) == ("web", site.address + "/data/My%20orders.csv")
    assert site.asked[0][1]["host"] == site.address.removeprefix("http://")
    assert TableHandle(near, done.name).arrow().to_pylist() == [{"id": 1, "kind": "a"}, {"id": 2, "kind": "b"}]
    assert left_in(near.runtime) == []


def test_this_machine_is_refused_unless_it_is_allowed(call: Call, site: Site) -> None:
    for address in (site.lay("/a.csv"), site.lay("/a.csv").replace("127.0.0.1", "2130706433")):
        with pytest.raises(Forbidden, match="private network"):
            loaded(call, address)
    assert site.asked == []


def test_redirects_are_followed_and_counted(near: Call, site: Site) -> None:
    site.lay("/end.csv")
    for step in range(5):
        site.lay(f"/{step}.csv", b"", 302, Location=f"/{step + 1}.csv" if step < 4 else "/end.csv")
    assert loaded(near, site.address + "/0.csv").rows == 2
    site.lay("/round.csv", b"", 301, Location="/round.csv")
    with pytest.raises(Unavailable, match="more than 5 times"):
        loaded(near, site.address + "/round.csv")


@pytest.mark.parametrize("where", ["http://localhost:1/a.csv", "http://[::1]:1/a.csv", "http://169.254.169.254/meta"])
def test_a_redirect_to_a_private_place_is_refused(near: Call, site: Site, where: str) -> None:
    with pytest.raises(Forbidden, match="private network"):
        loaded(near, site.lay("/a.csv", b"", 302, Location=where))


@pytest.mark.parametrize("where", ["file:///etc/passwd", "ftp://127.0.0.1/a.csv"])
def test_a_redirect_to_another_scheme_is_refused(near: Call, site: Site, where: str) -> None:
    with pytest.raises(Forbidden, match="not read over the web"):
        loaded(near, site.lay("/a.csv", b"", 302, Location=where))


def test_a_secret_is_sent_to_its_place_alone(near: Call, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Site()
    try:
        monkeypatch.setenv("LB_TOKEN", "t0ken")
        other.lay("/b.csv")
        site.lay("/a.csv", b"", 307, Location=other.address + "/b.csv")
        assert loaded(near, site.address + "/a.csv", credentials="env:LB_TOKEN").rows == 2
        assert site.asked[0][1]["authorization"] == "Bearer t0ken"
        assert "authorization" not in other.asked[0][1]
    finally:
        other.close()


def test_a_user_and_password_go_the_basic_way(near: Call, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LB_TOKEN", "ann:pw")
    loaded(near, site.lay("/a.csv"), credentials="env:LB_TOKEN")
    assert site.asked[0][1]["authorization"] == "Basic YW5uOnB3"


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><p>sign in", b"\n <html><body>", b"plain words"])
def test_a_web_page_is_said_to_be_one(near: Call, site: Site, body: bytes) -> None:
    kind = "text/html; charset=utf-8" if body.startswith(b"plain") else "application/octet-stream"
    with pytest.raises(BadFile, match="a web page, not with a table"):
        loaded(near, site.lay("/a.csv", body, Content_Type=kind))
    assert left_in(near.runtime) == []


@pytest.mark.parametrize(
    ("status", "kind"), [(401, Forbidden), (403, Forbidden), (404, NotFound), (410, NotFound), (500, Unavailable)]
)
def test_each_refusal_is_one_error(near: Call, site: Site, status: int, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=str(status)):
        loaded(near, site.lay("/a.csv", b"no", status))


@pytest.mark.parametrize(
    ("path", "headers", "ending"),
    [
        ("/get", {"Content-Disposition": 'attachment; filename="a b.csv"'}, ".csv"),
        ("/get", {"Content-Disposition": "attachment; filename=../../x.tsv"}, ".tsv"),
        ("/get", {"Content-Disposition": "attachment; filename*=UTF-8''S%C3%BCd.csv"}, ".csv"),
        ("/get", {"Content-Type": "text/csv"}, ".csv"),
        ("/get.csv", {}, ".csv"),
    ],
    ids=["quoted", "path", "starred", "type", "address"],
)
def test_the_files_name_is_what_the_answer_says(
    near: Call, site: Site, path: str, headers: dict[str, str], ending: str
) -> None:
    site.pages[path] = (200, headers, CSV)
    assert loaded(near, site.address + path).rows == 2
    (kept,) = near.runtime.settings.folder("files").iterdir()
    assert kept.suffix == ending


def test_a_compressed_file_is_unpacked(near: Call, site: Site) -> None:
    assert loaded(near, site.lay("/a.csv.gz", gzip.compress(CSV))).rows == 2


def test_a_file_over_the_limit_is_not_taken(near: Call, site: Site) -> None:
    near.runtime.settings.max_upload_bytes = 10
    with pytest.raises(PayloadTooLarge, match="larger than 10 bytes"):
        loaded(near, site.lay("/a.csv"))
    assert left_in(near.runtime) == []


def test_an_answer_that_breaks_off_is_not_taken(near: Call, site: Site) -> None:
    with pytest.raises((Unavailable, BadFile)):
        loaded(near, site.lay("/a.csv", CSV, Content_Length="1000"))
    with pytest.raises(BadFile, match="is empty"):
        loaded(near, site.lay("/b.csv", b""))
    assert left_in(near.runtime) == []


def test_a_cancel_stops_the_transfer(near: Call, site: Site) -> None:
    near.is_cancelled = lambda: bool(site.asked)
    with pytest.raises(JobCancelled):
        loaded(near, site.lay("/a.csv"))
    assert left_in(near.runtime) == []


@pytest.mark.parametrize("source", ["https://", "http:///a.csv", "https://ho st/a.csv"])
def test_an_address_without_a_host_is_refused_at_the_door(call: Call, source: str) -> None:
    with pytest.raises(InvalidRequest):
        loaded(call, source)


def test_nobody_there_is_said(near: Call) -> None:
    with pytest.raises(Unavailable, match="cannot be reached"):
        loaded(near, "http://127.0.0.1:1/a.csv")
