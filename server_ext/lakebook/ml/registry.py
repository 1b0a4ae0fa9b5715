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
from lakebook.ml import seal
from lakebook.ml.mlflow_run import finish_run, mlmodel, quiet_client, start_run
from lakebook.ml.model_version import ModelVersion, TrainedModel

CANDIDATE, CHAMPION = "candidate", "champion"
RECORD, MODEL = "record.json", "model"
ID_TAG, SEAL_TAG, TRAINING_TAG = "lakebook.model_id", "lakebook.seal", "lakebook.training_id"
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
        name = self._known_name(self.clean_name(name))
        model_id = new_id()
        staged, home = self.artifacts / f".staging-{model_id}", self.artifacts / model_id
        run_id = start_run(self._client, trained, name, user_id)
        try:
            staged.mkdir(mode=0o700, parents=True)
            shutil.move(folder, staged / MODEL)
            _write_record(staged, trained, model_id, run_id, user_id)
            tags = {ID_TAG: model_id, SEAL_TAG: seal.seal(staged), TRAINING_TAG: training_id or ""}
            staged.rename(home)
            version = self._publish(name, run_id, home, tags)
        except BaseException:
            shutil.rmtree(staged, ignore_errors=True)
            shutil.rmtree(home, ignore_errors=True)
            finish_run(self._client, run_id, "FAILED")
            raise
        finish_run(self._client, run_id, "FINISHED")
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
        return self._read_all(self._search())

    def show(self, name: str) -> builtins.list[ModelVersion]:
        """Every version of one model, newest first; NotFound with the nearest name."""
        return self._read_all(self._versions(name))

    def get(self, reference: str) -> ModelVersion:
        """The version meant by `name` (its champion), `name@alias`, `name@3` or a model id."""
        return self._read(*self._find(reference))

    def sealed(self, reference: str) -> tuple[ModelVersion, str]:
        """The version meant, and the digest under which its files are sealed."""
        found, versions = self._find(reference)
        return self._read(found, versions), found.tags[SEAL_TAG]

    def trained_by(self, training_id: str) -> ModelVersion | None:
        """The version that this training has registered, or None."""
        found = self._search(f'tags.`{TRAINING_TAG}` = "{training_id}"') if is_id(training_id) else []
        return self.get(f"{found[0].name}@{found[0].version}") if found else None

    def promote(self, reference: str, alias: str = CHAMPION) -> ModelVersion:
        """Give the alias to this version, taking it from the one that had it."""
        if not alias.isidentifier() or alias == CANDIDATE:
            raise InvalidRequest(
                f"{alias!r} cannot be given to a version.",
                hint="Use 'champion' or a word of your own; 'candidate' is always the newest version.",
            )
        found, _ = self._find(reference)
        self._client.set_registered_model_alias(found.name, alias, found.version)
        return self.get(f"{found.name}@{found.version}")

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

    def _find(self, reference: str) -> tuple[Any, builtins.list[Any]]:
        """The version meant, and all versions of its model."""
        if is_id(reference):
            found = self._search(f"tags.`{ID_TAG}` = '{reference}'")
            if not found:
                raise NotFound.named("model", reference)
            return found[0], self._versions(found[0].name)
        name, _, which = reference.partition("@")
        versions = self._versions(name)
        for version in versions:
            if which == str(version.version) or (which or CHAMPION) in _aliases(version, versions):
                return version, versions
        known = [alias for version in versions for alias in [str(version.version), *_aliases(version, versions)]]
        raise NotFound(
            f"The model {name!r} has no version {which!r}.", hint=f"It has: {', '.join(dict.fromkeys(known))}."
        )

    def _versions(self, name: str) -> builtins.list[Any]:
        """All versions of one model, newest first; NotFound with the nearest name."""
        # A double quote would end the text in MLflow's filter; no model's name holds one.
        exact = self._search(f'name = "{name}"') if name and '"' not in name else []
        if exact:
            return exact
        everything = self._search()
        alike = [version for version in everything if names.key(version.name) == names.key(name)]
        if not alike:
            raise NotFound.named("model", name, {version.name for version in everything})
        return alike

    def _search(self, filter_string: str | None = None) -> builtins.list[Any]:
        """lakebook's own model versions, newest first, with their aliases."""
        found: list[Any] = []
        token = None
        while True:
            page = self._client.search_model_versions(filter_string, max_results=1000, page_token=token)
            found += [version for version in page if SEAL_TAG in version.tags]
            token = page.token
            if not token:
                return sorted(
                    found, key=lambda version: (version.creation_timestamp, int(version.version)), reverse=True
                )

    def _known_name(self, name: str) -> str:
        """The name as it was first written, whatever the case and form it is given in now."""
        try:
            return str(self._versions(name)[0].name)
        except NotFound:
            return name

    def _read_all(self, versions: builtins.list[Any]) -> builtins.list[ModelVersion]:
        read = []
        for version in versions:
            try:
                read.append(self._read(version, versions))
            except ModelTampered as error:
                log.warning("model %s version %s is left out: %s", version.name, version.version, error.message)
        return read

    def _read(self, version: Any, versions: builtins.list[Any]) -> ModelVersion:
        model_id = version.tags[ID_TAG]
        if not is_id(model_id):
            raise ModelTampered("The model's id is not one that lakebook gave.")
        record = json.loads(seal.check_file(self.artifacts / model_id, version.tags[SEAL_TAG], RECORD))
        return ModelVersion(
            **record, name=version.name, version=int(version.version), aliases=_aliases(version, versions)
        )


def _aliases(version: Any, versions: list[Any]) -> list[str]:
    """A version's aliases: the newest is the candidate, the first the champion until another is promoted."""
    same = [other for other in versions if other.name == version.name]
    numbers = [int(other.version) for other in same]
    aliases = [alias for alias in version.aliases if alias not in (CANDIDATE, CHAMPION)]
    promoted = [int(other.version) for other in same if CHAMPION in other.aliases]
    if int(version.version) == (promoted[0] if promoted else min(numbers)):
        aliases.append(CHAMPION)
    if int(version.version) == max(numbers):
        aliases.append(CANDIDATE)
    return sorted(aliases)


def _write_record(folder: Path, trained: TrainedModel, model_id: str, run_id: str, user_id: str) -> None:
    """What the registry tells of the model, beside its files and MLflow's own description."""
    created_at = now()
    facts = {"model_id": model_id, "mlflow_run_id": run_id, "user_id": user_id, "created_at": rfc3339(created_at)}
    plain = trained.model_dump(mode="json", include=set(TrainedModel.model_fields))
    (folder / RECORD).write_text(json.dumps({**plain, **facts}, indent=1))
    (folder / "input_example.json").write_text(json.dumps(plain["input_example"]))
    mlmodel(trained, run_id, model_id, created_at).save(str(folder / "MLmodel"))
