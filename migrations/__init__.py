"""Alembic migrations: append-only. The newest file's number is the schema's version; see CONTRIBUTING.md."""
