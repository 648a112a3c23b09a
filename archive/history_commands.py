"""`nianbao diff`: the versions of a report, and what one of them has that another has not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from extract.listing import output_options, show

from .options import archive_option, ask_report, open_archive

VERSIONS = {
    "seq": "seq", "first_seen": "first seen", "stated_date": "stated", "current": "", "figures": "figures", "pages": "pages",
    "document": "document", "url": "url",
}  # fmt: skip
CELLS = {"path": "path", "label": "label", "old": "was", "new": "is"}
TEXTS = {"section": "section", "change": "change", "text": "sentence"}
KEYS = ("what", "path", "label", "old", "new", "old_state", "new_state", "section", "change", "text")
DIGEST = 12  # characters of a sha256 in a table


@click.command("diff")
@click.argument("report")
@click.option("--from", "before", type=click.IntRange(1), metavar="SEQ", help="The older version [the one before].")
@click.option("--to", "after", type=click.IntRange(1), metavar="SEQ", help="The newer version [the current one].")
@click.option("--list", "listing", is_flag=True, help="List the versions instead.")
@output_options
@archive_option
def diff_command(
    report: str, before: int | None, after: int | None, listing: bool, output: str | None, archive: Path
) -> None:
    """Show what changed between two versions of REPORT.

    The cells of its tables by path, as printed then and now, and the sentences that were added or removed.
    """
    from . import differences

    db = open_archive(archive)
    row = ask_report(db, report)
    versions = differences.versions(db, row["id"])
    if listing:
        _list(versions, output)
        return
    if len(versions) == 1 and before is None and after is None:
        if output:
            show([], output, dict.fromkeys(KEYS, ""))
        else:
            click.echo(f"{row['id']} has one version, first seen {versions[0]['first_seen'][:10]}")
        return
    old, new = _pair(row["id"], versions, before, after)
    cells = differences.cell_rows(db, old["version"], new["version"])
    texts = differences.text_rows(db, old["version"], new["version"])
    if output:
        rows = [{"what": "cell", **cell} for cell in cells] + [{"what": "text", **text} for text in texts]
        show([{key: each.get(key) for key in KEYS} for each in rows], output, dict.fromkeys(KEYS, ""))
        return
    click.echo(f"{row['id']}: {_named(old)} → {_named(new)}")
    if cells:
        show([_printed(cell) for cell in cells], None, CELLS)
    if texts:
        show(texts, None, TEXTS)
    if not (cells or texts):
        click.echo("no cell and no sentence differs")


def _pair(
    report: str, versions: list[dict[str, Any]], before: int | None, after: int | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The versions of these numbers; by default the current one and that before it (the last, where it is the first).

    Raises click.ClickException where there is no such version.
    """
    by_seq = {version["seq"]: version for version in versions}
    current = next(version["seq"] for version in versions if version["current"])
    new = after or current
    old = before or (new - 1 or max(by_seq))
    for seq in (new, old):
        if seq not in by_seq:
            raise click.ClickException(
                f"{report} has no version {seq}, only 1 to {max(by_seq)}; `nianbao diff {report} --list` names them"
            )
    return by_seq[old], by_seq[new]


def _list(versions: list[dict[str, Any]], output: str | None) -> None:
    if not output:
        versions = [
            {**version, "first_seen": version["first_seen"][:10], "document": version["document"][:DIGEST],
             "current": "current" if version["current"] else ""}
            for version in versions
        ]  # fmt: skip
    show(versions, output, VERSIONS)


def _named(version: dict[str, Any]) -> str:
    stated = f", stated {version['stated_date']}" if version["stated_date"] else ""
    return f"version {version['seq']} (first seen {version['first_seen'][:10]}{stated})"


def _printed(cell: dict[str, Any]) -> dict[str, Any]:
    """A cell for people: what is blank and what is not printed are words."""
    return {
        **cell,
        **{
            side: "not printed" if cell[side] is None else cell[side] or cell[f"{side}_state"]
            for side in ("old", "new")
        },
    }
