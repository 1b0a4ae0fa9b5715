"""`lakebook VERB …`: exit status 0, 1 for a refusal with a message, 2 for wrong use."""

from __future__ import annotations

import json
import sys
from typing import Any

import lakebook
from lakebook.arguments import Parser, add_fields, by_option, request_of
from lakebook.client import JobHandle
from lakebook.display import text_of
from lakebook.errors import LakebookError
from lakebook.verb import Verb, wire
from lakebook.verbs import BY_NAME, VERBS
from lakebook_cli.agents import main as agents
from lakebook_cli.ending import REFUSED, ended, refused
from lakebook_cli.progress import Line
from lakebook_cli.statements import BY_FILE
from lakebook_cli.statements import main as validate_file


def main(words: list[str] | None = None) -> int:
    """The entry of the `lakebook` command."""
    words = sys.argv[1:] if words is None else words
    if words[:1] == ["worker"]:
        return _work(words[1:])
    if words[:1] == ["mcp"]:
        return agents(words[1:])
    if words[:2] == ["serve", "models"]:
        from lakebook_cli.model_server import main as serve_models

        return serve_models(words[2:])
    if words[:1] == ["validate"] and any(word.partition("=")[0] == "--file" for word in words):
        return validate_file(words[1:])
    return ended(lambda: parser().parse_args(spelled_out(words)), lambda options: _carry_out(vars(options)))


def _work(words: list[str]) -> int:
    from lakebook.jobs.worker import main as work

    try:
        work(words)
    except LakebookError as error:
        return refused(error, as_json=False)
    return 0


def parser() -> Parser:
    """The whole command's parser: one subcommand for each verb."""
    top = Parser(prog="lakebook", description="Files become tables, questions answers, columns models.")
    top.add_argument("--version", action="version", version=f"lakebook {lakebook.__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="VERB", parser_class=Parser)
    groups: dict[str, Any] = {}
    for verb in VERBS:
        group, dot, member = verb.name.partition(".")
        if dot and group in BY_NAME:
            _add_verb(commands, verb.name, verb)
            continue
        if dot and group not in groups:
            within = commands.add_parser(group, help=f"{verb.help}")
            groups[group] = within.add_subparsers(dest="member", required=True, metavar="WHAT", parser_class=Parser)
        _add_verb(groups[group] if dot else commands, member if dot else group, verb)
    commands.add_parser("worker", help="Run the jobs of a home.")
    commands.add_parser("mcp", help="Serve agents over standard input and output.")
    commands.add_parser("serve", help="Serve registered models on a port of their own: `lakebook serve models`.")
    doctor = commands.add_parser("doctor", help="Say what is there, what is missing, what would run where.")
    _add_common(doctor)
    doctor.set_defaults(verb=None)
    return top


def _add_verb(commands: Any, name: str, verb: Verb) -> None:
    import argparse

    group, dot, option = name.partition(".")
    program = {"prog": f"lakebook {group} --{option}"} if dot else {"help": verb.help}
    command = commands.add_parser(
        name, description=verb.help, argument_default=argparse.SUPPRESS, epilog=_also(verb), **program
    )
    add_fields(command, verb)
    _add_common(command)
    command.set_defaults(verb=verb)


def _also(verb: Verb) -> str | None:
    """What else the verb's name does, by an option of its own."""
    members = [other for other in VERBS if other.name.startswith(f"{verb.name}.")]
    said = [f"--{other.name.rpartition('.')[2]}: {other.help}" for other in members]
    return " ".join([*said, BY_FILE] if verb.name == "validate" else said) or None


def _add_common(command: Any) -> None:
    command.add_argument("--home", default=None, help="Folder that holds everything lakebook keeps.")
    command.add_argument("--url", default=None, help="Address of a lakebook server to ask instead.")
    command.add_argument("--json", action="store_true", default=False, help="Print the result as JSON.")
    command.add_argument("--offline", action="store_true", default=False, help="Refuse models on other machines.")


def spelled_out(words: list[str]) -> list[str]:
    """`lakebook datasets` means `lakebook datasets list`, `lakebook ask --file F` is the verb `ask.file`."""
    if words[:1] and words[0] in BY_NAME:
        name, rest = by_option(words[0], words[1:])
        return [name, *rest]
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
    limits = {"offline": True} if options["offline"] else {}
    with lakebook.open(options["url"] or options["home"], **limits) as lb, Line(quiet=as_json) as line:
        result = lb.do(verb, request, background=options.get("background", False), watch=line.show)
    plain = wire(result.job if isinstance(result, JobHandle) else result)
    if as_json:
        print(json.dumps(plain.model_dump(mode="json"), ensure_ascii=False))
    else:
        print(text_of(plain if isinstance(result, JobHandle) else result))
    said_no = getattr(plain, "status", None) in ("declined", "unverified") or getattr(plain, "valid", None) is False
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


if __name__ == "__main__":
    sys.exit(main())
