"""Alembic's entry: the connection comes from the caller, which holds the lock and the transaction."""

from alembic import context

from lakebook.metadata.database import VERSION_TABLE
from lakebook.metadata.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=False,
)
context.run_migrations()
