"""The loads of the kill soak: files made from a seed, how each is sent, and what its table must hold at the end."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SMALL, MIDDLE, LARGE = 500, 40_000, 200_000
CITIES = ("Bern", "Basel", "Genève", "Zürich", "Sankt Gallen")


@dataclass(frozen=True)
class Load:
    """One file on its way into a table: how it is sent, how it joins, and how many rows it brings.

    `way` is `path` (the server reads it), `whole` (one request) or `tus` (in parts). The rows have the ids from
    `first` on. `rejected` counts the rows that cannot be read; `sound` is False where the file is no table at all.
    """

    kind: str
    path: Path
    way: str
    table: str
    mode: str
    first: int
    rows: int
    rejected: int = 0
    sound: bool = True


@dataclass
class Mix:
    """Makes loads of every kind in seeded turns; the ids of no two loads overlap."""

    folder: Path
    random: Random
    made: int = 0
    next_id: int = 0
    left: list[str] = field(default_factory=list)

    def load(self) -> Load:
        """The next load; every kind comes once before any comes again."""
        if not self.left:
            self.left = sorted(KINDS)
            self.random.shuffle(self.left)
        kind = self.left.pop()
        self.made += 1
        one = KINDS[kind](self, f"{kind}{self.made}")
        self.next_id += one.rows
        return one

    def plain(self, kind: str, name: str, rows: int, way: str, table: str = "", mode: str = "fail") -> Load:
        """A CSV, in a table of its own unless one is named."""
        path = self.folder / f"{name}.csv"
        path.write_text(as_csv(self.next_id, rows))
        return Load(kind, path, way, table or name, mode, self.next_id, rows)


def as_csv(first: int, rows: int) -> str:
    """Orders as CSV: an id, a city, an amount of money."""
    lines = (f"{n},{CITIES[n % len(CITIES)]},{n % 1000}.{n % 100:02d}" for n in range(first, first + rows))
    return "id,city,amount\n" + "\n".join(lines) + "\n"


def as_json_lines(first: int, rows: int) -> str:
    """Orders as JSON lines."""
    return "".join(
        json.dumps({"id": n, "city": CITIES[n % len(CITIES)], "amount": n / 4}) + "\n"
        for n in range(first, first + rows)
    )


def _packed(mix: Mix, name: str) -> Load:
    path = mix.folder / f"{name}.csv.gz"
    path.write_bytes(gzip.compress(as_csv(mix.next_id, MIDDLE).encode(), 1))
    return Load("gz", path, "whole", name, "fail", mix.next_id, MIDDLE)


def _lines(mix: Mix, name: str) -> Load:
    path = mix.folder / f"{name}.jsonl"
    path.write_text(as_json_lines(mix.next_id, MIDDLE))
    return Load("json", path, "path", name, "fail", mix.next_id, MIDDLE)


def _rejected(mix: Mix, name: str) -> Load:
    path = mix.folder / f"{name}.jsonl"
    path.write_text(as_json_lines(mix.next_id, SMALL) + '{"id": "cut sho\n[7]\n')
    return Load("rejected", path, "whole", name, "fail", mix.next_id, SMALL, rejected=2)


def _broken(mix: Mix, name: str) -> Load:
    path = mix.folder / f"{name}.parquet"
    path.write_bytes(b"PAR1" + b"\0" * 5000)
    return Load("broken", path, "whole", name, "fail", mix.next_id, 0, sound=False)


KINDS: dict[str, Callable[[Mix, str], Load]] = {
    "small": lambda mix, name: mix.plain("small", name, SMALL, "whole"),
    "large": lambda mix, name: mix.plain("large", name, LARGE, "path"),
    "tus": lambda mix, name: mix.plain("tus", name, LARGE, "tus"),
    "append": lambda mix, name: mix.plain("append", name, MIDDLE, "path", "ledger", "append"),
    "replace": lambda mix, name: mix.plain("replace", name, MIDDLE, "whole", "stock", "replace"),
    "gz": _packed,
    "json": _lines,
    "rejected": _rejected,
    "broken": _broken,
}


@dataclass
class Expected:
    """What the tables must hold, kept beside the soak as its loads end well."""

    ids: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def took(self, load: Load) -> None:
        """The load's rows stand in its table now."""
        span = (load.first, load.rows)
        self.ids[load.table] = [*self.ids.get(load.table, []), span] if load.mode == "append" else [span]

    def tables(self) -> Iterator[tuple[str, int, int]]:
        """Each table with the number of its rows and the sum of their ids."""
        for table, spans in self.ids.items():
            yield table, sum(rows for _, rows in spans), sum(rows * first + rows * (rows - 1) // 2
                                                             for first, rows in spans)  # fmt: skip
