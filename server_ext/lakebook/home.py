"""The home folder: made private, refused in one line where it cannot work."""

from __future__ import annotations

import os
from pathlib import Path

from lakebook.errors import DiskFull, HomeUnusable
from lakebook.settings import Settings

NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "9p", "fuse.sshfs", "lustre", "ceph", "glusterfs", "webdav"}
)
FOLDERS = ("lake", "lake/bronze", "lake/silver", "lake/gold", "files", "runs", "pages", "models", "cache", "tmp")


def open_home(settings: Settings) -> None:
    """Make the home's folders with mode 0700, or raise HomeUnusable with what to do."""
    home = settings.home
    if home.exists() and not home.is_dir():
        raise HomeUnusable(f"The home {home} is a file, not a folder.")
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in FOLDERS:
            (home / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = home / "tmp" / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        if error.errno == 28:
            raise DiskFull(f"No room left on the disk of {home}.") from error
        raise HomeUnusable(
            f"The home {home} cannot be written.", hint="Make it writable, or choose another with `--home`."
        ) from error
    if settings.metadata_address.startswith("sqlite") and (kind := network_file_system(home)):
        raise HomeUnusable(
            f"The home {home} is on a network file system ({kind}), where SQLite loses data.",
            hint="Keep the metadata in PostgreSQL: set `LAKEBOOK_METADATA=postgresql://…`, or use a local `--home`.",
        )


def network_file_system(path: Path) -> str | None:
    """The kind of network file system that holds the path, or None for a local disk."""
    import psutil

    best, kind = "", ""
    for mount in psutil.disk_partitions(all=True):
        point = mount.mountpoint.rstrip("/") or "/"
        inside = path.is_relative_to(point)
        if inside and len(point) >= len(best):
            best, kind = point, mount.fstype.lower()
    return kind if kind in NETWORK_FILE_SYSTEMS else None
