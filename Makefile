# Everything a developer needs, one word each. `make help` lists them.
# What is up to date is not done again: the files named as targets are the record of that.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
# Whoever has another environment active would have the packages installed there.
unexport VIRTUAL_ENV
# Hundreds of processes are started: each file is compiled by the first of them, and not by each.
unexport PYTHONDONTWRITEBYTECODE

UV_VERSION := 0.13.9
UV := .venv/bin/uv
RUNTIME := .venv/runtime-installed
DEVELOPMENT := .venv/development-installed
PACKAGES := node_modules/.package-lock.json
ASSETS := src/provsluss/web/static/vendor/inter/inter.css
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url

.PHONY: help demo test lint assets screenshots bench crash lock clean debian-packages

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

demo: $(RUNTIME) $(ASSETS) ## Set everything up and start Provsluss with an example school and a simulator
	@exec .venv/bin/provsluss demo

test: debian-packages $(DEVELOPMENT) $(ASSETS) lint ## Install what tests need and pass everything
	.venv/bin/pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: $(DEVELOPMENT) ## Style, types and the arrows between the rooms
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

assets: $(ASSETS) ## Build the front-end assets (Node 20)

screenshots: $(DEVELOPMENT) $(ASSETS) ## Take the pictures of the README and the handbook
	.venv/bin/python -m scripts.screenshots

bench: debian-packages $(DEVELOPMENT) $(ASSETS) ## Measure import, preview, sending, pages and growth; figures in bench-results/
	@mkdir -p bench-results
	.venv/bin/python -m provsluss example bench-results/example.xlsx --pupils 100000 --json | tee bench-results/example.txt
	.venv/bin/python -m benchmarks.rules | tee bench-results/rules.txt
	.venv/bin/python -m benchmarks.importing | tee bench-results/importing.txt
	.venv/bin/python -m benchmarks.sending | tee bench-results/sending.txt
	.venv/bin/python -m benchmarks.sending --postgresql --workers 2 | tee bench-results/sending-two-workers.txt
	.venv/bin/python -m benchmarks.sending --answer-delay 1 | tee bench-results/sending-slow-answers.txt
	.venv/bin/python -m benchmarks.deltas | tee bench-results/deltas.txt
	.venv/bin/python -m benchmarks.sync_job_page | tee bench-results/sync-job-page.txt
	.venv/bin/python -m benchmarks.faults | tee bench-results/faults.txt
	.venv/bin/python -m benchmarks.growth | tee bench-results/growth.txt
	.venv/bin/python -m benchmarks.growth --only 20000 --postgresql | tee bench-results/growth-postgresql.txt
	.venv/bin/python -m benchmarks.pages | tee bench-results/pages.txt

crash: debian-packages $(DEVELOPMENT) ## Kill workers 300 times in the middle of transfers (CRASH_KILLS on each database, CRASH_SEED)
	CRASH_KILLS=$(or $(CRASH_KILLS),150) CRASH_SEED=$(or $(CRASH_SEED),$(shell date +%s)) .venv/bin/pytest tests/engine/test_kill.py -s

lock: $(UV) ## Choose the newest allowed version of every package and write it down
	$(COMPILE) --upgrade pyproject.toml -o requirements.txt
	$(COMPILE) --upgrade pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean: ## Remove everything that can be made again (the demo's data too)
	rm -rf .venv node_modules build dist .demo bench-results test-results \
		src/provsluss/web/static/vendor src/provsluss/web/static/theme \
		.pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

debian-packages:
	@scripts/install-debian-packages chromium:/usr/bin/chromium 'postgresql:/usr/lib/postgresql/*/bin/initdb'

$(UV):
	@python3 -c 'import ensurepip' 2>/dev/null || scripts/install-debian-packages python3-venv:/nowhere
	python3 -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(RUNTIME): requirements.txt pyproject.toml $(UV)
	$(UV) pip install --quiet -r requirements.txt
	$(UV) pip install --quiet --no-deps -e .
	@touch $@

$(DEVELOPMENT): requirements-dev.txt $(RUNTIME)
	$(UV) pip install --quiet -r requirements-dev.txt
	@touch $@

$(PACKAGES): package-lock.json package.json
	npm ci --silent
	@touch $@

$(ASSETS): $(PACKAGES) assets/build.js designsystemet.config.json
	npm run --silent build
