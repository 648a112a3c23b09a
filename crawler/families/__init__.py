"""Content systems as families: one module each, found by being in this folder; (url, page) in, Listing out.

A module holds one `FAMILY`. `order` follows the fingerprint rules of reference/portals.md, section 4: the first family
that claims a page reads it; `plain`, the last, claims every page.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from ..pages import Family, Page


@cache
def all_families() -> dict[str, Family]:
    """The families by name, in the order in which they are asked. A name that two modules define is refused."""
    found: list[Family] = []
    for module in pkgutil.iter_modules(__path__):
        family: Family = importlib.import_module(f"{__name__}.{module.name}").FAMILY
        if any(family.name == other.name or family.order == other.order for other in found):
            raise ValueError(f"two modules define the family {family.name} or its order {family.order}")
        found.append(family)
    return {family.name: family for family in sorted(found, key=lambda family: family.order)}


def family_of(page: Page) -> Family:
    """The family that claims a page."""
    return next(family for family in all_families().values() if family.claims(page))
