# Claimbook. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
DATA := $(or $(CLAIMBOOK_DATA),var)
SETTINGS := DEBUG=true CLAIMBOOK_DATA=$(VENV)/data
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
CATALOGS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
export PYTHONDONTWRITEBYTECODE = 1

.PHONY: help run test bench check fix migrations messages

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | while IFS=$$'\t' read -r name what; do printf 'make %-12s %s\n' "$$name" "$$what"; done

run: $(RUNTIME) $(CATALOGS) ## the site, on http://127.0.0.1:8000 (HOST, PORT): installs, migrates, loads the dossier, serves
	@umask 077; mkdir -p "$(DATA)"; test -s "$(DATA)/secret-key" || $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))' > "$(DATA)/secret-key"
	@env SECRET_KEY_FILE="$${SECRET_KEY_FILE:-$(DATA)/secret-key}" \
	  ALLOWED_HOSTS="$${ALLOWED_HOSTS:-localhost,127.0.0.1,[::1],$(HOST)}" HTTPS="$${HTTPS:-false}" \
	  CLAIMBOOK_ONE_PERSON="$${CLAIMBOOK_ONE_PERSON:-true}" HOST="$(HOST)" PORT="$(PORT)" $(BIN)/python manage.py serve

test: $(DEVELOPMENT) $(CATALOGS) ## all tests, on SQLite and on PostgreSQL
	@$(BIN)/python -m pytest -q --dist each --tx '2*popen//python=$(BIN)/python'

bench: $(DEVELOPMENT) ## benchmarks: each prints its figures, and fails when a bound is broken
	@for one in matching extraction lineage disputes lists pages; do \
	  test ! -f benchmarks/$$one.py || { echo "== $$one"; $(SETTINGS) $(BIN)/python benchmarks/$$one.py || exit 1; }; \
	done

check: $(DEVELOPMENT) $(CATALOGS) ## lint, types, import contracts, templates, pending migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(SETTINGS) $(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(SETTINGS) $(BIN)/python manage.py makemigrations --check --dry-run
	$(SETTINGS) $(BIN)/python manage.py check --fail-level WARNING

fix: $(DEVELOPMENT) ## repair what can be: imports, format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

migrations: $(DEVELOPMENT) ## write the migrations that the models need
	$(SETTINGS) $(BIN)/python manage.py makemigrations

messages: $(DEVELOPMENT) ## bring the catalogues in locale/ up to the strings in the code (needs gettext)
	$(SETTINGS) $(BIN)/python manage.py makemessages -l bn -l hi -l vi --no-obsolete --no-location -i '.venv/*' -i 'var/*' -i 'tests/*'

%.mo: %.po | $(RUNTIME)
	@$(BIN)/pybabel compile --input-file $< --output-file $@ --domain django 2>/dev/null

$(BIN)/python:
	@echo "Making $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Claimbook needs Python 3.11 or newer; set PYTHON=…")'
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.lock | $(BIN)/python
	@echo "Installing what the site needs …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(DEVELOPMENT): requirements-dev.lock | $(BIN)/python
	@echo "Installing what the tests need …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(RUNTIME)
