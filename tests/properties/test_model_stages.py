"""Whatever is moved, and whenever a move is killed: one champion that is not archived, and no version in two places."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.errors import Conflict
from lakebook.ids import new_id
from lakebook.ml import families
from lakebook.ml.families import ID_TAG, SEAL_TAG
from lakebook.ml.lifecycle.stages import STAGES
from lakebook.ml.registry import ModelStore

NAME = "m"


class Killed(BaseException):
    """The process ends here."""


class InMemory:
    """The part of MLflow's client that moves need, over plain dictionaries; ends the process before a chosen step."""

    def __init__(self, versions: int) -> None:
        self.tags = {number: {ID_TAG: new_id(), SEAL_TAG: "seal"} for number in range(1, versions + 1)}
        self.aliases: dict[str, int] = {}
        self.steps_left = 10**9

    def step(self) -> None:
        if self.steps_left == 0:
            raise Killed
        self.steps_left -= 1

    def set_registered_model_alias(self, _name: str, alias: str, version: str) -> None:
        self.step()
        self.aliases[alias] = int(version)

    def delete_registered_model_alias(self, _name: str, alias: str) -> None:
        self.step()
        self.aliases.pop(alias, None)

    def set_model_version_tag(self, _name: str, version: str, key: str, value: str) -> None:
        self.step()
        self.tags[int(version)][key] = value

    def delete_model_version_tag(self, _name: str, version: str, key: str) -> None:
        self.step()
        self.tags[int(version)].pop(key, None)

    def search_model_versions(self, **_page: Any) -> Any:
        return page([SimpleNamespace(name=NAME, version=number, tags=tags) for number, tags in self.tags.items()])

    def search_registered_models(self, **_page: Any) -> Any:
        return page([SimpleNamespace(name=NAME, aliases=self.aliases)])


class Page(list[Any]):
    """One page of results, the last."""

    token = None


def page(found: Sequence[Any]) -> Page:
    return Page(found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the store's lock lies."""
    return tmp_path_factory.mktemp("stages")


def store_of(client: InMemory, folder: Path) -> ModelStore:
    """A registry over this client; what it returns is the version's number and aliases."""
    store = ModelStore("http://memory", folder)
    store.__dict__["_client"] = client
    return store


def states(client: InMemory) -> dict[int, list[str]]:
    """Every version's aliases, as lakebook tells them."""
    (family,) = families.read_client(client)
    return {number: family.aliases_of(number) for number in family.versions}


def check(client: InMemory) -> None:
    """What holds at every moment."""
    told = states(client)
    everything = [alias for aliases in told.values() for alias in aliases]
    assert everything.count("champion") == 1
    assert everything.count("candidate") == 1
    assert everything.count("shadow") <= 1
    for aliases in told.values():
        assert "archived" not in aliases or aliases == ["archived"]
        assert not {"champion", "shadow"} <= set(aliases)
    present = [number for number, aliases in told.items() if aliases != ["archived"]]
    assert told[max(present)][0] == "candidate"


MOVES = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(STAGES), st.none() | st.integers(0, 3)), min_size=1, max_size=12
)


@given(versions=st.integers(1, 4), moves=MOVES)
def test_one_champion_whatever_is_moved_or_killed(
    folder: Path, versions: int, moves: list[tuple[int, str, int | None]]
) -> None:
    client = InMemory(versions)
    store = store_of(client, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ModelStore, "get", lambda _self, reference: reference)
        for number, to, kill_after in moves:
            number = min(number, versions)
            before = states(client)[number]
            client.steps_left = 10**9 if kill_after is None else kill_after
            try:
                store.move(f"{NAME}@{number}", to)
            except Conflict:
                assert to in before or "champion" in before
                assert states(client)[number] == before
            except Killed:
                assert kill_after is not None
            else:
                assert to in states(client)[number]
            check(client)
