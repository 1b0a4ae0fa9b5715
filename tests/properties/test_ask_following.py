"""Whatever goes on from a question: the whole is what it was with one change, or is declined; never another thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lakebook.query.guard.guarded import check
from lakebook.query.parse.following import whole_question
from lakebook.query.parse.question import understand
from lakebook.query.reading import Condition, Declined, Every, Reading
from lakebook.query.write import write
from tests.properties.test_ask_trace import COUNTRIES, DOMAIN, groups, measures, places

LEADS = ("and", "only", "what about", "how about", "now", "but", "by", "in")
befores = st.tuples(measures, groups, places).map(lambda parts: " ".join(part for part in parts if part))
words = st.one_of(
    st.sampled_from(("by month", "per channel", "in 2011", "2012", "last year", "by weekday", "web", "without EIRE")),
    st.sampled_from(COUNTRIES),
    st.sampled_from(COUNTRIES).map("in {}".format),
)
afters = st.tuples(st.sampled_from(LEADS), words).map(" ".join)
strange = st.text("qxzvwk", min_size=5, max_size=9)


def parts_of(where: Condition | None) -> Iterator[Condition]:
    """The conditions, one by one."""
    if isinstance(where, Every):
        yield from where.conditions
    elif where is not None:
        yield where


def before_of(question: str) -> Reading:
    """What is gone on from."""
    reading = understand(question, DOMAIN)
    assume(isinstance(reading, Reading))
    assert isinstance(reading, Reading)
    return reading


@settings(max_examples=50)  # each example reads up to twenty questions
@given(befores, afters)
def test_one_thing_changes_and_nothing_else(question: str, more: str) -> None:
    before = before_of(question)
    whole = whole_question(before, more, DOMAIN)
    if isinstance(whole, Declined):
        assert question in whole.reason
        assert len(whole.choices) != 1
        return
    reading = understand(whole, DOMAIN)
    assert isinstance(reading, Reading)
    assert replace(reading, question="", where=None, groups=()) == replace(before, question="", where=None, groups=())
    old, new = set(parts_of(before.where)), set(parts_of(reading.where))
    grouped = reading.groups != before.groups
    assert grouped != (old != new)
    assert len(new - old) <= 1
    assert len(old - new) <= 1
    assert len(reading.groups) - len(before.groups) in (0, 1)
    assert check(write(reading, DOMAIN), DOMAIN.tables) == []
    # Every word of it that says something is said in the whole.
    assert {word for word in more.split() if word not in " ".join(LEADS).split()} <= set(whole.split())


@settings(max_examples=25)
@given(befores, st.sampled_from(LEADS), strange)
def test_strange_words_are_never_swallowed(question: str, lead: str, word: str) -> None:
    assume(isinstance(understand(f"{question} {word}", DOMAIN), Declined))
    assert isinstance(whole_question(before_of(question), f"{lead} {word}", DOMAIN), Declined)
