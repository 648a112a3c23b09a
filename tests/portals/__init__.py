"""Simulated county portals on the loopback, and the truth about every report they publish.

The package imports nothing of the product: what it says about a report was worked out here, so that agreement
between the two means something. By hand: `python -m tests.portals --help`.
"""

from .documents import document
from .model import County, Figure, NotReport, ReportTruth, Truth, Unit
from .server import Addresses, Entry, Portals
from .truth import make_truth

__all__ = [
    "Addresses",
    "County",
    "Entry",
    "Figure",
    "NotReport",
    "Portals",
    "ReportTruth",
    "Truth",
    "Unit",
    "document",
    "make_truth",
]
