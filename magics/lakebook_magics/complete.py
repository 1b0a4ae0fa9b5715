"""Tab in a magic's line: options, and the names of datasets, columns, models and files that fit there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook_magics.groups import MEMBERS
from lakebook_magics.lake import WHAT
from lakebook_magics.session import lakebook_of_kernel
from lakebook_magics.verbs import VERB_MAGICS

if TYPE_CHECKING:
    from lakebook.client import Lakebook

ENDINGS = {
    "ingest": (
        ".csv",
        ".tsv",
        ".jsonl",
        ".ndjson",
        ".json",
        ".parquet",
        ".arrow",
        ".feather",
        ".xlsx",
        ".xls",
        ".xlsb",
        ".ods",
        ".sqlite",
        ".db",
        ".zip",
        ".gz",
    ),
    "schedule": (".ipynb",),
    "publish": (".ipynb",),
    "semantics": (".yaml", ".yml", ".json"),
}


def candidates(line: str) -> list[str]:
    """What may stand at the end of the line, given the words before."""
    from lakebook.errors import LakebookError

    words = line.split()
    if not words:
        return []
    begun = "" if line.endswith(" ") else words.pop()
    name, before = words[0].lstrip("%"), words[1:]
    with suppress(LakebookError, OSError):
        return [found for found in _fitting(name, before, begun) if found.startswith(begun)]
    return []


def _fitting(name: str, before: list[str], begun: str) -> list[str]:
    if name == "lake":
        return list(WHAT)
    if name == "contracts":
        return _contracts(before)
    if name == "datasets" and len(before) < 2:
        return _datasets(lakebook_of_kernel()) if before else list(MEMBERS["datasets"])
    if name == "models" and before:
        return [f"{model.name}@{model.version}" for model in lakebook_of_kernel().models().rows()]
    if name in MEMBERS and len(before) < 2:
        return _named(before[0], begun) if before else list(MEMBERS[name])
    if begun.startswith("-"):
        return _options(name)
    after = before[-1] if before else ""
    lb = lakebook_of_kernel()
    if after in ("--dataset", "--dataset-id"):
        return _datasets(lb)
    if after == "--target":
        return _columns(lb, before[0])
    if name == "predict" and before[:1] and "--features" in before:
        return [f"{feature.name}=" for feature in lb.models.show(before[0]).features]
    if before:
        return []
    return _first(lb, name, begun)


def _named(member: str, begun: str) -> list[str]:
    """What a member of a group is about: a file, a dataset, a semantic model."""
    if member == "load":
        return _files(begun, ENDINGS["semantics"])
    lb = lakebook_of_kernel()
    if member == "propose":
        return _datasets(lb)
    return [model.name for model in lb.semantics().rows()] if member in ("show", "delete", "export") else []


def _contracts(before: list[str]) -> list[str]:
    """The members, then a dataset, then the rules that fit the member."""
    if not before:
        return list(MEMBERS["contracts"])
    lb = lakebook_of_kernel()
    if len(before) == 1:
        return _datasets(lb)
    contract, issues = lb.contracts.show(before[1]), [issue.issue_id for issue in lb.profile(before[1]).issues]
    match before[0]:
        case "accept":
            return [*issues, *(rule.rule_id for rule in contract.suggested)]
        case "ignore":
            return issues
        case "drop":
            return [*(rule.rule_id for rule in contract.rules), *contract.ignored]
    return []


def _first(lb: Lakebook, name: str, begun: str) -> list[str]:
    if name in ENDINGS:
        return _files(begun, ENDINGS[name])
    if name == "predict":
        return [model.name for model in lb.models().rows()]
    return _datasets(lb) if name in ("profile", "train") else []


def _options(name: str) -> list[str]:
    from lakebook.arguments import parser_of
    from lakebook.verbs import BY_NAME

    parser = parser_of(BY_NAME[name], name, add_help=False)
    return [spelling for action in parser._actions for spelling in action.option_strings]


def _datasets(lb: Lakebook) -> list[str]:
    return [dataset.name for dataset in lb.datasets().rows()]


def _columns(lb: Lakebook, dataset: str) -> list[str]:
    return [column.name for column in lb.profile(dataset).columns]


def _files(begun: str, endings: tuple[str, ...]) -> list[str]:
    folder = Path(begun).parent
    found = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    return [f"{path}/" if path.is_dir() else str(path) for path in found if path.is_dir() or path.suffix in endings]


def completer(_shell: Any, event: Any) -> list[str]:
    """IPython's hook: the event holds the line up to the cursor."""
    return candidates(event.text_until_cursor)


def register(shell: Any) -> None:
    """Hang the completer on every magic of lakebook."""
    hook: Callable[..., Any] = shell.set_hook
    for name in (*VERB_MAGICS, "lake", *MEMBERS):
        hook("complete_command", completer, str_key=f"%{name}")
