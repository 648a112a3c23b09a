"""Archives of a few pages, without a server: what a portal would have shown, put in as captures, and built.

    county = Filing(tmp_path)
    county.show("/a.html", report_page("某局2024年…"), "某局2024年…")
    archive = county.build()

Rounds are at NOON of the days that are given; `read` says that a column was read whole in a round.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from sqlite_utils import Database

from archive import clock
from archive.captures import Circumstances, Exchange, Recorder, insert
from archive.database import connect
from tests.helpers import Archive

PORTAL, REGION, COUNTY = "www.example.test", "990001", "清沙县"
COLUMN = "nb/"
NOON = "T04:00:00Z"  # in China


@dataclass
class Filing:
    """An archive that is being made by hand."""

    folder: Path
    rounds: dict[str, int] = field(default_factory=dict)
    recorder: Recorder | None = None

    def __post_init__(self) -> None:
        self.db: Database = connect(self.folder, create=True)
        self.portal()

    def portal(self, id: str = PORTAL, region: str = REGION, name: str = COUNTY, baseline: str | None = None) -> None:
        """Another portal, with one column that is nobody's own."""
        row = {
            "id": id,
            "home": f"http://{id}/",
            "region": region,
            "region_name": name,
            "added_at": "2026",
            "baseline_at": baseline,
        }
        self.db.table("portal").insert(row)
        self.column(COLUMN, portal=id, baseline=baseline)

    def column(self, path: str, unit: str = "", portal: str = PORTAL, baseline: str | None = None) -> None:
        """A column, of a unit's own if one is named."""
        row = {
            "portal": portal,
            "url": f"http://{portal}/{path}",
            "unit": unit,
            "found_at": "2026-01-01T00:00:00.000000Z",
            "state": "found",
        }
        self.db.table("column_page").insert({**row, "baseline_at": baseline})

    def show(
        self, path: str, body: str | bytes, title: str, day: str = "2026-01-10", portal: str = PORTAL, column: str = COLUMN, kind: str = "detail"
    ) -> None:  # fmt: skip
        """A page that a column lists under a title, fetched at noon of a day."""
        home, url = f"http://{portal}/", f"http://{portal}{path}"
        number = self.rounds.setdefault(
            f"{portal} {day}", len([key for key in self.rounds if key.startswith(portal)]) + 1
        )
        data = body.encode() if isinstance(body, str) else body
        clock.pretend(day + NOON)
        try:
            self.recorder = self.recorder or Recorder(self.folder, self.db, f"filing-{day}")
            about = Circumstances(portal, kind, number, home, title)
            headers = [("Content-Type", "text/html; charset=utf-8")]
            insert(self.db, [self.recorder.exchange(Exchange(url, "GET", [], b"", 200, headers, data, about))])
        finally:
            clock.pretend(None)
        self.entry(path, title, day, portal, column, "done")

    def entry(
        self, path: str, title: str, day: str, portal: str = PORTAL, column: str = COLUMN, state: str = "failed"
    ) -> None:
        """An entry of a list, whatever became of its page."""
        number = self.rounds.setdefault(
            f"{portal} {day}", len([key for key in self.rounds if key.startswith(portal)]) + 1
        )
        url = f"http://{portal}{path}"
        if next(self.db.query("select 1 from url where url = ? and portal = ?", [url, portal]), None):
            return
        row = {
            "fingerprint": url.encode(),
            "url": url,
            "spider": "reports",
            "portal": portal,
            "host": portal,
            "kind": "detail",
            "request": "{}",
        }
        row |= {
            "column_url": f"http://{portal}/{column}",
            "link_text": title,
            "round": number,
            "state": state,
            "added_at": day + "T03:00:00.000000Z",
        }
        self.db.table("url").insert(row)
        self.db.execute(
            "insert or ignore into listed values (?, ?, ?, ?, ?)",
            [portal, url, f"http://{portal}/{column}", number, number],
        )

    def read(self, day: str, entries: int = 9, why: str = "", column: str = COLUMN, portal: str = PORTAL) -> None:
        """A round ended on a day and read a column: whole, or not because of `why`."""
        number = self.rounds.setdefault(
            f"{portal} {day}", len([key for key in self.rounds if key.startswith(portal)]) + 1
        )
        at = f"{day}T05:00:00.000000Z"
        row = {
            "portal": portal,
            "column_url": f"http://{portal}/{column}",
            "round": number,
            "at": at,
            "entries": entries,
        }
        self.db.table("reading").insert({**row, "whole": int(not why), "why": why})
        ended = {"portal": portal, "round": number, "began_at": at, "ended_at": at, "state": "ok", "entries": entries}
        self.db.table("portal_round").insert(ended, pk=("portal", "round"), replace=True)

    def build(self) -> Archive:
        """Build what is there."""
        if self.recorder:
            self.recorder.close()
            self.recorder = None
        self.archive.run("build", "--jobs", 1)
        return self.archive

    @property
    def archive(self) -> Archive:
        """The archive, for commands and queries."""
        return Archive(self.folder)


def instant(day: str) -> str:
    """Noon of a day, as stored."""
    return (
        datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
        .replace(hour=4)
        .strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    )


def page_of(title: str, says: str = "本年度没有需要说明的情况。", head: Mapping[str, str] | None = None) -> str:
    """A report of six headings under a title; `head`: what its index table says (索引号, 发布机构)."""
    from html import escape

    cells = "".join(
        f"<tr><td>{escape(label)}：</td><td>{escape(value)}</td></tr>" for label, value in (head or {}).items()
    )
    parts = "一、总体情况 二、主动公开政府信息情况 三、收到和处理政府信息公开申请情况 四、政府信息公开行政复议、行政诉讼情况 五、存在的主要问题及改进情况 六、其他需要报告的事项".split()
    body = "".join(f"<p>{part}</p><p>{escape(says)}</p>" for part in parts)
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}</title></head><body><table>{cells}</table>'
        f'<h1>{escape(title)}</h1><div class="content">{body}</div></body></html>'
    )
