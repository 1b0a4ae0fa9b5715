"""A model that answers without its engine: features encoded once, boosters called directly."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook.ml.scoring import Answers
from lakebook.ml.serving.encoder import Encoder
from lakebook.ml.serving.parts import Part

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

FILE = "prepared.pkl"


@dataclass(frozen=True)
class Prepared:
    """An encoder and the models that read what it makes; `labels` are the class codes of the columns they answer."""

    kind: str
    classes: int
    labels: Sequence[int]
    encoder: Encoder
    part: Part

    def answers(self, table: pa.Table) -> Answers:
        """Amounts, or class codes with their probabilities, for a table in its travelling types."""
        import numpy as np

        scores = self.part.scores(self.encoder.encode(table))
        if self.kind == "regression":
            return Answers(scores.astype(np.float64))
        shares = self._shares(scores)
        return Answers(shares.argmax(axis=1), shares)

    def _shares(self, scores: np.ndarray) -> np.ndarray:
        import numpy as np

        columns = np.column_stack([np.float32(1) - scores, scores]) if scores.ndim == 1 else scores
        shares = np.zeros((len(columns), self.classes))
        shares[:, list(self.labels)] = columns
        # Some models answer in float32, whose sums are a little off 1.
        divided: np.ndarray = np.divide(shares, shares.sum(axis=1, keepdims=True))
        return divided

    def save(self, folder: Path) -> None:
        """Write the model into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE).write_bytes(pickle.dumps(self))


def load(folder: Path) -> Prepared | None:
    """What was prepared in `folder`, if anything. It is unpickled: call this only on files whose seal was checked."""
    path = folder / FILE
    if not path.is_file():
        return None
    found: Prepared = pickle.loads(path.read_bytes())
    return found
