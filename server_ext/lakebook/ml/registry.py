"""The registry of models: versions and aliases in MLflow, sealed files in the models folder."""

from __future__ import annotations

import builtins
import json
import logging
import shutil
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from lakebook import names
from lakebook.errors import Conflict, InvalidRequest, ModelTampered, NotFound
from lakebook.ids import is_id, new_id, now, rfc3339
from lakebook.ml import families, seal
from lakebook.ml.families import (
    ARCHIVED,
    CANDIDATE,
    CHAMPION,
    ID_TAG,
    SEAL_TAG,
    SHADOW,
    STAGE_TAG,
    TRAINING_TAG,
    Family,
)  # fmt: skip
from lakebook.ml.lifecycle.stages import check_move
from lakebook.ml.mlflow_run import finish_run, log_pictures, mlmodel, quiet_client, start_run, store_lock
from lakebook.ml.model_version import ModelVersion, TrainedModel
from lakebook.ml.staging import Staging, left

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
        self, trained: TrainedModel, folder: Path, *, name: str, user_id: str, training_id: str | None = None,
        beside: Path | None = None,
    ) -> ModelVersion:  # fmt: skip
        """Move a fitted model's folder into the registry as the newest version of `name`; whole or not at all.

        What is in the folder `beside` is sealed too: held-out rows, the training's profile, what serving prepared.
        """
        name = self.clean_name(name)
        model_id = new_id()
        staging = Staging(self.artifacts, training_id or model_id, model_id)
        run_id = start_run(self._client, trained, name, user_id)
        try:
            staged = staging.begin()
            for inner in sorted(beside.iterdir()) if beside is not None else []:
                shutil.move(inner, staged / inner.name)
            shutil.move(folder, staged / MODEL)
            _write_record(staged, trained, model_id, run_id, user_id)
            tags = {ID_TAG: model_id, SEAL_TAG: seal.seal(staged), TRAINING_TAG: training_id or ""}
            staging.settle()
            with store_lock(self.artifacts):
                name = self._known_name(name)
                version = self._publish(name, run_id, staging.home, tags)
        except BaseException:
            staging.drop()
            finish_run(self._client, run_id, "FAILED")
            raise
        finish_run(self._client, run_id, "FINISHED")
        staging.end()
        with store_lock(self.artifacts):
            self._show_aliases(name)
        return self.get(f"{name}@{version}")

    def take_back(self, is_over: Callable[[str], bool]) -> int:
        """Remove what killed registrations of trainings that are over have left; how many there were."""
        over = [staging for staging in left(self.artifacts) if is_over(staging.owner)]
        registered = {tags[ID_TAG] for family in self._families() for tags in family.versions.values()} if over else ()
        for staging in over:
            stands, run_id = staging.model_id in registered, staging.fact(RECORD, "mlflow_run_id")
            if run_id is not None:
                finish_run(self._client, run_id, "FINISHED" if stands else "KILLED")
            if stands:
                staging.end()
            else:
                staging.drop()
        return len(over)

    def draw(self, model: ModelVersion) -> None:
        """Add the model's card and pictures to its MLflow run; where that fails, the model stands without them."""
        try:
            log_pictures(self._client, model)
        except Exception as error:
            log.warning("model %s has no pictures in its run: %s", model.model_id, type(error).__name__)

    def _publish(self, name: str, run_id: str, home: Path, tags: dict[str, str]) -> int:
        from mlflow.exceptions import MlflowException

        try:
            self._client.create_registered_model(name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        # A server of MLflow's takes no folder of this machine as a source; lakebook itself finds the files by their id.
        is_served = self.tracking_uri.startswith(("http://", "https://"))
        source = f"lakebook://models/{home.name}" if is_served else home.as_uri()
        version = self._client.create_model_version(name, source=source, run_id=run_id, tags=tags)
        return int(version.version)

    def _show_aliases(self, name: str) -> None:
        """Bring MLflow's aliases to what holds: the newest is the candidate, a first version the champion."""
        family = self._family(name)
        for alias, number in ((CANDIDATE, family.newest), (CHAMPION, family.champion)):
            if family.kept.get(alias) != number:
                self._client.set_registered_model_alias(family.name, alias, str(number))

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

    def serving(self, reference: str) -> tuple[ModelVersion, str]:
        """As `sealed`, for predictions: Conflict for an archived version."""
        model, digest = self.sealed(reference)
        if ARCHIVED in model.aliases:
            raise Conflict(
                f"{model.name}@{model.version} is archived and predicts no more.",
                hint=f"Ask {model.name}@{CHAMPION}, or bring it back: `models promote {model.name}@{model.version} "
                f"--to {SHADOW}`.",
            )
        return model, digest

    def move(self, reference: str, to: str, *, champion: str | None = None) -> ModelVersion:
        """Make a version the champion, the shadow or archived; the one that was champion or shadow no longer is.

        One process moves at a time. Whatever moment it is killed at, the name has one champion. Raises Conflict where
        the version is there already, or is the champion, or where `champion` (an id) no longer is the champion.
        """
        # Made first: to make it takes the lock too.
        client = self._client
        with store_lock(self.artifacts):
            family, number = self._find(reference)
            aliases, version = family.aliases_of(number), str(number)
            check_move(family.name, number, aliases, to)
            if champion is not None and family.versions[family.champion][ID_TAG] != champion:
                raise Conflict(
                    f"{family.name}@{family.champion} has become the champion meanwhile.", hint="Compare with it first."
                )
            if to == ARCHIVED:
                client.set_model_version_tag(family.name, version, STAGE_TAG, ARCHIVED)
            else:
                if ARCHIVED in aliases:
                    client.delete_model_version_tag(family.name, version, STAGE_TAG)
                client.set_registered_model_alias(family.name, to, version)
            if to != SHADOW and family.kept.get(SHADOW) == number:
                client.delete_registered_model_alias(family.name, SHADOW)
            self._show_aliases(family.name)
        return self.get(f"{family.name}@{number}")

    def folder(self, model: ModelVersion) -> Path:
        """Where a version's files are."""
        return self.artifacts / model.model_id

    def file(self, model: ModelVersion, name: str) -> bytes | None:
        """The content of one of a version's sealed files, None where it has none; ModelTampered where it changed."""
        _, digest = self.sealed(model.model_id)
        folder = self.folder(model)
        return seal.check_file(folder, digest, name) if (folder / name).is_file() else None

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
