"""Questions that go on from the one before: "and by month?", "only in Germany", "what about last year?".

The words are put behind the question before, or in the place of one of its parts, and the whole is read as any question
is. What is read must be what was read before with one condition or one group more, or with one of them changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lakebook.query.domain import Domain
from lakebook.query.parse.question import understand
from lakebook.query.parse.values import Values
from lakebook.query.parse.words import tokens
from lakebook.query.reading import Condition, Declined, Either, Every, Has, Reading, each_of

# Said first, these tell that a question goes on from another; the second kind begins questions of their own as well.
LEADS = ("what about", "how about", "and what about", "and only", "and now", "and", "but only", "but", "only", "just",
         "now", "then")  # fmt: skip
PERHAPS = ("by", "per", "for each", "in", "for", "without", "excluding", "before", "after", "since")
_MARKS = ("?", ".", "!", ",")
# What may be missing before the words: "what about Germany" is "… in Germany"; these words miss nothing.
_MISSING = ("in", "for", "by")
_WHOLE = frozenset({*PERHAPS, "for", "from", "with", "of", "on", "at", "to", "last", "this", "next", "previous"})
# These narrow what was asked before, and put nothing in the place of anything.
_NARROWING = frozenset({"only", "just", "without", "excluding"})
_MOST_WORDS = 12
UNCLEAR = "How this goes on from “{}” is not clear: ask the whole question."


def goes_on(question: str) -> bool | None:
    """Whether a question goes on from another; None where it may as well be one of its own."""
    said = _words(question)
    if not 0 < len(said) <= _MOST_WORDS:
        return False
    if _rest(said, LEADS) is not None:
        return True
    return None if _rest(said, PERHAPS) is not None else False


def whole_question(before: Reading, question: str, domain: Domain, values: Values | None = None) -> str | Declined:
    """The question before and the words that go on from it as one; Declined where they fit no way, or several."""
    said = _words(question)
    words = _rest(said, LEADS) or said
    narrows = not _NARROWING.isdisjoint(word.casefold() for word in said[:3])
    found: dict[Reading, str] = {}
    for whole in _wholes(before, words):
        reading = understand(whole, domain, values)
        if isinstance(reading, Reading) and goes_on_from(reading, before, narrows=narrows):
            found.setdefault(replace(reading, question=""), whole)
    if len(found) == 1:
        return next(iter(found.values()))
    return Declined((), choices=tuple(found.values()), reason=UNCLEAR.format(before.question))


def goes_on_from(reading: Reading, before: Reading, *, narrows: bool = False) -> bool:
    """Whether a reading is the one before with one condition or group more, or, unless it narrows, with one changed."""
    if _bare(reading) != _bare(before):
        return False
    old, new = each_of(before.where), each_of(reading.where)
    if reading.groups == before.groups:
        gone = [each for each in old if each not in new]
        come = [each for each in new if each not in old]
        return len(come) == 1 and _may_go_on(come[0], gone, [each for each in old if each in new], narrows=narrows)
    if old != new:
        return False
    if len(reading.groups) == len(before.groups):
        changed = sum(one != other for one, other in zip(before.groups, reading.groups, strict=True))
        return changed == 1 and not narrows
    return reading.groups[:-1] == before.groups


def _may_go_on(come: Condition, gone: list[Condition], held: list[Condition], *, narrows: bool) -> bool:
    """Whether a condition is about something else than those that stay, and like the one that went."""
    if _about(come) in [None, *map(_about, held)]:
        return False
    if not gone:
        return True
    alike = (
        type(gone[0]) is type(come) and not getattr(come, "negated", False) and not getattr(gone[0], "negated", False)
    )
    return len(gone) == 1 and alike and _about(gone[0]) == _about(come) and not narrows


def _wholes(before: Reading, words: list[str]) -> Iterator[str]:
    """Every way to put the words behind the question or in the place of one of its conditions or groups."""
    parts = [trace.words for trace in before.trace]
    is_name = words[0][0].isupper() or words[0][0].isdigit()
    for lead in ("",) if words[0].casefold() in _WHOLE else (*_MISSING, "") if is_name else ("", *_MISSING):
        said = " ".join([lead, *words]).strip()
        yield " ".join([*parts, said])
        for place, trace in enumerate(before.trace):
            if trace.part in ("filter", "group"):
                yield " ".join([*parts[:place], said, *parts[place + 1 :]])


def _words(question: str) -> list[str]:
    said = [f'"{token.text}"' if token.kind == "text" else token.text for token in tokens(question)]
    while said and said[-1] in _MARKS:
        said.pop()
    return said


def _rest(said: list[str], leads: tuple[str, ...]) -> list[str] | None:
    """The words after the longest lead at their beginning; None where none is there or nothing follows it."""
    folded = [word.casefold() for word in said]
    for lead in sorted(leads, key=len, reverse=True):
        run = lead.split()
        if folded[: len(run)] == run and len(said) > len(run):
            return said[len(run) :]
    return None


def _bare(reading: Reading) -> Reading:
    return replace(reading, question="", where=None, groups=())


def _about(condition: Condition) -> object:
    """What a condition is about; None for several together."""
    if isinstance(condition, Every | Either):
        return None
    return condition.of if isinstance(condition, Has) else condition.term
