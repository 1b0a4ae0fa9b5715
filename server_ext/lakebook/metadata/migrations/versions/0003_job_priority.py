"""Priorities of jobs, and who was served when.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Jobs so far have the priority of people's own, which is 1."""
    op.add_column("job", sa.Column("priority", sa.Integer(), nullable=False, server_default="1"))
    op.create_index("job_served", "job", ["user_id", "started_at"], unique=False)
