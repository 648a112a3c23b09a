"""The simulated portals, one module for each family of content systems; a module in this folder is its registration.

A module holds one class `SITE`, whose `name` is that of the family. Its county stands in `counties.py`, its address on
the loopback in `HOSTS` below, numbered in the order of the counties.
"""

import importlib
import pkgutil
from functools import cache

from ..counties import ALL_COUNTIES
from ..site import Site

HOSTS = {county.portal: f"127.21.0.{number}" for number, county in enumerate(ALL_COUNTIES, 1)}


@cache
def sites() -> dict[str, type[Site]]:
    """The classes by name."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return {module.SITE.name: module.SITE for module in modules}
