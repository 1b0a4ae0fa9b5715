"""`lakebook VERB …`: exit status 0, 1 for a refusal with a message, 2 for wrong use."""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import Any

import lakebook
from lakebook.arguments import Parser, WrongUse, add_fields, request_of
from lakebook.client import JobHandle
from lakebook.display import text_of
from lakebook.errors import LakebookError
from lakebook.jobs.child import broken
from lakebook.verb import Verb, wire
from lakebook.verbs import VERBS
from lakebook_cli.progress import Line

REFUSED, WRONG_USE, INTERRUPTED = 1, 2, 130


def main(words: list[str] | None = None) -> int:
    """The entry of the `lakebook` command."""
    words = sys.argv[1:] if words is None else words
    if words[:1] == ["worker"]:
        return _work(words[1:])
    try:
        options = vars(parser().parse_args(_with_list(words)))
    except WrongUse as error:
        print(f"lakebook: {error}\n{error.usage}", file=sys.stderr)
        return WRONG_USE
    try:
        return _carry_out(options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except LakebookError as error:
        _refuse(error, as_json=options.get("json", False))
        return REFUSED
    except Exception as error:
        logging.getLogger("lakebook.cli").critical("the command broke", exc_info=True)
        _refuse(broken(error), as_json=options.get("json", False))
        return REFUSED
    except KeyboardInterrupt:
        print("lakebook: interrupted; the job was cancelled", file=sys.stderr)
        return INTERRUPTED


def _work(words: list[str]) -> int:
    from lakebook.jobs.worker import main as work

    try:
        work(words)
    except LakebookError as error:
        _refuse(error, as_json=False)
        return REFUSED
    return 0


def parser() -> Parser:
    """The whole command's parser: one subcommand for each verb."""
    top = Parser(prog="lakebook", description="Files become tables, questions answers, columns models.")
    top.add_argument("--version", action="version", version=f"lakebook {lakebook.__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="VERB", parser_class=Parser)
    groups: dict[str, Any] = {}
    for verb in VERBS:
        group, dot, member = verb.name.partition(".")
        if dot and group not in groups:
            within = commands.add_parser(group, help=f"{verb.help}")
            groups[group] = within.add_subparsers(dest="member", required=True, metavar="WHAT", parser_class=Parser)
        _add_verb(groups[group] if dot else commands, member if dot else group, verb)
    commands.add_parser("worker", help="Run the jobs of a home.")
    doctor = commands.add_parser("doctor", help="Say what is there, what is missing, what would run where.")
    _add_common(doctor)
    doctor.set_defaults(verb=None)
    return top


def _add_verb(commands: Any, name: str, verb: Verb) -> None:
    import argparse

    command = commands.add_parser(name, help=verb.help, description=verb.help, argument_default=argparse.SUPPRESS)
    add_fields(command, verb)
    _add_common(command)
    command.set_defaults(verb=verb)


def _add_common(command: Any) -> None:
    command.add_argument("--home", default=None, help="Folder that holds everything lakebook keeps.")
    command.add_argument("--url", default=None, help="Address of a lakebook server to ask instead.")
    command.add_argument("--json", action="store_true", default=False, help="Print the result as JSON.")


def _with_list(words: list[str]) -> list[str]:
    """`lakebook datasets` means `lakebook datasets list`."""
    groups = {verb.name.partition(".")[0] for verb in VERBS if "." in verb.name}
    if (
        words
        and words[0] in groups
        and (len(words) == 1 or (words[1].startswith("-") and words[1] not in ("-h", "--help")))
    ):
        return [words[0], "list", *words[1:]]
    return words


def _carry_out(options: dict[str, Any]) -> int:
    verb: Verb | None = options.get("verb")
    as_json = options["json"]
    if verb is None:
        return _doctor(options)
    request = request_of(verb, options)
    with lakebook.open(options["url"] or options["home"]) as lb, Line(quiet=as_json) as line:
        result = lb.do(verb, request, background=options.get("background", False), watch=line.show)
    plain = wire(result.job if isinstance(result, JobHandle) else result)
    if as_json:
        print(json.dumps(plain.model_dump(mode="json"), ensure_ascii=False))
    else:
        print(text_of(plain if isinstance(result, JobHandle) else result))
    said_no = getattr(plain, "status", None) == "declined" or getattr(plain, "valid", None) is False
    return REFUSED if said_no else 0


def _doctor(options: dict[str, Any]) -> int:
    from lakebook.observe.doctor import examine

    findings = examine(options["home"])
    if options["json"]:
        print(json.dumps([finding.model_dump() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{finding.mark} {finding.what}: {finding.state}" + (f" — {finding.hint}" if finding.hint else ""))
    return REFUSED if any(finding.level == "wrong" for finding in findings) else 0


def _refuse(error: LakebookError, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"error": error.to_dict()}, ensure_ascii=False))
    else:
        print(f"lakebook: {error}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
