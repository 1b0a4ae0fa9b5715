"""Schema versions of the datasets, what may change in them, and the rules of their contracts.

Revision ID: 0002
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables; the schemas that the versions so far had are read from their profiles."""
    op.add_column("dataset", sa.Column("compatibility", sa.Text(), nullable=False, server_default="none"))
    op.create_table(
        "contract_rule",
        sa.Column("dataset_id", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=True),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "rule_id"),
    )
    schemas = op.create_table(
        "schema_version",
        sa.Column("dataset_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "number"),
    )
    _register(schemas)


def _register(schemas: sa.Table) -> None:
    statement = (
        "SELECT v.dataset_id, v.version, v.user_id, v.created_at, p.profile FROM dataset_version v "
        "JOIN profile p ON p.dataset_id = v.dataset_id AND p.version = v.version ORDER BY v.dataset_id, v.version"
    )
    last: dict[str, tuple[int, list[dict[str, str]]]] = {}
    connection = op.get_bind()
    for row in list(connection.execute(sa.text(statement)).mappings()):
        profile = json.loads(row["profile"]) if isinstance(row["profile"], str) else row["profile"]
        columns = [{"name": one["name"], "type": one["data_type"]} for one in profile["columns"]]
        number, before = last.get(row["dataset_id"], (0, []))
        if number and columns == before:
            continue
        last[row["dataset_id"]] = (number + 1, columns)
        connection.execute(
            schemas.insert().values(
                dataset_id=row["dataset_id"], number=number + 1, version=row["version"], columns=columns,
                change="as it stood when schemas began to be kept", user_id=row["user_id"],
                created_at=row["created_at"],
            )
        )  # fmt: skip
