"""`%contracts` and `%datasets`: verbs of one group, by the first word of the line, as the verbs say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook_magics.lake import lake
from lakebook_magics.verbs import VerbMagic, refusal

if TYPE_CHECKING:
    from lakebook.verb import Verb

MEMBERS = {"contracts": ("show", "accept", "ignore", "drop"), "datasets": ("download",), "egress": ("show",),
           "llm": ("allow", "forbid", "values"),
           "models": ("show", "promote", "archive", "compare", "route", "test", "outcomes", "drift"),
           "questions": ("show", "rename", "pin", "delete", "share", "rerun", "verify"),
           "semantics": ("load", "show", "delete", "export", "propose", "synonym")}  # fmt: skip


class MemberMagic(VerbMagic):
    """One member of a group of verbs, by the first word of the line."""

    @property
    def verb(self) -> Verb:
        """The verb's definition."""
        from lakebook.verbs import BY_NAME

        return BY_NAME[self.name.replace(" ", ".")]


class GroupMagic:
    """%contracts [show|accept|ignore|drop TABLE …], %datasets [download TABLE …], %llm [allow|…], %egress [show ID],
    %semantics [load FILE|…], %questions [show ID|…], %models [show NAME|promote NAME@3|…].

    Without a word, those there are.
    """

    def __init__(self, shell: Any, name: str) -> None:
        self.shell, self.__name__ = shell, name

    def __call__(self, line: str) -> Any:
        """Carry the member out that the first word names."""
        from lakebook.errors import InvalidRequest

        name, known = self.__name__, MEMBERS[self.__name__]
        what, _, rest = line.strip().partition(" ")
        if not what:
            return lake(name)
        if what not in known:
            error = InvalidRequest(f"%{name} does not know {what!r}.", hint=f"It knows: {', '.join(known)}.")
            raise refusal(error) from None
        return MemberMagic(self.shell, f"{name} {what}")(rest)


def register(shell: Any) -> None:
    """Register the magics with the shell."""
    for name in MEMBERS:
        shell.register_magic_function(GroupMagic(shell, name), "line", name)
