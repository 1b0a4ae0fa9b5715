"""What ties columns to each other: keys of two columns, columns that follow from others, numbers that move together.

Each is looked for in a sample first; what is found there is then made sure of in all rows, within bounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

from lakebook.sql_text import quoted

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa

    Codes = np.ndarray[Any, np.dtype[np.int64]]

Column = dict[str, Any]

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
NUMBERS = (*WHOLE, "FLOAT", "DOUBLE", "DECIMAL")
KEYS = (*WHOLE, "VARCHAR", "DATE", "TIMESTAMP")
GROUPS = (*WHOLE, "VARCHAR", "DATE", "BOOLEAN")
MOST_COLUMNS = 16
MOST_VALUES = 20_000
MOST_ROWS = 20_000_000
FEWEST_ROWS = 10
STRONG = 0.8
# Longer texts are prose: that no two are the same makes no key of them.
LONGEST_KEY = 64
LARGEST = 1e100
TRIED_KEYS, PROVED_TIES, PROVED_PAIRS = 4, 6, 10
PART = 16
LEFT_OUT = -1


def single_keys(columns: list[Column], rows: int) -> list[list[str]]:
    """The columns whose values come once each and are never missing; measures are none."""
    return [
        [one["name"]]
        for one in columns
        if rows > 1
        and one["data_type"].startswith(KEYS)
        and one["null_count"] == 0
        and one["unique_count"] == rows
        and one.get("unique_exact", True)
        and (one.get("max_length") or 0) <= LONGEST_KEY
    ]


def pair_keys(
    connection: duckdb.DuckDBPyConnection, sample: pa.Table, columns: list[Column], rows: int
) -> list[list[str]]:
    """The first pair of columns that tells all rows apart, the one of the fewest combinations before others."""
    usable = [one for one in columns if one["null_count"] == 0 and one["data_type"].startswith(KEYS)][:MOST_COLUMNS]
    usable = [one for one in usable if 1 < one["unique_count"] < rows]
    pairs = [pair for pair in combinations(usable, 2) if pair[0]["unique_count"] * pair[1]["unique_count"] >= rows]
    pairs.sort(key=lambda pair: pair[0]["unique_count"] * pair[1]["unique_count"])
    codes = _codes(sample, usable)
    likely = [pair for pair in pairs if _distinct(*(codes[one["name"]] for one in pair)) == sample.num_rows]
    for pair in likely[:TRIED_KEYS] if rows <= MOST_ROWS else ():
        # Most pairs fall over the rows of a few values: only one is looked for in all of them.
        if _apart(connection, pair, PART):
            return [[one["name"] for one in pair]] if _apart(connection, pair, 1) else []
    return []


def _apart(connection: duckdb.DuckDBPyConnection, pair: tuple[Column, Column], part: int) -> bool:
    """Whether no two rows have the same values of both, among those of every `part`-th value of the richer column."""
    both = ", ".join(quoted(one["name"]) for one in pair)
    richer = quoted(max(pair, key=lambda one: int(one["unique_count"]))["name"])
    twice = f"SELECT 1 FROM whole WHERE hash({richer}) % {part} = 0 GROUP BY {both} HAVING count(*) > 1 LIMIT 1"
    return _one(connection, f"SELECT count(*) FROM ({twice})") == 0


def dependencies(
    connection: duckdb.DuckDBPyConnection, sample: pa.Table, columns: list[Column], rows: int
) -> list[dict[str, str]]:
    """Pairs in which each value of the one column always comes with the same value of the other."""
    usable = [
        one for one in columns
        if one["data_type"].startswith(GROUPS) and 1 < one["unique_count"] <= min(MOST_VALUES, rows // 2)
    ][:MOST_COLUMNS]  # fmt: skip
    codes = _codes(sample, usable)
    # A missing value decides nothing; that a value comes with a missing one is as good as with another.
    given = {name: _without_missing(sample, name, known) for name, known in codes.items()}
    seen = {name: _distinct(known) for name, known in given.items()}
    likely = [
        (one, other) for one, other in permutations(usable, 2)
        if one["unique_count"] >= other["unique_count"] and 1 < seen[one["name"]] <= sample.num_rows // 2
        and _distinct(given[one["name"]], codes[other["name"]]) == seen[one["name"]]
    ]  # fmt: skip
    likely.sort(key=lambda pair: pair[0]["unique_count"])
    found = []
    for one, other in likely[:PROVED_TIES] if rows <= MOST_ROWS else ():
        decides, follows = quoted(one["name"]), quoted(other["name"])
        broken = (
            f"SELECT count(*) FROM (SELECT 1 FROM whole WHERE {decides} IS NOT NULL GROUP BY {decides} HAVING "
            f"min({follows}) IS DISTINCT FROM max({follows}) OR count({follows}) NOT IN (0, count(*)) LIMIT 1)"
        )
        if _one(connection, broken) == 0:
            found.append({"column": one["name"], "decides": other["name"]})
    return found


def correlations(
    connection: duckdb.DuckDBPyConnection, sample: pa.Table, columns: list[Column], rows: int
) -> list[dict[str, Any]]:
    """Pairs of numbers that move together (Pearson's coefficient of at least 0.8 or at most -0.8), strongest first."""
    usable = [one for one in columns if one["data_type"].startswith(NUMBERS) and _is_tame(one)][:MOST_COLUMNS]
    pairs = list(combinations([one["name"] for one in usable], 2))
    if not pairs or rows < FEWEST_ROWS:
        return []
    connection.register("sample", sample)
    likely = [pair for pair, found in _together(connection, "sample", pairs) if abs(found) >= STRONG - 0.1]
    found = _together(connection, "whole", likely[:PROVED_PAIRS]) if likely else []
    strong = [{"columns": list(pair), "coefficient": round(one, 4)} for pair, one in found if abs(one) >= STRONG]
    return sorted(strong, key=lambda tie: -abs(tie["coefficient"]))


def _together(
    connection: duckdb.DuckDBPyConnection, rows: str, pairs: list[tuple[str, str]]
) -> list[tuple[tuple[str, str], float]]:
    asked = ", ".join(
        f"corr({one}, {other}) FILTER (isfinite({one}) AND isfinite({other}))"
        for one, other in ((f"{quoted(one)}::DOUBLE", f"{quoted(other)}::DOUBLE") for one, other in pairs)
    )
    (answer,) = connection.execute(f"SELECT {asked} FROM {rows}").fetchall()
    return [(pair, float(found)) for pair, found in zip(pairs, answer, strict=True) if found is not None]


def _is_tame(column: Column) -> bool:
    """Whether the values differ, and their squares are numbers too."""
    bounds = [column.get("min"), column.get("max")]
    return bool(column.get("std_dev")) and all(bound is not None and abs(float(bound)) < LARGEST for bound in bounds)


def _codes(sample: pa.Table, columns: Iterable[Column]) -> dict[str, Codes]:
    """Each column of the sample as numbers, equal for equal values; a missing value is one of its own."""
    found = {}
    for one in columns:
        encoded = sample.column(one["name"]).combine_chunks().dictionary_encode(null_encoding="encode")
        found[one["name"]] = _plain(encoded.indices)
    return found


def _without_missing(sample: pa.Table, name: str, codes: Codes) -> Codes:
    import numpy as np

    valid = _plain(sample.column(name).combine_chunks().is_valid())
    return np.where(valid == 1, codes, LEFT_OUT)


def _plain(numbers: pa.Array[Any]) -> Codes:
    """The numbers as numpy has them. Arrow's own way there imports pandas, which takes longer than a small load."""
    import numpy as np
    import pyarrow as pa

    whole = numbers.cast(pa.int64())
    return np.frombuffer(memoryview(whole.buffers()[1] or b""), np.int64, len(whole), whole.offset * 8)


def _distinct(*codes: Codes) -> int:
    """How many combinations there are; where one part is left out, the row is."""
    import pyarrow as pa
    from pyarrow import compute

    whole, given = codes[0], codes[0] != LEFT_OUT
    for one in codes[1:]:
        whole, given = whole * (1 << 20) + one, given & (one != LEFT_OUT)
    kept = whole[given]
    # Arrow counts by a hash, which is several times faster than numpy's sort.
    return int(compute.count_distinct(pa.Array.from_buffers(pa.int64(), len(kept), [None, pa.py_buffer(kept)])).as_py())


def _one(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    ((found,),) = connection.execute(statement).fetchall()
    return int(found)
