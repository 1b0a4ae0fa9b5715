"""Checks on what is committed: no lock file names an address to download from, no file is there by accident."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "native/Cargo.lock", "native/fuzz/Cargo.lock", "extension/yarn.lock")
ADDRESS = re.compile(r"\b(?:https?|git|ssh)(?:\+\w+)?://\S+")
# Cargo writes the name of the public index into every entry; it is a name, nothing is fetched from it.
CARGO_INDEX = 'source = "registry+https://github.com/rust-lang/crates.io-index"'
HEAVY_BYTES = 1_500_000


def committed(root: Path = ROOT) -> list[Path]:
    """Files that git tracks or would add, relative to the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (root / name).is_file()]


def addresses(lock: str) -> Iterator[str]:
    """Every download address in the text of a lock file."""
    for line in lock.splitlines():
        if line.strip() != CARGO_INDEX:
            yield from ADDRESS.findall(line)


def complaints(root: Path, files: Sequence[Path]) -> Iterator[str]:
    """One line for each thing that should not be committed."""
    for path in files:
        if path.name == "uv.lock":
            yield f"{path}: holds download addresses; requirements.lock is the lock"
        if (root / path).stat().st_size > HEAVY_BYTES:
            yield f"{path}: {(root / path).stat().st_size:,} bytes is too heavy for a repository"
    for name in LOCKS:
        if not (root / name).is_file():
            yield f"{name}: missing"
            continue
        for address in addresses((root / name).read_text(encoding="utf-8")):
            yield f"{name}: holds the address {address}"


if __name__ == "__main__":
    found = list(complaints(ROOT, committed()))
    print("\n".join(found) or "committed files: nothing to say")
    sys.exit(1 if found else 0)
