"""Alembic's entry: runs on the connection that ``service.store.migrate`` hands over."""

from alembic import context

from service.store.tables import metadata

FULL_TEXT = "articles_fts"


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """FTS5 keeps its data in shadow tables that autogenerate would drop."""
    return not (kind == "table" and (name or "").startswith(FULL_TEXT))


def run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=_is_ours,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
