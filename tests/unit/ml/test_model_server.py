"""`lakebook serve models`: what programs meet at its port."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import httpx
import polars as pl
import pytest

import lakebook
from lakebook.errors import InvalidRequest, NotFound, TooBusy, Unavailable
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.serving.batcher import Batcher
from lakebook.ml.serving.predictor import Predictors
from lakebook_cli.model_server import Door, is_allowed, listen, main, only_model, token_for

TOKEN = "tell-nobody"
ROW = {"age": 22.0, "fare": 80.0, "siblings": 1, "paid": True, "port": "Cherbourg"}
OWN = "/lakebook/api/v1/ml/predict"
Talk = Callable[[httpx.AsyncClient], Any]


@pytest.fixture
def met(predictors: Predictors, boosted: ModelVersion) -> Callable[[Talk], Any]:
    """Holds a conversation with a server of `boosted` and returns what came of it."""

    async def hold(talk: Talk) -> Any:
        batcher = Batcher(predictors, lambda: boosted.name)
        server, port = listen(Door(batcher, TOKEN), "127.0.0.1", 0)
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=bearer, timeout=60) as client:
                return await talk(client)
        finally:
            server.stop()
            await asyncio.to_thread(batcher.close)
            await server.close_all_connections()

    return lambda talk: asyncio.run(hold(talk))


def test_clients_of_mlflow_are_answered_as_they_are_used_to(met: Any, predictors: Predictors) -> None:
    async def talk(client: httpx.AsyncClient) -> Any:
        split = {"dataframe_split": {"columns": list(ROW), "data": [list(ROW.values())] * 2}}
        table = "age,fare,siblings,paid,port\n22,80,1,true,Cherbourg\n"
        return [
            await client.get("/ping"), await client.get("/health"), await client.get("/version"),
            await client.post("/invocations", json=split),
            await client.post("/models/boosted@1/invocations", json={"instances": [ROW]}),
            await client.post("/invocations", content=table, headers={"Content-Type": "text/csv"}),
        ]  # fmt: skip

    ping, health, version, split, named, table = met(talk)
    wanted = predictors.predict("boosted", [ROW])[0].prediction
    assert [answer.status_code for answer in (ping, health, version, split, named, table)] == [200] * 6
    assert version.text == lakebook.__version__
    assert split.json() == {"predictions": [wanted, wanted]}
    assert named.json() == table.json() == {"predictions": [wanted]}
    assert named.headers["Lakebook-Model"] == "boosted@1"


def test_lakebooks_own_address_tells_everything(met: Any, predictors: Predictors) -> None:
    async def talk(client: httpx.AsyncClient) -> Any:
        return await client.post(OWN, json={"model": "boosted", "features": {**ROW, "extra": 1}, "explain": True})

    found, wanted = met(talk).json(), predictors.predict("boosted", [ROW])[0]
    assert (found["name"], found["version"], found["prediction"]) == ("boosted", 1, wanted.prediction)
    assert found["confidence"] == wanted.confidence
    assert found["warnings"] == ["Fields the model does not know, ignored: extra."]
    assert found["predictions"][0]["contributions"].keys() == ROW.keys()


def test_every_refusal_has_the_one_shape_and_one_sentence(met: Any) -> None:
    async def talk(client: httpx.AsyncClient) -> Any:
        async def parts() -> Any:
            for _ in range(18):
                yield b" " * (1 << 20)

        typed = {"Content-Type": "application/json"}
        return [
            await client.post("/invocations", content=b"\x80\x04.", headers={"Content-Type": "application/x-pickle"}),
            await client.post("/invocations", content=b" " * 100_000_000, headers=typed),
            await client.post("/invocations", content=parts(), headers=typed),
            await client.post("/invocations", json={"instances": [{"age": "old"}]}),
            await client.post("/nowhere", json={}),
            await client.get("/invocations"),
            await client.post("/models/nobody/invocations", json={"instances": [ROW]}),
            await client.post("/invocations", json={"instances": [ROW]}, headers={"Authorization": "Bearer wrong"}),
            await client.post("/invocations", json={"instances": [ROW] * 10_001}),
        ]

    answers = met(talk)
    assert [answer.status_code for answer in answers] == [415, 413, 413, 400, 404, 405, 404, 401, 413]
    for answer in answers:
        assert answer.json()["error"].keys() == {"code", "message", "hint", "details", "request_id", "timestamp"}
    assert answers[3].json()["error"]["message"] == "The field 'age' wants a number, but got 'old' (row 1)."
    assert answers[3].json()["error"]["details"] == {"field": "age", "wanted": "number", "got": "'old'"}


def test_many_at_once_are_all_answered(met: Any, survivors: pl.DataFrame, predictors: Predictors) -> None:
    rows = survivors.drop("survived").head(64).to_dicts()

    async def talk(client: httpx.AsyncClient) -> Any:
        asked = [client.post("/invocations", json={"instances": [row]}) for row in rows]
        return await asyncio.gather(*asked)

    found = [answer.json()["predictions"][0] for answer in met(talk)]
    assert found == [one.prediction for one in predictors.predict("boosted", rows)]


def test_past_its_room_the_server_says_when_to_come_back(met: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: Batcher, _asked: Any) -> None:
        raise TooBusy("1,024 requests wait for the models already.")

    monkeypatch.setattr(Batcher, "put", full)

    async def talk(client: httpx.AsyncClient) -> Any:
        return await client.post("/invocations", json={"instances": [ROW]}), await client.get("/ping")

    refused, ping = met(talk)
    assert (refused.status_code, refused.headers["Retry-After"], ping.status_code) == (429, "1", 200)
    assert json.loads(refused.text)["error"]["hint"] == "Try again in a second."


def test_an_address_with_its_token_is_enough(met: Any) -> None:
    async def talk(client: httpx.AsyncClient) -> Any:
        client.headers.pop("Authorization")
        asked = {"instances": [ROW]}
        return await client.post(f"/invocations?token={TOKEN}", json=asked), await client.post(
            "/invocations", json=asked
        )

    assert [answer.status_code for answer in met(talk)] == [200, 401]


@pytest.mark.parametrize(
    ("token", "header", "word", "allowed"),
    [
        ("t", "Bearer t", "", True),
        ("t", "token t", "", True),
        ("t", "", "t", True),
        ("t", "Basic t", "", False),
        ("t", "", "", False),
        ("t", "Bearer tt", "t", False),
        ("", "", "", True),
    ],
    ids=["bearer", "jupyter", "address", "basic", "none", "wrong", "open"],
)
def test_the_token_opens(token: str, header: str, word: str, allowed: bool) -> None:
    assert is_allowed(token, header, word) is allowed


def test_the_only_model_needs_no_name() -> None:
    def registry(*names: str) -> Any:
        return SimpleNamespace(models=SimpleNamespace(list=lambda: [SimpleNamespace(name=name) for name in names]))

    assert only_model(registry("a", "a"), None) == "a"
    assert only_model(registry("a", "b"), "b@2") == "b@2"
    with pytest.raises(NotFound, match="there are 2"):
        only_model(registry("a", "b"), None)


def test_a_port_in_use_and_wrong_words_are_said(
    met: Any, predictors: Predictors, capsys: pytest.CaptureFixture[str]
) -> None:
    async def talk(client: httpx.AsyncClient) -> None:
        batcher = Batcher(predictors, lambda: "boosted", threads=0)
        with pytest.raises(Unavailable, match="cannot be used"):
            listen(Door(batcher, TOKEN), "127.0.0.1", client.base_url.port or 0)

    met(talk)
    assert main(["--colour"]) == 2
    assert "lakebook serve models" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.7.7", "models.example"])
def test_without_a_token_only_this_machine_is_served(host: str) -> None:
    with pytest.raises(InvalidRequest, match="Without a token anyone"):
        token_for(host, "")
    assert token_for(host, "mine") == "mine"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_may_ask_without_a_token(host: str) -> None:
    assert token_for(host, "") == ""
    assert len(token_for(host, None)) == 48
