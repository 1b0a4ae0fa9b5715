"""Files of models as data: lines of every part, words kept as words, and nothing harmful taken."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.errors import BadModel
from lakebook.semantics.document import DEEPEST, LONGEST_BYTES, MOST_PARTS, read


def refusal(text: str) -> tuple[int, str]:
    """The line and the message of the only fault."""
    with pytest.raises(BadModel) as raised:
        read(text)
    (fault,) = raised.value.details["faults"]
    assert f"Line {fault['line']}: {fault['message']}" in raised.value.message
    return fault["line"], fault["message"]


def test_every_part_knows_its_line() -> None:
    document = read("version: 1\nmodels:\n  - name: a\n    list: [x,\n           y]\n")
    assert document.line(("models", 0, "name")) == 3
    assert document.line(("models", 0, "list", 1)) == 5
    assert document.line(("models", 0, "missing", "deeper")) == 3
    assert document.line(("nothing",)) == 1


def test_words_stay_words() -> None:
    """YAML of old takes `no` for false and 2011-03-05 for a day; a synonym is a text."""
    assert read("[no, on, 2011-03-05, 1.10, 0x1F, 12:30, =]").data == [
        "no", "on", "2011-03-05", "1.10", "0x1F", "12:30", "=",
    ]  # fmt: skip
    assert read("{a: true, b: null, c: ~, d: 'true', e: }").data == {
        "a": True, "b": None, "c": None, "d": "true", "e": None,
    }  # fmt: skip


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff"))
KEYS = st.text("abc<é😀", max_size=3).filter(lambda key: key != "<<")


@given(st.recursive(
    st.none() | st.booleans() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
))  # fmt: skip
def test_json_is_read_as_json(data: object) -> None:
    for as_ascii in (True, False):
        text = json.dumps({"data": data}, ensure_ascii=as_ascii, indent="\t")
        assert read(text).data == {"data": data}
        assert read(text).is_json


def test_an_alias_is_what_it_stands_for() -> None:
    assert read("a: &words [x, y]\nb: *words\n").data == {"a": ["x", "y"], "b": ["x", "y"]}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: !!python/object/apply:os.system ['true']\n", 2, "tag"),
        ("a: !include secret.yaml\n", 1, "tag !include"),
        ("? !x k\n: v\n", 1, "plain word"),
        ("a: &x [1, *x]\n", 1, "holds it"),
        ("a: *nowhere\n", 1, "holds it"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' is given twice"),
        ('{"a": 1,\n "a": 2}', 2, "'a' is given twice"),
        ("base: &b {x: 1}\nc:\n  <<: *b\n", 3, "<<"),
        ("a: [1,\nb: 2\n", 2, "no YAML"),
        ('{"a": [1, 2}', 1, "no JSON"),
        ("a: 1\n---\nb: 2\n", 2, "one document"),
        ("a: 1\n\x00b: 2\n", 2, "character"),
        ("? [a]\n: b\n", 1, "plain word"),
        ("[" * (DEEPEST + 2), 1, f"deeper than {DEEPEST}"),
        ("x" * (LONGEST_BYTES + 1), 1, f"{LONGEST_BYTES:,} bytes"),
        ("é" * (LONGEST_BYTES // 2 + 1), 1, f"{LONGEST_BYTES:,} bytes"),
    ],
    ids=["python tag", "own tag", "tagged key", "cycle", "no anchor", "twice", "twice in json", "merge", "bad yaml",
         "bad json", "two documents", "nul", "odd key", "deep", "long", "long in bytes"],
)  # fmt: skip
def test_what_is_refused(text: str, line: int, said: str) -> None:
    where, message = refusal(text)
    assert where == line
    assert said in message
    assert len(message) < 300


def test_a_bomb_is_refused_at_once() -> None:
    """Nine lines that stand for a thousand million words."""
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    started = time.process_time()
    _line, message = refusal("\n".join(lines))
    assert f"{MOST_PARTS:,} parts" in message
    assert time.process_time() - started < 2


@pytest.mark.parametrize("text", ["[" * 100_000, "{" * 100_000, "- " * 100_000, "a: " * 100_000],
                         ids=["lists", "mappings", "dashes", "colons"])  # fmt: skip
def test_depth_does_not_end_the_process(text: str) -> None:
    refusal(text)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "null"], ids=["empty", "comment", "null"])
def test_nothing_is_nothing(text: str) -> None:
    assert read(text).data is None
