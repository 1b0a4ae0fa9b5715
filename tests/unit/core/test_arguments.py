"""Words of a shell or a cell as a request: every kind of field, and what happens to bad values."""

from __future__ import annotations

import shlex
from typing import Annotated, Any, Literal, cast

import pytest
from pydantic import Field

from lakebook.arguments import Parser, WrongUse, mapping_of, marker, parser_of, request_of, validated
from lakebook.errors import InvalidRequest
from lakebook.verb import Flag, Positional, Request, Result, Verb
from lakebook.verbs import VERBS


class Sample(Request):
    """One field of every kind."""

    words: Annotated[str, Positional(many=True)] = Field(description="The words.")
    name: Annotated[str | None, Flag("--as")] = Field(None, description="A name, 100 % yours.")
    many_words: str = Field("plain", description="An option of two words.")
    count: int = Field(3, ge=1, le=9, description="How many.")
    share: float = Field(0.5, description="What part.")
    loud: bool = Field(False, description="Say it aloud.")
    mode: Literal["fail", "replace"] = Field("fail", description="What to do.")
    null: list[str] | None = Field(None, description="Words for null.")
    parameters: Annotated[dict[str, Any], Flag("-p")] = Field(default_factory=dict, description="Parameters.")
    rows: list[dict[str, Any]] | None = Field(None, description="Rows.")


class Needy(Request):
    """A positional field, one that may be left out, and a required option."""

    source: Annotated[str, Positional()] = Field(description="The source.")
    other: Annotated[str | None, Positional()] = Field(None, description="Another.")
    target: str = Field(description="The target.")


def verb_of(request: type[Request], job: str | None = None) -> Verb:
    return Verb("sample", request, Result, "nowhere:nothing", "A sample of a verb.", "POST", "/sample", "read", job=job)


def read(line: str, request: type[Request] = Sample, job: str | None = None) -> Any:
    verb = verb_of(request, job)
    return request_of(verb, vars(parser_of(verb, "sample").parse_args(shlex.split(line))))


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("how many orders", "words", "how many orders"),
        ("'how many' orders", "words", "how many orders"),
        ("x --name n", "name", "n"),
        ("x --as n", "name", "n"),
        ("x --as=n", "name", "n"),
        ("x --many-words 'a b'", "many_words", "a b"),
        ("x --count 7", "count", 7),
        ("x --share .25", "share", 0.25),
        ("x --loud", "loud", True),
        ("x --mode replace", "mode", "replace"),
        ("x --null NA --null -", "null", ["NA", "-"]),
        ("x -p a=1 b=two", "parameters", {"a": 1, "b": "two"}),
        ("x -p a=1 -p b=2", "parameters", {"a": 1, "b": 2}),
        ("x --parameters '{\"a\": [1]}'", "parameters", {"a": [1]}),
        ('x --rows \'[{"a": 1}, {"a": 2}]\'', "rows", [{"a": 1}, {"a": 2}]),
    ],
)
def test_a_field_is_read(line: str, field: str, value: object) -> None:
    assert getattr(read(line), field) == value


def test_what_is_not_said_is_the_requests_default() -> None:
    request = cast(Sample, read("x"))
    assert request.model_fields_set == {"words"}
    assert request == Sample(words="x")


def test_options_may_stand_anywhere() -> None:
    assert read("--count 2 how many").model_dump() == read("how many --count 2").model_dump()


@pytest.mark.parametrize(
    ("line", "request_kind", "said"),
    [
        ("", Sample, "words"),
        ("x --nonsense", Sample, "unrecognized"),
        ("x --count many", Sample, "invalid int value"),
        ("x --share half", Sample, "invalid float value"),
        ("x --mode other", Sample, "invalid choice"),
        ("x --name", Sample, "expected one argument"),
        ("x -p", Sample, "expected at least one argument"),
        ("x", Needy, "--target"),
        ("--target t", Needy, "source"),
        ("a b c --target t", Needy, "unrecognized"),
        ("x --background", Sample, "unrecognized"),
    ],
)
def test_wrong_use_is_raised_with_the_usage(line: str, request_kind: type[Request], said: str) -> None:
    with pytest.raises(WrongUse, match=said) as wrong:
        read(line, request_kind)
    assert wrong.value.usage.startswith("usage: sample")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x --count 10", "count: input should be less than or equal to 9."),
        ("x -p novalue", "'novalue' is not a name=value pair."),
        ("x -p =1", "'=1' is not a name=value pair."),
        ("x -p '{broken'", "'{broken' is not JSON."),
        ("x -p '[1]'", "parameters: input should be a valid dictionary."),
    ],
)
def test_a_bad_value_is_refused_in_words(line: str, said: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read(line)
    assert refused.value.message == said
    assert refused.value.hint


def test_every_field_at_fault_is_named() -> None:
    with pytest.raises(InvalidRequest) as refused:
        validated(Sample, {"count": 0, "share": "half", "colour": "red"})
    assert refused.value.details == {"fields": ["words", "count", "share", "colour"]}
    assert "; " in refused.value.message
    assert "many_words" in refused.value.hint
    assert "half" not in refused.value.message


def test_text_is_trimmed() -> None:
    assert cast(Sample, validated(Sample, {"words": "  x "})).words == "x"


@pytest.mark.parametrize(
    ("words", "mapping"),
    [
        (["a=1"], {"a": 1}),
        (["a=1.50"], {"a": 1.5}),
        (["a=true", "b=null"], {"a": True, "b": None}),
        (["a=text"], {"a": "text"}),
        (["a="], {"a": ""}),
        (["a=b=c"], {"a": "b=c"}),
        (['a="1"'], {"a": "1"}),
        (["a=[1, 2]"], {"a": [1, 2]}),
        (["a=1", "a=2"], {"a": 2}),
        ([' {"a": 1}'], {"a": 1}),
        (["[1]"], [1]),
        (["day=2024-01-01"], {"day": "2024-01-01"}),
    ],
)
def test_pairs_as_a_mapping(words: list[str], mapping: object) -> None:
    assert mapping_of(words) == mapping


def test_a_job_can_be_sent_to_the_background() -> None:
    verb = verb_of(Sample, job="sampling")
    assert vars(parser_of(verb, "sample").parse_args(["x", "--background"]))["background"] is True
    assert "background" not in vars(parser_of(verb, "sample").parse_args(["x"]))
    assert request_of(verb, {"words": ["x"], "background": True}) == Sample(words="x")


def test_help_says_defaults_and_keeps_percent_signs() -> None:
    text = parser_of(verb_of(Sample, job="sampling"), "sample").format_help()
    assert "100 % yours" in text
    assert "Default: 3." in text
    assert "Default: plain." in text
    assert "Default: None" not in text
    assert "Default: False" not in text
    assert "--background" in text


def test_markers_are_found_by_their_kind() -> None:
    field = Sample.model_fields["name"]
    assert marker(field, Flag) == Flag("--as")
    assert marker(field, Positional) is None


def test_a_parser_never_ends_the_process() -> None:
    with pytest.raises(WrongUse):
        Parser(prog="p").parse_args(["--x"])


def test_every_switch_of_every_verb_can_be_left_off() -> None:
    """An option of kind bool only switches on, so its default has to be off."""
    on = [
        f"{verb.name}.{name}"
        for verb in VERBS
        for name, field in verb.request.model_fields.items()
        if field.annotation is bool and field.default is not False
    ]
    assert on == []
