"""Which reports are alike in their sentences: the years of one unit, and different units; the table `similarity`.

Clauses (`extract/clauses.py`) are compared exactly; MinHash (datasketch) only finds whom to compare, by bands that two reports share, so
that no report is compared with all. What a build touches is due by triggers (`migrations/m014_similar.py`); a report is worked out again
where it, or one that it may be compared with, changed. So the same archive gives the same rows, in whatever order it was built.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sqlite_utils import Database

from extract.clauses import clauses, likeness

from . import statements

if TYPE_CHECKING:
    from datasketch import MinHash

SCHEME = "affine32"  # of datasketch: named, so that another default changes nothing
BANDS, ROWS, SEED = (
    20,
    5,
    2019,
)  # a pair of score 0.7 shares a band with a probability of 0.97, one of 0.8 of 0.9996, one of 0.3 of 0.05
LEAST = 0.5  # score from which on a pair is kept; a unit and its year before are always told
MOST = 5  # of the most alike reports of other units that a report keeps
CANDIDATES = 30  # so many are compared, those that share most bands: a text that hundreds copy would cost its square
FEWEST = 8  # clauses: shorter reports are like one another by chance
BEFORE = 3  # years back in which a unit is compared with itself
BESIDE = 1  # years before and behind in which units are compared with each other
BATCH = 200  # reports in one transaction
_REPORT = (
    "select r.year, r.scope, r.current as version, u.chain, d.text, u.name, u.full_name, "
    "coalesce((select p.region_name from portal p where p.region = r.region and p.region_name <> '' order by p.id limit 1), '') as region_name "
    "from report r join unit u on u.id = r.unit join version v on v.id = r.current join document d on d.sha256 = v.document where r.id = ?"
)

_IN_BANDS = (  # the reports in each of the bands of one, in the years around: by the key of `band` alone
    f"with own (band, hash) as (values {', '.join(['(?, ?)'] * BANDS)}), near (year) as (values {', '.join(['(?)'] * (2 * BESIDE + 1))}) "
    "select b.report from own cross join near cross join band b on b.year = near.year and b.band = own.band and b.hash = own.hash"
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A report as it is compared. `bands`: the digests of its bands, none where it is too short."""

    id: str
    year: int
    scope: str
    chain: str
    version: str
    clauses: frozenset[str]
    bands: tuple[int, ...]


Look = Callable[[str], Compared | None]


def available() -> bool:
    """Whether datasketch is installed; without it nothing is compared, and all stays due."""
    return find_spec("datasketch") is not None


def settle(db: Database) -> int:
    """Work out what is due; the number of reports that were."""
    due = [str(row[0]) for row in db.execute("select report from similar_due order by report").fetchall()]
    if not due or not available():
        return 0
    look: Look = lru_cache(maxsize=4 * BATCH)(lambda report: _look(db, report))
    for start in range(0, len(due), BATCH):
        with db.atomic():
            some = due[start : start + BATCH]
            again = set(some)
            for report in some:
                again |= _near(db, report)
                _place(db, report, look(report))
                again |= {other for other, _ in _sharing(db, report)}
            for report in sorted(again):
                _write(db, report, look)
            db.conn.executemany("delete from similar_due where report = ?", [(report,) for report in some])
    return len(due)


def _look(db: Database, report: str) -> Compared | None:
    """A report as it is now; None where it is gone."""
    row = statements.first(db, _REPORT, [report])
    if row is None:
        return None
    year, scope, version, chain, text, *names = row
    found = clauses(text, names)
    bands = tuple(_bands(found)) if len(found) >= FEWEST else ()
    return Compared(report, year, scope, chain, version, found, bands)


def _bands(found: frozenset[str]) -> Iterator[int]:
    made = _minhash()
    made.clear()
    made.update_batch([clause.encode() for clause in sorted(found)])
    values = made.hashvalues.astype("<u8")
    for band in range(BANDS):
        part = values[band * ROWS : (band + 1) * ROWS].tobytes()
        yield int.from_bytes(blake2b(part, digest_size=8).digest(), "big", signed=True)


@cache
def _minhash() -> MinHash:
    """Made once and emptied before each use: its permutations follow from the seed."""
    from datasketch import MinHash

    return MinHash(num_perm=BANDS * ROWS, seed=SEED, hashfunc=zlib.crc32, scheme=SCHEME)


def _place(db: Database, report: str, now: Compared | None) -> None:
    """Put a report into its bands, out of those in which it was."""
    before = db.execute("select year, bands from sketched where report = ?", [report]).fetchone()
    if before:
        rows = [(before[0], band, value, report) for band, value in enumerate(_unpacked(before[1]))]
        db.conn.executemany("delete from band where year = ? and band = ? and hash = ? and report = ?", rows)
        db.execute("delete from sketched where report = ?", [report])
    if now:
        packed = b"".join(value.to_bytes(8, "big", signed=True) for value in now.bands)
        db.execute(
            "insert into sketched values (?, ?, ?, ?, ?)", [report, now.version, now.year, len(now.clauses), packed]
        )
        statements.insert(db, "band", [(now.year, n, value, report) for n, value in enumerate(now.bands)])


def _unpacked(bands: bytes) -> list[int]:
    return [int.from_bytes(bands[at : at + 8], "big", signed=True) for at in range(0, len(bands), 8)]


def _near(db: Database, report: str) -> set[str]:
    """The reports that are compared with one: in its bands, in the years of its unit, and those whose rows name it."""
    rows = [
        *db.execute("select report from similarity where other = ?", [report]),
        *db.execute(
            "select o.id from report r join unit u on u.id = r.unit join unit w on w.chain = u.chain join report o on o.unit = w.id "
            "and o.scope = r.scope and o.year > r.year and o.year <= r.year + ? where r.id = ?",
            [BEFORE, report],
        ),
    ]
    return {str(row[0]) for row in rows} | {other for other, _ in _sharing(db, report)}


def _sharing(db: Database, report: str) -> list[tuple[str, int]]:
    """The reports of the years around that share a band with one, and how many, the most first."""
    own = statements.first(db, "select year, bands from sketched where report = ?", [report])
    if not own or not own[1]:
        return []
    years = range(own[0] - BESIDE, own[0] + BESIDE + 1)
    values = [part for one in enumerate(_unpacked(own[1])) for part in one]
    counts = Counter(other for (other,) in statements.rows(db, _IN_BANDS, [*values, *years]))
    counts.pop(report, None)
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _write(db: Database, report: str, look: Look) -> None:
    """A report's own rows: its unit's years before, and the reports of other units that are most like it."""
    db.execute("delete from similarity where report = ?", [report])
    own = look(report)
    if own is None or not own.bands:
        return
    rows = [*_with_own_unit(db, own, look), *_with_others(db, own, look)]
    db.conn.executemany("insert into similarity values (?, ?, ?, ?, ?, ?, ?)", rows)


def _with_own_unit(db: Database, own: Compared, look: Look) -> Iterator[Sequence[object]]:
    sql = "select r.id from report r join unit u on u.id = r.unit where u.chain = ? and r.scope = ? and r.year >= ? and r.year < ? order by r.id"
    for (id,) in db.execute(sql, [own.chain, own.scope, own.year - BEFORE, own.year]).fetchall():
        other = look(id)
        if other and other.bands and (other.year == own.year - 1 or likeness(own.clauses, other.clauses) >= LEAST):
            yield _row("same_unit", own, other)


def _with_others(db: Database, own: Compared, look: Look) -> list[Sequence[object]]:
    others = (look(id) for id, _ in _sharing(db, own.id)[:CANDIDATES])
    told = [(likeness(own.clauses, other.clauses), other) for other in others if other and other.chain != own.chain]
    kept = sorted(((score, other) for score, other in told if score >= LEAST), key=lambda one: (-one[0], one[1].id))
    return [_row("other_unit", own, other) for _, other in kept[:MOST]]


def _row(kind: str, own: Compared, other: Compared) -> Sequence[object]:
    score = round(likeness(own.clauses, other.clauses), 4)
    shared = len(own.clauses & other.clauses)
    return own.id, other.id, kind, score, shared, len(own.clauses), len(other.clauses)
