"""`%contracts`: what tomorrow's rows are held to; `show`, `accept`, `ignore` and `drop` as the verbs say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook_magics.lake import lake
from lakebook_magics.verbs import VerbMagic, refusal

if TYPE_CHECKING:
    from lakebook.verb import Verb

WHAT = ("show", "accept", "ignore", "drop")


class MemberMagic(VerbMagic):
    """One member of a group of verbs, by the first word of the line."""

    @property
    def verb(self) -> Verb:
        """The verb's definition."""
        from lakebook.verbs import BY_NAME

        return BY_NAME[self.name.replace(" ", ".")]


class ContractsMagic:
    """%contracts [show|accept|ignore|drop TABLE …]: a table's contract; the tables that have one without a word."""

    def __init__(self, shell: Any) -> None:
        self.shell, self.__name__ = shell, "contracts"

    def __call__(self, line: str) -> Any:
        """Carry the member out that the first word names."""
        from lakebook.errors import InvalidRequest

        what, _, rest = line.strip().partition(" ")
        if not what:
            return lake("contracts")
        if what not in WHAT:
            error = InvalidRequest(f"%contracts does not know {what!r}.", hint=f"It knows: {', '.join(WHAT)}.")
            raise refusal(error) from None
        return MemberMagic(self.shell, f"contracts {what}")(rest)


def register(shell: Any) -> None:
    """Register the magic with the shell."""
    shell.register_magic_function(ContractsMagic(shell), "line", "contracts")
