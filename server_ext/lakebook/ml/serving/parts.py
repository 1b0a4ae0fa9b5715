"""The models a blend is made of, each asked directly with the numbers it reads."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from lakebook.ml.serving.encoder import Encoded

if TYPE_CHECKING:
    import numpy as np


# So few rows are answered by one thread sooner than several are woken.
FEW_ROWS = 2_000


def threads(rows: Encoded) -> int:
    """How many threads answer these rows; the figures are the same with any number."""
    return 1 if len(rows) < FEW_ROWS else os.cpu_count() or 1


class Part(Protocol):
    """One model of a blend."""

    def scores(self, rows: Encoded) -> np.ndarray:
        """Amounts or probabilities of the second class (rows), or of all classes (rows x classes), as float32."""


@dataclass(frozen=True)
class Booster:
    """LightGBM's trees over some of the columns."""

    booster: Any
    places: Sequence[int]

    def scores(self, rows: Encoded) -> np.ndarray:
        """LightGBM's own answers."""
        import numpy as np

        return np.asarray(
            self.booster.predict(rows.values[:, self.places], num_threads=threads(rows)), dtype=np.float32
        )


@dataclass(frozen=True)
class Layout:
    """A matrix made of numbers as they are, and of a row of numbers for each code; blocks in the matrix's order."""

    numbers: Sequence[tuple[int, int]]
    tables: Sequence[tuple[int, int, np.ndarray]]
    width: int

    def matrix(self, rows: Encoded, kind: type[Any]) -> np.ndarray:
        """The matrix (rows x width); a code's missing row is its table's last."""
        import numpy as np

        made: np.ndarray = np.empty((len(rows), self.width), dtype=kind)
        for place, target in self.numbers:
            made[:, target] = rows.values[:, place]
        for place, target, table in self.tables:
            made[:, target : target + table.shape[1]] = table[rows.codes[place]]
        return made


@dataclass(frozen=True)
class GradientTrees:
    """XGBoost's trees; zero counts as missing, as in the sparse rows they were grown on."""

    booster: Any
    layout: Layout
    rounds: tuple[int, int]

    def scores(self, rows: Encoded) -> np.ndarray:
        """XGBoost's own answers."""
        import numpy as np

        self.booster.set_param({"nthread": threads(rows)})
        matrix = self.layout.matrix(rows, np.float32)
        matrix[matrix == 0] = np.nan
        return np.asarray(self.booster.inplace_predict(matrix, iteration_range=self.rounds), dtype=np.float32)


@dataclass(frozen=True)
class CatTrees:
    """CatBoost's trees; codes are given as whole numbers."""

    model: Any
    names: Sequence[str]
    numbers: Mapping[str, int]
    tables: Mapping[str, tuple[int, np.ndarray]]
    kind: str

    def scores(self, rows: Encoded) -> np.ndarray:
        """CatBoost's own answers."""
        import numpy as np
        import pandas as pd

        columns: dict[str, Any] = {}
        for name in self.names:
            if name in self.tables:
                place, table = self.tables[name]
                columns[name] = table[rows.codes[place]]
            else:
                columns[name] = rows.values[:, self.numbers[name]]
        frame = pd.DataFrame(columns, copy=False)
        if self.kind == "regression":
            return np.asarray(self.model.predict(frame, thread_count=threads(rows)), dtype=np.float32)
        shares = self.model.predict_proba(frame, thread_count=threads(rows))
        return np.asarray(shares[:, 1] if self.kind == "binary" else shares, dtype=np.float32)


@dataclass(frozen=True)
class Forest:
    """scikit-learn's trees, grown as LightGBM's; missing is zero and numbers are float32, as where they grew."""

    booster: Any
    layout: Layout

    def scores(self, rows: Encoded) -> np.ndarray:
        """The mean of the trees."""
        import numpy as np

        matrix = np.nan_to_num(self.layout.matrix(rows, np.float32), copy=False, nan=0.0)
        return np.asarray(self.booster.predict(matrix, num_threads=threads(rows)), dtype=np.float32)


@dataclass(frozen=True)
class Blend:
    """The weighted sum of parts."""

    parts: Sequence[Part]
    weights: Sequence[float]

    def scores(self, rows: Encoded) -> np.ndarray:
        """The sum, in float32 as AutoGluon adds it up."""
        import numpy as np

        weighted = [part.scores(rows) * weight for part, weight in zip(self.parts, self.weights, strict=True)]
        return np.asarray(np.sum(weighted, axis=0), dtype=np.float32)


@dataclass(frozen=True)
class Linear:
    """A linear model over scaled numbers and a column for each word."""

    model: Any
    blocks: Sequence[tuple[Any, Sequence[int]]]
    kind: str

    def scores(self, rows: Encoded) -> np.ndarray:
        """scikit-learn's own answers; a block is a scaler over its columns, or the table of its codes."""
        import numpy as np

        matrix = np.hstack([self._block(rows, step, places) for step, places in self.blocks])
        if self.kind == "regression":
            return np.asarray(self.model.predict(matrix), dtype=np.float32)
        shares = self.model.predict_proba(matrix)
        return np.asarray(shares[:, 1] if self.kind == "binary" else shares, dtype=np.float32)

    @staticmethod
    def _block(rows: Encoded, step: Any, places: Sequence[int]) -> np.ndarray:
        import numpy as np

        if isinstance(step, np.ndarray):
            return np.asarray(step[rows.codes[places[0]]])
        return np.asarray(step.transform(rows.values[:, places]))
