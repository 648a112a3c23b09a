"""Runs spiders over portals: the stages of one command, in one process, each with a segment of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.captures import Recorder
from archive.clock import moment, now
from archive.health import close_round, close_survey
from archive.lock import Run
from archive.warc import Unwritable

from . import browser, due
from .addresses import Resolver, is_private
from .hours import Night
from .manners import Manners
from .session import Portal, Session

GONE = ("gone", "soft-404")  # failures of a column's page after which the survey looks where it is now
RESUME_WITHIN = timedelta(days=1)  # an interrupted round goes on within a day; later the lists are read anew
RESUME_SLOWLY = timedelta(days=4)  # one that its own hours or budget interrupted: a large portal takes several nights
VERSION = "0.1"


class NoContact(Exception):
    """The User-Agent must say whom to ask about the crawler, for anything but the loopback. Raised by `user_agent`."""


class Closed(Exception):
    """The crawl had to stop, with its reason: a full disk, a catalogue that cannot be written. Raised by `run_stages`."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One spider over some portals. `years` narrows the reports."""

    spider: str
    portals: tuple[str, ...]
    years: range | None = None


def user_agent(portals: Sequence[dict[str, Any]], contact: str | None) -> str:
    """An honest User-Agent with a contact. Raises NoContact where it is missing and a portal is not on the loopback."""
    from urllib.parse import urlsplit

    contact = contact or os.environ.get("NIANBAO_CONTACT")
    public = [portal["id"] for portal in portals if not is_private(urlsplit(portal["home"]).hostname or "")]
    if public and not contact:
        raise NoContact(
            f"{public[0]} must be able to reach you: give a mail address or page with --contact, or set NIANBAO_CONTACT"
        )
    return f"nianbao/{VERSION} (+{contact or 'loopback test'})"


def run_stages(
    folder: Path,
    db: Database,
    run: Run,
    stages: Sequence[Callable[[], Stage | None]],
    agent: str,
    advance: Callable[[int, int], None] | None = None,
    night: Night | None = None,
) -> bool:
    """Run the stages one after the other; each is decided when the one before it has ended. False when interrupted.

    `night`: hours outside of which nothing is asked. What is left when they, a portal's own hours or its budget are over
    is not interrupted: its rows wait, its round stays open, and `not_now` says until when.
    """
    from scrapy.settings import Settings
    from scrapy.utils.reactor import install_reactor

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from scrapy.crawler import AsyncCrawlerRunner
    from scrapy.utils.defer import deferred_from_coro
    from scrapy.utils.log import configure_logging
    from twisted.internet import reactor
    from twisted.internet.error import ReactorNotRunning

    from . import settings as module

    settings = Settings()
    settings.setmodule(module, priority="project")
    settings.set("USER_AGENT", agent)
    if patience := os.environ.get("NIANBAO_PATIENCE"):
        settings.set("PATIENCE", float(patience))
    configure_logging({"LOG_LEVEL": settings["LOG_LEVEL"]})
    runner = AsyncCrawlerRunner(settings)
    outcome: dict[str, Any] = {"done": False}
    manners = Manners(db, night)

    async def all_stages() -> None:
        for decide in stages:
            stage = decide()
            outcome["done"] = stage is None or await _run_stage(runner, folder, db, run, stage, manners, advance)
            if not outcome["done"]:
                return

    def begin() -> None:
        ending = deferred_from_coro(all_stages())
        ending.addErrback(lambda failure: outcome.update(error=failure.value))
        ending.addBoth(stop)

    def stop(_: Any) -> None:
        with suppress(ReactorNotRunning):  # a signal has stopped it already
            loop.stop()

    loop: Any = reactor
    loop.installNameResolver(Resolver(lambda: manners.names))
    loop.addSystemEventTrigger("before", "shutdown", lambda: deferred_from_coro(runner.stop()))
    loop.callWhenRunning(begin)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        loop.run()
    finally:  # the reactor keeps the signals otherwise, and Ctrl-C would not end what comes after the crawl
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if "error" in outcome:
        raise outcome["error"]
    return bool(outcome["done"])


async def _run_stage(
    runner: Any,
    folder: Path,
    db: Database,
    run: Run,
    stage: Stage,
    manners: Manners,
    advance: Callable[[int, int], None] | None,
) -> bool:
    """One spider to its end; True unless it was told to stop before."""
    from scrapy.crawler import Crawler

    from .spiders.reports import ReportsSpider
    from .spiders.survey import SurveySpider

    spider = {"reports": ReportsSpider, "survey": SurveySpider}[stage.spider]
    stage = replace(stage, portals=_awake(db, stage, manners))
    if not stage.portals:
        return True
    recorder = Recorder(folder, db, run.id)
    session = Session(folder, db, recorder, _begin_rounds(db, stage), manners, stage.years, advance)
    settings = runner.settings.copy()
    if _needs_browser(db, stage) and not browser.missing():
        settings.update(await browser.settings(session), priority="cmdline")  # the runner's own come after it
    crawler = Crawler(spider, settings)
    await runner.crawl(crawler, session=session)
    reason = str(crawler.stats.get_value("finish_reason"))
    if session.halted or session.captures or reason not in ("finished", "shutdown"):
        recorder.abandon()  # the next run's repair catalogues what is whole
        raise Closed(session.halted or reason)
    try:
        _settle(db, stage, session, reason)
    except Unwritable as error:
        raise Closed(str(error)) from error
    return reason == "finished"


def _awake(db: Database, stage: Stage, manners: Manners) -> tuple[str, ...]:
    """The portals of a stage that may be asked at this hour; of the others the table `not_now` says when."""
    portals = {id: Portal.of(next(db.query("select * from portal where id = ?", [id])), [], 0) for id in stage.portals}
    manners.rests.begin([id for id in portals if id not in manners.begun])
    manners.begun.update(portals)
    for id, portal in portals.items():
        if id not in manners.rests.stopped and (until := manners.closed(portal)):
            why = manners.night_over(portal, until)
            manners.rests.stop(id, why.kind, why.reason, why.until)
    return tuple(id for id in portals if id not in manners.rests.stopped)


def _needs_browser(db: Database, stage: Stage) -> bool:
    """Whether a column of the stage is known to be built by scripts."""
    rows = db.query("select portal from column_page where needs_browser <> '' and state in ('found', 'confirmed')")
    return stage.spider == "reports" and bool({row["portal"] for row in rows} & set(stage.portals))


def _settle(db: Database, stage: Stage, session: Session, reason: str) -> None:
    """What a stage leaves when its rows are all in the catalogue: rounds that are over, segments that are closed."""
    if reason == "finished":  # interrupted, every portal stays in its round, and what is done is not asked for again
        _end_rounds(db, stage, session)
    session.recorder.close()


def _begin_rounds(db: Database, stage: Stage) -> dict[str, Portal]:
    """The portals of a stage, each in its round: a new one, or the interrupted one that goes on."""
    portals = {}
    for id in stage.portals:
        row = next(db.query("select * from portal where id = ?", [id]))
        columns = [column["url"] for column in db.query("select url from column_page where portal = ?", [id])]
        if stage.spider == "survey":
            number = row["survey_round"] + 1
            db.execute("update portal set survey_round = ? where id = ?", [number, id])
        else:
            years = _written(stage.years)
            number = _round(row, years)
            if number != row["round"]:
                db.execute(
                    "update portal set round = ?, round_done = 0, round_slow = 0, round_at = ?, round_years = ? where id = ?",
                    [number, now(), years, id],
                )
        portals[id] = Portal.of(row, columns, number)
    return portals


def _written(years: range | None) -> str:
    return f"{years.start}-{years.stop - 1}" if years else ""


def _round(portal: dict[str, Any], years: str) -> int:
    """The round that a crawl of the portal begins or continues; one for other years is another round."""
    began = datetime.fromisoformat(portal["round_at"]) if portal["round_at"] else None
    within = RESUME_SLOWLY if portal["round_slow"] else RESUME_WITHIN
    if not portal["round_done"] and portal["round_years"] == years and began and moment() - began < within:
        return int(portal["round"])
    return int(portal["round"]) + 1


def _end_rounds(db: Database, stage: Stage, session: Session) -> None:
    """Mark what is finished: a round without waiting rows; the family of a portal whose columns are known.

    Rows on hosts that could not be asked at all wait for the next run, but their round is over: a file that somebody else
    once published would keep it open for ever otherwise.
    """
    unheard = session.manners.rests.unheard()
    for portal in session.portals.values():
        rows = db.query(
            "select distinct host from url where portal = ? and spider = ? and state = 'waiting'",
            [portal.id, stage.spider],
        )
        if {row["host"] for row in rows} - set(unheard):
            if stage.spider == "reports":
                db.execute(
                    "update portal set round_slow = ? where id = ?",
                    [portal.id in session.manners.rests.stopped, portal.id],
                )
            continue
        if stage.spider == "survey":
            _end_survey(db, portal.id)
        else:
            _end_round(db, portal, stage, session)


def moved_columns(db: Database) -> set[str]:
    """The portals of which a column that the survey found is not where it was."""
    rows = db.query(
        "select distinct c.portal from column_page c join failure f on f.subject = c.url and f.portal = c.portal "
        f"where c.state = 'found' and f.kind in {GONE}"
    )
    return {row["portal"] for row in rows}


def _end_survey(db: Database, portal: str) -> None:
    """A portal is surveyed when a column of it is known; until then every update looks again.

    A column that was found before, that this survey did not come upon, and whose page is gone, is not read any more.
    """
    db.execute(
        "update column_page set state = 'gone' where portal = :portal and state = 'found' "
        "and seen_round < (select survey_round from portal where id = :portal) "
        "and exists (select 1 from column_page c where c.portal = :portal and c.seen_round = (select survey_round from portal where id = :portal)) "
        f"and exists (select 1 from failure f where f.subject = column_page.url and f.kind in {GONE})",
        {"portal": portal},
    )
    db.execute(
        "delete from rejected where portal = :portal and url in (select url from column_page where portal = :portal)",
        {"portal": portal},
    )
    db.execute(
        "update portal set surveyed_at = ?, family = coalesce((select family from column_page where portal = portal.id "
        "and state in ('found', 'confirmed') group by family order by count(*) desc limit 1), family) where id = ? "
        "and exists (select 1 from column_page where portal = portal.id and state in ('found', 'confirmed'))",
        [now(), portal],
    )
    close_survey(db, portal)
    due.settle(db, portal)


def _end_round(db: Database, portal: Portal, stage: Stage, session: Session) -> None:
    """The round is over. A column whose every list page was read, for all years, has its baseline from now on."""
    ended = now()
    for reading in close_round(db, portal.id, portal.round, _written(stage.years), ended):
        session.recorder.note(reading["column_url"], "column-read", reading)
    session.recorder.note(portal.home, "round-ended", {"portal": portal.id, "round": portal.round, "at": ended})
    db.execute("update portal set round_done = 1 where id = ?", [portal.id])
    if stage.years is None:
        db.execute(
            "update column_page set baseline_at = ? where portal = ? and baseline_at is null and url in (select column_url from "
            "column_check where portal = ? and round = ? group by column_url having min(ok) = 1)",
            [ended, portal.id, portal.id, portal.round],
        )
        db.execute(
            "update portal set baseline_at = ? where id = ? and baseline_at is null and not exists "
            "(select 1 from column_page where portal = portal.id and state in ('found', 'confirmed') and baseline_at is null)",
            [ended, portal.id],
        )
    due.settle(db, portal.id)
