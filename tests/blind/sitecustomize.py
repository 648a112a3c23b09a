"""Put in front of PYTHONPATH: a machine on which the packages that read pictures are not installed."""

import sys

sys.modules["rapidocr"] = None  # type: ignore[assignment]
