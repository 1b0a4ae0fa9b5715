"""The process that holds loaded models: `python -m lakebook.ml.serving.serve_child FOLDER SIZE`.

Messages come and go over its pipes. It alone unpickles, only below FOLDER, and only after
the seal was checked; it ends when its parent does.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from lakebook.errors import LakebookError, ModelFailed, ModelTampered
from lakebook.ids import is_id
from lakebook.ml import fitted, seal
from lakebook.ml.columns import to_frame, travel_schema
from lakebook.ml.model_version import Feature
from lakebook.ml.scoring import Answers
from lakebook.ml.serving import explain, frames, prepared
from lakebook.ml.serving.prepare import PREPARED
from lakebook.ml.serving.prepared import Prepared

if TYPE_CHECKING:
    import pyarrow as pa


# Of longer tables nobody reads which row has a strange word.
MOST_WARNED = 10_000


@dataclass(frozen=True)
class Loaded:
    """A model in memory beside the features it reads: what was prepared of it, else the model with its engine."""

    home: Path
    features: list[Feature]
    model: fitted.FittedModel | Prepared

    def answers(self, table: pa.Table) -> Answers:
        """Amounts, or class codes with probabilities."""
        if isinstance(self.model, Prepared):
            return self.model.answers(table)
        return self.model.answers(to_frame(table, self.features))

    def strange(self, table: pa.Table) -> dict[str, list[int]]:
        """The rows with words that the model did not learn, by column, as far as what was prepared can tell."""
        return self.model.encoder.strange(table) if isinstance(self.model, Prepared) else {}

    @cached_property
    def usual(self) -> pa.Table:
        """The row that explanations start from."""
        return explain.usual_row(self.home, travel_schema(self.features))


@dataclass
class Shelf:
    """The models used last, at most `size` of them, loaded from `folder`."""

    folder: Path
    size: int
    models: OrderedDict[tuple[str, str], Loaded] = field(default_factory=OrderedDict)

    def get(self, model_id: str, digest: str) -> Loaded:
        """The model, loaded now if it is not here; ModelTampered where its files are not those sealed."""
        key = (model_id, digest)
        if key not in self.models:
            self.models[key] = load(self.folder, model_id, digest)
            while len(self.models) > self.size:
                self.models.popitem(last=False)
        self.models.move_to_end(key)
        return self.models[key]


def load(folder: Path, model_id: str, digest: str) -> Loaded:
    """Check the seal of a model below `folder`, then unpickle it."""
    if not is_id(model_id):
        raise ModelTampered("The model's id is not one that lakebook gave.")
    home = folder / model_id
    if home.is_symlink():
        raise ModelTampered("The model's folder is a link to another place.")
    seal.check(home, digest)
    record = json.loads(seal.check_file(home, digest, "record.json"))
    try:
        model = prepared.load(home / PREPARED) or fitted.load(
            record["engine"], home / "model", record["problem_kind"], len(record["classes"])
        )
    except Exception as error:
        raise ModelFailed(
            f"The model cannot be loaded here: it was made with {record['engine']} {record['engine_version']}.",
            hint="Train the model again, or install that version.",
            details={"cause": _cause(error)},
        ) from error
    return Loaded(home, [Feature(**feature) for feature in record["features"]], model)


def answer(shelf: Shelf, header: dict[str, Any], body: bytes) -> frames.Message:
    """Predict the table in `body`; the answer holds the amounts, or class codes and probabilities."""
    import pyarrow as pa

    loaded, table = shelf.get(header["model_id"], header["digest"]), frames.bytes_table(body)
    answers = loaded.answers(table)
    columns = {"predicted": pa.array(answers.predicted)}
    if answers.probabilities is not None:
        columns |= {f"p{code}": pa.array(answers.probabilities[:, code]) for code in range(loaded.model.classes)}
    if header.get("explained"):
        added = explain.contributions(loaded.answers, table, loaded.usual)
        columns |= {f"c{place}": pa.array(added[:, place]) for place in range(table.num_columns)}
    strange = loaded.strange(table) if table.num_rows <= MOST_WARNED else {}
    reply = {"ok": True, "strange": strange} if strange else {"ok": True}
    return reply, frames.table_bytes(pa.table(columns))


def refusal(error: BaseException) -> dict[str, Any]:
    """The error as an answer; `cause` is for the log, not for the caller."""
    if not isinstance(error, LakebookError):
        error = ModelFailed("The model could not answer for these rows.", details={"cause": _cause(error)})
    return {"ok": False, **error.to_dict()}


def _cause(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def take_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes of the messages, moved away from where libraries read and print."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def receive(requests: IO[bytes], inbox: queue.Queue[frames.Message]) -> None:
    """Pass messages on; when the parent is gone, end at once, even in the midst of a prediction."""
    while message := frames.read_message(requests):
        inbox.put(message)
    os._exit(0)


def warm() -> None:
    """Import what prepared models need, where it is installed; an engine is imported when a model needs it."""
    for name in ("pyarrow", "pandas", "lightgbm", "xgboost", "catboost", "sklearn.linear_model"):
        if find_spec(name.partition(".")[0]) is not None:
            import_module(name)


def main() -> None:
    """Answer requests one after the other until the parent is gone."""
    requests, answers = take_pipes()
    shelf = Shelf(Path(sys.argv[1]), int(sys.argv[2]))
    inbox: queue.Queue[frames.Message] = queue.Queue()
    threading.Thread(target=receive, args=(requests, inbox), daemon=True).start()
    warm()
    while True:
        header, body = inbox.get()
        try:
            reply, table = answer(shelf, header, body)
        except Exception as error:
            reply, table = refusal(error), b""
        frames.write_message(answers, reply, table)


if __name__ == "__main__":
    main()
