"""`%sql` and `%%sql`: jupysql over lakebook's own driver, guarded and reading only, loaded when first used."""

from __future__ import annotations

import os
from typing import Any

from lakebook_magics.session import lakebook_of_kernel

ALIAS = "lakebook"


class LazySql:
    """Stands in for jupysql's magic until the first use, then hands every cell to it."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self.magic: Any = None
        self.engine: Any = None
        self.place: Any = None

    def line(self, line: str) -> Any:
        """`%sql SELECT …`: run a statement over the lake's tables (jupysql)."""
        return self.cell(line, "")

    def cell(self, line: str, cell: str = "") -> Any:
        """`%%sql`: run the cell over the lake's tables at their current versions (jupysql)."""
        if self.magic is None:
            self._start()
        self._connect()
        return self.magic.execute(line, cell, self.shell.user_ns)

    def _start(self) -> None:
        from IPython.utils.capture import capture_output

        # jupysql reports its use to its makers unless told not to, and speaks of settings nobody made.
        os.environ["PLOOMBER_STATS_ENABLED"] = "false"
        with capture_output():
            self.shell.extension_manager.load_extension("sql")
        self.magic = self.shell.find_cell_magic("sql").__self__
        register(self.shell, self)
        self.magic.displaycon = False
        self.magic.feedback = 0
        self.magic.named_parameters = "enabled"

    def _connect(self) -> None:
        """Make jupysql's connection one to the lakebook that the other magics use now."""
        lb = lakebook_of_kernel()
        if lb.place is self.place:
            return
        self.place, self.engine = lb.place, engine_of(lb)
        self.shell.user_ns["_lakebook_engine"] = self.engine
        self.magic.execute(f"_lakebook_engine --alias {ALIAS}", "", self.shell.user_ns)


def engine_of(lb: Any) -> Any:
    """A SQLAlchemy engine over a lakebook that is open already."""
    from sqlalchemy import create_engine

    from lakebook.dbapi import Connection

    return create_engine("lakebook://", creator=lambda: Connection(lb, owned=False))


def register(shell: Any, lazy: LazySql | None = None) -> None:
    """Register the stand-in for both forms."""
    lazy = lazy or LazySql(shell)
    shell.register_magic_function(lazy.line, "line", "sql")
    shell.register_magic_function(lazy.cell, "cell", "sql")
