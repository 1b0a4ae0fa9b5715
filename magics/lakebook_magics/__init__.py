"""The cell's door: `%load_ext lakebook` registers `%ingest`, `%profile`, `%ask`, `%lake` and the rest of `NAMES`."""

from __future__ import annotations

from typing import Any

NAMES = ("ingest", "profile", "ask", "evaluate", "train", "predict", "schedule", "publish", "lake", "contracts",
         "datasets", "egress", "llm", "models", "questions", "semantics", "sql")  # fmt: skip


def load(shell: Any) -> None:
    """Register the magics; what is heavy is imported when first used."""
    from lakebook_magics import complete, groups, lake, sql, verbs

    verbs.register(shell)
    lake.register(shell)
    groups.register(shell)
    sql.register(shell)
    complete.register(shell)


def unload(shell: Any) -> None:
    """Take the magics away."""
    for kind in ("line", "cell"):
        for name in NAMES:
            shell.magics_manager.magics[kind].pop(name, None)
