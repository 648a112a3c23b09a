"""A portal is a row: adding, naming and correcting portals, and importing lists of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database

from archive.clock import now
from archive.options import rows_of_csv

from .addresses import is_private
from .due import settle, written
from .families import all_families
from .hours import Night

_NETLOC = re.compile(r"(?:(?:[\w-]+\.)+[\w-]+|localhost|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?")
MAX_DELAY = 600  # seconds: a longer pause is `portals pause`
MAX_BUDGET = 1_000_000  # requests in a run
ANY_HOUR = "always"  # said of a night window: there is none
EDITABLE = (
    "name",
    "region",
    "region_name",
    "hosts",
    "delay",
    "allow_private",
    "family",
    "report_url",
    "note",
    "state",
    "every",
    "night",
    "budget",
)
STATES = ("new", "confirmed", "paused", "removed")
COLUMN_STATES = ("found", "confirmed", "removed", "gone")
SHIPPED = Path(__file__).with_name("portals.csv")


class BadPortal(ValueError):
    """A portal that cannot be taken; the message says what is wrong with it. Raised by `add`."""


class NotPortals(ValueError):
    """A file that is another list than it was taken for. Raised by `import_csv`."""


def portal_id(url: str) -> str:
    """The natural key of a portal: host (and port where it is not the usual one) and the folder of its home page."""
    parts = urlsplit(url)
    return parts.netloc.lower() + parts.path.rstrip("/")


def add(db: Database, url: str, **said: Any) -> str:
    """Add a portal by its home page, or take up one that was removed; its id. Raises BadPortal, saying what is wrong."""
    home = _home(url)
    values = _allowed(home, checked(said))
    id = portal_id(home)
    known = next(db.query("select state from portal where id = ?", [id]), None)
    if known and known["state"] != "removed":
        raise BadPortal(f"the portal {id} is there already; `nianbao portals edit {id}` changes it")
    row = {"id": id, "home": home, "state": "new", **values}
    if known:
        db.table("portal").update(id, row)
    else:
        db.table("portal").insert({**row, "added_at": now()})
    return id


def _home(url: str) -> str:
    """The address of a home page as it is kept. Raises BadPortal for what is none."""
    url = url.strip() if "://" in url else f"http://{url.strip()}"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not _NETLOC.fullmatch(parts.netloc):
        raise BadPortal(f"{url!r} is no address of a home page, such as http://www.example.gov.cn/")
    return url if parts.path else url + "/"


def _allowed(home: str, values: dict[str, Any], known: bool = False) -> dict[str, Any]:
    if is_private(urlsplit(home).hostname or "") and not (values.get("allow_private") or known):
        raise BadPortal(
            f"{urlsplit(home).hostname} is a private address; say so with --allow-private (in a CSV file: 1 in the column allow_private) if that is meant"
        )
    return values


def checked(said: dict[str, Any]) -> dict[str, Any]:
    """What a person says of a portal, without what is not said, in the types of its columns. Raises BadPortal."""
    values = {key: str(value).strip() for key, value in said.items() if key in EDITABLE and value not in (None, "")}
    for key, check in _CHECKS.items():
        if values.get(key):
            values[key] = check(values[key])
    return values


def _delay(text: str) -> float:
    try:
        delay = float(text)
    except ValueError as error:
        raise BadPortal(f"the delay {text!r} is no number of seconds") from error
    if not 0 <= delay <= MAX_DELAY:
        raise BadPortal(f"a delay of {delay:g} seconds is not between 0 and {MAX_DELAY}")
    return delay


def _night(text: str) -> str:
    try:
        return "" if text.lower() == ANY_HOUR else str(Night.of(text))
    except ValueError as error:
        raise BadPortal(f"{error}, nor {ANY_HOUR!r}") from error


def _budget(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MAX_BUDGET:
        raise BadPortal(f"the budget {text!r} is no number of requests between 1 and {MAX_BUDGET}")
    return int(text)


def _yes(text: str) -> int:
    if text.lower() not in (*_YES, *_NO):
        raise BadPortal(f"allow_private is {text!r}, which is neither 1 nor 0")
    return int(text.lower() in _YES)


def _state(text: str) -> str:
    if text not in STATES:
        raise BadPortal(f"the state {text!r} is none of {', '.join(STATES)}")
    return text


def _family(text: str) -> str:
    if text not in all_families():
        raise BadPortal(f"the family {text!r} is none of {', '.join(all_families())}")
    return text


def _region(text: str) -> str:
    if not re.fullmatch(r"\d{6,12}", text):
        raise BadPortal(f"{text!r} is no code of a county, such as 340602")
    return text


def _report_url(text: str) -> str:
    if not re.match(r"https?://[^/\s]+/", text):
        raise BadPortal(f"{text!r} is no address of a report")
    return text


def _hosts(text: str) -> str:
    wrong = [host for host in text.split() if not _NETLOC.fullmatch(host) or "/" in host]
    if wrong:
        raise BadPortal(f"{wrong[0]!r} is no name of a host, such as xxgk.example.gov.cn")
    return text


def _every(text: str) -> str:
    try:
        return written(text)
    except ValueError as error:
        raise BadPortal(str(error)) from error


_YES, _NO = ("1", "true", "yes", "是"), ("0", "false", "no", "否")
_CHECKS: dict[str, Callable[[str], Any]] = {
    "delay": _delay, "night": _night, "budget": _budget, "allow_private": _yes, "state": _state, "family": _family, "region": _region,
    "report_url": _report_url, "hosts": _hosts, "every": _every,
}  # fmt: skip


def edit(db: Database, id: str, values: dict[str, Any]) -> None:
    """Change a portal, and with how often it is to be read, when it is due."""
    db.table("portal").update(id, values)
    if "every" in values:
        settle(db, id)


def import_csv(db: Database, file: Path) -> Iterator[tuple[int, str | BadPortal]]:
    """Take the portals of a CSV file: new ones are added, known ones changed to what it says: (line, id or what is wrong).

    Columns: url (or home), and any of EDITABLE; what `portals list --csv` writes can be read back.
    """
    seen: dict[str, int] = {}
    for line, row in rows_of_csv(file, "url", "home"):
        if "evidence" in row or ("unit" in row and "home" not in row):
            raise NotPortals(f"{file} lists columns, not portals: nianbao portals import --columns {file}")
        try:
            home = _home(row.get("url") or row.get("home") or "")
            id = portal_id(home)
            if id in seen:
                raise BadPortal(f"{id} stands in line {seen[id]} already")
            seen[id] = line
            yield line, _take(db, home, id, row)
        except BadPortal as error:
            yield line, error


def _take(db: Database, home: str, id: str, row: dict[str, str]) -> str:
    known = next(db.query("select id, state from portal where id = ?", [id]), None)
    if known is None:
        state = checked({"state": row.get("state")})
        add(db, home, **{key: value for key, value in row.items() if key in EDITABLE})
        if state:
            db.table("portal").update(id, state)
    elif values := _allowed(home, _unless_known(known, checked(row)), known=True):
        edit(db, id, values)
    return id


def _unless_known(known: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """What a list changes: an older one does not make a confirmed portal new; one without a state takes up a removed one."""
    if values.get("state") == "new" and known["state"] != "removed":
        values.pop("state")
    return {"state": "new", **values} if known["state"] == "removed" else values


def import_columns(db: Database, file: Path) -> Iterator[tuple[int, str | BadPortal]]:
    """Take columns from a CSV file with portal and url, and any of unit, family, state: (line, url or what is wrong).

    What `portals list --columns --csv` writes can be corrected and read back; a column that is not known is added.
    """
    for line, row in rows_of_csv(file, "url"):
        try:
            yield (
                line,
                column(
                    db,
                    _exactly(db, row.get("portal", "")),
                    row["url"],
                    **{key: row[key] for key in ("unit", "title", "family", "state") if key in row},
                ),
            )
        except BadPortal as error:
            yield line, error


def _exactly(db: Database, name: str) -> dict[str, Any]:
    """The portal of this id or address, and no other: in a list a part of a name may be another's. Raises BadPortal."""
    id = portal_id(name) if "://" in name else name.rstrip("/")
    row = next(db.query("select * from portal where id = ? and state <> 'removed'", [id]), None)
    if row is None:
        raise BadPortal(f"no portal has the id {name!r}; `nianbao portals list` names them")
    return row


def column(db: Database, portal: dict[str, Any], url: str, **said: Any) -> str:
    """Say of a column of a portal where it is, whose, of which family, in which state; its URL. Raises BadPortal."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadPortal(f"{url!r} is no address of a column")
    if said.get("state") and said["state"] not in COLUMN_STATES:
        raise BadPortal(f"the state {said['state']!r} is none of {', '.join(COLUMN_STATES)}")
    values = {name: said[name] for name in ("unit", "title") if said.get(name) is not None}
    values |= {"state": said["state"]} if said.get("state") else {}
    if said.get("family"):
        values["family"] = _family(said["family"])
    if not next(db.query("select 1 from column_page where portal = ? and url = ?", [portal["id"], url]), None):
        made = {
            "family": portal["family"] or "plain",
            "evidence": "said by a person",
            "found_at": now(),
            "state": "confirmed",
        }
        db.table("column_page").insert({"portal": portal["id"], "url": url, **made, **values})
    elif values:
        db.table("column_page").update((portal["id"], url), values)
    return url


def find(db: Database, name: str) -> dict[str, Any]:
    """The portal with this id, address, or a part of its id or name that only it has. Raises BadPortal."""
    id = portal_id(name) if "://" in name else name.rstrip("/")
    rows = list(db.query("select * from portal where id = ? and state <> 'removed'", [id])) or list(
        db.query(
            "select * from portal where state <> 'removed' and (id like ? or name like ? or region_name like ?)",
            [f"%{name}%"] * 3,
        )
    )
    if len(rows) != 1:
        said = (
            f"no portal is named {name!r}"
            if not rows
            else f"{name!r} is {len(rows)} portals: {', '.join(row['id'] for row in rows[:5])}"
        )
        raise BadPortal(f"{said}; `nianbao portals list` names them")
    return rows[0]


def listing(db: Database) -> list[dict[str, Any]]:
    """All portals with the number of their columns, units and reports."""
    return list(
        db.query(
            "select p.id as portal, p.name, p.region, p.region_name, p.family, p.state, p.delay, p.night, p.budget, p.home, p.hosts, p.allow_private, p.report_url, p.note, p.every, "
            "(select count(*) from column_page c where c.portal = p.id and c.state in ('found', 'confirmed')) as columns, "
            "(select count(*) from unit u where u.portal = p.id) as units, s.next_due from portal p "
            "join portal_status s on s.portal = p.id where p.state <> 'removed' order by p.id"
        )
    )
