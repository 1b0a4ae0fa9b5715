"""Routes: who answers for a name, kept in the metadata, in force at once where set and soon elsewhere."""

from __future__ import annotations

import pytest

from lakebook.call import Call
from lakebook.errors import NotFound
from lakebook.ids import new_id
from lakebook.ml.lifecycle.routing import Arm, Choice, Routes, arm_for, point_of
from lakebook.runtime import Runtime
from tests.unit.ml.lifecycle.made_models import fresh

A, B, C = Arm("a", "m@1", 0.8), Arm("b", "m@2", 0.2), Arm("c", "m@3", 1.0)


def test_without_a_route_the_name_answers_itself(runtime: Runtime) -> None:
    name = fresh("free")
    assert runtime.routes.choose(name, "key") == Choice(name)
    assert runtime.routes.in_force(name) is None
    with pytest.raises(NotFound, match="No test of"):
        runtime.routes.latest(name)
    with pytest.raises(NotFound, match=r"No route of .* is in force"):
        runtime.routes.stop(name)


def test_a_route_is_in_force_at_once(call: Call, runtime: Runtime) -> None:
    name = fresh("Shared")
    route = runtime.routes.set(call, name, [A, B], [C])
    chosen = runtime.routes.choose(name.upper(), "key")
    assert chosen.reference in ("a", "b")
    assert (chosen.shadows, chosen.test_id) == (("c",), route.test_id)
    assert (route.user_id, route.model_ids) == ("ada", {"a", "b", "c"})
    assert runtime.routes.serving("c") is not None


@pytest.mark.parametrize("ending", ["@2", "@champion"])
def test_a_version_that_was_asked_for_answers_itself(call: Call, runtime: Runtime, ending: str) -> None:
    name = fresh("asked")
    runtime.routes.set(call, name, [A, B], [])
    assert runtime.routes.choose(f"{name}{ending}") == Choice(f"{name}{ending}")
    model_id = new_id()
    assert runtime.routes.choose(model_id) == Choice(model_id)


def test_other_processes_learn_of_it_once_they_look_again(call: Call, runtime: Runtime) -> None:
    name = fresh("elsewhere")
    patient, eager = Routes(runtime.database, believed=3600), Routes(runtime.database, believed=0)
    assert patient.choose(name, "k") == eager.choose(name, "k") == Choice(name)
    runtime.routes.set(call, name, [A, B], [])
    assert patient.choose(name, "k") == Choice(name)
    assert eager.choose(name, "k").test_id


def test_a_test_goes_on_while_its_versions_stay(call: Call, runtime: Runtime) -> None:
    name = fresh("ramp")
    first = runtime.routes.set(call, name, [A, B], [])
    more = runtime.routes.set(call, name, [Arm("a", "m@1", 0.5), Arm("b", "m@2", 0.5)], [C])
    other = runtime.routes.set(call, name, [A, C], [])
    assert more.test_id == first.test_id
    assert other.test_id != first.test_id
    ended = runtime.routes.stop(name)
    assert ended.test_id == other.test_id
    assert ended.ended_at is not None
    assert runtime.routes.latest(name) == ended
    assert runtime.routes.choose(name, "k") == Choice(name)
    assert runtime.routes.serving("zzz") is None


def test_more_weight_moves_only_keys_that_must_move() -> None:
    keys = [f"customer-{number}" for number in range(2_000)]
    wide = [Arm("a", "m@1", 0.5), Arm("b", "m@2", 0.5)]
    before = {key: arm_for([A, B], "t", key).model_id for key in keys}
    after = {key: arm_for(wide, "t", key).model_id for key in keys}
    moved = {(before[key], after[key]) for key in keys if before[key] != after[key]}
    assert moved == {("a", "b")}


def test_tests_share_keys_out_independently() -> None:
    keys = [str(number) for number in range(2_000)]
    both = sum((point_of("one", key) < 0.5) == (point_of("two", key) < 0.5) for key in keys)
    assert 900 < both < 1100


def test_without_a_key_chance_decides() -> None:
    chosen = {arm_for([A, B], "t", None).model_id for _ in range(200)}
    assert chosen == {"a", "b"}


def test_weights_that_fall_short_by_a_rounding_leave_nobody_out() -> None:
    thirds = [Arm(str(number), f"m@{number}", 0.33333) for number in range(3)]
    assert {arm_for(thirds, "t", str(key)).model_id for key in range(3_000)} == {"0", "1", "2"}
