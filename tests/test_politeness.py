"""How portals are asked, measured by the portals: the server's own log of times, connections and addresses decides."""

import itertools
import json
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dh, rsa

from archive.database import connect
from archive.query import portal_status
from crawler import addresses, hours, rests, robots
from tests.helpers import TIMEOUT, Archive, Row, records
from tests.oddities import Answer, list_page, report_page
from tests.watched import RESET, Asked, Page, Pages, Watched

NAMED = str(Path(__file__).with_name("named.py"))
DELAY = 0.25  # seconds, of every portal here that says nothing else
SLACK = 0.01  # seconds that two clocks on one machine may differ by: none has been seen
Tell = Callable[[str], None]


def report(number: int) -> tuple[str, str]:
    return f"/a{number}.html", f"某某县教育局{2010 + number}年政府信息公开工作年度报告"


def site(count: int = 3, robots: Page | Sequence[Page] | None = None, **others: Page | Sequence[Page]) -> Pages:
    """A column /nb/ of so many reports, and what else is said; `_x_html` stands for /x.html."""
    rows = [report(number) for number in range(count)]
    pages: dict[str, Page | Sequence[Page]] = {"/nb/": list_page([(path, title, None) for path, title in rows])}
    pages |= {path: report_page(title) for path, title in rows}
    if robots is not None:
        pages["/robots.txt"] = robots
    return pages | {name.replace("_", "/", 1).replace("_", "."): page for name, page in others.items()}


def text(body: str | bytes) -> Answer:
    return Answer(body=body if isinstance(body, bytes) else body.encode(), media_type="text/plain")


@dataclass(slots=True)
class Crawl:
    """An archive of portals on a watched server, and the runs of its crawl."""

    archive: Archive
    watched: Watched
    settings: dict[str, object]

    def add(self, portals: Mapping[str, Mapping[str, object]]) -> None:
        """Add the portals of hosts, with what is said of them, and where their columns are: /nb/."""
        usual: dict[str, object] = {"region": "990099", "region_name": "某某县", "delay": DELAY, "allow_private": 1}
        names = [*usual, "hosts", "night", "budget"]
        listed, columns = [["url", "name", *names]], [["portal", "url", "state"]]
        for host, said in portals.items():
            values = usual | dict(said)
            listed.append([self.watched.url(host), host, *(str(values.get(name, "")) for name in names)])
            columns.append([self.id(host), self.watched.url(host, "/nb/"), "confirmed"])
        for lines, words in ((listed, ()), (columns, ("--columns",))):
            file = self.archive.folder.with_suffix(".csv")
            file.write_text("\n".join(map(",".join, lines)), encoding="utf-8")
            self.archive.run("portals", "import", *words, file)

    def id(self, host: str) -> str:
        return f"{host}:{self.watched.port}"

    def run(self, *words: object, status: int | None = None, at: str = "", patience: float = 5) -> str:
        """Run `crawl`, or what is named, with the names of this server; what it said."""
        arguments, environment = self.archive.command(*(words or ("crawl", "--contact", "a@b.cn")))
        environment |= {"NIANBAO_PATIENCE": str(patience), "NIANBAO_CONTACT": "a@b.cn"} | (
            {"NIANBAO_NOW": at} if at else {}
        )
        program = [sys.executable, NAMED, json.dumps(self.settings), *arguments[1:]]
        done = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=TIMEOUT)
        said = done.stdout + done.stderr
        assert "Traceback" not in said, said
        assert status is None or done.returncode == status, f"{done.returncode}\n{said}"
        return said

    def states(self, host: str) -> dict[str, str]:
        """The state of each address of a host, by path."""
        rows = self.archive.rows("select url, state from url where host = ?", host)
        return {row["url"].partition(f":{self.watched.port}")[2]: row["state"] for row in rows}

    def failures(self, host: str) -> dict[str, str]:
        """The kind of each failure of a host, by path."""
        rows = self.archive.rows("select url, kind from failure where url like ?", f"%//{self.id(host)}/%")
        return {row["url"].partition(f":{self.watched.port}")[2]: row["kind"] for row in rows}

    def status(self, host: str) -> Row:
        """What `nianbao status --json` says of the portal of a host."""
        db = connect(self.archive.folder)
        try:
            return portal_status(db, self.id(host))[0]
        finally:
            db.close()


def crawl_of(watched: Watched, folder: Path, **settings: object) -> Crawl:
    names = {**watched.addresses, **dict(settings.pop("names", {}))}  # type: ignore[call-overload]
    about = {"names": names, "said": str(folder / "names"), "back_off": 1.0, **settings}
    return Crawl(Archive(folder / "archive"), watched, about)


def addresses_for(*hosts: str) -> dict[str, str]:
    return {host: f"127.30.0.{number}" for number, host in enumerate(hosts, 1)}


def paths(asked: Sequence[Asked]) -> list[str]:
    return [each.path for each in asked]


def gaps(asked: Sequence[Asked]) -> list[float]:
    """The seconds between the starts of requests."""
    return [after.started - before.started for before, after in itertools.pairwise(asked)]


# --- many portals in one crawl

HTML = "<!DOCTYPE html><html><head><title>首页</title></head><body>\nUser-agent: *\nDisallow: /\n</body></html>"
GBK = "# 禁止抓取后台\nUser-agent: *\nDisallow: /a1.html\n".encode("gb18030")
ROBOTS: Mapping[str, tuple[Page, set[str]]] = {  # what is answered → the pages that may be asked for
    "allowed404": (Answer(404), {"/nb/", "/a0.html", "/a1.html"}),
    "gone410": (Answer(410), {"/nb/", "/a0.html", "/a1.html"}),
    "now403": (Answer(403), set()),
    "now401": (Answer(401), set()),
    "now500": (Answer(500), set()),
    "now521": (Answer(521), set()),
    "reset": (RESET, set()),
    "loop": (Answer(302, headers={"Location": "/robots.txt"}), set()),
    "elsewhere": (Answer(302, headers={"Location": "http://stranger.test/robots.txt"}), set()),
    "html": (Answer(body=HTML.encode()), {"/nb/", "/a0.html", "/a1.html"}),
    "home": (Answer(302, headers={"Location": "/index.html"}), {"/nb/", "/a0.html", "/a1.html"}),
    "moved": (Answer(301, headers={"Location": "/r.txt"}), {"/nb/", "/a0.html"}),
    "binary": (text(b"User-agent: *\nDisallow: /\n" + bytes(range(256)) * 8), {"/nb/", "/a0.html", "/a1.html"}),
    "bom": (text("\ufeffUser-agent: *\nDisallow: /a1.html\n"), {"/nb/", "/a0.html"}),
    "gbk": (text(GBK), {"/nb/", "/a0.html"}),
    "huge": (text("User-agent: *\nDisallow: /a1.html\n" + "# .\n" * 400_000), {"/nb/", "/a0.html"}),
    "endless": (text("User-agent: *\n" + "# ....\n" * 800_000), set()),
    "named": (text("User-agent: *\nDisallow: /\n\nUser-agent: NianBao/1.0\nDisallow: /a1.html\n"), {"/nb/", "/a0.html"}),
    "others": (text("User-agent: baidu\nDisallow: /\n"), {"/nb/", "/a0.html", "/a1.html"}),
    "wildcard": (text("User-agent: *\nDisallow: /*1.html$\n"), {"/nb/", "/a0.html"}),
    "allow": (text("User-agent: *\nDisallow: /\nAllow: /nb/\nAllow: /a0.html\n"), {"/nb/", "/a0.html"}),
}  # fmt: skip
NOT_NOW = [name for name, (_, allowed) in ROBOTS.items() if not allowed]
SLOW = {"/slow1.html": 0.5, "/slow2.html": 0.1}  # seconds before an answer: they must not be taken off the delay
REDIRECT = Answer(302, headers={"Location": "/there.html"})
COUNTY = {
    "/nb/": list_page(
        [
            (*report(0), None),
            (*report(1), None),
            ("/moves.html", report(2)[1], None),
            ("/fails.html", report(3)[1], None),
        ]
    ),
    "/a0.html": report_page(report(0)[1], '<p><a href="/f.doc">附件.doc</a></p>'),
    "/a1.html": report_page(report(1)[1]),
    "/moves.html": REDIRECT,
    "/there.html": report_page(report(2)[1]),
    "/fails.html": [Answer(500), report_page(report(3)[1])],
    "/f.doc": Answer(body=b"\xd0\xcf\x11\xe0" + bytes(600), media_type="application/msword"),
}
AWAY = {"/nb/": list_page([(path, report(n)[1], None) for n, path in enumerate(("/ftp", "/file", "/data", "/a4.html"))])}  # fmt: skip
AWAY |= {
    "/ftp": Answer(302, headers={"Location": "ftp://127.0.0.1/report.html"}),
    "/file": Answer(302, headers={"Location": "file:///etc/passwd"}),
    "/data": Answer(302, headers={"Location": "data:text/html,hello"}),
    "/a4.html": report_page(report(4)[1]),
}
HOSTS: Mapping[str, Pages] = {
    "county.test": COUNTY,
    "slow.test": {
        "/nb/": list_page([(path, report(number)[1], None) for number, path in enumerate(SLOW)]),
        **{path: report_page(report(number)[1]) for number, path in enumerate(SLOW)},
    },
    "one.test": site(3),
    "two.test": site(3),
    "three.test": site(2),
    "crawldelay.test": site(2, text("User-agent: *\nCrawl-delay: 0.6\n")),
    "rate.test": site(2, text("User-agent: *\nRequest-rate: 2/1\n")),
    "away.test": AWAY,
    "unasked.test": site(2) | {"/nb/": Answer(304)},
    **{f"{name}.robots.test": site(2, page, _r_txt=text("User-agent: *\nDisallow: /a1.html"), _index_html=HTML) for name, (page, _) in ROBOTS.items()},
}  # fmt: skip
SHARED = ("one.test", "two.test", "three.test")
LONGER = 0.5  # seconds: the delay of the third portal on the shared address


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    """All of HOSTS in one crawl; three of them on one address."""
    where = addresses_for(*HOSTS)
    where |= dict.fromkeys(SHARED, where["one.test"])
    pages = {host: dict(pages) for host, pages in HOSTS.items()}
    with Watched(pages, where, SLOW) as watched:
        crawl = crawl_of(watched, tmp_path_factory.mktemp("crawled"))
        crawl.add({host: {"delay": LONGER if host == "three.test" else DELAY} for host in HOSTS})
        crawl.run(status=2)
        yield crawl


def test_the_delay_lies_between_any_two_requests(crawled: Crawl, tell: Tell) -> None:
    """robots.txt, lists, pages, files, redirects and retries: from the end of an answer to the next request."""
    county = crawled.watched.asked("county.test")
    assert sorted(paths(county)) == sorted([*COUNTY, "/robots.txt", "/fails.html"])
    least: dict[str, float] = {}
    for host in HOSTS:
        asked = crawled.watched.asked(host)
        quiet = [after.started - before.ended for before, after in itertools.pairwise(asked)]
        if quiet:
            least[host] = min(quiet)
    tell(f"{len(crawled.watched.requests)} requests; least pause {min(least.values()):.3f} s at a delay of {DELAY} s")
    assert {host: pause for host, pause in least.items() if pause < DELAY - SLACK} == {}


def test_jitter_only_adds(crawled: Crawl) -> None:
    pauses = [
        after.started - before.ended
        for host in HOSTS
        if host not in (*SHARED, "crawldelay.test", "rate.test")
        for before, after in itertools.pairwise(crawled.watched.asked(host))
    ]
    assert len({round(pause, 2) for pause in pauses}) > 5
    assert sorted(pauses)[len(pauses) // 4] < DELAY * 2  # a busy machine adds to some


def test_never_two_connections_to_a_host(crawled: Crawl) -> None:
    for host in set(HOSTS) - set(SHARED):
        address = crawled.watched.addresses[host]
        opened = [each for each in crawled.watched.connections if each.address == address]
        for before, after in itertools.pairwise(opened):
            assert before.closed is not None and before.closed <= after.opened, host


def test_hosts_on_one_address_are_never_asked_in_parallel(crawled: Crawl) -> None:
    """Three portals on one address: one request at a time, and the longest of their delays from the first of the third on."""
    asked = crawled.watched.asked(address=crawled.watched.addresses["one.test"])
    assert {each.host for each in asked} == set(SHARED)
    assert len([1 for before, after in itertools.pairwise(asked) if before.host != after.host]) > len(SHARED)
    for before, after in itertools.pairwise(asked):
        third = before.started >= crawled.watched.asked("three.test")[0].started
        assert after.started - before.ended >= (LONGER if third else DELAY) - SLACK, (before, after)


def test_portals_on_other_addresses_are_asked_at_the_same_time(crawled: Crawl) -> None:
    """Politeness to one must not cost the others: the whole crawl takes as long as its slowest address."""
    asked = crawled.watched.asked()
    alone = sum(each.ended - each.started + DELAY for each in asked)
    assert asked[-1].ended - asked[0].started < alone / 2


@pytest.mark.parametrize("name", ROBOTS)
def test_robots_txt_is_obeyed(name: str, crawled: Crawl) -> None:
    host = f"{name}.robots.test"
    asked = paths(crawled.watched.asked(host))
    assert asked[0] == "/robots.txt"
    assert set(asked) - {"/robots.txt", "/r.txt", "/index.html"} == ROBOTS[name][1]


@pytest.mark.parametrize("name", NOT_NOW)
def test_a_host_without_robots_txt_waits(name: str, crawled: Crawl) -> None:
    """Nothing is asked for, nothing fails for ever, and `status` says why."""
    host = f"{name}.robots.test"
    assert crawled.states(host) == {"/nb/": "waiting"}
    status = crawled.status(host)
    assert "robots.txt" in status["notes"] and status["notes"].startswith("robots:"), status
    assert status["state"] in ("down", "blocked")


def test_a_crawl_delay_is_obeyed(crawled: Crawl) -> None:
    for host, delay in (("crawldelay.test", 0.6), ("rate.test", 0.5)):
        asked = crawled.watched.asked(host)
        assert len(asked) == 4 and min(gaps(asked)) >= delay - SLACK, gaps(asked)


def test_other_schemes_are_not_followed(crawled: Crawl) -> None:
    states = crawled.states("away.test")
    assert states["/a4.html"] == "done"
    assert {path: states[path] for path in ("/ftp", "/file", "/data")} == dict.fromkeys(
        ("/ftp", "/file", "/data"), "failed"
    )


def test_a_304_that_nobody_asked_for_is_a_fault(crawled: Crawl) -> None:
    assert crawled.failures("unasked.test") == {"/nb/": "http:304"}
    rows = crawled.archive.rows("select c.ok from column_check c where c.portal = ?", crawled.id("unasked.test"))
    assert [row["ok"] for row in rows] == [0]
    captures = crawled.archive.rows(
        "select refused from capture where portal = ? and kind = 'column'", crawled.id("unasked.test")
    )
    assert [row["refused"] for row in captures] == ["http:304"]
    assert crawled.status("unasked.test")["state"] != "empty"


def test_names_are_looked_up_once(crawled: Crawl) -> None:
    said = Path(str(crawled.settings["said"])).read_text().split()
    assert set(HOSTS) <= set(said)
    assert len(said) == len(set(said))


def test_the_next_crawl_asks_a_host_whose_robots_txt_is_back(crawled: Crawl) -> None:
    """The last of this module to crawl: what waited is fetched, and nothing says "not now" any more."""
    host = "now403.robots.test"
    crawled.watched.pages[host]["/robots.txt"] = Answer(404)  # type: ignore[index]
    crawled.watched.forget()
    crawled.run("crawl", crawled.id(host), status=0)
    assert paths(crawled.watched.asked(host))[:2] == ["/robots.txt", "/nb/"]
    assert crawled.states(host) == {"/nb/": "done", "/a0.html": "done", "/a1.html": "done"}
    status = crawled.status(host)
    assert (status["state"], status["notes"], status["failures"]) == ("ok", "", "")


# --- hosts that ask for time


def test_retry_after(tmp_path: Path, tell: Tell) -> None:
    """Seconds, a date, no time at all, on a redirect, for an hour; within the run, and in the next one."""
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
    now = format_datetime(datetime.now(UTC), usegmt=True)
    pages: dict[str, Pages] = {
        "seconds.test": site(3, _a1_html=[Answer(429, headers={"Retry-After": "2"}), report_page(report(1)[1])]),
        "date.test": site(2, _nb_=""),
        "none.test": site(2, _a0_html=[Answer(503), report_page(report(0)[1])]),
        "redirect.test": site(2, _a0_html=Answer(302, headers={"Location": "/b.html", "Retry-After": "2"}), _b_html=report_page(report(0)[1])),
        "hour.test": site(3, _a1_html=[Answer(503, headers={"Retry-After": "7200"}), report_page(report(1)[1])]),
        "broken.test": site(3, _a1_html=Answer(503, headers={"Retry-After": "1"})),
        "always.test": site(2, _nb_html="") | {"/nb/": Answer(429)},
        "robots.test": site(2, [Answer(503, headers={"Retry-After": "2"}), Answer(404)]),
    }  # fmt: skip
    column = pages["date.test"]["/nb/"] = list_page([(*report(0), None), (*report(1), None)])  # type: ignore[index]
    dated = Answer(503, headers={"Retry-After": date, "Date": now})
    pages["date.test"]["/nb/"] = [dated, column]  # type: ignore[index]
    with Watched(pages, addresses_for(*pages)) as watched:
        crawl = crawl_of(watched, tmp_path)
        crawl.add({host: {} for host in pages})
        said = crawl.run()

        def pause_after(host: str, path: str) -> float:
            asked = watched.asked(host)
            first = next(index for index, each in enumerate(asked) if each.path == path)
            return asked[first + 1].started - asked[first].ended

        pauses = {
            "seconds.test": (pause_after("seconds.test", "/a1.html"), 2),
            "date.test": (pause_after("date.test", "/nb/"), 3 - 1),  # a date has whole seconds
            "none.test": (pause_after("none.test", "/a0.html"), 1),
            "redirect.test": (pause_after("redirect.test", "/a0.html"), 2),
            "robots.test": (pause_after("robots.test", "/robots.txt"), 2),
        }
        tell(", ".join(f"{host} {pause:.2f} s of {least}" for host, (pause, least) in pauses.items()))
        assert [host for host, (pause, least) in pauses.items() if not least <= pause < least + 2] == []
        for host in pauses:
            assert set(crawl.states(host).values()) == {"done"}, host
            assert crawl.failures(host) == {}, host
        # the page is broken, not the host: its others are read, and it is asked twice
        assert crawl.failures("broken.test") == {"/a1.html": "http:503"}
        assert paths(watched.asked("broken.test")).count("/a1.html") == 2
        # no good answer at all: three times, and no more in this run
        assert paths(watched.asked("always.test")) == ["/robots.txt", "/nb/", "/nb/", "/nb/"]
        assert crawl.states("always.test") == {"/nb/": "waiting"} and crawl.status("always.test")["notes"].startswith(
            "busy"
        )
        # too long to wait for: what is left waits, and the rest of it was not asked for
        hour = watched.asked("hour.test")
        assert hour[-1].status == 503
        waiting = [path for path, state in crawl.states("hour.test").items() if state == "waiting"]
        assert "/a1.html" in waiting and "retry-after: hour.test" in said
        note = crawl.status("hour.test")["notes"]
        until = datetime.fromisoformat(note.partition("(until ")[2].removesuffix(" UTC)") + "+00:00")
        assert timedelta(minutes=58) < until - datetime.now(UTC) < timedelta(minutes=61), "an hour is the most"
        assert (
            f"{crawl.id('hour.test')}: not now: retry-after: hour.test status 503" in crawl.archive.run("status").stdout
        )
        # the next run, too early, then in time
        watched.forget()
        crawl.run("crawl", crawl.id("hour.test"))
        assert watched.asked("hour.test") == []
        crawl.run("crawl", crawl.id("hour.test"), at=(until + timedelta(minutes=2)).isoformat(), status=0)
        assert set(crawl.states("hour.test").values()) == {"done"}
        assert crawl.status("hour.test")["notes"] == ""


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Sat, 10 Jan 2026 08:02:00 GMT", 120.0),
        ("Sat, 10 Jan 2026 07:00:00 GMT", None),
        ("Sat, 10 Jan 2026 08:02:00", 120.0),
    ],
)
def test_what_retry_after_says(value: str, seconds: float | None) -> None:
    """By the server's own clock where it says it, which may be wrong."""
    here = datetime(2026, 1, 10, 11, 0, tzinfo=UTC)
    assert rests.retry_after(value, "Sat, 10 Jan 2026 08:00:00 GMT", here) == seconds


def test_without_a_time_a_host_is_left_alone_for_two_minutes() -> None:
    assert rests.BACK_OFF >= 120 and rests.LONGEST == 3600


# --- budget and night


def test_budget(tmp_path: Path) -> None:
    """Five requests, robots.txt and a redirect among them; three runs, nothing twice, nothing withdrawn."""
    there = report_page(report(0)[1], '<p><a href="/f.doc">附件.doc</a></p>')
    file = Answer(body=b"\xd0\xcf\x11\xe0" + bytes(600), media_type="application/msword")
    pages = {"a.test": site(6, _a0_html=Answer(302, headers={"Location": "/b.html"}), _b_html=there, _f_doc=file)}
    with Watched(pages, addresses_for("a.test")) as watched:
        crawl = crawl_of(watched, tmp_path)
        crawl.add({"a.test": {"budget": 5, "delay": 0}})
        fetched: list[str] = []
        for number, expected in enumerate((5, 5, 2)):
            watched.forget()
            said = crawl.run(status=0)
            assert len(watched.asked()) == expected, paths(watched.asked())
            fetched += paths(watched.asked())
            over = number < 2
            assert ("budget" in said) is over and ("budget" in crawl.status("a.test")["notes"]) is over
            assert crawl.status("a.test")["state"] == ("unfinished" if over else "ok")
            assert crawl.archive.rows("select round from portal") == [{"round": 1}]
        assert sorted(path for path in fetched if path != "/robots.txt") == sorted(
            ["/nb/", "/b.html", "/f.doc", *(report(number)[0] for number in range(6))]
        )
        crawl.archive.run("build")
        assert crawl.archive.rows("select count(*) as n from report") == [{"n": 6}]
        assert crawl.archive.rows("select * from event where kind like 'withdrawn%'") == []


def test_night(tmp_path: Path) -> None:
    """Outside of its hours nothing is asked; at their end the crawl ends as if interrupted, and goes on the next night."""
    pages = {"a.test": site(10), "b.test": site(1)}
    with Watched(pages, addresses_for("a.test", "b.test")) as watched:
        crawl = crawl_of(watched, tmp_path)
        crawl.add({"a.test": {"night": "22:00-07:00", "delay": 0.8}, "b.test": {}})
        said = crawl.run(at="2026-01-20T12:00:00+08:00", status=0)
        assert watched.asked("a.test") == [] and "again from 2026-01-20 22:00" in said
        assert len(watched.asked("b.test")) == 3
        watched.forget()
        said = crawl.run(
            at="2026-01-21T06:59:52+08:00", status=0
        )  # eight seconds of night are left, and nine of asking
        asked = watched.asked("a.test")
        assert 2 <= len(asked) < 12 and asked[-1].started - asked[0].started < 8
        assert "again from 2026-01-21 22:00" in said and crawl.status("a.test")["state"] == "unfinished"
        watched.forget()
        crawl.run(at="2026-01-21T22:00:01+08:00", status=0)
        rest = paths(watched.asked("a.test"))
        assert rest[0] == "/robots.txt" and not set(rest[1:]) & {"/nb/", *paths(asked)[1:]}
        assert {report(n)[0] for n in range(10)} == {*paths(asked), *rest} - {"/robots.txt", "/nb/"}
        assert crawl.status("a.test")["state"] == "ok"
        watched.forget()
        crawl.run("crawl", "--night", "01:00-02:00", at="2026-01-22T12:00:00+08:00", status=0)  # of the command
        assert watched.asked() == []


NIGHT = hours.Night.of("22:00-07:00")


@pytest.mark.parametrize(
    ("here", "opens"),
    [
        ("2026-01-20T21:59:59", "2026-01-20T22:00:00"),
        ("2026-01-20T22:00:00", None),
        ("2026-01-20T00:30:00", None),
        ("2026-01-20T06:59:59", None),
        ("2026-01-20T07:00:00", "2026-01-20T22:00:00"),
    ],
)
def test_hours_of_a_night(here: str, opens: str | None) -> None:
    at = datetime.fromisoformat(f"{here}+08:00").astimezone(UTC)
    assert NIGHT.is_open(at) is (opens is None)
    assert NIGHT.opens(at) == (datetime.fromisoformat(f"{opens}+08:00") if opens else at)


@pytest.mark.parametrize("said", ("", "22-7", "25:00-07:00", "22:00-22:00", "22:61-07:00", "nachts"))
def test_hours_that_are_none(said: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"window|begins"):
        hours.Night.of(said)


def test_two_windows() -> None:
    """A portal's and the command's: both must be open."""
    day, both = hours.Night.of("06:00-09:00"), datetime(2026, 1, 20, 12, tzinfo=UTC)  # 20:00 in China
    assert hours.both_open((NIGHT, day), both) == datetime(2026, 1, 20, 22, tzinfo=UTC)  # 06:00 of the next day
    assert hours.both_open((NIGHT,), datetime(2026, 1, 20, 15, tzinfo=UTC)) is None


# --- addresses


def test_names_that_lead_to_private_addresses(tmp_path: Path) -> None:
    """By the first look-up, a second one (rebinding), a redirect, an attachment, a robots.txt: none is connected to."""
    pages: dict[str, Pages] = {
        "public.test": site(3, _a0_html=report_page(report(0)[1], '<a href="http://inside.test:{port}/f.doc">附件.doc</a>'), _a1_html=""),
        "rebinds.test": site(4),
        "robots.test": site(2, Answer(302, headers={"Location": "http://inside.robots.test/robots.txt"})),
        "inside.test": site(1),
        "mixed.test": site(1),
        "six.test": site(1),
    }  # fmt: skip
    where = {"public.test": "127.30.0.1", "rebinds.test": "127.30.0.2", "robots.test": "127.30.0.3"}
    inside = dict.fromkeys(("inside.test", "mixed.test", "six.test"), "127.31.0.1")
    with Watched({host: dict(each) for host, each in pages.items()}, where | inside) as watched:
        port = watched.port
        public = watched.pages["public.test"]
        public["/a0.html"] = str(public["/a0.html"]).replace("{port}", str(port))  # type: ignore[index]
        public["/a1.html"] = Answer(302, headers={"Location": f"http://inside.test:{port}/a0.html"})  # type: ignore[index]
        public["/a2.html"] = Answer(302, headers={"Location": f"http://0x7f1f0001:{port}/a0.html"})  # type: ignore[index]
        robot = Answer(302, headers={"Location": f"http://sub.robots.test:{port}/robots.txt"})
        watched.pages["robots.test"]["/robots.txt"] = robot  # type: ignore[index]
        names = {
            "rebinds.test": ["127.30.0.2", "127.31.0.1"],
            "sub.robots.test": "127.31.0.1",
            "mixed.test": "127.30.0.9 127.31.0.1",
            "six.test": "::ffff:127.31.0.1",
        }
        crawl = crawl_of(watched, tmp_path, names=names, public="127.30.")
        more = {"robots.test": "sub.robots.test", "public.test": "inside.test"}
        crawl.add({host: {"allow_private": 0, "hosts": more.get(host, "")} for host in pages})
        crawl.run(status=2)
        assert watched.asked(address="127.31.0.1") == []
        assert [each for each in watched.connections if each.address == "127.31.0.1"] == []
        assert set(paths(watched.asked("public.test"))) >= {"/nb/", "/a0.html", "/a1.html", "/a2.html"}
        assert len(watched.asked("rebinds.test")) == 6
        said = Path(str(crawl.settings["said"])).read_text().split()
        assert said.count("rebinds.test") == 1
        for host in ("inside.test", "mixed.test", "six.test"):
            assert "private address" in crawl.status(host)["notes"], host


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 127.255.0.1 10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 100.64.0.1 100.127.255.255 0.0.0.0 "
    "224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 192.0.2.1 198.18.0.1 ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd12::1 fec0::1 ff02::1 "
    "::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::10.0.0.1 2002:7f00:1:: 2002:a00:1:: 2001:db8::1".split(),
)  # fmt: skip
def test_forbidden_addresses(address: str) -> None:
    assert addresses.is_forbidden(address)


@pytest.mark.parametrize(
    "address", ("8.8.8.8", "1.2.4.8", "223.5.5.5", "2400:3200::1", "64:ff9b::808:808", "172.32.0.1")
)
def test_public_addresses(address: str) -> None:
    assert not addresses.is_forbidden(address)


@pytest.mark.parametrize(
    "host",
    ("127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "LOCALHOST.", "a.localhost", "x.local", "[::1]", "10.0.0.1."),
)  # fmt: skip
def test_hosts_written_as_private_addresses(host: str) -> None:
    assert addresses.is_private(host)


# --- TLS

# A 1024 bit prime (RFC 2409, second Oakley group): a server that uses it is refused at OpenSSL's own level of security.
OAKLEY = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6D"
    "F25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
    16,
)  # fmt: skip


def certificate(folder: Path, name: str, days: int) -> str:
    """A self-signed certificate with its key, in a file; it ends in so many days."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        subject, subject, key.public_key(), 1, now - timedelta(days=90), now + timedelta(days=days)
    )
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    file = folder / f"{name}.pem"
    file.write_bytes(secret + signed.public_bytes(pem))
    return str(file)


def old_server(
    folder: Path, name: str, days: int = 90, ciphers: str = "", most: ssl.TLSVersion | None = None
) -> ssl.SSLContext:
    """The TLS of a server: its certificate, the ciphers that it knows, the newest version that it speaks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder, name, days))
    if ciphers:
        context.set_ciphers(ciphers)
    if most:
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = most
    if ciphers.startswith("DHE"):
        numbers = dh.DHParameterNumbers(OAKLEY, 2).parameters()
        file = folder / "dh.pem"
        file.write_bytes(numbers.parameter_bytes(serialization.Encoding.PEM, serialization.ParameterFormat.PKCS3))
        context.load_dh_params(str(file))
    return context


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning", "ignore:Diffie-Hellman")
def test_old_tls(tmp_path: Path) -> None:
    """What a server can speak is found once a run and recorded; a certificate stops nothing and is recorded too."""
    servers = {
        "new.test": old_server(tmp_path, "new.test"),
        "expired.test": old_server(tmp_path, "other.test", days=-1),
        "weak.test": old_server(tmp_path, "weak.test", ciphers="DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0", most=ssl.TLSVersion.TLSv1_2),
        "old.test": old_server(tmp_path, "old.test", ciphers="ALL:@SECLEVEL=0", most=ssl.TLSVersion.TLSv1_1),
    }  # fmt: skip
    where = addresses_for(*servers)
    with ExitStack() as stack:
        watched = {
            host: stack.enter_context(Watched({host: site(2)}, {host: where[host]}, tls=context))
            for host, context in servers.items()
        }
        crawls = {host: crawl_of(each, tmp_path, names=where) for host, each in watched.items()}
        for host, crawl in crawls.items():
            crawl.add({host: {}})
        crawls["new.test"].run(status=0)
        archive = crawls["new.test"].archive
        said = {
            host: {row["tls"] for row in archive.rows("select tls from capture where portal = ?", crawl.id(host))}
            for host, crawl in crawls.items()
        }
        assert said == {
            "new.test": {"certificate self-signed"},
            "expired.test": {"certificate expired, for another host, self-signed"},
            "weak.test": {"legacy renegotiation, security level 1; certificate self-signed"},
            "old.test": {"TLS 1.0, security level 0; certificate self-signed"},
        }
        for host, each in watched.items():
            asked = each.asked(host)
            assert paths(asked) == ["/robots.txt", "/nb/", "/a0.html", "/a1.html"]
            assert len({request.connection for request in asked}) == 1, host
        archive.run("verify")
        (segment,) = archive.files(".warc.gz")
        notes = [record.payload for record in records(segment) if record.type == "metadata"]
        assert sum(b"tls: TLS 1.0, security level 0; certificate self-signed" in note for note in notes) == 4


# --- what was had before


def test_conditions(tmp_path: Path) -> None:
    """An unchanged page is confirmed with 304, its files are looked at again; what is no content leaves no validators."""
    tag = {"ETag": '"1"'}
    page = report_page(report(0)[1], '<p>全文见附件</p><a href="/f.doc">附件.doc</a>')
    file = Answer(body=b"\xd0\xcf\x11\xe0" + bytes(600), media_type="application/msword", headers=tag)
    missing = Answer(body="<html><body>您访问的页面不存在</body></html>".encode(), headers={"ETag": '"404"'})
    blocked = Answer(412, b"<html></html>", headers={"ETag": '"412"'})
    pages = {
        "a.test": site(
            3,
            _a0_html=[Answer(body=page.encode(), headers=tag), Answer(304, headers=tag)],
            _f_doc=[file, Answer(304, headers=tag)],
            _a1_html=missing,
            _a2_html=blocked,
        )
    }
    with Watched(pages, addresses_for("a.test")) as watched:
        crawl = crawl_of(watched, tmp_path)
        crawl.add({"a.test": {"delay": 0}})
        crawl.run()
        assert crawl.failures("a.test") == {"/a1.html": "soft-404", "/a2.html": "blocked:412"}
        watched.forget()
        crawl.run()
        conditions = {each.path: each.headers.get("if-none-match") for each in watched.asked()}
        assert conditions == {
            "/robots.txt": None, "/nb/": None, "/a0.html": '"1"', "/f.doc": '"1"', "/a1.html": None, "/a2.html": None,
        }  # fmt: skip
        states = crawl.states("a.test")
        assert (states["/a0.html"], states["/f.doc"]) == ("done", "done")


def test_rules_of_robots_txt() -> None:
    """Half a rule at the end of what is read would be another one."""
    long = (
        b"User-agent: *\nDisallow: /x\n"
        + b"#" * (robots.READ_BYTES - 40)
        + b"\nDisallow: /abcdefghijklmnopqrstuvwxyz\n"
    )
    assert robots.rules_of(long).rstrip().endswith("#")
    assert robots.rules_of("User-agent: *\nDisallow: /x\n".encode("utf-16")) == "User-agent: *\nDisallow: /x\n"
