"""`%sql` and `%%sql`: jupysql over views of the lake's current tables, loaded when first used."""

from __future__ import annotations

import os
from typing import Any

from lakebook_magics.session import lakebook_of_kernel
from lakebook_magics.verbs import refusal

ALIAS = "lakebook"


class LazySql:
    """Stands in for jupysql's magic until the first use, then keeps its views up to date before each cell."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.magic: Any = None
        self.engine: Any = None
        self.seen: dict[str, tuple[str, ...]] = {}

    def line(self, line: str) -> Any:
        """`%sql SELECT …`: run a statement over the lake's tables (jupysql)."""
        return self.cell(line, "")

    def cell(self, line: str, cell: str = "") -> Any:
        """`%%sql`: run the cell over the lake's tables (jupysql; on a server its guarded query)."""
        lb = lakebook_of_kernel()
        if not hasattr(lb.place, "runtime"):
            return _on_server(lb, f"{line} {cell}".strip())
        self._ready()
        return self.magic.execute(line, cell, self.shell.user_ns)

    def _ready(self) -> None:
        if self.magic is None:
            self._start()
        self._refresh()

    def _start(self) -> None:
        from IPython.utils.capture import capture_output
        from sqlalchemy import create_engine

        config = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        self.engine = create_engine("duckdb:///:memory:", connect_args={"config": config})
        # jupysql reports its use to its makers unless told not to, and speaks of settings nobody made.
        os.environ["PLOOMBER_STATS_ENABLED"] = "false"
        with capture_output():
            self.shell.extension_manager.load_extension("sql")
        self.magic = self.shell.find_cell_magic("sql").__self__
        register(self.shell, self)
        self.magic.displaycon = False
        self.magic.feedback = 0
        self.shell.user_ns["_lakebook_engine"] = self.engine
        self.magic.execute(f"_lakebook_engine --alias {ALIAS}", "", self.shell.user_ns)

    def _refresh(self) -> None:
        """Make the views those of the catalogue's current versions."""
        from sql.connection import ConnectionManager

        current = views_of(lakebook_of_kernel())
        # On jupysql's own connection: another could not change what its open transaction sees.
        run = ConnectionManager.connections[ALIAS].raw_execute
        for name in self.seen.keys() - current.keys():
            run(f"DROP VIEW IF EXISTS {name}")
        for layer in sorted({name.partition(".")[0] for name in current if "." in name}):
            run(f"CREATE SCHEMA IF NOT EXISTS {layer}")
        for name, files in current.items():
            if self.seen.get(name) != files:
                listed = ", ".join("'" + path.replace("'", "''") + "'" for path in files)
                run(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet([{listed}], union_by_name=true)")
        self.seen = current


def views_of(lb: Any) -> dict[str, tuple[str, ...]]:
    """SQL name of each table (with its layer, and without where that is clear) and its Parquet files."""
    place = lb.place
    found: dict[str, tuple[str, ...]] = {}
    listed = place.runtime.catalog.datasets()
    for dataset, files in listed:
        paths = place.runtime.lake.paths(dataset.s3_key, files)
        found[f"{dataset.layer}.{quoted(dataset.name)}"] = paths
    # Bronze first, else the only layer that has the name (decision 3).
    for dataset, files in listed:
        twins = {other.layer for other, _ in listed if other.name.casefold() == dataset.name.casefold()}
        if dataset.layer == "bronze" or len(twins) == 1:
            found[quoted(dataset.name)] = place.runtime.lake.paths(dataset.s3_key, files)
    return found


def _on_server(lb: Any, statement: str) -> Any:
    from lakebook.errors import LakebookError

    try:
        return lb.query(statement)
    except LakebookError as error:
        raise refusal(error) from None


def quoted(name: str) -> str:
    """The name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'


def register(shell: Any, lazy: LazySql | None = None) -> None:
    """Register the stand-in for both forms."""
    lazy = lazy or LazySql(shell)
    shell.register_magic_function(lazy.line, "line", "sql")
    shell.register_magic_function(lazy.cell, "cell", "sql")
