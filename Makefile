# The one list of commands. `make help` prints it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

# What serving needs, and all that development needs.
SERVING := $(VENV)/.serving
TESTING := $(VENV)/.testing

# Compiled while installing, where there is a C compiler.
LOOPS := $(wildcard indexer/whoosh_engine/postings/c/*.[ch])

.DEFAULT_GOAL := help

.PHONY: help serve test test-cluster check format build clean

help: ## Print this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Newsstand needs Python 3.11 or newer; run 'make PYTHON=/path/to/python3.11 ...'"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable
endef

$(SERVING): pyproject.toml constraints.txt $(LOOPS)
	$(install) .
	@touch $@

$(TESTING): pyproject.toml constraints.txt $(LOOPS)
	$(install) '.[dev]'
	@touch $(SERVING) $@

serve: $(SERVING) ## Index content/ and serve it on http://127.0.0.1:8000
	$(BIN)/newsstand serve --content content --index index --watch --development

test: $(TESTING) ## Run the tests on all cores, in some minutes on two
	$(BIN)/python -m pytest --numprocesses auto

test-cluster: $(TESTING) ## Run the tests on a cluster, which need a JDK 21 and Maven
	TEST_CLUSTER=demand $(BIN)/python -m pytest --numprocesses auto -m cluster

check: $(TESTING) ## Lint and check types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(TESTING) ## Format the code and mend what the linter can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

build: $(TESTING) ## Build the wheel and the source archive into dist/
	$(BIN)/python -m build --outdir dist

clean: ## Remove what the other commands made
	rm -rf $(VENV) index dist build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis indexer/whoosh_engine/postings/*.so
