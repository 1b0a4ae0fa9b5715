"""The registry: versions, aliases, records, and what a half-made registration leaves behind."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lakebook.errors import InvalidRequest, ModelTampered, NotFound
from lakebook.ids import is_id, new_id
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.registry import ModelStore
from lakebook.ml.serving.model_child import _environment
from lakebook.ml.staging import Staging

Register = Callable[..., ModelVersion]


def test_a_registered_model_keeps_everything_that_made_it(store: ModelStore, boosted: ModelVersion) -> None:
    assert is_id(boosted.model_id)
    assert (boosted.name, boosted.version, boosted.user_id) == ("boosted", 1, "ada")
    assert (boosted.dataset_id, boosted.dataset_name, boosted.dataset_version) == ("0190-dataset", "table", 3)
    assert boosted.aliases == ["candidate", "champion"]
    assert boosted.created_at.tzinfo is not None
    assert store.get("boosted") == boosted
    assert ModelVersion.model_validate_json(boosted.model_dump_json()) == boosted


def test_mlflow_holds_run_metrics_dataset_and_aliases(store: ModelStore, boosted: ModelVersion) -> None:
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=store.tracking_uri, registry_uri=store.tracking_uri)
    run = client.get_run(boosted.mlflow_run_id)
    assert run.info.status == "FINISHED"
    assert run.data.metrics["accuracy"] == boosted.score
    assert run.data.metrics["constant.accuracy"] == boosted.baselines[0].score
    assert run.data.params["target"] == "survived"
    assert run.data.tags["lakebook.verdict"] == boosted.verdict
    assert run.inputs is not None
    dataset = run.inputs.dataset_inputs[0].dataset
    assert (dataset.name, dataset.digest) == ("table", "3")
    assert client.get_model_version_by_alias("boosted", "champion").run_id == boosted.mlflow_run_id


def test_the_folder_describes_itself_to_mlflow(store: ModelStore, boosted: ModelVersion) -> None:
    from mlflow.models import Model

    described = Model.load(str(store.artifacts / boosted.model_id / "MLmodel"))
    assert described.run_id == boosted.mlflow_run_id
    assert described.signature is not None
    assert described.signature.inputs.input_names() == [feature.name for feature in boosted.features]
    example = json.loads((store.artifacts / boosted.model_id / "input_example.json").read_text())
    assert example == boosted.input_example


def test_versions_count_up_and_aliases_follow(store: ModelStore, again: Register, boosted: ModelVersion) -> None:
    first = again("growing")
    second = again("growing")
    assert (first.version, second.version) == (1, 2)
    assert first.aliases == ["candidate", "champion"]
    assert second.aliases == ["candidate"]
    assert store.get("growing").version == 1
    assert store.get("growing@champion").version == 1
    assert store.get("growing@candidate").version == 2
    assert store.get("growing@2").model_id == second.model_id
    assert store.get(second.model_id).version == 2
    assert [version.version for version in store.show("growing")] == [2, 1]


def test_promotion_moves_the_champion_and_only_promotion_does(store: ModelStore, again: Register) -> None:
    for _ in range(2):
        again("rising")
    assert store.move("rising@candidate", "champion").aliases == ["candidate", "champion"]
    assert store.get("rising").version == 2
    assert store.get("rising@1").aliases == []
    again("rising")
    assert store.get("rising").version == 2
    assert store.move("rising@1", "shadow").aliases == ["shadow"]
    assert store.get("rising@shadow").version == 1


def test_what_lies_beside_a_model_is_sealed_with_it(store: ModelStore, boosted: ModelVersion, tmp_path: Path) -> None:
    folder, beside = tmp_path / "model", tmp_path / "beside"
    shutil.copytree(store.artifacts / boosted.model_id / "model", folder)
    (beside / "prepared").mkdir(parents=True)
    (beside / "rows.txt").write_text("kept")
    (beside / "prepared" / "part").write_bytes(b"part")
    made = store.register(boosted, folder, name="beside", user_id="ada", beside=beside)
    assert store.file(made, "rows.txt") == b"kept"
    assert store.file(made, "prepared/part") == b"part"
    assert store.file(made, "no such file") is None
    (store.folder(made) / "rows.txt").write_text("changed")
    with pytest.raises(ModelTampered, match=r"rows\.txt is not the one that was registered"):
        store.file(made, "rows.txt")
    (store.folder(made) / "late.txt").write_text("added")
    with pytest.raises(ModelTampered):
        store.file(made, "late.txt")


def test_a_server_of_mlflows_is_told_no_folder_of_this_machine(tmp_path: Path) -> None:
    told: dict[str, Any] = {}

    class Client:
        def create_registered_model(self, _name: str) -> None:
            """Makes the name."""

        def create_model_version(self, name: str, **given: Any) -> Any:
            told.update(given, name=name)
            return SimpleNamespace(version="3")

    served = ModelStore("http://127.0.0.1:5000", tmp_path)
    served.__dict__["_client"] = Client()
    assert served._publish("far", "run", tmp_path / "0190-model", {"a": "b"}) == 3
    assert told == {"name": "far", "source": "lakebook://models/0190-model", "run_id": "run", "tags": {"a": "b"}}


def test_newest_stands_first_in_the_list(store: ModelStore, again: Register) -> None:
    newest = again("listed")
    listed = store.list()
    assert listed[0].model_id == newest.model_id
    assert [version.created_at for version in listed] == sorted((v.created_at for v in listed), reverse=True)


def test_names_are_matched_whatever_their_case_and_form(store: ModelStore, again: Register) -> None:
    first = again("Café")
    second = again("cafe\u0301".upper())
    assert (second.name, second.version) == ("Café", 2)
    assert store.get("CAFÉ@1").model_id == first.model_id


def test_a_name_with_quotes_and_spaces_is_found(store: ModelStore, again: Register) -> None:
    made = again("Ada's 100% model")
    assert store.get("Ada's 100% model").model_id == made.model_id
    assert store.get("ada's 100% MODEL@1").model_id == made.model_id


@pytest.mark.parametrize("name", ["a@b", "a:b", "a/b", 'a"b', "", "x" * 201, "silver.model"])
def test_some_names_are_refused(store: ModelStore, name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        store.clean_name(name)
    assert "--as" in refused.value.hint


def test_an_id_is_no_name(store: ModelStore) -> None:
    with pytest.raises(InvalidRequest):
        store.clean_name(new_id())


def test_a_missing_model_names_the_nearest(store: ModelStore, boosted: ModelVersion) -> None:
    with pytest.raises(NotFound) as missing:
        store.get("bosted")
    assert missing.value.hint == "Did you mean 'boosted'?"
    for reference in (new_id(), "", 'x" or name != "'):
        with pytest.raises(NotFound):
            store.get(reference)


def test_a_missing_version_lists_those_there_are(store: ModelStore, boosted: ModelVersion) -> None:
    for reference in ("boosted@7", "boosted@shadow"):
        with pytest.raises(NotFound, match=f"no version '{reference.partition('@')[2]}'") as missing:
            store.get(reference)
        assert missing.value.hint == "It has: 1, candidate, champion."


def test_a_training_is_found_by_its_id(store: ModelStore, again: Register) -> None:
    training = new_id()
    assert store.trained_by(training) is None
    made = again("by training", training_id=training)
    assert store.trained_by(training) == made
    assert store.trained_by("not an id") is None


def test_a_failed_registration_leaves_nothing(
    store: ModelStore, again: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any, **_named: Any) -> None:
        raise RuntimeError("store is gone")

    before = sorted(path.name for path in store.artifacts.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(ModelStore, "_publish", fail)
        with pytest.raises(RuntimeError, match="store is gone"):
            again("never")
    assert sorted(path.name for path in store.artifacts.iterdir() if path.name != "runs") == [
        name for name in before if name != "runs"
    ]
    with pytest.raises(NotFound):
        store.get("never")


def test_aliases_hold_where_a_registration_ended_before_them(
    store: ModelStore, again: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ModelStore, "_show_aliases", lambda *_arguments: None)
    again("abrupt")
    assert again("abrupt").aliases == ["candidate"]
    assert store.get("abrupt").version == 1


def test_a_changed_record_is_refused_and_left_out_of_the_list(
    store: ModelStore, again: Register, caplog: pytest.LogCaptureFixture
) -> None:
    made = again("forged")
    record = store.artifacts / made.model_id / "record.json"
    record.write_text(record.read_text().replace('"score": ', '"score": 1'))
    with pytest.raises(ModelTampered):
        store.get("forged")
    assert made.model_id not in {version.model_id for version in store.list()}
    assert "model forged version 1 is left out" in caplog.text


def test_two_registrations_at_once_both_stand(store: ModelStore, boosted: ModelVersion, tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def register(number: int) -> None:
        folder = tmp_path / str(number)
        shutil.copytree(store.artifacts / boosted.model_id / "model", folder)
        try:
            ModelStore(store.tracking_uri, store.artifacts).register(boosted, folder, name="both", user_id="ada")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=register, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(version.version for version in store.show("both")) == [1, 2, 3]


def test_models_of_others_in_the_same_mlflow_are_not_ours(store: ModelStore, boosted: ModelVersion) -> None:
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=store.tracking_uri, registry_uri=store.tracking_uri)
    client.create_registered_model("foreign")
    client.create_model_version("foreign", source="/somewhere", run_id=boosted.mlflow_run_id)
    assert "foreign" not in {version.name for version in store.list()}
    with pytest.raises(NotFound):
        store.get("foreign")


def test_an_orphan_folder_is_no_model(store: ModelStore, boosted: ModelVersion) -> None:
    before = store.list()
    shutil.copytree(store.artifacts / boosted.model_id, store.artifacts / new_id())
    assert store.list() == before


TRAINING = "0198c0de-0000-7000-8000-000000000000"
# Ends the program at the named call of the registration, as `kill -9` would.
KILLED = """
import os, signal, sys
from pathlib import Path
from types import SimpleNamespace
from lakebook.ml import registry
from lakebook.ml.registry import ModelStore
store = ModelStore(sys.argv[1], Path(sys.argv[2]))
boosted = store.get("boosted")
def killed(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)
place = sys.argv[4]
setattr(registry if hasattr(registry, place) else ModelStore, place, killed)
store.register(boosted, Path(sys.argv[3]), name=f"killed {place}", user_id="ada", training_id=sys.argv[5])
"""


def leftovers(store: ModelStore, known: set[str]) -> set[str]:
    return {path.name for path in store.artifacts.iterdir() if not path.name.endswith(".lock")} - known


@pytest.mark.parametrize("place", ["_write_record", "_publish", "finish_run"])
def test_a_killed_registration_shows_no_half_model_and_is_taken_back(
    store: ModelStore, boosted: ModelVersion, tmp_path: Path, place: str
) -> None:
    known = leftovers(store, set())
    folder = tmp_path / "copy"
    shutil.copytree(store.artifacts / boosted.model_id / "model", folder)
    command = [sys.executable, "-c", KILLED, store.tracking_uri, str(store.artifacts), str(folder), place, TRAINING]
    ended = subprocess.run(command, env=_environment(), capture_output=True, timeout=120, check=False)
    assert ended.returncode == -9, ended.stderr
    stands = place == "finish_run"
    assert (f"killed {place}" in {version.name for version in store.list()}) is stands
    assert store.take_back(lambda training: training != TRAINING) == 0
    assert len(leftovers(store, known)) == (1 if place == "_write_record" else 2)
    store.take_back(lambda training: training == TRAINING)
    left = leftovers(store, known)
    assert left == ({store.get(f"killed {place}").model_id} if stands else set())
    assert not any(name.startswith(".staging-") for name in left)
    assert store.take_back(lambda _training: True) == 0


def test_what_a_registration_at_work_has_made_so_far_is_left_alone(tmp_path: Path) -> None:
    store = ModelStore(f"sqlite:///{tmp_path / 'mlflow.sqlite'}", tmp_path / "models")
    staged = Staging(store.artifacts, new_id(), new_id())
    (staged.begin() / "record.json").write_text("half of it")
    assert store.take_back(lambda training: training != staged.owner) == 0
    assert staged.folder.is_dir()
    assert store.take_back(lambda training: training == staged.owner) == 1
    assert list(store.artifacts.glob(".staging-*")) == []
