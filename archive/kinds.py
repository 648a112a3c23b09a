"""What can happen to a report or a column: every kind of event, what it means, and how it is told in a few words.

The one place where kinds are listed: `news` takes its choices from here, docs/history.md its table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

MEANINGS: Mapping[str, str] = {
    "new": "a report became known after its column was first crawled",
    "backfill": "a report was there when its column was first crawled",
    "revised": "another version took the place of one: which cells changed, or the text alone; a corrected version beside the original",
    "figures": "figures of a report that was known by its title: recognised in pictures (ocr), or in a file that came later (document)",
    "moved": "a report stands at another address",
    "withdrawn": "no list of its columns names it any more, or its page is gone, at two readings in a row",
    "restored": "a report that was withdrawn is there again",
    "backdated_suspect": "the page states a date after which its column was read whole without it",
    "overdue": "the date by law has passed, the column was read after it, and the report was not there",
    "year_mismatch": "a report is titled for one year, its text or file says another",
    "conflict": "two documents of one report, or two of its pages, print different figures: which cells, which documents",
    "empty_tables": "the tables are printed without a single number",
    "column_broken": "a column that had entries answers and shows none",
    "column_restored": "a column that was broken has entries again",
}
KINDS = tuple(MEANINGS)
PAGES = {"gone": "its page is gone", "there": "its page is still there", "elsewhere": "its page leads elsewhere"}
Event = Mapping[str, Any]


def words(event: Event) -> str:
    """An event in a few words: what changed, or the title. `event`: kind, detail (an object), title, url."""
    return _WORDS.get(event["kind"], _title)(event)


def cells(detail: Mapping[str, Any]) -> str:
    """The cells that changed: the first of them, and how many; empty where none did."""
    changed = detail.get("cells")
    if not changed:
        return ""
    first, (old, new) = next(iter(changed.items()))
    shown = f"{first} {_printed(old)} → {_printed(new)}"
    return shown if len(changed) == 1 else f"{len(changed)} cells: {shown} …"


def _printed(cell: str | None) -> str:
    return "not printed" if cell is None else cell or "blank"


def _title(event: Event) -> str:
    return str(event["title"])


def _revised(event: Event) -> str:
    beside = event["detail"].get("beside")
    said = cells(event["detail"]) or "text changed, no figure"
    return f"corrected version beside {beside}: {said}" if beside else said


def _figures(event: Event) -> str:
    by = {"ocr": "recognised in pictures", "document": "in a file that came later"}[event["detail"]["by"]]
    return f"{event['title']}: its figures, {by}"


def _moved(event: Event) -> str:
    detail = event["detail"]
    changed = ", changed" if detail.get("cells") or detail.get("text") else ""
    return f"{detail['from']} → {detail['to']}{changed}"


def _withdrawn(event: Event) -> str:
    answers = {PAGES.get(said, "") for said in event["detail"]["pages"].values()} - {""}
    return " and ".join(["not listed any more", *sorted(answers)])


def _restored(event: Event) -> str:
    return f"there again: {', '.join(event['detail']['pages'])}"


def _backdated(event: Event) -> str:
    return f"states {event['detail']['stated']}; was not in its column on {event['detail']['read']}"


def _overdue(event: Event) -> str:
    detail = event["detail"]
    return f"{detail['unit']}, the report of {detail['year']}: due {detail['due']}, not in its column"


def _year(event: Event) -> str:
    detail = event["detail"]
    return f"titled {detail['titled']}, says {', '.join(map(str, detail['says']))}: {detail['url']}"


def _conflict(event: Event) -> str:
    one, other = event["detail"]["documents"]
    return f"{cells(event['detail']).replace(' → ', ' or ')}: {one} and {other}"


def _empty(event: Event) -> str:
    return f"{event['title']}: none of its {event['detail']['cells']} cells holds a number"


def _broken(event: Event) -> str:
    detail = event["detail"]
    return f"{event['url']} had {detail['entries_before']} entries, now none ({detail['why']})"


def _mended(event: Event) -> str:
    return f"{event['url']} has {event['detail']['entries']} entries again"


_WORDS: Mapping[str, Callable[[Event], str]] = {
    "revised": _revised,
    "figures": _figures,
    "moved": _moved,
    "withdrawn": _withdrawn,
    "restored": _restored,
    "backdated_suspect": _backdated,
    "overdue": _overdue,
    "year_mismatch": _year,
    "conflict": _conflict,
    "empty_tables": _empty,
    "column_broken": _broken,
    "column_restored": _mended,
}
