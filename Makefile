# Everything a person does with the portal from a terminal. `make` alone lists it.
# Longer steps live in .ci/ (shell) and tests/infrastructure/ (Python).

SHELL := bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8000
HOST ?= 127.0.0.1
ARGS ?=
PYTHON := .venv/bin/python

.PHONY: help run test test-sqlite test-postgresql test-browser lint format bench faults screenshots lock clean install

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

run: .venv/.runtime ## Start the portal with its demo on http://localhost:8000 (PORT=..., HOST=...)
	@.ci/system-packages run
	@PORT='$(PORT)' HOST='$(HOST)' $(PYTHON) .ci/serve.py

test: install ## All tests: SQLite, PostgreSQL and a real browser (ARGS="-k words" narrows)
	@.ci/system-packages test
	@.ci/test all $(ARGS)

test-sqlite: install ## Only the tests that run on SQLite, without a browser
	@.ci/test sqlite $(ARGS)

test-postgresql: install ## Only the tests whose outcome depends on the database, on a private PostgreSQL
	@.ci/system-packages test
	@.ci/test postgresql $(ARGS)

test-browser: install ## Only the tests in a real Chromium
	@.ci/system-packages test
	@.ci/test browser $(ARGS)

lint: install ## Style, types, settings, migrations and translations, without running a test
	@.ci/lint

format: install ## Rewrite the Python files in the project's style
	@$(PYTHON) -m ruff check --fix . && $(PYTHON) -m ruff format .

bench: install ## Measure speed and weight; table on screen, numbers in build/bench.json (ARGS="public_pages")
	@.ci/system-packages bench
	@$(PYTHON) -m tests.benchmarks $(ARGS)

faults: install ## The large fault runs: 300 processes killed while they publish, both databases
	@.ci/system-packages test
	@.ci/test faults $(ARGS)

screenshots: install ## Redraw the pictures in docs/ from the demo
	@.ci/system-packages test
	@$(PYTHON) -m tests.browser.screenshots $(ARGS)

lock: .venv/bin/python ## Compile requirements*.txt with all hashes from requirements*.in (ARGS=--upgrade)
	@.ci/lock $(ARGS)

clean: ## Remove what was built here: environment, database of the demo, caches
	@rm -rf .venv build var .mypy_cache .ruff_cache .pytest_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

install: .venv/.runtime .venv/.development

.venv/bin/python:
	python3 -m venv .venv

.venv/.runtime: requirements.txt | .venv/bin/python
	@echo "Installing what the portal needs (requirements.txt)"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

.venv/.development: requirements-dev.txt .venv/.runtime
	@echo "Installing what its tests need (requirements-dev.txt)"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@
