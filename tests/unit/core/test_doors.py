"""Every verb is at the doors that the table names, under the same names, with the same defaults."""

from __future__ import annotations

import importlib
import inspect
import re
from typing import Literal, cast, get_args, get_origin

import pytest

from lakebook.arguments import by_option, marker, parser_of, request_of
from lakebook.client import Lakebook, Place, signature_of
from lakebook.verb import Inline, Positional, Verb, load
from lakebook.verbs import BY_NAME, VERBS
from lakebook_cli.main import parser, spelled_out
from lakebook_magics.groups import MEMBERS
from lakebook_magics.lake import WHAT
from lakebook_magics.verbs import VERB_MAGICS, VerbMagic
from lakebook_server.routes.verbs import routes

EVERY = pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)


def options_of(verb: Verb) -> set[str]:
    """The destinations of the shell's parser for this verb."""
    return {action.dest for action in parser_of(verb, "test", add_help=False)._actions}


def test_names_are_unique() -> None:
    assert len(BY_NAME) == len(VERBS)
    paths = [(method, path) for verb in VERBS for method, path in ((verb.method, verb.path), *verb.seed)]
    assert len(set(paths)) == len(paths)


@EVERY
def test_function_exists_and_is_documented(verb: Verb) -> None:
    function = load(verb.function)
    assert inspect.getdoc(function)
    names = list(inspect.signature(function).parameters)
    assert len(names) == 2
    assert names[0] == "call"
    if verb.prepare:
        assert inspect.getdoc(load(verb.prepare))
    assert (verb.prepare is not None) <= (verb.job is not None)


@EVERY
def test_help_is_one_sentence(verb: Verb) -> None:
    assert re.fullmatch(r"[A-Z][^\n]{10,120}\.", verb.help)


@EVERY
def test_every_field_is_described(verb: Verb) -> None:
    for name, field in verb.request.model_fields.items():
        assert field.description, f"{verb.name}.{name}"
        assert field.description.endswith("."), f"{verb.name}.{name}"


@EVERY
def test_python_door(verb: Verb) -> None:
    expected = set(verb.request.model_fields) | ({"background"} if verb.job else set())
    signature = signature_of(verb)
    assert set(signature.parameters) == expected
    for name, field in verb.request.model_fields.items():
        default = signature.parameters[name].default
        if field.is_required():
            assert default is inspect.Parameter.empty
        else:
            assert default == field.get_default(call_default_factory=True)


@EVERY
def test_cli_door(verb: Verb) -> None:
    command = [verb.name] if verb.name.partition(".")[0] in BY_NAME else verb.name.split(".")
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([*command, "--help"])
    assert ended.value.code == 0
    inline = {name for name, field in verb.request.model_fields.items() if marker(field, Inline)}
    expected = set(verb.request.model_fields) - inline | ({"background"} if verb.job else set())
    assert options_of(verb) == expected


@EVERY
def test_rest_door(verb: Verb) -> None:
    handlers = dict(routes())
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", verb.path)
    assert hasattr(handlers[pattern], verb.method.lower())
    for name in re.findall(r"\{(\w+)\}", verb.path):
        assert name in verb.request.model_fields


@EVERY
def test_magic_door(verb: Verb) -> None:
    if verb.magic is None:
        assert verb.name not in VERB_MAGICS
    elif verb.magic.startswith("%lake "):
        assert verb.magic.removeprefix("%lake ") in WHAT
    elif " --" in verb.magic:
        assert by_option(verb.magic.split()[0][1:], verb.magic.split()[1:]) == (verb.name, [])
    elif " " in verb.magic:
        group, _, member = verb.magic.removeprefix("%").partition(" ")
        assert verb.name == f"{group}.{member}"
        assert member in MEMBERS[group]
    else:
        assert verb.magic == f"%{verb.name}"
        magic = VerbMagic(shell=None, name=verb.name)
        for name, field in verb.request.model_fields.items():
            spelled = name if any(isinstance(mark, Positional) for mark in field.metadata) else name.replace("_", "-")
            assert spelled in str(magic.__doc__)


@pytest.mark.parametrize(
    ("words", "verb", "given"),
    [
        (["ask", "--file", "q.jsonl", "--out", "a.jsonl"], "ask.file", {"file": "q.jsonl", "out": "a.jsonl"}),
        (
            ["ask", "--out", "a.jsonl", "--file=q.jsonl", "--no-scope"],
            "ask.file",
            {"file": "q.jsonl", "no_scope": True},
        ),
        (["ask", "--selftest", "--dataset", "orders"], "ask.selftest", {"dataset": "orders"}),
        (["ask", "how", "many", "--limit", "5"], "ask", {"question": ["how", "many"], "limit": 5}),
        (["evaluate", "q.jsonl"], "evaluate", {"file": "q.jsonl"}),
        (["evaluations"], "evaluations.list", {}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_option_chooses_a_verb(words: list[str], verb: str, given: dict[str, object]) -> None:
    options = vars(parser().parse_args(spelled_out(words)))
    assert options["verb"].name == verb
    assert given.items() <= options.items()


def test_no_magic_shadows_ipython() -> None:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from lakebook_magics import NAMES

    shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    own = shell.magics_manager.magics["line"].keys() | shell.magics_manager.magics["cell"].keys()
    assert not own & set(NAMES)


@EVERY
def test_defaults_come_from_the_request_alone(verb: Verb) -> None:
    """A parser that was told nothing says nothing: the model fills in."""
    words = [
        str(next(iter(get_args(field.annotation)), "x")) if get_origin(field.annotation) is Literal else "x"
        for field in verb.request.model_fields.values()
        if field.is_required() and any(isinstance(mark, Positional) for mark in field.metadata)
    ]  # fmt: skip
    required = {
        name for name, field in verb.request.model_fields.items()
        if field.is_required() and not any(isinstance(mark, Positional) for mark in field.metadata)
    }  # fmt: skip
    for name in required:
        words += [f"--{name.replace('_', '-')}", "x"]
    options = vars(parser_of(verb, "test").parse_args(words))
    given = request_of(verb, options)
    assert given.model_fields_set == {name for name in options if name in verb.request.model_fields}


def test_results_are_documented() -> None:
    for verb in VERBS:
        module = importlib.import_module(verb.result.__module__)
        assert inspect.getdoc(module)
        assert inspect.getdoc(verb.result)


def test_unknown_verb_lists_the_known(tmp_path: object) -> None:
    class Nowhere:
        address = "nowhere"

    lb = Lakebook(cast(Place, Nowhere()))
    with pytest.raises(AttributeError, match="ingest"):
        lb.digest("x")
