"""A ranking put into a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from lakebook.query.parse.sentence import Sentence
from lakebook.query.parse.wants import Draft, Nouns, Number, Rank


def ranking_of(
    rank: Rank, *, listed: Nouns = (), limit: Number | None = None, plural: bool = False
) -> Callable[[Draft], Iterable[Draft]]:
    def apply(draft: Draft) -> Iterable[Draft]:
        if draft.rank is not None or (listed and (draft.counted or draft.listed)) or draft.share:
            return
        pending = draft.pending
        if pending is not None and pending.kind not in ("list", "unit"):
            return
        items = (listed, *draft.listed) if listed else draft.listed
        flags = draft.flags | ({"plural"} if plural else set())
        if not items and not draft.groups and rank.want is not None:
            flags |= {"show"}
        wanted = int(limit) if limit is not None else draft.limit
        yield replace(draft, ask=draft.ask or "list", pending=None, listed=items, rank=rank, limit=wanted, flags=flags)

    return apply


def counts(s: Sentence, start: int) -> list[tuple[int, Number | None]]:
    """A number of things to show, or none."""
    number = s.number(start)
    if number and isinstance(number[1], int) and 0 < number[1] < 1_000_000:
        return [(number[0], number[1]), (start, None)]
    return [(start, None)]


def on_average(s: Sentence, start: int) -> list[int]:
    return [start + 2] if s.fold(start) == "on" and s.fold(start + 1) == "average" else []
