"""The catalogue: names to datasets to versions to files, and the transaction that makes a load visible."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.catalog.models import DataProfile, Dataset
from lakebook.catalog.schemas import register
from lakebook.errors import NameTaken, NotFound
from lakebook.ids import new_id, now, rfc3339

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

    from lakebook.lake.tables import Committed
    from lakebook.metadata.database import Database


@dataclass
class Load:
    """A load on its way into the catalogue."""

    load_id: str
    dataset_id: str
    layer: str
    name: str
    source_type: str
    source: str
    user_id: str
    row_count: int
    column_count: int
    report: dict[str, Any]
    profile: dict[str, Any]
    source_hash: str | None = None
    job_id: str | None = None
    run_id: str | None = None
    lineage: list[tuple[str, str]] = field(default_factory=list)


class Catalog:
    """Reads and changes what is known of the datasets."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def row(self, reference: str, *, deleted: bool = False) -> RowMapping:
        """The dataset of this id or name: bronze first, else the only layer that has it; NotFound otherwise."""
        table = _dataset()
        layer, name = names.split_layer(reference)
        match = (table.c.dataset_id == reference) | (table.c.name_key == names.key(name))
        state = table.c.deleted_at.is_not(None) if deleted else table.c.deleted_at.is_(None)
        statement = table.select().where(match, state).order_by(table.c.deleted_at.desc())
        with self.database.read() as connection:
            rows = list(connection.execute(statement).mappings())
        found = _choose(rows, reference, layer)
        if found is None and layer is None and rows:
            layers = sorted(row["layer"] for row in rows)
            raise NotFound(
                f"Several datasets are called {name!r}: in {' and in '.join(layers)}.",
                hint=f"Say which: {' or '.join(f'{one}.{name}' for one in layers)}.",
                details={"name": reference, "layers": layers},
            )
        if found is None:
            raise NotFound.named("deleted dataset" if deleted else "dataset", reference, self._known(deleted))
        return found

    def find(self, layer: str, name: str) -> RowMapping | None:
        """The living dataset of this layer and name, or None."""
        table = _dataset()
        statement = table.select().where(
            table.c.layer == layer, table.c.name_key == names.key(name), table.c.deleted_at.is_(None)
        )
        with self.database.read() as connection:
            return connection.execute(statement).mappings().first()

    def deleted_at(self, layer: str, name: str, stamp: str) -> list[RowMapping]:
        """The datasets of this layer and name that were deleted at this very time."""
        table = _dataset()
        statement = table.select().where(
            table.c.layer == layer, table.c.name_key == names.key(name), table.c.deleted_at == stamp
        )
        with self.database.read() as connection:
            return list(connection.execute(statement).mappings())

    def version(self, dataset_id: str, version: int) -> RowMapping:
        """One version of a dataset."""
        table = _version()
        statement = table.select().where(table.c.dataset_id == dataset_id, table.c.version == version)
        with self.database.read() as connection:
            return connection.execute(statement).mappings().one()

    def versions(self, dataset_id: str) -> list[RowMapping]:
        """Every version of a dataset, newest first."""
        table = _version()
        statement = table.select().where(table.c.dataset_id == dataset_id).order_by(table.c.version.desc())
        with self.database.read() as connection:
            return list(connection.execute(statement).mappings())

    def load(self, load_id: str) -> RowMapping | None:
        """The version that this load made, or None."""
        with self.database.read() as connection:
            return connection.execute(_version().select().where(_version().c.load_id == load_id)).mappings().first()

    def datasets(self, *, deleted: bool = False) -> list[tuple[Dataset, list[str]]]:
        """The datasets with the files of their current versions, by layer and name."""
        from sqlalchemy import select

        from lakebook.metadata import schema

        d, v, p = _dataset(), _version(), schema.profile
        state = d.c.deleted_at.is_not(None) if deleted else d.c.deleted_at.is_(None)
        statement = (
            select(d, v.c.row_count, v.c.column_count, v.c.size_bytes, v.c.files, p.c.quality_score)
            .join(v, (v.c.dataset_id == d.c.dataset_id) & (v.c.version == d.c.version))
            .outerjoin(p, (p.c.dataset_id == d.c.dataset_id) & (p.c.version == d.c.version))
            .where(state)
            .order_by(d.c.layer, d.c.name_key)
        )
        with self.database.read() as connection:
            rows = list(connection.execute(statement).mappings())
        return [(Dataset.model_validate(dict(row)), list(row["files"])) for row in rows]

    def dataset(self, reference: str, *, deleted: bool = False) -> Dataset:
        """One dataset at its current version."""
        wanted = self.row(reference, deleted=deleted)["dataset_id"]
        return next(found for found, _ in self.datasets(deleted=deleted) if found.dataset_id == wanted)

    def profile(self, dataset_id: str, version: int) -> DataProfile:
        """The profile stored with this version, under the dataset's present name."""
        from sqlalchemy import select

        from lakebook.metadata import schema

        p, d = schema.profile, _dataset()
        statement = (
            select(p.c.profile, d.c.name)
            .join(d, d.c.dataset_id == p.c.dataset_id)
            .where(p.c.dataset_id == dataset_id, p.c.version == version)
        )
        with self.database.read() as connection:
            row = connection.execute(statement).mappings().one()
        return DataProfile.model_validate({**row["profile"], "name": row["name"]})

    def lineage(self, dataset_id: str) -> list[dict[str, Any]]:
        """Where each version came from, newest first."""
        from lakebook.metadata import schema

        table = schema.lineage
        statement = table.select().where(table.c.dataset_id == dataset_id).order_by(table.c.edge_id.desc())
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def add_version(self, connection: Connection, load: Load, committed: Committed, s3_key: str) -> int:
        """Make a committed load the dataset's current version, in the caller's transaction; returns its number."""
        from sqlalchemy.exc import IntegrityError

        stamp, d = rfc3339(now()), _dataset()
        row = connection.execute(d.select().where(d.c.dataset_id == load.dataset_id)).mappings().first()
        version = 1 if row is None else int(row["version"]) + 1
        try:
            if row is None:
                connection.execute(
                    d.insert().values(
                        dataset_id=load.dataset_id, layer=load.layer, name=load.name, name_key=names.key(load.name),
                        source_type=load.source_type, s3_key=s3_key, version=version, user_id=load.user_id,
                        created_at=stamp, updated_at=stamp,
                    )
                )  # fmt: skip
            else:
                connection.execute(
                    d.update().where(d.c.dataset_id == load.dataset_id).values(version=version, updated_at=stamp)
                )
        except IntegrityError as error:
            raise NameTaken(f"A dataset is already called {load.name!r}.") from error
        _insert_version(connection, load, committed, version, stamp)
        register(connection, load, version, stamp)
        return version

    def _known(self, deleted: bool) -> list[str]:
        return [found.name for found, _ in self.datasets(deleted=deleted)]


def _choose(rows: list[RowMapping], reference: str, layer: str | None) -> RowMapping | None:
    for row in rows:
        if row["dataset_id"] == reference:
            return row
    if layer is not None:
        rows = [row for row in rows if row["layer"] == layer]
    bronze = [row for row in rows if row["layer"] == "bronze"]
    if bronze:
        return bronze[0]
    layers = {row["layer"] for row in rows}
    return rows[0] if len(layers) == 1 else None


def _insert_version(connection: Connection, load: Load, committed: Committed, version: int, stamp: str) -> None:
    from lakebook.metadata import schema

    connection.execute(
        _version().insert().values(
            dataset_id=load.dataset_id, version=version, delta_version=committed.delta_version, load_id=load.load_id,
            row_count=load.row_count, column_count=load.column_count, size_bytes=committed.size_bytes,
            files=list(committed.files), source=load.source, source_hash=load.source_hash, report=load.report,
            user_id=load.user_id, created_at=stamp,
        )
    )  # fmt: skip
    profile = {**load.profile, "dataset_id": load.dataset_id, "name": load.name, "version": version,
               "generated_at": stamp}  # fmt: skip
    connection.execute(
        schema.profile.insert().values(
            dataset_id=load.dataset_id, version=version, quality_score=profile["quality_score"], profile=profile,
            generated_at=stamp,
        )
    )  # fmt: skip
    for kind, source in load.lineage:
        connection.execute(
            schema.lineage.insert().values(
                edge_id=new_id(), dataset_id=load.dataset_id, version=version, source_kind=kind, source=source,
                job_id=load.job_id, run_id=load.run_id, created_at=stamp,
            )
        )  # fmt: skip


def _dataset() -> Any:
    from lakebook.metadata import schema

    return schema.dataset


def _version() -> Any:
    from lakebook.metadata import schema

    return schema.dataset_version
