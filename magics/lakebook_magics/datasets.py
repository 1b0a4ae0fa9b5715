"""`%datasets`: what can be done with a table; `download` as the verb says."""

from __future__ import annotations

from typing import Any

from lakebook_magics.contracts import MemberMagic
from lakebook_magics.lake import lake
from lakebook_magics.verbs import refusal

WHAT = ("download",)


class DatasetsMagic:
    """%datasets [download TABLE --format csv|parquet|xlsx --to FILE]: the tables there are, without a word."""

    def __init__(self, shell: Any) -> None:
        self.shell, self.__name__ = shell, "datasets"

    def __call__(self, line: str) -> Any:
        """Carry the member out that the first word names."""
        from lakebook.errors import InvalidRequest

        what, _, rest = line.strip().partition(" ")
        if not what:
            return lake("datasets")
        if what not in WHAT:
            error = InvalidRequest(f"%datasets does not know {what!r}.", hint=f"It knows: {', '.join(WHAT)}.")
            raise refusal(error) from None
        return MemberMagic(self.shell, f"datasets {what}")(rest)


def register(shell: Any) -> None:
    """Register the magic with the shell."""
    shell.register_magic_function(DatasetsMagic(shell), "line", "datasets")
