"""How to reach an organ: invented numbers and addresses, of which a report prints all, some or none."""

from zlib import crc32

from .model import County, Unit
from .wording import choose

ROADS = ("迎宾路", "建设西路", "文昌街", "滨河大道", "友谊路", "新华北街")
KINDS: tuple[tuple[str, ...], ...] = (
    ("phone", "address", "postcode", "email"),
    ("phone",),
    ("phone", "address", "postcode"),
    ("phone", "email"),
    ("phone", "address"),
    (),
)


def contact_of(county: County, unit: Unit, style: str) -> dict[str, str]:
    """What the report of that style prints about how to reach the unit."""
    code = crc32(f"{county.portal}/{unit.slug}".encode())
    area = unit.short if unit.unit_type in ("town", "street") else county.name
    known = {
        "phone": f"{county.area_code}-6{code % 1000000:06d}",
        "address": f"{area}{ROADS[code % len(ROADS)]}{code % 180 + 1}号",
        "postcode": county.postcode,
        "email": f"{unit.slug}@{county.domain}",
    }
    return {key: known[key] for key in choose(style, "contact", KINDS)}
