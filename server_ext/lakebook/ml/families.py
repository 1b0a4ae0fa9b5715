"""Which versions and aliases MLflow holds for lakebook's models, read without MLflow where its store is a SQLite file.

Importing MLflow takes seconds, which is too long to list models or to start a prediction; a test holds that both
readings agree.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CANDIDATE, CHAMPION, SHADOW, ARCHIVED = "candidate", "champion", "shadow", "archived"
ID_TAG, SEAL_TAG, TRAINING_TAG = "lakebook.model_id", "lakebook.seal", "lakebook.training_id"
# Many versions of a model can be archived, while an alias names one version: this tag says so instead.
STAGE_TAG = "lakebook.stage"
# MLflow keeps what was deleted under this stage.
TAGS = """
    SELECT name, version, key, value FROM model_version_tags JOIN model_versions USING (workspace, name, version)
    WHERE current_stage IS NOT 'Deleted_Internal' AND key LIKE 'lakebook.%'
"""
ALIASES = "SELECT name, alias, version FROM registered_model_aliases"


@dataclass
class Family:
    """A model's versions by number, newest first, each with its tags; and the aliases that MLflow keeps."""

    name: str
    versions: dict[int, dict[str, str]] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)

    def is_archived(self, number: int) -> bool:
        """Whether the version was put away."""
        return self.versions[number].get(STAGE_TAG) == ARCHIVED

    @property
    def newest(self) -> int:
        """The newest version that was not put away: the candidate."""
        return max((number for number in self.versions if not self.is_archived(number)), default=max(self.versions))

    @property
    def champion(self) -> int:
        """The version that answers for the name: the first, until another is promoted."""
        first = min((number for number in self.versions if not self.is_archived(number)), default=min(self.versions))
        return self.kept.get(CHAMPION, first)

    def aliases_of(self, number: int) -> list[str]:
        """A version's aliases; one that was put away has no other than `archived`."""
        if self.is_archived(number):
            return [ARCHIVED]
        meant = {**self.kept, CHAMPION: self.champion, CANDIDATE: self.newest}
        if meant.get(SHADOW) == self.champion:
            # A promotion that ended between its two steps.
            del meant[SHADOW]
        return sorted(alias for alias, owner in meant.items() if owner == number)


Rows = Iterable[tuple[str, int, str, str]]


def read(tracking_uri: str, client: Callable[[], Any]) -> list[Family]:
    """lakebook's models in MLflow's store; `client` makes MLflow's own, for stores that are no SQLite file."""
    if tracking_uri.startswith("sqlite:///") and "?" not in tracking_uri:
        path = Path(tracking_uri.removeprefix("sqlite:///"))
        if not path.exists():
            return []
        try:
            return read_file(path)
        except sqlite3.OperationalError:
            # A store that is being made, or whose tables a newer MLflow has changed.
            return read_client(client())
    return read_client(client())


def read_file(path: Path) -> list[Family]:
    """The models in MLflow's SQLite file; sqlite3.OperationalError where its tables are not as expected."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=30)) as connection:
        tags, aliases = connection.execute(TAGS).fetchall(), connection.execute(ALIASES).fetchall()
    return _families(tags, aliases)


def read_client(client: Any) -> list[Family]:
    """The models as MLflow's client tells them."""
    tags = [
        (version.name, int(version.version), key, value)
        for version in _pages(client.search_model_versions)
        for key, value in version.tags.items()
    ]
    aliases = [
        (model.name, alias, int(version))
        for model in _pages(client.search_registered_models)
        for alias, version in model.aliases.items()
    ]
    return _families(tags, aliases)


def _pages(search: Callable[..., Any]) -> Iterable[Any]:
    token = None
    while True:
        page = search(max_results=1000, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def _families(tags: Rows, aliases: Iterable[tuple[str, str, int]]) -> list[Family]:
    """The models by name; versions that lakebook did not seal are not among them."""
    tagged: dict[tuple[str, int], dict[str, str]] = {}
    for name, number, key, value in tags:
        tagged.setdefault((name, number), {})[key] = value
    families: dict[str, Family] = {}
    for (name, number), found in sorted(tagged.items(), key=lambda item: (item[0][0], -item[0][1])):
        if found.keys() >= {ID_TAG, SEAL_TAG}:
            families.setdefault(name, Family(name)).versions[number] = found
    for name, alias, number in aliases:
        if name in families and number in families[name].versions:
            families[name].kept[alias] = number
    return list(families.values())
