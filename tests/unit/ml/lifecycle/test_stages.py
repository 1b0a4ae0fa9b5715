"""The moves between stages, as a rule and in MLflow's own words."""

from __future__ import annotations

from typing import Any

import pytest

from lakebook.errors import Conflict, InvalidRequest
from lakebook.ml.families import Family
from lakebook.ml.lifecycle.stages import STAGES, check_move
from lakebook.runtime import Runtime
from tests.unit.ml.lifecycle.made_models import Register, fresh


def kept(runtime: Runtime, name: str) -> dict[str, int]:
    """The aliases as MLflow's own client tells them."""
    model: Any = runtime.models._client.get_registered_model(name)
    return {alias: int(version) for alias, version in model.aliases.items()}


def test_each_move_is_one_of_mlflows_own(runtime: Runtime, register: Register) -> None:
    name = fresh("moves")
    for _ in range(3):
        register(name)
    assert kept(runtime, name) == {"candidate": 3, "champion": 1}
    runtime.models.move(f"{name}@2", "shadow")
    assert kept(runtime, name) == {"candidate": 3, "champion": 1, "shadow": 2}
    runtime.models.move(f"{name}@2", "champion")
    assert kept(runtime, name) == {"candidate": 3, "champion": 2}
    runtime.models.move(f"{name}@3", "archived")
    assert kept(runtime, name) == {"candidate": 2, "champion": 2}
    tags = runtime.models._client.get_model_version(name, "3").tags
    assert tags["lakebook.stage"] == "archived"
    assert runtime.models.get(f"{name}@archived").version == 3
    runtime.models.move(f"{name}@3", "champion")
    assert kept(runtime, name) == {"candidate": 3, "champion": 3}
    assert "lakebook.stage" not in runtime.models._client.get_model_version(name, "3").tags


@pytest.mark.parametrize("to", ["candidate", "3", "", "two words", "Champion"])
def test_there_are_no_other_stages(to: str) -> None:
    with pytest.raises(InvalidRequest, match="cannot be moved to"):
        check_move("m", 1, [], to)


@pytest.mark.parametrize("to", STAGES)
def test_a_version_is_not_moved_to_where_it_is(to: str) -> None:
    with pytest.raises(Conflict, match="already"):
        check_move("m", 1, [to], to)
    check_move("m", 1, ["candidate"], to)


def test_a_promotion_that_ended_between_its_steps_has_one_champion() -> None:
    tags = {"lakebook.model_id": "x", "lakebook.seal": "y"}
    family = Family("m", {2: tags, 1: tags}, {"champion": 2, "shadow": 2})
    assert family.aliases_of(2) == ["candidate", "champion"]
    archived = Family("m", {2: {**tags, "lakebook.stage": "archived"}, 1: tags}, {"shadow": 2})
    assert archived.aliases_of(2) == ["archived"]
    assert archived.aliases_of(1) == ["candidate", "champion"]
