"""Columns of a table become the numbers that boosters read, once for all of a model's parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


@dataclass(frozen=True)
class NumberColumn:
    """A number as it is; missing is NaN."""

    source: str

    def read(self, column: pa.ChunkedArray[Any]) -> np.ndarray:
        """The column's numbers (rows)."""
        return floats(column)


@dataclass(frozen=True)
class SameColumn:
    """1 where a number is this one, else 0."""

    source: str
    value: float

    def read(self, column: pa.ChunkedArray[Any]) -> np.ndarray:
        """The column's numbers (rows)."""
        import numpy as np

        same: np.ndarray = (floats(column) == self.value).astype(np.float64)
        return same


@dataclass(frozen=True)
class WordColumn:
    """The code of a word; words never seen have one of their own, missing words too."""

    source: str
    codes: Mapping[str, float]
    unknown: float
    missing: float
    is_whole: bool = True

    def strange(self, column: pa.ChunkedArray[Any]) -> list[int]:
        """The rows whose word was not learned; none where only one of two words is known by name."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if not self.is_whole:
            return []
        known = pc.is_in(column, value_set=pa.array(list(self.codes), pa.string()))
        learned: Any = pc.or_(known, pc.is_null(column))
        rows: list[int] = pc.indices_nonzero(pc.invert(learned)).to_pylist()
        return rows

    def read(self, column: pa.ChunkedArray[Any]) -> np.ndarray:
        """The column's codes (rows); NaN for none."""
        import numpy as np

        combined: Any = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
        encoded = combined.dictionary_encode()
        words = encoded.dictionary.to_pylist()
        table = np.array([*(self.codes.get(word, self.unknown) for word in words), self.missing], dtype=np.float64)
        places: np.ndarray = encoded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
        found: np.ndarray = table[places]
        return found


@dataclass(frozen=True)
class InstantColumn:
    """An instant as nanoseconds, or one of its parts such as its year; missing is the instant of the training."""

    source: str
    part: str | None
    filled: int

    def read(self, column: pa.ChunkedArray[Any]) -> np.ndarray:
        """The column's numbers (rows)."""
        import numpy as np
        import pandas as pd
        import pyarrow as pa

        counted: Any = column.cast(pa.timestamp("ns")).cast(pa.int64())
        nanoseconds: np.ndarray = counted.fill_null(self.filled).to_numpy()
        if self.part is None:
            return nanoseconds.astype(np.float64)
        parts: np.ndarray = getattr(pd.DatetimeIndex(nanoseconds), self.part).to_numpy(dtype=np.float64)
        return parts


Column = NumberColumn | SameColumn | WordColumn | InstantColumn


@dataclass(frozen=True)
class Encoded:
    """Rows as numbers (rows x columns), and the codes of the words among them; -1 stands for no code."""

    values: np.ndarray
    codes: Mapping[int, np.ndarray]

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True)
class Encoder:
    """What each of the numbers is read from; `categories` are the places of those that are codes, with their count."""

    columns: Sequence[Column]
    categories: Mapping[int, int] = field(default_factory=dict)

    def strange(self, table: pa.Table) -> dict[str, list[int]]:
        """The rows with words that were not learned, by column."""
        words = [column for column in self.columns if isinstance(column, WordColumn)]
        found = {column.source: column.strange(table.column(column.source)) for column in words}
        return {name: rows for name, rows in found.items() if rows}

    def encode(self, table: pa.Table) -> Encoded:
        """The rows of a table in its travelling types as numbers."""
        import numpy as np

        values = np.empty((table.num_rows, len(self.columns)), order="F")
        for place, column in enumerate(self.columns):
            values[:, place] = column.read(table.column(column.source))
        codes = {}
        for place in self.categories:
            known = values[:, place]
            codes[place] = np.where(np.isnan(known), -1, known).astype(np.int64)
        return Encoded(values, codes)


def floats(column: pa.ChunkedArray[Any]) -> np.ndarray:
    """A column of float64 with NaN for null."""
    import numpy as np

    numbers: np.ndarray = column.to_numpy()
    return numbers.astype(np.float64, copy=False)
