# `make run` and `make test` set up what they need; everything lives in .venv.
PY ?= python3
V := .venv
BIN := $(V)/bin
PORT ?= 8501
# One thread a process: the model is small, and the tests run in parallel.
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: run test test-slow test-processor lint format bench images golden docs baseline ranges clean

$(V)/.ok: pyproject.toml constraints.txt
	$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Truce needs Python 3.11 or newer: make run PY=python3.11")'
	$(PY) -m venv $(V)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dashboard,dev]' -c constraints.txt
	touch $@

run: $(V)/.ok
	$(BIN)/truce compare
	$(BIN)/truce dashboard --port $(PORT)

test: $(V)/.ok
	$(BIN)/python -m pytest -q -n auto -m 'not slow'

test-slow: $(V)/.ok
	$(BIN)/python -m pytest -q -n auto -m slow

# The same numbers as on an older processor: numpy without the paths that it chooses at run time,
# an old kernel of OpenBLAS, and two threads in place of one.
DISPATCHED = from numpy._core._multiarray_umath import __cpu_dispatch__; print(*__cpu_dispatch__)
KERNEL := $(if $(filter x86_64,$(shell uname -m)),OPENBLAS_CORETYPE=Prescott)

test-processor: $(V)/.ok
	NPY_DISABLE_CPU_FEATURES="$$($(BIN)/python -c '$(DISPATCHED)')" $(KERNEL) OPENBLAS_NUM_THREADS=2 \
		$(BIN)/python -m pytest -q -n auto -m 'not slow and not browser' --ignore=tests/dashboard

lint: $(V)/.ok
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(V)/.ok
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(V)/.ok
	$(BIN)/python -m tests.benchmarks.bench
	$(BIN)/python -m tests.benchmarks.bench_sweep

images: $(V)/.ok
	$(BIN)/python -m tests.dashboard.screenshots

golden: $(V)/.ok
	$(BIN)/python -m tests.golden

docs: $(V)/.ok
	$(BIN)/truce schema > scenarios/schema.json
	$(BIN)/truce schema --markdown > docs/scenario-language.md
	$(BIN)/truce validate --markdown > docs/validation.md
	$(BIN)/python -m docs.draw_backtests docs/images

baseline: $(V)/.ok
	$(BIN)/truce baseline build --data $(or $(TRUCE_DATA),../shared/data)

ranges: $(V)/.ok
	$(BIN)/python -m sim.study.sweeps.ranges

clean:
	rm -rf $(V) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
