"""Schedules: notebooks run by the clock, each due time once, times missed while nothing ran caught up once."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.errors import InvalidRequest, NameTaken, NotFound
from lakebook.ids import new_id, now, rfc3339
from lakebook.notebooks import source
from lakebook.pipelines.clock import local_zone, next_after, zone
from lakebook.pipelines.models import RunRequest, Schedule, ScheduleNameRequest, ScheduleRequest, SchedulesRequest
from lakebook.verb import Listing

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

    from lakebook.runtime import Runtime

log = logging.getLogger("lakebook.pipelines")


def schedule(call: Call, request: ScheduleRequest) -> Schedule:
    """Keep a timetable for a notebook; NameTaken where its name is in use."""
    notebook = source.find(call.folder, request.notebook)
    source.check_parameters(notebook, request.parameters)
    timezone = request.timezone or local_zone()
    zone(timezone)
    name, stamp = names.checked(request.name or notebook.stem), now()
    values = {
        "schedule_id": new_id(), "name": name, "name_key": names.key(name), "notebook": str(notebook),
        "cron": " ".join(request.cron.split()), "timezone": timezone, "parameters": request.parameters,
        "next_at": rfc3339(next_after(request.cron, timezone, stamp)), "user_id": call.principal.user_id,
        "created_at": rfc3339(stamp),
    }  # fmt: skip
    with call.runtime.database.write() as connection:
        kept = _keep(connection, values, replace=request.mode == "replace")
        call.runtime.audit.record_in(
            connection, call, "schedule", f"schedule:{kept.schedule_id}", {"name": name, "cron": kept.cron}
        )
    return kept


def _keep(connection: Connection, values: dict[str, Any], *, replace: bool) -> Schedule:
    """Insert the schedule; one of the same name keeps its id, so that its earlier runs stay its own."""
    table = _schedule()
    same = table.c.name_key == values["name_key"]
    standing = connection.execute(table.select().where(same)).mappings().first()
    if standing is None:
        connection.execute(table.insert().values(**values))
    elif replace:
        kept = {name: value for name, value in values.items() if name not in ("schedule_id", "created_at")}
        connection.execute(table.update().where(same).values(**kept))
    else:
        raise NameTaken(
            f"A schedule is already called {standing['name']!r}.",
            hint="Choose another name with `--as`, or add `--mode replace`.",
        )
    return _as_schedule(connection.execute(table.select().where(same)).mappings().one())


def list_schedules(call: Call, _request: SchedulesRequest) -> Listing[Schedule]:
    """The schedules, by name."""
    return Listing[Schedule](items=[_as_schedule(row) for row in _rows(call.runtime)])


def delete_schedule(call: Call, request: ScheduleNameRequest) -> Schedule:
    """Delete a schedule by id or name; its runs stay."""
    rows = _rows(call.runtime)
    wanted = (request.schedule, names.key(request.schedule))
    found = next((row for row in rows if row["schedule_id"] == wanted[0] or row["name_key"] == wanted[1]), None)
    if found is None:
        raise NotFound.named("schedule", request.schedule, [row["name"] for row in rows])
    table = _schedule()
    with call.runtime.database.write() as connection:
        connection.execute(table.delete().where(table.c.schedule_id == found["schedule_id"]))
        call.runtime.audit.record_in(
            connection, call, "schedules.delete", f"schedule:{found['schedule_id']}", {"name": found["name"]}
        )
    return _as_schedule(found)


def start_due(runtime: Runtime, *, instant: datetime | None = None) -> int:
    """Queue a run for each schedule that is due; returns how many. The leading worker calls it every second."""
    moment, table = instant or now(), _schedule()
    due = table.select().where(table.c.next_at <= rfc3339(moment)).order_by(table.c.next_at)
    with runtime.database.read() as connection:
        rows = list(connection.execute(due).mappings())
    return sum(_start(runtime, row, moment) for row in rows)


def _start(runtime: Runtime, row: RowMapping, moment: datetime) -> bool:
    """Queue one due run; moving the clock and queueing are one transaction, so no time is run twice or lost."""
    from lakebook.verbs import BY_NAME

    table, call = _schedule(), Call(runtime, Principal(row["user_id"]))
    wanted = {"notebook": row["notebook"], "parameters": row["parameters"], "priority": "low"}
    request = RunRequest.model_validate(wanted)
    facts = {"notebook": row["notebook"], "schedule_id": row["schedule_id"], "due_at": row["next_at"]}
    with runtime.database.write() as connection:
        mine = table.update().where(table.c.schedule_id == row["schedule_id"], table.c.next_at == row["next_at"])
        if not connection.execute(mine.values(next_at=_following(row, moment), last_at=row["next_at"])).rowcount:
            return False
        title = f"{row['name']} ({Path(row['notebook']).name})"
        runtime.jobs.submit_in(connection, call, BY_NAME["run"], request.model_dump(mode="json"), title, facts)
    log.info("schedule started", extra={"schedule_id": row["schedule_id"], "due_at": row["next_at"]})
    return True


def _following(row: RowMapping, moment: datetime) -> str | None:
    """The first time after now: what was missed is not run again and again. None where the zone has gone."""
    try:
        return rfc3339(next_after(row["cron"], row["timezone"], moment))
    except InvalidRequest:
        log.exception("schedule stopped", extra={"schedule_id": row["schedule_id"]})
        return None


def _rows(runtime: Runtime) -> list[RowMapping]:
    table = _schedule()
    with runtime.database.read() as connection:
        return list(connection.execute(table.select().order_by(table.c.name_key)).mappings())


def _as_schedule(row: RowMapping) -> Schedule:
    return Schedule.model_validate({name: row[name] for name in Schedule.model_fields})


def _schedule() -> Any:
    from lakebook.metadata import schema

    return schema.schedule
