"""A model folder's seal: the digest of every file, so that nothing is unpickled that lakebook did not write."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from lakebook.errors import ModelTampered

MANIFEST = "manifest.json"


def seal(folder: Path) -> str:
    """Write the folder's manifest and return its SHA-256, to be kept elsewhere."""
    manifest = json.dumps({"files": _digests(folder)}, indent=1, sort_keys=True).encode()
    (folder / MANIFEST).write_bytes(manifest)
    return hashlib.sha256(manifest).hexdigest()


def check(folder: Path, digest: str) -> None:
    """Raise ModelTampered unless the folder holds exactly the files that were sealed under this digest."""
    listed = _manifest(folder, digest)
    found = _digests(folder)
    if listed == found:
        return
    changed = sorted(name for name in listed.keys() | found.keys() if listed.get(name) != found.get(name))
    raise ModelTampered(
        f"{len(changed)} of the model's files are not those that were registered: {', '.join(changed[:3])}."
    )


def check_file(folder: Path, digest: str, name: str) -> bytes:
    """The content of one sealed file; ModelTampered where it is not what was sealed."""
    listed = _manifest(folder, digest)
    try:
        content = (folder / name).read_bytes()
    except OSError:
        content = b""
    if listed.get(name) != hashlib.sha256(content).hexdigest():
        raise ModelTampered(f"The model's {name} is not the one that was registered.")
    return content


def _manifest(folder: Path, digest: str) -> dict[str, str]:
    try:
        content = (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise ModelTampered("The model's files are gone, or cannot be read.") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise ModelTampered("The list of the model's files is not the one that was registered.")
    files: dict[str, str] = json.loads(content)["files"]
    return files


def _digests(folder: Path) -> dict[str, str]:
    """SHA-256 by relative path; a link counts as a changed file, whatever it points to."""
    digests = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            digests[name] = "link"
        elif path.is_file() and name != MANIFEST:
            with path.open("rb") as stream:
                digests[name] = hashlib.file_digest(stream, "sha256").hexdigest()
    return digests
