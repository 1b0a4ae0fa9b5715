"""Cron expressions in a time zone: when a schedule runs next, in UTC. A skipped or doubled hour runs once."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lakebook.errors import InvalidRequest

HINT = "Five fields: minute, hour, day, month, weekday; `0 6 * * *` is every day at six."
LOCALTIME = Path("/etc/localtime")


def next_after(cron: str, timezone: str, instant: datetime) -> datetime:
    """The first time after `instant` (aware) at which the schedule runs, in UTC; InvalidRequest for a bad one.

    A fixed time that the clock skips in spring runs as soon as the clock is past it; one that comes twice in
    autumn runs the first time. Expressions for every hour or every so many minutes follow real time.
    """
    from cronsim import CronSim, CronSimError

    if len(cron.split()) != 5:
        raise InvalidRequest(f"{cron!r} is not a cron expression.", hint=HINT)
    try:
        moment = next(CronSim(cron, instant.astimezone(zone(timezone))))
    except (CronSimError, StopIteration) as error:
        why = f": {str(error).lower()}" if isinstance(error, CronSimError) and str(error) else ""
        raise InvalidRequest(f"{cron!r} never runs{why}.", hint=HINT) from error
    return moment.astimezone(UTC)


def zone(timezone: str) -> ZoneInfo:
    """The time zone of this IANA name, or InvalidRequest."""
    try:
        return ZoneInfo(timezone)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidRequest(
            f"There is no time zone {timezone!r}.", hint="Use an IANA name such as `Europe/Berlin` or `UTC`."
        ) from error


def local_zone() -> str:
    """This machine's IANA time zone: `TZ`, else what /etc/localtime links to, else UTC."""
    named = os.environ.get("TZ", "").lstrip(":")
    linked = os.path.realpath(LOCALTIME).partition("zoneinfo/")[2]
    for name in (named, linked):
        if name:
            try:
                zone(name)
            except InvalidRequest:
                continue
            return name
    return "UTC"
