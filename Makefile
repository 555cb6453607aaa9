# make demo | test | lint | bench | lock | clean -- needs Python 3.11 or newer and nothing else.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV ?= uv
LOCK := $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	--no-annotate --quiet

.PHONY: install demo test lint bench docs lock clean

install: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "kg needs Python 3.11 or newer; name it with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
		{ echo "python3 -m venv failed; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@echo "installing what requirements.lock pins (once)" >&2
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

.venv/.checked: .venv/.installed requirements-check.lock
	@echo "installing what requirements-check.lock pins (once)" >&2
	@$(PIP) install --no-deps --require-hashes -r requirements-check.lock
	@touch $@

demo: .venv/.installed
	@$(BIN)/python tools/demo.py examples/ain-al-asad demo

test: .venv/.checked
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: .venv/.checked
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy kg tests

bench: .venv/.checked
	@set -e; export KG_BENCH_RUN="at $$(date -u +%H:%M:%S) UTC"; for script in benchmarks/bench_*.py; do $(BIN)/python $$script; done

# What the documents say of the program is written by the program; figures need annotated articles, see the tool.
docs: .venv/.installed
	@$(BIN)/python tools/ontology_reference.py
	@$(BIN)/python tools/cli_reference.py
	@$(BIN)/python tools/licences.py

# The locks are written by uv on a developer's machine; --no-deps installs exactly what they list.
lock:
	$(LOCK) --no-emit-package sanad-kg requirements.in -o requirements.lock
	cat requirements.lock requirements-check.lock > requirements-check.all
	$(LOCK) --no-emit-package sanad-kg requirements-check.in -o requirements-check.all
	$(PYTHON) tools/lock_difference.py requirements-check.all requirements.lock requirements-check.lock
	rm requirements-check.all

clean:
	rm -rf .venv demo build dist kg/_built .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
