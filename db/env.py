"""Alembic's entry: migrates over the connection that maild.store.migrations hands in."""

from alembic import context

from maild.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
