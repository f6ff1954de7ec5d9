# Every target sets up what it needs: Python 3.11 or newer, its venv module and make are enough.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup run demo test lint bench lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/runtime  ## only the set-up: .venv/bin/newsvane

run: .venv/runtime  ## the daemon, on an embedded database, with its page on http://127.0.0.1:8780
	$(BIN)/newsvane run

demo: .venv/runtime  ## the main job without internet, on bundled sample feeds
	$(BIN)/newsvane demo

test: .venv/dev lint  ## everything that is checked before a change lands
	$(BIN)/pytest -n auto --dist worksteal

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile

bench: .venv/bench  ## figures, measured side by side with what others use
	$(BIN)/python -m tests.bench

lock: .venv/dev  ## renew the locked requirements after pyproject.toml changed (needs uv)
	uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	    --python-version 3.11 --upgrade -q pyproject.toml -o requirements.txt
	uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	    --python-version 3.11 -q --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	uv pip compile --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	    --python-version 3.11 -q --extra bench -c requirements-dev.txt pyproject.toml -o requirements-bench.txt

clean:  ## the environment and what the tools left behind; never data
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/runtime: requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/bench: requirements-bench.txt .venv/dev
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/runtime
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
