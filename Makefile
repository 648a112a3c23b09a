# The two commands for a fresh machine are `make demo` and `make test`. Both make .venv first.
# The system's Python first: distributions build it with a profile of its use (CONTRIBUTING.md, 2026-11-22).
PYTHON ?= $(or $(firstword $(foreach each,/usr/bin/python3.11 python3.11 python3,$(shell $(each) -c 'import ensurepip' 2>/dev/null && echo $(each)))),python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
JOBS ?= 2

.PHONY: help demo test check docs bench bench-ocr scans bench-crawl bench-build bench-build-full kill long county hostile replay clean

help:
	@echo "make demo    simulated portals: survey, crawl, build, and what was found"
	@echo "make test    all tests"
	@echo "make check   ruff, format, mypy, import direction, docs"
	@echo "make docs    write the generated parts of docs/ anew"
	@echo "make bench   documents per second, beside other programs (FORMATS=\"html docx\" for some)"
	@echo "make bench-ocr   seconds per page of a scan, beside recognition of whole pages (DOCUMENTS=n of each kind)"
	@echo "make scans   scores of scans that the tests do not have (DOCUMENTS=20 of each kind)"
	@echo "make bench-crawl   pages per second of the crawl beside plain Scrapy, and 200 hosts at once (REDUCED=1 for a tenth)"
	@echo "make bench-build   parse, index and search at 2,000 and 20,000 reports (as CI does)"
	@echo "make bench-build-full   the same at 2,000, 20,000 and 200,000 reports: an hour or two and 20 GB"
	@echo "make kill    a crawl of all simulated portals that is killed 20 times (KILLS=n)"
	@echo "make long    the runs that CI leaves out: a year with kills, more kills, every scan"
	@echo "make county  fifty organs, 2008 to 2025, with other numbers and words than those of the tests (SEED=n)"
	@echo "make hostile documents that attack, and 500 that were damaged: sent, expected, seen (COUNT=n)"
	@echo "make replay  pywb replays an archive (installed into a cache folder of its own; GPL, a tool for developers)"
	@echo "make clean   remove .venv and the demo's archive"

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "nianbao needs Python 3.11 or newer; say which with: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "making the environment $(VENV) with $(PYTHON) (packages are downloaded once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(INSTALLED)

demo: $(INSTALLED)
	@$(BIN)/python -m tests.demo

test: $(INSTALLED)
	@echo "running the tests on $(JOBS) processes"
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_house.py
	$(BIN)/python -m docs.build --check

docs: $(INSTALLED)
	$(BIN)/python -m docs.build

bench: $(INSTALLED)
	@$(BIN)/python -c 'from importlib.util import find_spec as found; import sys; sys.exit(not (found("extractous") and found("markitdown")))' \
	  || { echo "installing the programs to measure against: extractous, markitdown"; $(BIN)/python -m pip install --quiet --disable-pip-version-check '.[bench]'; }
	@$(BIN)/python -m tests.bench.extract $(FORMATS)

bench-ocr: $(INSTALLED)
	@$(BIN)/python -m tests.bench.ocr $(DOCUMENTS)

scans: $(INSTALLED)
	@$(BIN)/python -m tests.quality scan scan-150 scan-stamped scan-askew images --held-out $(or $(DOCUMENTS),20) --errors

bench-crawl: $(INSTALLED)
	@$(BIN)/python -m tests.bench.crawl $(if $(REDUCED),--reduced)

bench-build: $(INSTALLED)
	@$(BIN)/python -m tests.bench.build 2000 20000 --peers 2000 --hold

bench-build-full: $(INSTALLED)
	@$(BIN)/python -m tests.bench.build 2000 20000 200000 --keep

long: $(INSTALLED)
	@NIANBAO_LONG=1 $(BIN)/python -m pytest tests/test_cases.py tests/test_events.py tests/test_ocr.py

kill: $(INSTALLED)
	@NIANBAO_KILLS=$(or $(KILLS),20) $(BIN)/python -m pytest tests/test_many_kills.py

county: $(INSTALLED)
	@NIANBAO_COUNTY=$(or $(SEED),1) $(BIN)/python -m pytest tests/test_county.py

hostile: $(INSTALLED)
	@$(BIN)/python -m tests.hostile --count $(or $(COUNT),500)

replay: $(INSTALLED)
	@$(BIN)/python -m tests.replay

clean:
	rm -rf $(VENV) demo-archive
