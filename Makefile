# What a contributor types.  Needs git, make, Python >= 3.11, node and npm; the rest goes
# into .venv, from requirements-dev.txt, every file checked against its hash.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
    echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WHEEL_VENV := .cache/wheel-venv
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
JOBS ?= auto

.DEFAULT_GOAL := help
.PHONY: help demo test lint docs wheel-test bundle bench lock clean

help:
	@echo 'make demo               build a small npm workspace and play commits and a push on it'
	@echo 'make demo REPO=/path    scan that repository instead'
	@echo 'make test               every test'
	@echo 'make test COVERAGE=1    and the coverage of policy/, by branches: half as long again'
	@echo 'make lint               ruff, mypy, the hook manifest'
	@echo 'make docs               renew what is generated from the rule modules'
	@echo 'make wheel-test         build the wheel and test it instead of the tree'
	@echo 'make bundle             one file for servers without Python packages (docs/server.md)'
	@echo 'make bench              measure (docs/benchmarks.md)'
	@echo 'make lock               renew requirements-dev.txt'
	@echo 'make clean              remove what the others made'

$(READY): requirements-dev.txt pyproject.toml
	@test -n '$(PYTHON)' || { echo 'Python >= 3.11 is needed'; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)
	@$(BIN)/python -m examples.demo $(if $(REPO),'$(REPO)')

test: $(READY)
	@rm -rf .cache/coverage && mkdir -p .cache/coverage
	$(if $(COVERAGE),$(BIN)/coverage run -m,$(BIN)/python -m) pytest -n $(JOBS) --dist worksteal $(ARGS)
ifdef COVERAGE
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include='policy/*' --skip-covered $(if $(ARGS),,--fail-under=95)
endif

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pre-commit validate-manifest .pre-commit-hooks.yaml
	$(BIN)/pre-commit validate-config .pre-commit-config.yaml

docs: $(READY)
	PYTHONPATH=. $(BIN)/python -m tests.support.rule_docs

# The tests stay in the tree, the code does not: `-o pythonpath=.` leaves policy/ and hooks/ out.
wheel-test: $(READY)
	rm -rf dist $(WHEEL_VENV)
	$(BIN)/python -m build --no-isolation --outdir dist .
	$(BIN)/python -m venv $(WHEEL_VENV)
	$(WHEEL_VENV)/bin/python $(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	$(WHEEL_VENV)/bin/python $(PIP_INSTALL) --no-deps dist/*.whl
	$(WHEEL_VENV)/bin/pytest -n $(JOBS) -o pythonpath=. $(ARGS)

bundle: $(READY)
	$(BIN)/python -m tools.bundle $(ARGS)

bench: $(READY)
	$(BIN)/python -m benchmarks $(ARGS)

lock:
	$(PYTHON) -m venv .cache/lock-venv
	.cache/lock-venv/bin/python $(PIP_INSTALL) uv
	.cache/lock-venv/bin/uv pip compile pyproject.toml --extra dev --universal \
	    --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --no-emit-index-url --quiet --upgrade --output-file requirements-dev.txt

clean:
	rm -rf $(VENV) .cache .demo dist build .hypothesis .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
