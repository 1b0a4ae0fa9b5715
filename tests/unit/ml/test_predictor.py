"""Predictions by reference: from rows, from tables, from models that were tampered with."""

from __future__ import annotations

import json
import pickle
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lakebook.errors import InvalidRequest, LakebookError, ModelTampered, NotFound
from lakebook.ids import new_id
from lakebook.ml import seal
from lakebook.ml.lifecycle.routing import Choice
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.registry import ModelStore
from lakebook.ml.requests import Prediction, PredictResult
from lakebook.ml.serving import frames, serve_child
from lakebook.ml.serving.feature_rows import from_rows
from lakebook.ml.serving.predictor import Predictors
from lakebook.ml.serving.shadows import Shadows

Register = Callable[..., ModelVersion]
ROW = {"age": 20.0, "fare": 80.0, "siblings": 1, "paid": True, "port": "Cherbourg"}


def test_a_row_is_predicted_with_confidence(predictors: Predictors, boosted: ModelVersion) -> None:
    answer = predictors.predict("boosted", [ROW])
    assert answer.model == boosted
    assert answer.warnings == []
    only = answer[0]
    assert only.prediction == "yes"
    assert only.probabilities is not None
    assert only.confidence == only.probabilities["yes"] == max(only.probabilities.values()) > 0.5
    assert sum(only.probabilities.values()) == pytest.approx(1.0)


def test_figures_are_identical_at_every_call_and_by_every_reference(
    predictors: Predictors, boosted: ModelVersion, survivors: pl.DataFrame
) -> None:
    rows = survivors.drop("survived").to_dicts()
    together = list(predictors.predict("boosted", rows))
    assert list(predictors.predict("boosted", survivors.to_arrow())) == together
    assert [predictors.predict("boosted@champion", [row])[0] for row in rows[:10]] == together[:10]
    assert list(predictors.predict("boosted@1", rows[:10])) == together[:10]
    assert list(predictors.predict(boosted.model_id, rows[:10])) == together[:10]


def test_the_target_among_the_fields_is_no_stranger(predictors: Predictors, boosted: ModelVersion) -> None:
    assert predictors.predict("boosted", [{**ROW, "survived": "no"}]).warnings == []


def test_missing_and_unknown_fields_are_reported(predictors: Predictors, boosted: ModelVersion) -> None:
    answer = predictors.predict("boosted", [{"fare": 10, "shoe": 3}])
    assert answer[0].prediction in ("yes", "no")
    assert answer.warnings == [
        "Fields not given, taken as null: age, siblings, paid, port.",
        "Fields the model does not know, ignored: shoe.",
    ]
    assert len(predictors.predict("boosted", [{}])) == 1


def test_no_rows_have_no_answers(predictors: Predictors, boosted: ModelVersion, survivors: pl.DataFrame) -> None:
    assert list(predictors.predict("boosted", [])) == []
    assert list(predictors.predict("boosted", survivors.head(0).to_arrow())) == []


def test_a_wrong_type_is_refused_in_one_sentence(predictors: Predictors, boosted: ModelVersion) -> None:
    with pytest.raises(InvalidRequest) as refused:
        predictors.predict("boosted", [{**ROW, "age": "old"}])
    assert refused.value.message == "The field 'age' wants a number, but got 'old' (row 1)."
    assert refused.value.details == {"field": "age", "wanted": "number", "got": "'old'"}


@pytest.mark.parametrize("rows", [7, {"age": 3}])
def test_rows_that_are_none_are_refused(predictors: Predictors, boosted: ModelVersion, rows: Any) -> None:
    with pytest.raises(InvalidRequest):
        predictors.predict("boosted", rows)


def test_an_unknown_model_is_said(predictors: Predictors, boosted: ModelVersion) -> None:
    with pytest.raises(NotFound):
        predictors.predict("nobody", [ROW])


class Trap:
    """A pickle that writes a file when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.write_text, (self.path, "sprung")


@pytest.mark.parametrize("reseal", [False, True])
def test_a_tampered_model_is_refused_unread(
    predictors: Predictors, store: ModelStore, again: Register, tmp_path: Path, reseal: bool
) -> None:
    made = again("trapped")
    home, sprung = store.artifacts / made.model_id, tmp_path / "sprung"
    (home / "model" / "model.pkl").write_bytes(pickle.dumps(Trap(sprung)))
    if reseal:
        seal.seal(home)
    with pytest.raises(ModelTampered) as refused:
        predictors.predict(made.model_id, [ROW])
    assert refused.value.hint == "Train the model again."
    assert not sprung.exists()
    assert predictors.predict("boosted", [ROW])[0].prediction == "yes"


def test_a_model_that_cannot_be_loaded_says_what_made_it(store: ModelStore, again: Register) -> None:
    made = again("broken")
    home = store.artifacts / made.model_id
    (home / "model" / "model.pkl").write_bytes(b"no pickle")
    digest = seal.seal(home)
    reply = refusal_of(serve_child.Shelf(store.artifacts, 2), made.model_id, digest)
    assert reply["code"] == "model_failed"
    assert f"made with scikit-learn {made.engine_version}" in reply["message"]
    assert "UnpicklingError" in reply["details"]["cause"]


@pytest.mark.parametrize("model_id", ["../elsewhere", "", "record.json", "/etc"])
def test_nothing_outside_the_models_folder_is_looked_at(store: ModelStore, model_id: str) -> None:
    reply = refusal_of(serve_child.Shelf(store.artifacts, 2), model_id, "0" * 64)
    assert reply["code"] == "model_tampered"


def test_a_folder_that_is_a_link_is_refused(store: ModelStore, boosted: ModelVersion, tmp_path: Path) -> None:
    linked = new_id()
    (tmp_path / linked).symlink_to(store.artifacts / boosted.model_id)
    _, digest = store.sealed("boosted")
    assert refusal_of(serve_child.Shelf(tmp_path, 2), linked, digest)["code"] == "model_tampered"


def test_what_was_not_expected_keeps_its_words_from_the_caller() -> None:
    reply = serve_child.refusal(ZeroDivisionError("inner words"))
    assert "inner words" not in reply["message"]
    assert reply["details"]["cause"] == "ZeroDivisionError: inner words"


def test_the_shelf_keeps_the_models_used_last(store: ModelStore, again: Register) -> None:
    shelf = serve_child.Shelf(store.artifacts, 2)
    sealed = {name: store.sealed(again(name).model_id) for name in ("one", "two", "three")}
    keys = {name: (model.model_id, digest) for name, (model, digest) in sealed.items()}
    for name in ("one", "two", "one", "three"):
        shelf.get(*keys[name])
    assert list(shelf.models) == [keys["one"], keys["three"]]


def test_the_answer_of_a_loaded_model_is_a_table(store: ModelStore, boosted: ModelVersion) -> None:
    _, digest = store.sealed("boosted")
    table, _ = from_rows([ROW, ROW], boosted.features)
    header = {"model_id": boosted.model_id, "digest": digest}
    reply, body = serve_child.answer(serve_child.Shelf(store.artifacts, 1), header, frames.table_bytes(table))
    assert reply == {"ok": True}
    answered = frames.bytes_table(body)
    assert answered.column_names == ["predicted", "p0", "p1"]
    assert answered.column("predicted").to_pylist() == [1, 1]


def refusal_of(shelf: serve_child.Shelf, model_id: str, digest: str) -> dict[str, Any]:
    """The refusal with which a request for this model ends."""
    with pytest.raises(LakebookError) as failed:
        serve_child.answer(shelf, {"model_id": model_id, "digest": digest}, b"")
    reply: dict[str, Any] = json.loads(json.dumps(serve_child.refusal(failed.value)))
    return reply


def test_an_explained_answer_says_what_each_feature_adds(
    predictors: Predictors, boosted: ModelVersion, survivors: pl.DataFrame
) -> None:
    plain, explained = predictors.predict("boosted", [ROW]), predictors.predict("boosted", [ROW], explained=True)
    added = explained[0].contributions
    assert added is not None
    assert list(added) == [feature.name for feature in boosted.features]
    assert explained[0].model_copy(update={"contributions": None}) == plain[0]
    # A young passenger with a dear ticket: these two are what the rows were made of.
    assert sorted(added, key=lambda name: -abs(added[name]))[0] in ("age", "fare")
    with pytest.raises(InvalidRequest, match="120 rows are too many to explain"):
        predictors.predict("boosted", survivors.to_arrow(), explained=True)


def test_words_are_read_in_each_fields_type(predictors: Predictors, boosted: ModelVersion) -> None:
    words = {"age": "20", "fare": "80", "siblings": "1", "paid": "true", "port": "Cherbourg"}
    assert list(predictors.predict("boosted", [words], words=True)) == list(predictors.predict("boosted", [ROW]))
    with pytest.raises(InvalidRequest, match="'age' wants a number, but got 'old'"):
        predictors.predict("boosted", [{**words, "age": "old"}], words=True)


class Heard:
    """A recorder and a route of `boosted` with itself as shadow."""

    def __init__(self, model_id: str) -> None:
        self.model_id = model_id
        self.came: list[tuple[bool, int, list[str]]] = []
        self.both = threading.Event()

    def choose(self, name: str, key: str | None = None) -> Choice:
        return Choice(self.model_id, (self.model_id, "nobody"), "test")

    def record(self, model: Any, table: Any, found: Any, *, choice: Any, keys: Any, is_shadow: bool = False) -> None:
        self.came.append((is_shadow, len(found), list(keys)))
        if len(self.came) == 2:
            self.both.set()


def test_shadows_answer_unheard(store: ModelStore, boosted: ModelVersion, caplog: pytest.LogCaptureFixture) -> None:
    heard: Any = Heard(boosted.model_id)
    serving = Predictors(store, routes=heard, recorder=heard)
    try:
        assert serving.predict("boosted", [ROW], key="ada").model.model_id == boosted.model_id
        assert heard.both.wait(60)
    finally:
        serving.close()
    assert heard.came == [(False, 1, ["ada"]), (True, 1, ["ada"])]
    assert "a shadow did not answer: No model is called 'nobody'." in caplog.text


def test_too_many_shadows_are_not_asked() -> None:
    shadows, gate, asked = Shadows(waiting=2), threading.Event(), list[int]()
    shadows.put(lambda: asked.append(int(gate.wait(60))))
    shadows.put(lambda: asked.append(2))
    shadows.put(lambda: asked.append(3))
    gate.set()
    shadows.close()
    assert (asked[0], shadows.dropped) == (1, 1)
    assert 3 not in asked


def test_answers_are_shown_a_line_each(boosted: ModelVersion) -> None:
    amounts = [Prediction(prediction=1.5, interval=(1.0, 2.0), contributions={"a": 0.1, "b": -3.0})] * 22
    shown = PredictResult(model_id="1", name="rings", version=2, predictions=amounts, warnings=["careful"]).text()
    lines = shown.splitlines()
    assert lines[0] == "rings@2"
    assert lines[2].split() == ["1.5", "1", "to", "2", "b", "-3,", "a", "+0.1"]
    assert lines[-2:] == ["… 2 more; --json gives all.", "careful"]
    assert PredictResult(model_id="1", name="rings", version=2, predictions=[]).text() == "rings@2"
