"""Which reports are alike in their sentences: the years of one unit, and different units; the table `similarity`.

Clauses (`extract/clauses.py`) are compared exactly; MinHash (datasketch) only finds whom to compare, by bands that two reports share, so
that no report is compared with all. What a build touches is due by triggers (`migrations/m014_similar.py`); a report is worked out again
where it, or one that it may be compared with, changed. So the same archive gives the same rows, in whatever order it was built.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

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
TOGETHER = 2_500  # reports in one transaction: their bands lie all over the table, whose pages are read and written once for all of them
ROWS_AT_ONCE = 500_000  # of `band` that are sorted at once: of a text that thousands copy there are millions
_REPORT = (
    "select r.year, r.scope, r.current as version, u.chain, d.text, u.name, u.full_name, "
    "coalesce((select p.region_name from portal p where p.region = r.region and p.region_name <> '' order by p.id limit 1), '') as region_name "
    "from report r join unit u on u.id = r.unit join version v on v.id = r.current join document d on d.sha256 = v.document where r.id = ?"
)

_PROBE = (
    "create temp table if not exists probe (year integer, band integer, hash integer, n integer, primary key (year, band, hash, n)) without rowid",
    "delete from probe",
)
_NEAR = f"with near (years) as (values {', '.join(f'({years})' for years in range(-BESIDE, BESIDE + 1))}) "
_SHARED = "b.year = p.year + near.years and b.band = p.band and b.hash = p.hash"
_COUNTED = (
    f"{_NEAR}select p.n, sum((select count(*) from band b where {_SHARED})) from near cross join probe p group by p.n"
)
_IN_BANDS = (  # in order of the keys of `probe` and `band`, so that each page of `band` is read once a year; the nearest reports first
    f"{_NEAR}, pair (n, other, bands) as (select p.n, b.sketched_n, count(*) from near cross join probe p "
    f"cross join band b on {_SHARED} and b.sketched_n <> p.n group by p.n, b.sketched_n) "
    "select o.report, s.report from pair cross join sketched o on o.n = pair.n cross join sketched s on s.n = pair.other "
    "order by o.report, pair.bands desc, s.report"
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


Row = tuple[Any, ...]
Look = Callable[[str], Compared | None]


def available() -> bool:
    """Whether datasketch is installed; without it nothing is compared, and all stays due."""
    return find_spec("datasketch") is not None


def settle(db: Database) -> int:
    """Work out what is due; the number of reports that were."""
    due = [str(row[0]) for row in db.execute("select report from similar_due order by report").fetchall()]
    if not due or not available():
        return 0
    later = set(due)
    for start in range(0, len(due), TOGETHER):
        some = due[start : start + TOGETHER]
        later.difference_update(some)
        with db.atomic():  # it writes first: a transaction that read before others wrote could not write any more
            db.conn.executemany("delete from similar_due where report = ?", [(report,) for report in some])
            look: Look = lru_cache(maxsize=2 * TOGETHER)(lambda report: _look(db, report))
            _settle(db, some, later, look)
    return len(due)


def _settle(db: Database, due: Sequence[str], later: Set[str], look: Look) -> None:
    """The rows of what is due, and of all that it was or is compared with, but for what is due `later` itself."""
    again = {other for _, other in _sharing(db, due)}
    again.update(other for report in due for other in _after(db, report))
    _place(db, [(report, look(report)) for report in due])
    again |= _work_out(db, due, look)
    others = sorted(again.difference(due) - later)
    for start in range(0, len(others), TOGETHER):
        _work_out(db, others[start : start + TOGETHER], look)


def _work_out(db: Database, reports: Sequence[str], look: Look) -> set[str]:
    """Write the rows of reports; all that share a band with them."""
    shared: set[str] = set()
    nearest: dict[str, list[str]] = defaultdict(list)
    for report, other in _sharing(db, reports):
        shared.add(other)
        if len(nearest[report]) < CANDIDATES:
            nearest[report].append(other)
    for report in reports:
        _write(db, report, nearest[report], look)
    return shared


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


def _place(db: Database, placed: Sequence[tuple[str, Compared | None]]) -> None:
    """Put reports into their bands, out of those in which they were."""
    old: set[Row] = set()
    new: set[Row] = set()
    sketches: list[Row] = []
    (last,) = statements.first(db, "select coalesce(max(n), 0) from sketched") or (0,)
    for report, now in placed:
        if before := statements.first(db, "select n, year, bands from sketched where report = ?", [report]):
            old.update(_rows(*before))
        if now:
            n = before[0] if before else (last := last + 1)
            packed = b"".join(value.to_bytes(8, "big", signed=True) for value in now.bands)
            sketches.append((n, report, now.version, now.year, len(now.clauses), packed))
            new.update(_rows(n, now.year, packed))
    delete = "delete from band where year = ? and band = ? and hash = ? and sketched_n = ?"
    db.conn.executemany(delete, sorted(old - new))
    db.conn.executemany("delete from sketched where report = ?", [(report,) for report, _ in placed])
    statements.insert(db, "sketched", sketches)
    statements.insert(db, "band", sorted(new - old))


def _rows(n: int, year: int, bands: bytes) -> list[Row]:
    """The rows of `band` of a sketch."""
    values = (int.from_bytes(bands[at : at + 8], "big", signed=True) for at in range(0, len(bands), 8))
    return [(year, band, value, n) for band, value in enumerate(values)]


def _after(db: Database, report: str) -> set[str]:
    """The reports whose rows name one, and those of its unit for the years after, which are compared with it."""
    rows = [
        *db.execute("select report from similarity where other = ?", [report]),
        *db.execute(
            "select o.id from report r join unit u on u.id = r.unit join unit w on w.chain = u.chain join report o on o.unit = w.id "
            "and o.scope = r.scope and o.year > r.year and o.year <= r.year + ? where r.id = ?",
            [BEFORE, report],
        ),
    ]
    return {str(row[0]) for row in rows}


def _sharing(db: Database, reports: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each of the reports with those of the years around that share a band with it, the ones that share most bands first.

    To be read to its end before the next: both use the table `probe`.
    """
    own = [statements.first(db, "select n, year, bands from sketched where report = ?", [one]) for one in reports]
    sketches = [sketch for sketch in own if sketch]
    _probe(db, sketches)
    counts: dict[int, int] = dict(statements.rows(db, _COUNTED))
    slices = list(_slices(sketches, counts))
    for some in slices:
        if len(slices) > 1:
            _probe(db, some)
        yield from db.execute(_IN_BANDS)


def _probe(db: Database, sketches: Sequence[Row]) -> None:
    """Put the bands of sketches (n, year, bands) into the table `probe`."""
    for statement in _PROBE:
        db.execute(statement)
    statements.insert(db, "probe", sorted(row for sketch in sketches for row in _rows(*sketch)))


def _slices(sketches: Iterable[Row], counts: Mapping[int, int]) -> Iterator[Sequence[Row]]:
    """The sketches, in as few parts as have no more rows in their bands than are sorted at once, or one sketch."""
    part: list[Row] = []
    rows = 0
    for sketch in sketches:
        count = counts.get(sketch[0], 0)
        if part and rows + count > ROWS_AT_ONCE:
            yield part
            part, rows = [], 0
        part.append(sketch)
        rows += count
    if part:
        yield part


def _write(db: Database, report: str, nearest: Sequence[str], look: Look) -> None:
    """A report's own rows: its unit's years before, and those of the nearest reports of other units that are most like it."""
    db.execute("delete from similarity where report = ?", [report])
    own = look(report)
    if own is None or not own.bands:
        return
    rows = [*_with_own_unit(db, own, look), *_with_others(own, nearest, look)]
    db.conn.executemany("insert into similarity values (?, ?, ?, ?, ?, ?, ?)", rows)


def _with_own_unit(db: Database, own: Compared, look: Look) -> Iterator[Row]:
    sql = "select r.id from report r join unit u on u.id = r.unit where u.chain = ? and r.scope = ? and r.year >= ? and r.year < ? order by r.id"
    for (id,) in db.execute(sql, [own.chain, own.scope, own.year - BEFORE, own.year]).fetchall():
        other = look(id)
        if other and other.bands and (other.year == own.year - 1 or likeness(own.clauses, other.clauses) >= LEAST):
            yield _row("same_unit", own, other)


def _with_others(own: Compared, nearest: Sequence[str], look: Look) -> list[Row]:
    others = (look(id) for id in nearest)
    told = [(likeness(own.clauses, other.clauses), other) for other in others if other and other.chain != own.chain]
    kept = sorted(((score, other) for score, other in told if score >= LEAST), key=lambda one: (-one[0], one[1].id))
    return [_row("other_unit", own, other) for _, other in kept[:MOST]]


def _row(kind: str, own: Compared, other: Compared) -> Row:
    score = round(likeness(own.clauses, other.clauses), 4)
    shared = len(own.clauses & other.clauses)
    return own.id, other.id, kind, score, shared, len(own.clauses), len(other.clauses)
