"""Builds wheels and installs them, as people do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
UV = Path(sys.executable).parent / "uv"


@dataclass(frozen=True)
class Wheels:
    """The files that people install."""

    lakebook: Path
    native: Path


@dataclass(frozen=True)
class Environment:
    """A virtual environment of its own."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of its commands; standard error is part of the output."""
        return subprocess.run(
            [str(self.folder / "bin" / command), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd=self.folder,
            env={name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"},
        )

    def install(self, *what: str) -> None:
        """Install as the lock says, from uv's cache; from the index only where the cache was emptied."""
        words = [
            "pip",
            "install",
            "--quiet",
            "--python",
            str(self.python),
            "--constraint",
            str(ROOT / "requirements.lock"),
        ]
        if subprocess.run([str(UV), *words, "--offline", *what], capture_output=True, check=False).returncode:
            subprocess.run([str(UV), *words, *what], check=True)

    def uninstall(self, *what: str) -> None:
        subprocess.run([str(UV), "pip", "uninstall", "--quiet", "--python", str(self.python), *what], check=True)

    def files(self) -> set[str]:
        """Every file, without what Python caches on its own."""
        found = (path.relative_to(self.folder) for path in self.folder.rglob("*") if not path.is_dir())
        return {str(path) for path in found if "__pycache__" not in path.parts}


def build(root: Path, target: Path, arguments: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Build the wheel of the source tree at `root` into `target`, without the network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target), *arguments]
    return subprocess.run(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
