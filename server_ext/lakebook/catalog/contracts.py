"""The verbs over contracts: accepted issues and rules, kept for each dataset, that a load can be held to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook.call import Call
from lakebook.catalog.contract_models import Contract, ContractRequest, ContractsRequest, ContractSummary, Rule
from lakebook.catalog.models import DatasetRequest
from lakebook.errors import InvalidRequest, NotFound
from lakebook.ids import new_id, now, rfc3339
from lakebook.verb import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import RowMapping

    from lakebook.metadata.database import Database

ACCEPTED, IGNORED = "accepted", "ignored"


def list_contracts(call: Call, _request: ContractsRequest) -> Listing[ContractSummary]:
    """The datasets that have a contract, by layer and name."""
    found = []
    for dataset, _files in call.runtime.catalog.datasets():
        kept = _kept(call.runtime.database, dataset.dataset_id)
        if kept:
            states = [row["state"] for row in kept]
            found.append(
                ContractSummary(dataset_id=dataset.dataset_id, name=dataset.name, layer=dataset.layer,
                                rules=states.count(ACCEPTED), ignored=states.count(IGNORED))
            )  # fmt: skip
    return Listing[ContractSummary](items=found)


def show_contract(call: Call, request: DatasetRequest) -> Contract:
    """The rules of a dataset's contract, what is ignored, and what its newest profile suggests besides."""
    row = call.runtime.catalog.row(request.dataset)
    kept = _kept(call.runtime.database, row["dataset_id"])
    known = {one["rule_id"] for one in kept}
    return Contract(
        dataset_id=row["dataset_id"],
        name=row["name"],
        rules=[Rule.model_validate(one["rule"]) for one in kept if one["state"] == ACCEPTED],
        ignored=[one["rule_id"] for one in kept if one["state"] == IGNORED],
        suggested=[rule for rule in _suggested(call, row) if rule.rule_id not in known],
    )


def accept_rules(call: Call, request: ContractRequest) -> Contract:
    """Hold tomorrow's rows to what these issues or rules ask."""
    row = call.runtime.catalog.row(request.dataset)
    issues, suggested = _issues(call, row), {rule.rule_id: rule for rule in _suggested(call, row)}
    chosen = {}
    for word in request.rules:
        rule = suggested.get(word) or issues.get(word)
        if rule is None and word in issues:
            raise InvalidRequest(
                f"No rule comes of {word!r}: nothing in a row tells it.", hint="Ignore it, or accept another."
            )
        if rule is None:
            raise NotFound.named("issue or rule", word, [*issues, *suggested])
        chosen[rule.rule_id] = rule
    _write(
        call, row, "contracts.accept", {name: (ACCEPTED, rule.model_dump(mode="json")) for name, rule in chosen.items()}
    )
    return show_contract(call, DatasetRequest(dataset=row["dataset_id"]))


def ignore_issues(call: Call, request: ContractRequest) -> Contract:
    """Let the profile no longer show these issues."""
    row = call.runtime.catalog.row(request.dataset)
    issues = _issues(call, row)
    for word in request.rules:
        if word not in issues:
            raise NotFound.named("issue", word, issues)
    _write(call, row, "contracts.ignore", dict.fromkeys(request.rules, (IGNORED, None)))
    return show_contract(call, DatasetRequest(dataset=row["dataset_id"]))


def drop_rules(call: Call, request: ContractRequest) -> Contract:
    """Take these rules out of the contract, or show these issues again."""
    row = call.runtime.catalog.row(request.dataset)
    known = [one["rule_id"] for one in _kept(call.runtime.database, row["dataset_id"])]
    for word in request.rules:
        if word not in known:
            raise NotFound.named("rule of the contract", word, known)
    _write(call, row, "contracts.drop", dict.fromkeys(request.rules))
    return show_contract(call, DatasetRequest(dataset=row["dataset_id"]))


def rules_in_force(database: Database, dataset_id: str) -> list[Rule]:
    """The accepted rules of a dataset, in the order in which they were accepted."""
    return [Rule.model_validate(one["rule"]) for one in _kept(database, dataset_id) if one["state"] == ACCEPTED]


def ignored_issues(database: Database, dataset_id: str) -> list[str]:
    """The issues of a dataset that are not to be shown."""
    return [one["rule_id"] for one in _kept(database, dataset_id) if one["state"] == IGNORED]


def _kept(database: Database, dataset_id: str) -> list[RowMapping]:
    from lakebook.metadata import schema

    table = schema.contract_rule
    statement = table.select().where(table.c.dataset_id == dataset_id).order_by(table.c.created_at, table.c.rule_id)
    with database.read() as connection:
        return list(connection.execute(statement).mappings())


def _suggested(call: Call, row: RowMapping) -> list[Rule]:
    profile = call.runtime.catalog.profile(row["dataset_id"], row["version"]).model_dump()
    return [Rule.model_validate(rule) for rule in call.runtime.suggested_rules(profile)]


def _issues(call: Call, row: RowMapping) -> dict[str, Rule | None]:
    """Each issue of the newest profile and the rule that comes of it, where one does."""
    profile = call.runtime.catalog.profile(row["dataset_id"], row["version"])
    plain, found = profile.model_dump(), {}
    for issue in profile.issues:
        rule = call.runtime.rule_of_issue(plain, issue.model_dump())
        found[issue.issue_id] = None if rule is None else Rule.model_validate(rule)
    return found


def _write(
    call: Call, row: RowMapping, action: str, changes: Mapping[str, tuple[str, dict[str, Any] | None] | None]
) -> None:
    """Put these entries in the place of older ones, or only take those out; one transaction, audited."""
    from lakebook.events.outbox import emit
    from lakebook.metadata import schema

    table, dataset_id, stamp = schema.contract_rule, row["dataset_id"], rfc3339(now())
    details = {"name": row["name"], "rules": sorted(changes)}
    with call.runtime.database.write() as connection:
        connection.execute(table.delete().where(table.c.dataset_id == dataset_id, table.c.rule_id.in_(changes)))
        for rule_id, kept in changes.items():
            if kept is not None:
                state, rule = kept
                connection.execute(
                    table.insert().values(dataset_id=dataset_id, rule_id=rule_id, state=state, rule=rule,
                                          user_id=call.principal.user_id, created_at=stamp)
                )  # fmt: skip
        call.runtime.audit.record_in(connection, call, action, f"dataset:{dataset_id}", details)
        emit(connection, action, new_id(), {"dataset_id": dataset_id, **details})
