"""The folder of a registration: a model is made in it, and by it what a killed registration left is found."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

NOTE = re.compile(r"\.staging-([0-9a-f-]+)\.([0-9a-f-]+)")


@dataclass(frozen=True)
class Staging:
    """A model on its way among the models; `owner` is the training's id, or the model's own."""

    artifacts: Path
    owner: str
    model_id: str

    @property
    def note(self) -> Path:
        """Stays until the registry names the model."""
        return self.artifacts / f".staging-{self.owner}.{self.model_id}"

    @property
    def folder(self) -> Path:
        """Where the model is made."""
        return self.note / self.model_id

    @property
    def home(self) -> Path:
        """Where it lies when it is whole."""
        return self.artifacts / self.model_id

    def begin(self) -> Path:
        """Make the folder."""
        self.note.mkdir(mode=0o700, parents=True)
        self.folder.mkdir(mode=0o700)
        return self.folder

    def settle(self) -> None:
        """Move the model to its place."""
        self.folder.rename(self.home)

    def end(self) -> None:
        """The model stands: nothing is to be remembered of its making."""
        shutil.rmtree(self.note, ignore_errors=True)

    def drop(self) -> None:
        """Remove the model, wherever it has come to."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.end()

    def fact(self, record: str, name: str) -> str | None:
        """What the model's record says under a name; None where no record was written."""
        for folder in (self.folder, self.home):
            try:
                return str(json.loads((folder / record).read_bytes())[name])
            except (OSError, ValueError, KeyError):
                continue
        return None


def left(artifacts: Path) -> list[Staging]:
    """Every registration that goes on or was killed."""
    found = ((artifacts, NOTE.fullmatch(path.name)) for path in artifacts.glob(".staging-*"))
    return [Staging(folder, note[1], note[2]) for folder, note in found if note]
