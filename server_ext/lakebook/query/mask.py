"""A question's words with what varies masked: numbers, days and quoted or known values become slots of their type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

SlotKind = Literal["number", "day", "value"]

_TOKEN = re.compile(r"\d{4}-\d{2}-\d{2}(?!\w)|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\w)|\d+(?:\.\d+)?(?!\w)|\w+|[^\w\s]")
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_DAY = r"\d{4}-\d{2}-\d{2}"
_SOME_WORDS = r"(\S+(?: \S+){0,7}?)"
_ENDS = frozenset("?.!")


@dataclass(frozen=True)
class Slot:
    """What stood in a masked place: its type, the value as the SQL has it, and for a value whose column it is of."""

    kind: SlotKind
    value: str
    table: str = ""
    column: str = ""

    def plain(self) -> dict[str, Any]:
        """The slot as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Masked:
    """A question's words with slots for what varies."""

    pattern: str
    slots: tuple[Slot, ...]

    @cached_property
    def form(self) -> re.Pattern[str]:
        """The pattern as an expression with a group for each slot."""
        forms = {"number": f"({_NUMBER})", "day": f"({_DAY})", "value": _SOME_WORDS}
        parts = []
        for piece in self.pattern.split(" "):
            number = re.fullmatch(r"\{(\d+)\}", piece)
            parts.append(forms[self.slots[int(number[1])].kind] if number else re.escape(piece))
        return re.compile(" ".join(parts))

    def match(self, words: str) -> tuple[str, ...] | None:
        """What stands in the slots where all other of these words, as `said` gives them, are the question's."""
        found = self.form.fullmatch(words)
        return None if found is None else found.groups()


def said(question: str) -> str:
    """The words of a question in a line."""
    return " ".join(tokens(question))


def tokens(question: str) -> list[str]:
    """The words, numbers, days and marks of a question, folded; marks at its end say nothing."""
    found = _TOKEN.findall(unicodedata.normalize("NFC", question).casefold())
    while found and found[-1] in _ENDS:
        found.pop()
    return found


def masked(question: str, slots: Iterable[Slot]) -> Masked:
    """The question with these slots masked: each where its value stands, once; one that stands nowhere is left out."""
    words = tokens(question)
    kept: list[Slot] = []
    for slot in slots:
        wanted = tokens(slot.value) if slot.kind == "value" else [slot.value]
        places = [place for place in range(len(words) - len(wanted) + 1) if _same(slot, words[place:], wanted)]
        if wanted and len(places) == 1:
            words[places[0] : places[0] + len(wanted)] = [f"{{{len(kept)}}}"]
            kept.append(slot)
    return _in_order(words, kept)


def _same(slot: Slot, words: list[str], wanted: list[str]) -> bool:
    if slot.kind == "number":
        return re.fullmatch(_NUMBER, words[0]) is not None and number_of(words[0]) == number_of(slot.value)
    return words[: len(wanted)] == wanted


def number_of(text: str) -> Decimal:
    """The number that a question's word stands for."""
    return Decimal(text.replace(",", ""))


def _in_order(words: list[str], slots: list[Slot]) -> Masked:
    """Slots numbered as they follow each other in the question."""
    order: list[Slot] = []
    for place, word in enumerate(words):
        number = re.fullmatch(r"\{(\d+)\}", word)
        if number:
            words[place] = f"{{{len(order)}}}"
            order.append(slots[int(number[1])])
    return Masked(" ".join(words), tuple(order))
