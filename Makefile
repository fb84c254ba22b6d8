# Everything that people and CI run. Needs Python 3.11 or newer, make, and the package registry.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# In the order of the folders: browsers and journeys, which take long, are not left to the end. One
# process more than there are cores: tests that wait for servers and pages leave theirs to others.
# Their folders are in memory where it has room for them: to wait for a disk says nothing of programs.
MEMORY := $(shell test "$$(df -k --output=avail /dev/shm 2>/dev/null | tail -1)" -gt 4000000 \
	2>/dev/null && echo PYTEST_DEBUG_TEMPROOT=/dev/shm)
PYTEST := $(MEMORY) $(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder
# What speaks HTTP, who may see what, and servers that are killed, side by side, go on both databases.
ON_BOTH := tests/web tests/property/test_visibility_states.py tests/journey/test_kill.py \
	tests/journey/test_many_workers.py
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --no-emit-index-url --group pyproject.toml:build

.PHONY: run test check fix lock audit docs pictures clean

run: $(VENV)/.run  ## serve on http://127.0.0.1:8000, with demo data if the database is empty
	@$(BIN)/hongniang serve --demo

test: $(VENV)/.dev  ## the whole test suite; what servers do and show again on PostgreSQL
	@$(PYTEST) $(ARGS)
	@$(if $(ARGS),,$(PYTEST) --database postgresql -m "not any_database" $(ON_BOTH))

check: $(VENV)/.dev  ## lint, formatting, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: $(VENV)/.dev  ## what the linter can mend by itself
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

lock: $(VENV)/.dev  ## pin the newest versions that pyproject.toml allows
	@$(PIP) install uv
	@$(LOCK) --upgrade --quiet --output-file requirements.lock
	@$(LOCK) --upgrade --quiet --group pyproject.toml:dev --output-file requirements-dev.lock

audit: $(VENV)/.dev  ## known weaknesses in what is locked, or how old it is
	@$(BIN)/python -m tools.audit

docs: $(VENV)/.run  ## the tables in docs/deploy.md and docs/诊断规则.md
	@$(BIN)/python -m tools.settings_table
	@$(BIN)/python -m tools.rules_table

pictures: $(VENV)/.dev  ## the pictures of docs/用户手册, taken by its tests; needs Chromium
	@$(PYTEST) tests/manual
	@$(BIN)/python -m tools.manual_pictures

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist

# The stamps are made anew when a lock file changes. Both kinds of lock are hash-checked by pip.
$(VENV)/.run: requirements.lock pyproject.toml
	@echo "Preparing the environment in $(VENV) (a minute or two, the first time only) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@echo "Compiling the index kernel …"
	@$(BIN)/python -c "from matcher.ready import prepare; prepare()"
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@$(PIP) install --requirement requirements-dev.lock
	@touch $@
