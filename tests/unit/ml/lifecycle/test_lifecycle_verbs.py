"""Routing and outcomes as verbs: what is refused, what is audited, and a test from its start to a winner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lakebook.call import Call
from lakebook.errors import Conflict, InvalidRequest, NotFound
from lakebook.ml.lifecycle.promotion import archive
from lakebook.ml.lifecycle.records import ArchiveRequest, OutcomesRequest, RouteRequest, RoutesRequest
from lakebook.ml.lifecycle.routing import Choice
from lakebook.ml.lifecycle.verbs import route, show_route, tell_outcomes
from lakebook.ml.serving.predictions import predictions_of
from lakebook.runtime import Runtime
from tests.unit.ml.lifecycle.made_models import Register, fresh, mostly, right, things


def ask(call: Call, name: str, keys: list[str]) -> None:
    """What serving does with keyed questions: one version answers each, the shadows too, all is recorded."""
    runtime: Any = call.runtime
    rows = things(rows=len(keys), seed=len(keys)).select(["size", "colour"])
    places: dict[Choice, list[int]] = {}
    for place, key in enumerate(keys):
        places.setdefault(runtime.routes.choose(name, key), []).append(place)
    for choice, some in places.items():
        for reference in (choice.reference, *choice.shadows):
            meant, table = runtime.predictors.meant(reference), rows.take(some)
            found = predictions_of(meant.model, runtime.predictors.answers(meant, table))
            runtime.recorder.record(
                meant.model, table, found, choice=choice,
                keys=[keys[place] for place in some], is_shadow=reference != choice.reference,
            )  # fmt: skip


def test_a_test_from_start_to_winner(call: Call, register: Register, runtime: Runtime) -> None:
    name = fresh("trial")
    register(name, mostly)
    register(name, right)
    register(name, mostly)
    begun = route(call, RouteRequest(model=name, to={"1": 0.5, "2": 0.5}, shadow="3"))
    assert [(arm.reference, arm.share) for arm in begun.arms] == [
        (f"{name}@1", 0.5), (f"{name}@2", 0.5), (f"{name}@3", None),
    ]  # fmt: skip
    assert begun.words.startswith("No outcomes yet: 0 answers wait")
    keys = [f"k{number}" for number in range(360)]
    ask(call, name, keys)
    truth = [right(row) for row in things(rows=360, seed=360).to_pylist()]
    done = tell_outcomes(call, OutcomesRequest(model=name, truth={**dict(zip(keys, truth, strict=True)), "odd": "no"}))
    assert (done.unknown_keys, done.winner) == (1, f"{name}@2")
    assert sum(arm.answers for arm in done.arms[:2]) == done.arms[2].answers == 360
    assert done.arms[2].lead is not None
    entry = runtime.audit.entries(1)[0]
    assert (entry["action"], entry["details"]) == ("models.outcomes", {"told": 360, "unknown": 1})
    assert show_route(call, RoutesRequest(model=name)).winner == done.winner
    ended = route(call, RouteRequest(model=name, stop=True))
    assert (ended.state, ended.winner) == ("ended", done.winner)
    assert runtime.routes.choose(name, "k1").reference == name


def test_who_set_which_route_is_audited(call: Call, register: Register, runtime: Runtime) -> None:
    name = fresh("watched")
    register(name)
    register(name)
    made = RouteRequest.model_validate({"model": name, "to": ["1=0.8,2=0.2"]})
    assert made.to == {"1": 0.8, "2": 0.2}
    route(call, made)
    entry = runtime.audit.entries(1)[0]
    assert (entry["action"], entry["resource"]) == ("models.route", f"model:{name}")
    assert entry["details"]["to"] == {f"{name}@1": 0.8, f"{name}@2": 0.2}
    with pytest.raises(Conflict, match="answers in the route of") as refused:
        archive(call, ArchiveRequest(model=f"{name}@2"))
    assert "--stop" in refused.value.hint


@pytest.mark.parametrize(
    "given", [{"1": 0.8, "2": 0.2}, "1=0.8,2=0.2", ["1=0.8", "2=0.2"], {"1": "0.8,2=0.2"}], ids=str
)
def test_shares_are_written_in_several_ways(given: Any) -> None:
    assert RouteRequest.model_validate({"model": "m", "to": given}).to == {"1": 0.8, "2": 0.2}


def test_a_shadow_alone_listens_beside_the_champion(call: Call, register: Register) -> None:
    name = fresh("listening")
    register(name)
    register(name)
    found = route(call, RouteRequest(model=name, shadow="candidate"))
    assert [(arm.reference, arm.share) for arm in found.arms] == [(f"{name}@1", 1.0), (f"{name}@2", None)]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "A route needs versions"),
        ({"to": {"1": 0.5}}, "they add up to 1"),
        ({"to": {"1": 1.5, "2": -0.5}}, "each is above 0"),
        ({"to": {"1": 0.5, "champion": 0.5}}, "named twice"),
        ({"to": {"1": 1.0}, "shadow": "1"}, "named twice"),
        ({"stop": True, "shadow": "2"}, "either set or ended"),
        ({"to": {str(number): 1 / 11 for number in range(11)}}, "11 versions are too many"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_route_that_makes_no_sense_is_refused(
    call: Call, register: Register, asked: dict[str, Any], said: str
) -> None:
    name = fresh("strict")
    register(name)
    register(name)
    with pytest.raises(InvalidRequest, match=said):
        route(call, RouteRequest(model=name, **asked))
    with pytest.raises(NotFound):
        call.runtime.routes.latest(name)


def test_a_route_takes_no_version_that_answers_another_question(call: Call, register: Register) -> None:
    name, other = fresh("cats"), fresh("dogs")
    register(name)
    register(name)
    register(other, target_column="weight")
    with pytest.raises(Conflict, match="they answer different questions"):
        route(call, RouteRequest(model=name, to={"1": 0.5, f"{other}@1": 0.5}))
    with pytest.raises(InvalidRequest, match="belongs to a model's name"):
        route(call, RouteRequest(model=f"{name}@1", stop=True))
    call.runtime.models.move(f"{name}@2", "archived")
    with pytest.raises(Conflict, match="is archived and predicts no more"):
        route(call, RouteRequest(model=name, to={"1": 0.5, "2": 0.5}))


def test_outcomes_come_from_a_table_too(
    call: Call, register: Register, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    name = fresh("told")
    register(name)
    register(name)
    route(call, RouteRequest(model=name, to={"1": 0.5, "2": 0.5}))
    ask(call, name, ["1", "2", "3"])
    frame = pl.DataFrame({"id": [1, 2, 3, 4], "answer": ["yes", "no", None, "no"]})
    frame.write_parquet(tmp_path / "ends.parquet")
    monkeypatch.setattr(call.runtime.catalog, "row", lambda name: {"name": name})
    monkeypatch.setattr(type(call.runtime), "files", lambda _self, _row: (str(tmp_path / "ends.parquet"),))
    with pytest.raises(InvalidRequest, match="Which column holds the keys"):
        tell_outcomes(call, OutcomesRequest(model=name, dataset="ends"))
    with pytest.raises(InvalidRequest, match="'ends' has no column 'key'"):
        tell_outcomes(call, OutcomesRequest(model=name, dataset="ends", key="key"))
    found = tell_outcomes(call, OutcomesRequest(model=name, dataset="ends", key="id"))
    assert sum(arm.outcomes for arm in found.arms) == 2
    assert found.unknown_keys == 1


def test_outcomes_are_given_in_one_way(call: Call, register: Register) -> None:
    name = fresh("one way")
    register(name)
    route(call, RouteRequest(model=name, to={"1": 1.0}))
    for given in ({}, {"truth": {"a": "yes"}, "dataset": "ends"}):
        with pytest.raises(InvalidRequest, match="as pairs or from a table"):
            tell_outcomes(call, OutcomesRequest(model=name, **given))
    alone = tell_outcomes(call, OutcomesRequest(model=name, truth={"a": "yes", "b": None}))
    assert alone.words == f"{name}@1 answers alone. 1 keys were never asked in this test."
