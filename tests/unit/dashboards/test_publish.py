"""Publishing: a notebook is run, its page kept, a new link made; what fails is not published."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lakebook.call import Call, JobSeat
from lakebook.dashboards.models import DashboardCreate, DashboardRequest, DashboardsRequest, Published, PublishRequest
from lakebook.dashboards.pages import page_for
from lakebook.dashboards.publish import prepare, publish
from lakebook.dashboards.verbs import create_dashboard, delete_dashboard, list_dashboards, show_dashboard
from lakebook.errors import InvalidRequest, LeaseLost, NameTaken, NotebookFailed, NotFound
from lakebook.metadata import schema
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME
from tests.local_home import USER, code, write_notebook

CHART = """
from IPython.display import display
spec = {"data": {"values": [{"a": "x", "b": 1}, {"a": "y", "b": 2}]}, "mark": "bar", "width": 300,
        "encoding": {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}}}
display({"application/vnd.vegalite.v5+json": spec, "text/plain": "chart"}, raw=True)
"""


def asked(path: Path, **fields: Any) -> PublishRequest:
    return PublishRequest.model_validate({"notebook": str(path), **fields})


def published(call: Call, path: Path, **fields: Any) -> Published:
    request = asked(path, **fields)
    prepare(call, request)
    return publish(call, request)


def token(made: Published) -> str:
    assert made.path.startswith("lakebook/p/")
    return made.path.removeprefix("lakebook/p/")


def test_prepare_names_the_dashboard_after_the_notebook(call: Call, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "Weekly sales.ipynb", "1")
    request = PublishRequest(notebook="Weekly sales.ipynb", name=None, file="page.html")
    facts = prepare(call, request)
    assert (facts["title"], facts["name"]) == ("Weekly sales.ipynb", "Weekly sales")
    assert (request.notebook, request.name) == (str(path), "Weekly sales")
    assert request.file == str(tmp_path / "page.html")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"notebook": "gone.ipynb"}, NotFound),
        ({"parameters": {"x": 1}}, InvalidRequest),
        ({"file": "no/such/folder/page.html"}, InvalidRequest),
        ({"file": "."}, InvalidRequest),
        ({"name": "a/b"}, InvalidRequest),
    ],
)
def test_prepare_refuses_what_cannot_work(
    call: Call, tmp_path: Path, fields: dict[str, Any], error: type[Exception]
) -> None:
    write_notebook(tmp_path / "a.ipynb", "1")
    with pytest.raises(error):
        prepare(call, PublishRequest.model_validate({"notebook": "a.ipynb", **fields}))


def test_a_page_is_kept_privately_behind_a_link_known_by_its_hash(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "sales.ipynb", "# Sales", code("day = 1", "parameters"), CHART, "print(day)")
    made = published(call, path, parameters={"day": "Friday"}, file=str(tmp_path / "page.html"))
    assert (made.name, made.version, made.charts, made.url) == ("sales", 1, 1, None)
    assert len(token(made)) == 43
    page = page_for(runtime, token(made))
    assert page == runtime.settings.home / "pages" / made.dashboard_id / "1.html"
    assert page is not None
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert "Friday" in page.read_text()
    assert (tmp_path / "page.html").read_text() == page.read_text()
    assert stat.S_IMODE((tmp_path / "page.html").stat().st_mode) & 0o777 in (0o644, 0o600)
    with runtime.database.read() as connection:
        hashes = connection.execute(select(schema.page_link.c.token_hash)).scalars().all()
    assert len(hashes) == 1
    assert token(made) not in hashes[0]
    assert {file.name for file in page.parent.iterdir()} == {"1.html"}
    (event,) = runtime.events.after(0)
    assert event["topic"] == "dashboard.published"
    assert token(made) not in json.dumps(event["payload"])


def test_every_link_shows_the_newest_page(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "sales.ipynb", code("day = 1", "parameters"), "print(day)")
    first = published(call, path, parameters={"day": "Monday"})
    second = published(call, path, parameters={"day": "Tuesday"})
    assert (second.dashboard_id, second.version) == (first.dashboard_id, 2)
    assert token(first) != token(second)
    for link in (first, second):
        page = page_for(runtime, token(link))
        assert page is not None
        assert "Tuesday" in page.read_text()


def test_a_notebook_that_fails_is_not_published(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "sales.ipynb", "# T", "nope")
    with pytest.raises(NotebookFailed, match="failed in cell 2: NameError") as failed:
        published(call, path, file=str(tmp_path / "page.html"))
    assert Path(failed.value.details["output"]).is_file()
    assert not (tmp_path / "page.html").exists()
    assert list_dashboards(call, DashboardsRequest()).items == []
    assert list((runtime.settings.home / "pages").iterdir()) == []


def test_a_published_page_is_a_dashboard_until_it_is_deleted(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "sales.ipynb", "print(1)")
    made = published(call, path, name="Week")
    found = show_dashboard(call, DashboardRequest(dashboard="week"))
    assert (found.dashboard_id, found.name, found.version, found.shared) == (made.dashboard_id, "Week", 1, True)
    assert (found.notebook, found.user_id) == (str(path), USER)
    delete_dashboard(call, DashboardRequest(dashboard=made.dashboard_id))
    assert page_for(runtime, token(made)) is None
    assert not (runtime.settings.home / "pages" / made.dashboard_id).exists()
    with pytest.raises(NotFound):
        show_dashboard(call, DashboardRequest(dashboard="Week"))


def test_a_stored_configuration_gets_its_page_under_the_same_id(call: Call, tmp_path: Path) -> None:
    config = {"visualizations": [{"type": "bar"}], "layout": {"columns": 2}}
    stored = create_dashboard(call, DashboardCreate(name="sales", config=config))
    made = published(call, write_notebook(tmp_path / "sales.ipynb", "print(1)"))
    found = show_dashboard(call, DashboardRequest(dashboard="sales"))
    assert found.dashboard_id == stored.dashboard_id == made.dashboard_id
    assert (found.visualizations, found.layout, found.version) == ([{"type": "bar"}], {"columns": 2}, 1)


def test_another_notebook_takes_a_name_over_only_when_told(call: Call, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    published(call, write_notebook(tmp_path / "sales.ipynb", "print('a')"))
    other = write_notebook(tmp_path / "b" / "sales.ipynb", "print('b')")
    with pytest.raises(NameTaken, match="another notebook's"):
        prepare(call, asked(other))
    assert published(call, other, name="sales").version == 2


def test_the_whole_link_is_said_where_a_server_is_known(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "sales.ipynb", "print(1)")
    server = runtime.settings.home / "server.json"
    server.write_text('{"url": "http://127.0.0.1:8888/user/x/"}')
    made = published(call, path)
    assert made.url == f"http://127.0.0.1:8888/user/x/{made.path}"
    server.write_text("{broken")
    assert published(call, path).url is None


def test_a_publication_ends_its_job_with_it(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    request = asked(write_notebook(tmp_path / "sales.ipynb", "print(1)"))
    facts = prepare(call, request)
    title = facts.pop("title")
    job = runtime.jobs.submit(call, BY_NAME["publish"], request.model_dump(mode="json"), title, facts)
    row = runtime.jobs.claim("w1")
    assert row is not None
    call.job = JobSeat(job.job_id, row["lease_epoch"], dict(row["metadata"]))
    made = publish(call, request)
    ended = runtime.jobs.show(job.job_id)
    assert (ended.status, ended.result) == ("completed", made.model_dump(mode="json"))
    assert made.dashboard_id == facts["dashboard_id"]
    stored = json.dumps(dict(runtime.jobs.row(job.job_id)), default=str)
    assert token(made) not in stored
    database = runtime.settings.home / "metadata.sqlite"
    kept = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
    assert b"lakebook/p/{link}" in kept
    assert token(made).encode() not in kept


def test_an_orphan_publishes_nothing(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    request = asked(write_notebook(tmp_path / "sales.ipynb", "print(1)"))
    facts = prepare(call, request)
    title = facts.pop("title")
    job = runtime.jobs.submit(call, BY_NAME["publish"], request.model_dump(mode="json"), title, facts)
    row = runtime.jobs.claim("w1")
    assert row is not None
    runtime.jobs.requeue(job.job_id, row["lease_epoch"])
    call.job = JobSeat(job.job_id, row["lease_epoch"], dict(row["metadata"]))
    with pytest.raises(LeaseLost):
        publish(call, request)
    assert list_dashboards(call, DashboardsRequest()).items == []
    assert not list((runtime.settings.home / "pages").rglob("*.html"))
