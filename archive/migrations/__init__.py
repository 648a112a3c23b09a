"""The schema of the catalogue, step by step: a module per migration, found by being in this folder, run in order of name.

A module has `apply(db)`. What has landed is never edited: archives of every earlier version are about. What each column
means stands in `meanings.toml`, for docs/schema.md.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from sqlite_utils import Database, Migrations


def names() -> set[str]:
    """The names of all migrations."""
    return {module.name for module in pkgutil.iter_modules(__path__)}


@cache
def all_migrations() -> Migrations:
    """The migrations in order; their names are kept in the catalogue."""
    found = Migrations("nianbao")
    for name in sorted(names()):
        found(name=name)(importlib.import_module(f"{__name__}.{name}").apply)
    return found


def run(db: Database, script: str) -> None:
    """Statement by statement, so that the migration stays inside its transaction (executescript would commit)."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
