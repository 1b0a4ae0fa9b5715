"""The registry of models: versions and aliases in MLflow, sealed files in the models folder."""

from __future__ import annotations

import builtins
import json
import logging
import shutil
from functools import cached_property
from pathlib import Path
from typing import Any

from lakebook import names
from lakebook.errors import InvalidRequest, ModelTampered, NotFound
from lakebook.ids import is_id, new_id, now, rfc3339
from lakebook.ml import families, seal
from lakebook.ml.families import CANDIDATE, CHAMPION, ID_TAG, SEAL_TAG, TRAINING_TAG, Family
from lakebook.ml.mlflow_run import finish_run, mlmodel, quiet_client, start_run, store_lock
from lakebook.ml.model_version import ModelVersion, TrainedModel

RECORD, MODEL = "record.json", "model"
log = logging.getLogger(__name__)


class ModelStore:
    """Registered models; `artifacts` is the only folder that models are ever loaded from."""

    def __init__(self, tracking_uri: str, artifacts: Path) -> None:
        self.tracking_uri = tracking_uri
        self.artifacts = artifacts

    @cached_property
    def _client(self) -> Any:
        return quiet_client(self.tracking_uri, self.artifacts)

    def register(
        self, trained: TrainedModel, folder: Path, *, name: str, user_id: str, training_id: str | None = None
    ) -> ModelVersion:
        """Move a fitted model's folder into the registry as the newest version of `name`; whole or not at all."""
        name = self.clean_name(name)
        model_id = new_id()
        staged, home = self.artifacts / f".staging-{model_id}", self.artifacts / model_id
        run_id = start_run(self._client, trained, name, user_id)
        try:
            staged.mkdir(mode=0o700, parents=True)
            shutil.move(folder, staged / MODEL)
            _write_record(staged, trained, model_id, run_id, user_id)
            tags = {ID_TAG: model_id, SEAL_TAG: seal.seal(staged), TRAINING_TAG: training_id or ""}
            staged.rename(home)
            with store_lock(self.artifacts):
                name = self._known_name(name)
                version = self._publish(name, run_id, home, tags)
        except BaseException:
            shutil.rmtree(staged, ignore_errors=True)
            shutil.rmtree(home, ignore_errors=True)
            finish_run(self._client, run_id, "FAILED")
            raise
        finish_run(self._client, run_id, "FINISHED")
        with store_lock(self.artifacts):
            self._show_aliases(name, version)
        return self.get(f"{name}@{version}")

    def _publish(self, name: str, run_id: str, home: Path, tags: dict[str, str]) -> int:
        from mlflow.exceptions import MlflowException

        try:
            self._client.create_registered_model(name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        version = self._client.create_model_version(name, source=home.as_uri(), run_id=run_id, tags=tags)
        return int(version.version)

    def _show_aliases(self, name: str, version: int) -> None:
        """Name the newest and the first for MLflow's own tools; lakebook itself tells them without."""
        self._client.set_registered_model_alias(name, CANDIDATE, version)
        if CHAMPION not in self._client.get_registered_model(name).aliases:
            self._client.set_registered_model_alias(name, CHAMPION, version)

    def list(self) -> builtins.list[ModelVersion]:
        """Every version of every model, newest first."""
        versions = [version for family in self._families() for version in self._read_all(family)]
        return sorted(versions, key=lambda version: version.created_at, reverse=True)

    def show(self, name: str) -> builtins.list[ModelVersion]:
        """Every version of one model, newest first; NotFound with the nearest name."""
        return self._read_all(self._family(name))

    def get(self, reference: str) -> ModelVersion:
        """The version meant by `name` (its champion), `name@alias`, `name@3` or a model id."""
        return self.sealed(reference)[0]

    def sealed(self, reference: str) -> tuple[ModelVersion, str]:
        """The version meant, and the digest under which its files are sealed."""
        family, number = self._find(reference)
        return self._read(family, number), family.versions[number][SEAL_TAG]

    def trained_by(self, training_id: str) -> ModelVersion | None:
        """The version that this training has registered, or None."""
        for family in self._families() if is_id(training_id) else []:
            for number, tags in family.versions.items():
                if tags.get(TRAINING_TAG) == training_id:
                    return self._read(family, number)
        return None

    def promote(self, reference: str, alias: str = CHAMPION) -> ModelVersion:
        """Give the alias to this version, taking it from the one that had it."""
        if not alias.isidentifier() or alias == CANDIDATE:
            raise InvalidRequest(
                f"{alias!r} cannot be given to a version.",
                hint="Use 'champion' or a word of your own; 'candidate' is always the newest version.",
            )
        family, number = self._find(reference)
        self._client.set_registered_model_alias(family.name, alias, str(number))
        return self.get(f"{family.name}@{number}")

    @staticmethod
    def clean_name(name: str) -> str:
        """The name in its normal form; InvalidRequest unless a model may be called so."""
        name = names.checked(name)
        if "@" in name or ":" in name or is_id(name):
            raise InvalidRequest(
                f"A model cannot be called {name!r}: '@' and ':' mark versions, and ids are lakebook's own.",
                hint="Choose another name with `--as`.",
            )
        return name

    def _find(self, reference: str) -> tuple[Family, int]:
        """The model meant, and the number of its version."""
        if is_id(reference):
            for family in self._families():
                for number, tags in family.versions.items():
                    if tags[ID_TAG] == reference:
                        return family, number
            raise NotFound.named("model", reference)
        name, _, which = reference.partition("@")
        family = self._family(name)
        for number in family.versions:
            if which == str(number) or (which or CHAMPION) in family.aliases_of(number):
                return family, number
        known = [alias for number in family.versions for alias in [str(number), *family.aliases_of(number)]]
        raise NotFound(f"The model {name!r} has no version {which!r}.", hint=f"It has: {', '.join(known)}.")

    def _family(self, name: str) -> Family:
        """One model by name, as `names.key` has it; NotFound with the nearest name."""
        everything = self._families()
        for family in everything:
            if names.key(family.name) == names.key(name):
                return family
        raise NotFound.named("model", name, [family.name for family in everything])

    def _families(self) -> builtins.list[Family]:
        return families.read(self.tracking_uri, lambda: self._client)

    def _known_name(self, name: str) -> str:
        """The name as it was first written, whatever the case and form it is given in now."""
        try:
            return self._family(name).name
        except NotFound:
            return name

    def _read_all(self, family: Family) -> builtins.list[ModelVersion]:
        read = []
        for number in family.versions:
            try:
                read.append(self._read(family, number))
            except ModelTampered as error:
                log.warning("model %s version %s is left out: %s", family.name, number, error.message)
        return read

    def _read(self, family: Family, number: int) -> ModelVersion:
        tags = family.versions[number]
        if not is_id(tags[ID_TAG]):
            raise ModelTampered("The model's id is not one that lakebook gave.")
        record = json.loads(seal.check_file(self.artifacts / tags[ID_TAG], tags[SEAL_TAG], RECORD))
        return ModelVersion(**record, name=family.name, version=number, aliases=family.aliases_of(number))


def _write_record(folder: Path, trained: TrainedModel, model_id: str, run_id: str, user_id: str) -> None:
    """What the registry tells of the model, beside its files and MLflow's own description."""
    created_at = now()
    facts = {"model_id": model_id, "mlflow_run_id": run_id, "user_id": user_id, "created_at": rfc3339(created_at)}
    plain = trained.model_dump(mode="json", include=set(TrainedModel.model_fields))
    (folder / RECORD).write_text(json.dumps({**plain, **facts}, indent=1))
    (folder / "input_example.json").write_text(json.dumps(plain["input_example"]))
    mlmodel(trained, run_id, model_id, created_at).save(str(folder / "MLmodel"))
