"""A verb's request as words of a shell or a cell: one parser, built from the definition, for both."""

from __future__ import annotations

import argparse
import json
import types
from collections.abc import Sequence
from typing import Annotated, Any, Literal, NoReturn, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from lakebook.errors import InvalidRequest
from lakebook.verb import Flag, Inline, Positional, Request, Verb


class WrongUse(Exception):
    """The words do not fit the verb; `usage` says how they would."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.usage = usage


class Parser(argparse.ArgumentParser):
    """A parser that raises instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        """Raise WrongUse."""
        raise WrongUse(message, self.format_usage().strip())


def parser_of(verb: Verb, program: str, *, add_help: bool = True) -> Parser:
    """The parser of a verb's words; what is not said is left to the request's defaults."""
    parser = Parser(prog=program, description=verb.help, add_help=add_help, argument_default=argparse.SUPPRESS)
    add_fields(parser, verb)
    return parser


def add_fields(parser: argparse.ArgumentParser, verb: Verb) -> None:
    """Add one argument for each field of the verb's request."""
    for name, field in verb.request.model_fields.items():
        positional = marker(field, Positional)
        if marker(field, Inline):
            continue
        if isinstance(positional, Positional):
            _add_positional(parser, name, field, positional)
        else:
            _add_option(parser, name, field)
    if verb.job:
        parser.add_argument("--background", action="store_true", help="Return the job at once instead of waiting.")


def request_of(verb: Verb, words: dict[str, Any]) -> Request:
    """The request that the parsed words describe; WrongUse-free: bad values raise InvalidRequest."""
    given = {name: value for name, value in words.items() if name in verb.request.model_fields}
    for name, field in verb.request.model_fields.items():
        positional = marker(field, Positional)
        if name in given and isinstance(positional, Positional) and positional.many:
            given[name] = " ".join(given[name])
        elif name in given and _is_mapping(field):
            given[name] = mapping_of(given[name])
    return validated(verb.request, given)


def by_option(name: str, words: Sequence[str]) -> tuple[str, list[str]]:
    """The verb that an option chooses and the words left for it: `ask --file F` is `ask.file F`."""
    from lakebook.verbs import BY_NAME

    for place, word in enumerate(words):
        option, equals, value = word.partition("=")
        member = f"{name}.{option.removeprefix('--')}"
        if option.startswith("--") and name in BY_NAME and member in BY_NAME:
            return member, [*words[:place], *([value] if equals else []), *words[place + 1 :]]
    return name, list(words)


def validated(kind: type[Request], given: dict[str, Any]) -> Request:
    """The request from plain data, or one InvalidRequest that names every field at fault."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, fault['loc'])) or 'request'}: {fault['msg'].lower()}" for fault in error.errors()
        ]
        raise InvalidRequest(
            "; ".join(faults) + ".",
            hint=f"It takes: {', '.join(kind.model_fields)}.",
            details={"fields": [".".join(map(str, fault["loc"])) for fault in error.errors()]},
        ) from None


def marker(field: FieldInfo, kind: type) -> object | None:
    """The field's mark of this kind, or None."""
    return next((mark for mark in field.metadata if isinstance(mark, kind)), None)


def mapping_of(words: list[str]) -> Any:
    """`name=value` pairs as a mapping (values are JSON where they can be), or one JSON text."""
    if len(words) == 1 and words[0].lstrip()[:1] in ("{", "["):
        try:
            return json.loads(words[0])
        except json.JSONDecodeError as error:
            raise InvalidRequest(f"{words[0]!r} is not JSON.", hint="Write name=value pairs.") from error
    pairs: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise InvalidRequest(f"{word!r} is not a name=value pair.", hint="Write it as name=value.")
        pairs[name] = _scalar(value)
    return pairs


def _scalar(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _add_positional(parser: argparse.ArgumentParser, name: str, field: FieldInfo, mark: Positional) -> None:
    if mark.many:
        parser.add_argument(name, nargs="+", help=field.description)
    elif field.is_required():
        parser.add_argument(name, help=field.description)
    else:
        parser.add_argument(name, nargs="?", help=field.description)


def _add_option(parser: argparse.ArgumentParser, name: str, field: FieldInfo) -> None:
    spellings = [f"--{name.replace('_', '-')}"]
    flag = marker(field, Flag)
    if isinstance(flag, Flag):
        spellings.append(flag.spelling)
    kind, help_text = _plain(field.annotation), _help(field)
    required = field.is_required()
    if kind is bool:
        # Three states need two words: `--header` and `--no-header`, and neither.
        action = "store_true" if field.annotation is bool else argparse.BooleanOptionalAction
        parser.add_argument(*spellings, dest=name, action=action, help=help_text)
    elif _is_mapping(field):
        parser.add_argument(
            *spellings, dest=name, nargs="+", action="extend", metavar="NAME=VALUE", help=help_text, required=required
        )
    elif get_origin(kind) is list:
        parser.add_argument(*spellings, dest=name, action="append", help=help_text, required=required)
    elif get_origin(kind) is Literal:
        parser.add_argument(*spellings, dest=name, choices=get_args(kind), help=help_text, required=required)
    else:
        cast = kind if kind in (int, float) else str
        parser.add_argument(*spellings, dest=name, type=cast, metavar=name.upper(), help=help_text, required=required)


def _help(field: FieldInfo) -> str:
    text = field.description or ""
    default = field.get_default(call_default_factory=True)
    shown = not field.is_required() and default not in (None, False, [], {})
    return (text + (f" Default: {default}." if shown else "")).replace("%", "%%")


def _plain(annotation: Any) -> Any:
    """The annotation without None and without what only validation reads."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(kind for kind in get_args(annotation) if kind is not type(None))
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _is_mapping(field: FieldInfo) -> bool:
    kind = _plain(field.annotation)
    rows = get_origin(kind) is list and get_origin(get_args(kind)[0]) is dict
    return get_origin(kind) is dict or rows
