# `make` lists what can be made.
SHELL := /bin/sh
export PATH := $(CURDIR)/.tools/bin:$(PATH)
python := .venv/bin/python
# Tests and benches choose theirs: make test T="tests/server -k journal", make bench B="start --seats 500"
T ?=
B ?=
# The soak at the end of a whole make bench.
SOAK ?= --seats 200 --minutes 10

.DEFAULT_GOAL := help
.PHONY: help setup demo check test bench web types locks wheel clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install tools and packages, build the pages
	@scripts/bootstrap

demo: setup ## run a whole exam room on this machine
	@exec .venv/bin/kaochang demo

check: setup ## lint, types and walls
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	npm --prefix web --silent run check

test: ## check, then every test, browser stories included
	@scripts/bootstrap tests
	@$(MAKE) --no-print-directory check
	npm --prefix web --silent test
	$(python) -m pytest $(T)

bench: setup ## measure the room on this machine: everything, then ten minutes of a whole hall
	.venv/bin/kaochang bench $(or $(B),all)
	$(if $(B),,$(python) -m tests.exam_day.soak $(SOAK))

web: setup ## build the pages, always
	npm --prefix web run build

types: setup ## generate TypeScript from the protocol and the server
	scripts/types

locks: setup ## choose newer versions: compile the Python locks and the web lock again
	scripts/locks

wheel: setup ## build the wheel, pages inside
	uv build --quiet --wheel --no-build-isolation --python $(python) --out-dir dist

clean: ## remove what was built or installed here
	rm -rf .venv .tools .demo .bench dist web/node_modules server/static/console station/static/exam
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
