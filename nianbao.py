"""The command line: `nianbao COMMAND`. The upper rooms bring their own commands; nothing heavy is imported before one runs."""

from __future__ import annotations

import importlib
import importlib.util
import sqlite3
import sys
from pathlib import Path

import click

ROOMS = ("crawler", "archive", "extract")
COMMANDS = {  # command → module, in the order of the help
    "portals": "crawler.portal_commands",
    "survey": "crawler.commands",
    "crawl": "crawler.commands",
    "update": "crawler.commands",
    "units": "archive.unit_commands",
    "import": "archive.commands",
    "build": "archive.commands",
    "search": "archive.questions",
    "show": "archive.questions",
    "query": "archive.query_commands",
    "news": "archive.happenings",
    "diff": "archive.history_commands",
    "coverage": "archive.coverage_commands",
    "overdue": "archive.coverage_commands",
    "review": "archive.review_commands",
    "checks": "archive.check_commands",
    "status": "archive.happenings",
    "export": "archive.questions",
    "serve": "archive.commands",
    "verify": "archive.commands",
    "rebuild": "archive.rebuild_commands",
    "merge": "archive.rebuild_commands",
    "text": "archive.file_commands",
    "parse": "archive.file_commands",
}


class Rooms(click.Group):
    """A group that imports a room's commands only when one of them is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[name]), f"{name}_command")
        return command


def check_rooms() -> None:
    """The three rooms must lie beside this file: their folder names are generic, another package may shadow them."""
    here = Path(__file__).resolve().parent
    for room in ROOMS:
        spec = importlib.util.find_spec(room)
        if spec is None or spec.origin is None or Path(spec.origin).resolve().parent.parent != here:
            found = spec.origin if spec else "nothing"
            sys.exit(
                f"nianbao: the package {room!r} should lie in {here}, but Python finds {found}. "
                "Install nianbao in an environment of its own: python3 -m venv, then pip install."
            )


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nianbao")
def cli() -> None:
    """nianbao 年报: harvest, keep, read and index the 政府信息公开工作年度报告 of Chinese counties."""


def main() -> None:
    """Run a command; one exit status per cause: 0 done, 1 wrong use, 2 some portals failed, 3 damaged, 4 interrupted."""
    check_rooms()
    try:
        sys.exit(cli.main(standalone_mode=False))  # None is 0
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted. Nothing is lost: run the same command again to continue.", err=True)
        sys.exit(4)
    except click.ClickException as error:
        error.show()
        sys.exit(getattr(error, "status", 1))
    except sqlite3.OperationalError as error:
        from archive.database import is_busy

        if not is_busy(error):
            raise
        click.echo(
            "Error: another command is writing in this archive, and did not end in time. "
            "What this one had finished is kept: run it again.",
            err=True,
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
