"""The verbs over routes and outcomes: who answers for a name, what came true, and which version is better."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lakebook.call import Call
from lakebook.errors import InvalidRequest
from lakebook.ids import is_id
from lakebook.ml.lifecycle import answers
from lakebook.ml.lifecycle.comparison import check_alike, said
from lakebook.ml.lifecycle.records import OutcomesRequest, RouteRequest, RouteResult, RoutesRequest
from lakebook.ml.lifecycle.routing import Arm, Route
from lakebook.ml.lifecycle.trial import result_of
from lakebook.ml.training_source import rows_of
from lakebook.rows import json_value

MOST_ARMS = 10


def route(call: Call, request: RouteRequest) -> RouteResult:
    """Set who answers for a name, or end what was set."""
    name = _name(call, request.model)
    if request.stop:
        if request.to or request.shadow:
            raise InvalidRequest("A route is either set or ended.", hint="Leave out `--stop`, or the versions.")
        ended = call.runtime.routes.stop(name)
        call.audit("models.route", f"model:{name}", ended=ended.test_id)
        return _result(call, ended)
    if not request.to and not request.shadow:
        raise InvalidRequest(
            "A route needs versions.", hint=f"Such as `models route {name} --to 1=0.8,2=0.2`, or `--shadow 3`."
        )
    arms = _arms(call, name, request.to or {"champion": 1.0})
    shadows = [_arm(call, name, word, 1.0) for word in (request.shadow or "").split(",") if word.strip()]
    everyone = [arm.model_id for arm in (*arms, *shadows)]
    if len(set(everyone)) < len(everyone):
        raise InvalidRequest("A version was named twice.", hint="Name each version once, heard or as a shadow.")
    found = call.runtime.routes.set(call, name, arms, shadows)
    shares = {arm.reference: arm.weight for arm in arms}
    call.audit(
        "models.route", f"model:{name}", to=shares, shadows=[arm.reference for arm in shadows], test_id=found.test_id
    )
    return _result(call, found)


def show_route(call: Call, request: RoutesRequest) -> RouteResult:
    """Who answers for a name, and what the test of its versions says so far."""
    return _result(call, call.runtime.routes.latest(_name(call, request.model)))


def tell_outcomes(call: Call, request: OutcomesRequest) -> RouteResult:
    """Keep what came true of what was asked, and say what the test says now."""
    name = _name(call, request.model)
    found = call.runtime.routes.latest(name)
    if (request.truth is None) == (request.dataset is None):
        raise InvalidRequest(
            "Outcomes come as pairs or from a table.", hint="Give either `--truth key=value …` or `--dataset`."
        )
    if request.dataset is not None:
        truths = _of_table(call, name, request)
    else:
        truths = {str(key): value for key, value in (request.truth or {}).items() if value is not None}
    call.runtime.recorder.flush()
    unknown = answers.tell(call.runtime.database, found.test_id, truths)
    call.audit("models.outcomes", f"model:{name}", told=len(truths) - len(unknown), unknown=len(unknown))
    return _result(call, found, len(unknown))


def _name(call: Call, reference: str) -> str:
    """The model's plain name as it was first written; InvalidRequest for a version of it."""
    if "@" in reference or is_id(reference):
        raise InvalidRequest(
            f"A route belongs to a model's name, not to {reference!r}.", hint=f"Name it {reference.split('@')[0]!r}."
        )
    return call.runtime.models.get(reference).name


def _arms(call: Call, name: str, shares: Mapping[str, float]) -> list[Arm]:
    """The versions with their shares of 1."""
    if len(shares) > MOST_ARMS:
        raise InvalidRequest(f"{len(shares)} versions are too many for one route.", hint=f"At most {MOST_ARMS}.")
    wrong = [word for word, share in shares.items() if not 0 < share <= 1]
    if wrong or abs(sum(shares.values()) - 1) > 1e-6:
        raise InvalidRequest(
            f"The shares are {', '.join(f'{word}={share:g}' for word, share in shares.items())}: each is above 0, and "
            f"they add up to 1.",
            hint=f"Such as `models route {name} --to 1=0.8,2=0.2`.",
        )
    return [_arm(call, name, word, share) for word, share in shares.items()]


def _arm(call: Call, name: str, word: str, share: float) -> Arm:
    """A version by number, alias, `name@3` or id; it must answer the same question as the name's champion."""
    word = word.strip()
    models = call.runtime.models
    model, _digest = models.serving(word if "@" in word or is_id(word) else f"{name}@{word}")
    champion = models.get(name)
    check_alike(model, champion, hint="Route between versions that predict the same column.")
    return Arm(model.model_id, said(model), float(share))


def _result(call: Call, found: Route, unknown_keys: int = 0) -> RouteResult:
    call.runtime.recorder.flush()
    problem = call.runtime.models.get(found.arms[0].model_id).problem_type
    return result_of(found, problem, answers.of_test(call.runtime.database, found.test_id), unknown_keys)


def _of_table(call: Call, name: str, request: OutcomesRequest) -> dict[str, Any]:
    """Keys and truths of a table's two columns."""
    if not request.key:
        raise InvalidRequest("Which column holds the keys?", hint="Name it: `--key order_id`.")
    wanted = request.column or call.runtime.models.get(name).target_column
    table = rows_of(call, request.dataset or "")
    for column in (request.key, wanted):
        if column not in table.columns:
            raise InvalidRequest(
                f"The table {request.dataset!r} has no column {column!r}.",
                hint=f"It has: {', '.join(table.columns[:20])}.",
            )
    known = table.select(request.key, wanted).drop_nulls()
    return {str(key): json_value(truth) for key, truth in known.iter_rows()}
