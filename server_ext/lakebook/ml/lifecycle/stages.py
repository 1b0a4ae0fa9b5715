"""The stages of a version's life and the moves between them: candidate, shadow, champion, archived."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from lakebook.errors import Conflict, InvalidRequest

Stage = Literal["champion", "shadow", "archived"]
STAGES: tuple[Stage, ...] = get_args(Stage)


def check_move(name: str, number: int, aliases: Collection[str], to: str) -> None:
    """Raise unless a version with these aliases may be moved to this stage.

    The newest version that is not archived is the candidate without being moved; the champion leaves its place only
    when another takes it, so that a name always has one that answers.
    """
    if to not in STAGES:
        raise InvalidRequest(
            f"A version cannot be moved to {to!r}.",
            hint=f"Use one of: {', '.join(STAGES)}; the newest version is the candidate by itself.",
        )
    if to in aliases:
        raise Conflict(f"{name}@{number} is {_said(to)} already.", hint="Nothing is to be done.")
    if "champion" in aliases:
        raise Conflict(
            f"{name}@{number} is the champion: it answers for {name!r} and cannot become {_said(to)}.",
            hint=f"Promote another version first: `models promote {name}@…`.",
        )


def _said(stage: str) -> str:
    return stage if stage == "archived" else f"the {stage}"
