"""Plain Datasette on an archive, bound to 127.0.0.1. Its search boxes run through the bigram rule by a small plugin."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import click

from ..meanings import meanings

PLUGINS = Path(__file__).parent / "plugins"
TABLES = {"report": {"fts_table": "report_fts", "fts_pk": "in_order", "sort_desc": "year"}}


def metadata() -> dict[str, object]:
    """What Datasette is told of the catalogue: its title, search, and what every table and column means."""
    tables: dict[str, dict[str, object]] = {}
    for name, said in meanings().items():
        columns = {column: meaning for column, meaning in said.items() if column and "*" not in column}
        tables[name] = {"description": said[""], "columns": columns, **TABLES.get(name, {})}
    return {"title": "nianbao 年报", "databases": {"nianbao": {"tables": tables}}}


def command(database: Path, port: int, described: Path) -> list[str]:
    """The Datasette command line for a catalogue."""
    return [
        sys.executable, "-m", "datasette", "serve", str(database), "--host", "127.0.0.1", "--port", str(port),
        "--plugins-dir", str(PLUGINS), "--metadata", str(described),
    ]  # fmt: skip


def serve(database: Path, port: int) -> None:
    """Serve until interrupted. Raises click.ClickException where Datasette is not installed."""
    if find_spec("datasette") is None:
        raise click.ClickException("Datasette is not installed here; install it with: pip install 'nianbao[web]'")
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.ClickException(f"port {port} is in use; choose another with --port") from error
    with tempfile.TemporaryDirectory() as folder:
        described = Path(folder) / "metadata.json"
        described.write_text(json.dumps(metadata()), encoding="utf-8")
        click.echo(f"http://127.0.0.1:{port}/nianbao/report (end with Ctrl-C)")
        process = subprocess.Popen(command(database, port, described))
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        try:
            ended = process.wait()
        except KeyboardInterrupt:
            process.terminate()
            ended = process.wait()
    if ended not in (0, -signal.SIGTERM, -signal.SIGINT):
        raise click.ClickException(f"Datasette ended with status {ended}")
