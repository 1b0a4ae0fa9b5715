"""Publish: a notebook is run once, its page kept as a snapshot, and a new link made to it."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.access.links import sealed, token_of
from lakebook.call import Call
from lakebook.dashboards import store
from lakebook.dashboards.models import Published, PublishRequest
from lakebook.dashboards.render import Page, foot_of, render
from lakebook.dashboards.sources import datasets_read
from lakebook.errors import DiskFull, InvalidRequest, NameTaken
from lakebook.events.outbox import emit
from lakebook.ids import new_id, now, rfc3339
from lakebook.notebooks import source
from lakebook.notebooks.execute import Work, execute
from lakebook.whole_file import write_whole

if TYPE_CHECKING:
    from sqlalchemy import Connection

TIME_LIMIT = 3600.0
SERVER_FILE = "server.json"


def prepare(call: Call, request: PublishRequest) -> dict[str, Any]:
    """Refuse at once a missing notebook, an unknown parameter, a name in other use, a file that cannot be written."""
    notebook = source.find(call.folder, request.notebook)
    source.check_parameters(notebook, request.parameters)
    name = names.checked(request.name or notebook.stem)
    standing = store.called(call.runtime, name)
    if standing is not None and request.name is None and standing["notebook"] not in (None, str(notebook)):
        raise NameTaken(
            f"The dashboard {name!r} is another notebook's.", hint="Name this one with `--as`; that name replaces it."
        )
    if request.file is not None:
        request.file = str(_writable(call.folder, request.file))
    request.notebook, request.name = str(notebook), name
    dashboard_id = standing["dashboard_id"] if standing is not None else new_id()
    return {"title": notebook.name, "dashboard_id": dashboard_id, "name": name}


def publish(call: Call, request: PublishRequest) -> Published:
    """Run the notebook and keep its page; a notebook that fails is not published (NotebookFailed names the cell)."""
    began = time.monotonic()
    facts = call.job.metadata if call.job is not None else prepare(call, request)
    run_id = call.job.job_id if call.job is not None else new_id()
    notebook = Path(request.notebook)
    output = call.runtime.settings.folder("runs") / run_id / notebook.name
    executed = execute(call, Work(notebook, output, request.parameters, run_id, TIME_LIMIT, share=0.9))
    failure = executed.failure()
    if failure is not None:
        raise failure
    call.report(0.92, "making the page")
    content = source.read(output)
    foot = foot_of(now(), datasets_read(call.runtime, content))
    page = render(content, title=facts["name"], folder=notebook.parent, foot=foot)
    if request.file is not None:
        _write(Path(request.file), page.html, mode=0o644)
    return _commit(call, Kept(facts["dashboard_id"], facts["name"], notebook, page, request.file, began))


@dataclass(frozen=True)
class Kept:
    """A page on its way into the home."""

    dashboard_id: str
    name: str
    notebook: Path
    page: Page
    file: str | None
    began: float


def _commit(call: Call, kept: Kept) -> Published:
    """The page's file, then one transaction: dashboard, link, event, job."""
    runtime, stamp = call.runtime, rfc3339(now())
    token = token_of(runtime.settings.home, call.job.job_id if call.job is not None else new_id())
    path = f"lakebook/p/{token}"
    with runtime.database.write() as connection:
        if call.job is not None:
            runtime.jobs.guard_commit(connection, call.job.job_id, call.job.epoch)
        dashboard_id, version = _next_version(connection, call, kept, stamp)
        file = store.page_file(runtime, dashboard_id, version)
        _write(file, kept.page.html, mode=0o600)
        table = store.dashboards()
        connection.execute(
            table.update().where(table.c.dashboard_id == dashboard_id).values(
                page=f"{dashboard_id}/{file.name}", version=version, notebook=str(kept.notebook), updated_at=stamp
            )
        )  # fmt: skip
        store.add_link(connection, token, dashboard_id, stamp)
        result = Published(
            dashboard_id=dashboard_id, name=kept.name, version=version, path=path,
            url=_url(runtime.settings.home, path), file=kept.file, charts=kept.page.charts,
            seconds=round(time.monotonic() - kept.began, 3),
        )  # fmt: skip
        payload = {"dashboard_id": dashboard_id, "name": kept.name, "version": version,
                   "user_id": call.principal.user_id}  # fmt: skip
        emit(connection, "dashboard.published", f"{dashboard_id}:{version}", payload)
        runtime.audit.record_in(connection, call, "publish", f"dashboard:{dashboard_id}", {"version": version})
        if call.job is not None:
            kept_result = sealed(result.model_dump(mode="json"), token)
            runtime.jobs.complete_in(connection, call.job.job_id, call.job.epoch, kept_result)
    return result


def _next_version(connection: Connection, call: Call, kept: Kept, stamp: str) -> tuple[str, int]:
    """The dashboard of this name and the version its new page gets; a new dashboard where there is none yet."""
    table, key = store.dashboards(), names.key(kept.name)
    row = connection.execute(table.select().where(table.c.name_key == key)).mappings().first()
    if row is not None:
        return row["dashboard_id"], int(row["version"]) + 1
    connection.execute(
        table.insert().values(
            dashboard_id=kept.dashboard_id, name=kept.name, name_key=key, notebook=str(kept.notebook), config={},
            version=0, user_id=call.principal.user_id, created_at=stamp, updated_at=stamp,
        )
    )  # fmt: skip
    return kept.dashboard_id, 1


def _writable(folder: Path, file: str) -> Path:
    path = (folder / Path(file).expanduser()).absolute()
    if path.is_dir():
        raise InvalidRequest(f"{file} is a folder.", hint="Name a file, such as page.html.")
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise InvalidRequest(f"{file} cannot be written there.", hint="Name a file in a folder that you can write to.")
    return path


def _write(path: Path, html: str, *, mode: int) -> None:
    """Write the file whole or not at all."""
    try:
        write_whole(path, html, mode=mode)
    except OSError as error:
        if error.errno == 28:
            raise DiskFull("No room left to keep the page.") from error
        raise InvalidRequest(f"{path.name} cannot be written.", hint="Check the folder's permissions.") from error


def _url(home: Path, path: str) -> str | None:
    """The whole link, where a server of this home has left its address."""
    try:
        base = json.loads((home / SERVER_FILE).read_text(encoding="utf-8"))["url"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return f"{str(base).rstrip('/')}/{path}"
