# make run: serve.  make test: the tests, make test-all: the slow ones too.  make check: lint, format, types.
# make torture: fault tests that run longer; DESCENT_TORTURE_SEED and DESCENT_TORTURE_SECONDS say how.
# make lock: updates the lock files, with hashes.  make audit: looks up known holes on the internet.
# make bench: benchmarks beside other libraries.  make screenshots: every page as a picture.
# make pictures: the README's pictures, the moving one too, from the pages as they are now.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The locks are complete, so pip need not resolve again. It would refuse the override in pyproject.toml.
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement
# For every Python from 3.11 on and every system at once; no line names where it is fetched from.
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	--no-header --no-annotate pyproject.toml
HOST ?= 127.0.0.1
PORT ?= 8000
# The tests start hundreds of processes. Each would compile the program, and pytest the tests, anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-all torture check check-js lock audit bench screenshots pictures clean

run: $(VENV)/installed
	$(BIN)/python -m app serve --host $(HOST) --port $(PORT)

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile -m "not slow and not torture"

# A test that hangs is named, with what each of its threads does, and the others go on.
test-all: $(VENV)/installed-dev
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile -o faulthandler_timeout=600 -o faulthandler_exit_on_timeout=true

torture: $(VENV)/installed-dev
	$(BIN)/python -m pytest -v --durations 0 -m torture tests/faults

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@if node -e 'process.exit(Number(parseInt(process.versions.node) < 20))' 2>/dev/null; then $(MAKE) --no-print-directory check-js; \
	elif [ "$$CI" = true ]; then echo "JavaScript must be checked here: install Node.js 20 or newer."; exit 1; \
	else echo "JavaScript is not checked: that takes Node.js 20 or newer."; fi

check-js: node_modules/.package-lock.json
	npm run --silent check
	npm test --silent

lock: $(VENV)/installed-dev
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra cluster --output-file requirements-cluster.lock
	$(COMPILE) --extra dev --extra cluster --output-file requirements-dev.lock
	$(COMPILE) --extra dev --extra bench --output-file requirements-bench.lock

# What could not be looked up counts as a hole.
audit: $(VENV)/installed-dev
	$(BIN)/pip-audit --strict --disable-pip --require-hashes --requirement requirements-dev.lock

bench: $(VENV)/installed-dev
	$(INSTALL) requirements-bench.lock
	$(BIN)/python -m benchmarks > benchmarks/README.md.new
	$(BIN)/python -m benchmarks.serving >> benchmarks/README.md.new
	$(BIN)/python -m benchmarks.watchers >> benchmarks/README.md.new
	$(BIN)/python -m benchmarks.crowd >> benchmarks/README.md.new
	$(BIN)/python -m benchmarks.rooms >> benchmarks/README.md.new
	$(BIN)/python -m benchmarks.class_network >> benchmarks/README.md.new
	$(BIN)/python -m benchmarks.page >> benchmarks/README.md.new
	mv benchmarks/README.md.new benchmarks/README.md
	cat benchmarks/README.md

screenshots: $(VENV)/installed-dev
	$(BIN)/python -m tests.browser.screenshots screenshots

pictures: $(VENV)/installed-dev
	$(BIN)/python -m tests.browser.moving_picture
	$(BIN)/python -m tests.browser.readme_pictures

clean:
	rm -rf $(VENV) node_modules

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Descent needs Python 3.11 or newer. Name one: make run PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)

node_modules/.package-lock.json: package-lock.json
	npm ci --silent

# The stamps are renewed only when a lock changed, so that a second start takes no time. Descent itself runs from here.
$(VENV)/installed: requirements.lock | $(BIN)/python
	$(INSTALL) $<
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock | $(BIN)/python
	$(INSTALL) $<
	@touch $(VENV)/installed $@
