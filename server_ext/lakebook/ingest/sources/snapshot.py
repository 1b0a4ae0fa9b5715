"""What changed between the rows that stand and the rows just read, by key; and the files that hold the outcome."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook import names
from lakebook.errors import InvalidRequest
from lakebook.ids import new_id
from lakebook.sql_text import literal, quoted

if TYPE_CHECKING:
    import duckdb

KEY_HINT = "Name columns that tell one row from all others: `--key id`."


@dataclass(frozen=True)
class Changes:
    """Rows by what happened to them."""

    inserted: int
    updated: int
    deleted: int
    unchanged: int

    def counts(self) -> dict[str, int]:
        """The numbers by name."""
        return asdict(self)


def merged(standing: Sequence[Path], fresh: Path, keys: Sequence[str], *, whole: bool) -> tuple[Changes, list[Path]]:
    """The changes, and two new Parquet files beside `fresh`: the standing rows that stay, and the changed ones.

    `whole`: the fresh rows are the whole source, so what is missing among them was deleted; else nothing was.
    Raises InvalidRequest where the key is no column, is null, or does not tell the rows apart.
    """
    import duckdb
    from pyarrow import parquet as pq

    given = pq.read_schema(fresh).names
    known = list(dict.fromkeys(name for path in standing for name in pq.read_schema(path).names))
    for key in keys:
        if key not in given:
            raise InvalidRequest(f"The key {key!r} is no column of the rows.", hint=f"They have: {', '.join(given)}.")
    stays, changed = (fresh.with_name(f"{new_id()}.{word}.parquet") for word in ("stays", "changed"))
    statements = _statements(given, known, keys, whole=whole)
    try:
        with duckdb.connect() as connection:
            connection.execute("SET autoinstall_known_extensions=false")
            connection.execute("SET memory_limit='1GB'")
            connection.execute(f"SET temp_directory={literal(str(fresh.with_name(f'{new_id()}.spill')))}")
            _view(connection, "new", [fresh])
            _view(connection, "old", standing)
            _check_key(connection, "new", keys)
            _check_key(connection, "old", [standing_name(key, known) or key for key in keys])
            counted = dict(connection.execute(statements["counts"]).fetchall())
            for target, name in ((stays, "stays"), (changed, "changed")):
                connection.execute(f"COPY ({statements[name]}) TO {literal(str(target))} (FORMAT parquet)")
    except BaseException as error:
        for path in (stays, changed):
            path.unlink(missing_ok=True)
        if isinstance(error, (duckdb.ConversionException, duckdb.BinderException)):
            raise InvalidRequest(
                "The rows cannot be compared with the table's: a column is of another kind now.",
                hint="Load them anew with `--mode replace`.",
            ) from error
        raise
    gone = counted.get("deleted", 0)
    changes = Changes(counted.get("inserted", 0), counted.get("updated", 0), gone if whole else 0,
                      counted.get("unchanged", 0) + (0 if whole else gone))  # fmt: skip
    return changes, [stays, changed]


def _statements(given: list[str], known: list[str], keys: Sequence[str], *, whole: bool) -> dict[str, str]:
    """The statements over the views `old` and `new`; a column that one side lacks is null there."""
    pairs = {name: standing_name(name, known) for name in given}
    for key in keys:
        if pairs[key] is None:
            raise InvalidRequest(
                f"The table has no column {key!r} to compare by.", hint="Load it anew with `--mode replace`."
            )
    old = {name: "NULL" if stands is None else f"old.{quoted(stands)}" for name, stands in pairs.items()}
    same = " AND ".join(f"{old[key]} = new.{quoted(key)}" for key in keys)
    others = [f"{old[name]} IS DISTINCT FROM new.{quoted(name)}" for name in given if name not in keys]
    lost = [f"old.{quoted(name)} IS NOT NULL" for name in known if name not in pairs.values()]
    differs = " OR ".join([*others, *lost]) or "FALSE"
    kind = (
        f"CASE WHEN {old[keys[0]]} IS NULL THEN 'inserted' WHEN new.{quoted(keys[0])} IS NULL THEN 'deleted' "
        f"WHEN {differs} THEN 'updated' ELSE 'unchanged' END"
    )
    kept = "" if whole else f" UNION ALL SELECT old.* FROM old ANTI JOIN new ON {same}"
    return {
        "counts": f"SELECT {kind} AS kind, count(*) FROM old FULL JOIN new ON {same} GROUP BY ALL",
        "stays": f"SELECT old.* FROM old JOIN new ON {same} WHERE NOT ({differs}){kept}",
        "changed": f"SELECT new.* FROM new LEFT JOIN old ON {same} WHERE {old[keys[0]]} IS NULL OR {differs}",
    }


def standing_name(name: str, known: Sequence[str]) -> str | None:
    """What the table calls this column of the source: some characters of a name become `_` in it."""
    folded = {names.key(one): one for one in known}
    cleaned = re.sub(r"[ ,;{}()\n\t=\r\0_]+", "_", name.strip())
    return folded.get(names.key(name)) or folded.get(names.key(cleaned))


def _check_key(connection: duckdb.DuckDBPyConnection, side: str, columns: Sequence[str]) -> None:
    """InvalidRequest where the columns do not tell the rows of this side apart."""
    listed = ", ".join(quoted(one) for one in columns)
    null = " OR ".join(f"{quoted(one)} IS NULL" for one in columns)
    whose = "the table that stands" if side == "old" else "the rows that were read"
    if connection.execute(f"SELECT 1 FROM {side} WHERE {null} LIMIT 1").fetchall():
        raise InvalidRequest(f"The key {', '.join(columns)} is empty in some of {whose}.", hint=KEY_HINT)
    if connection.execute(f"SELECT 1 FROM {side} GROUP BY {listed} HAVING count(*) > 1 LIMIT 1").fetchall():
        raise InvalidRequest(f"The key {', '.join(columns)} stands more than once in {whose}.", hint=KEY_HINT)


def _view(connection: duckdb.DuckDBPyConnection, name: str, files: Sequence[Path]) -> None:
    listed = ", ".join(literal(str(path)) for path in files)
    connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{listed}], union_by_name=true)")
