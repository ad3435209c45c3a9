# Every target does its own set-up on a fresh machine: nothing has to be done before.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORPUS ?= ../shared/corpus

.DEFAULT_GOAL := help
.PHONY: help demo test soak bench exam lint types imports wheel lock format clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "maild needs Python 3.11 or newer; name one with: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { echo "No virtual environment could be made; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@

$(VENV)/.soak: $(VENV)/.dev requirements-soak.lock
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-soak.lock
	@touch $@

demo: $(VENV)/.run ## play the main job against mail servers of its own (ONCE=1: check and stop)
	@$(BIN)/maild demo $(if $(ONCE),--once)

test: $(VENV)/.dev ## every test, against real Dovecot, Postfix and PostgreSQL
	@tests/servers/install.sh
	$(BIN)/pytest -n 2 --dist loadgroup -m "not soak" --cov --cov-report=term $(ARGS)

soak: $(VENV)/.soak ## the long runs: kills, seeds, fuzzing
	@tests/servers/install.sh
	$(BIN)/pytest -m soak --no-cov -s $(ARGS)

bench: $(VENV)/.dev ## measure, and write docs/performance.md
	$(BIN)/python -m bench $(ARGS)

exam: $(VENV)/.dev ## score the reader on a corpus of real mail (CORPUS=folder)
	$(BIN)/python -m bench.exam --corpus $(CORPUS)

lint: $(VENV)/.dev ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## types
	$(BIN)/mypy

imports: $(VENV)/.dev ## which room may import which
	$(BIN)/lint-imports

format: $(VENV)/.dev ## write it in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

wheel: $(VENV)/.dev ## build it, and try it in an environment of its own
	rm -rf dist
	$(BIN)/python -m build --wheel --outdir dist . >/dev/null
	$(BIN)/python -m tests.wheel.tryout dist/*.whl

lock: $(VENV)/.dev ## pin every package anew
	$(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 --extra demo pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 --extra demo --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 --group soak -o requirements-soak.lock

clean: ## take away what was made
	rm -rf $(VENV) dist build var bench/data
