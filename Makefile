# lakebook. `make` lists what there is. Works with GNU Make 3.81 (macOS) and later.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
SHARED ?= ../shared
LAB_ARGS ?=
TEST_ARGS ?=
SOAK_ARGS ?=
FUZZ_SECONDS ?= 1800
FUZZ_TARGETS ?= csv encodings json parquet

BIN := .venv/bin
STAMPS := .venv/stamps
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export SHARED
export VIRTUAL_ENV := $(CURDIR)/.venv
export PYO3_PYTHON := $(CURDIR)/.venv/bin/python
export MATURIN_NO_INSTALL_RUST := 1
export MLFLOW_DISABLE_TELEMETRY := true
export YARN_ENABLE_TELEMETRY := 0
export YARN_ENABLE_PROGRESS_BARS := false
# Tests start hundreds of processes: what they import is compiled once, not by each.
unexport PYTHONDONTWRITEBYTECODE

# A HOME that is missing or cannot be written is replaced: caches, settings and runtime files then stay in this folder.
ifneq ($(shell test -d "$$HOME" && test -w "$$HOME" && echo writable),writable)
export HOME := $(CURDIR)/.cache/home
$(shell mkdir -p .cache/home)
endif

# rustup's cargo looks for its toolchain in HOME; with an empty HOME it is found beside cargo itself.
ifeq ($(RUSTUP_HOME),)
RUSTUP_BESIDE := $(shell HOME="$(HOME)" cargo --version >/dev/null 2>&1 || { c="$$(command -v cargo)"; d="$${c%/bin/cargo}/../.rustup"; test -d "$$d" && cd "$$d" && pwd; })
ifneq ($(RUSTUP_BESIDE),)
export RUSTUP_HOME := $(RUSTUP_BESIDE)
endif
endif

CHROMIUM ?= $(firstword $(shell for b in chromium chromium-browser google-chrome; do command -v "$$b"; done))
MAC_CHROME := /Applications/Google Chrome.app/Contents/MacOS/Google Chrome

NATIVE_FILES := $(shell find native \( -name target -o -path native/fuzz \) -prune -o -type f \( -name '*.rs' -o -name '*.toml' -o -name '*.pyi' -o -name py.typed -o -name Cargo.lock \) -print 2>/dev/null)
EXTENSION_FILES := $(shell find extension \( -name node_modules -o -name lib -o -name labextension -o -name .yarn \) -prune -o -type f -print 2>/dev/null | grep -v -e tsbuildinfo -e '\.eslintcache')
PACKAGE_FILES := pyproject.toml server_ext/lakebook/__init__.py $(shell find jupyter_config kernels/lakebook templates -type f 2>/dev/null | grep -v __pycache__)

.DEFAULT_GOAL := help
.PHONY: help lab setup test test-services lint bench bench-ingest bench-ask bench-guard bench-train bench-serve mutate fuzz soak clean lock browser
.DELETE_ON_ERROR:

help:
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' Makefile

lab: setup ## set everything up and open JupyterLab on the welcome notebook (LAB_ARGS="--no-browser --port 9999")
	@$(BIN)/python -c "$$PORT_IS_FREE" $(LAB_ARGS)
	@$(BIN)/lakebook demo demo --if-absent --home demo/.lakebook
	@exec $(BIN)/jupyter lab --notebook-dir=demo --LabApp.default_url=/lab/tree/00_welcome.ipynb \
		--ServerApp.port_retries=0 $$(test "$$(id -u)" != 0 || echo --allow-root) $(LAB_ARGS)

setup: $(STAMPS)/package ## create .venv and build and install everything into it

test: ## set everything up and test everything (TEST_ARGS="unit server" for some groups)
	@started=$$(date +%s) && $(MAKE) --no-print-directory -j2 setup browser && \
		STARTED=$$started LAKEBOOK_CHROMIUM="$(CHROMIUM)" $(BIN)/python tests/run.py $(TEST_ARGS)

test-services: setup ## test against real servers of databases, stores and brokers, started for it
	@PYTEST_ADDOPTS="-m 'spark or not spark'" $(BIN)/python tests/run.py services

soak: setup ## kill workers and servers 200 times in the midst of loads; nothing may be lost (SOAK_ARGS="--seed 7 --kills 50")
	@$(BIN)/python tests/soak/soak.py $(SOAK_ARGS)

lint: setup ## check style, types and the committed files, in Python, Rust and TypeScript
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy server_ext magics kernels jupyter_config tests
	cd native && cargo fmt --all --check
	cd native && cargo clippy --quiet --workspace --all-targets --locked -- -D warnings
	cd extension && jlpm run lint:check
	$(BIN)/python tests/committed_files.py

bench: setup ## measure import and ingest costs beside bare Python and DuckDB (gates nothing)
	@for script in tests/bench/bench_*.py; do $(BIN)/python "$$script" || exit 1; done

bench-ingest: setup ## measure ingest alone beside DuckDB, Polars and pandas
	@$(BIN)/python tests/bench/bench_ingest.py

bench-ask: setup ## measure questions over a million rows beside DuckDB alone
	@$(BIN)/python tests/bench/bench_ask.py

bench-guard: setup ## hold the guard against its cases, and its limits against hostile statements (ROUNDS=50)
	@$(BIN)/python tests/bench/bench_guard.py $(ROUNDS)

bench-train: setup ## learn five tables five times in 60 s beside LightGBM and AutoGluon (TRAIN_ARGS="--splits 1 --tables adult")
	@$(BIN)/python tests/bench/bench_train.py --time 60 --splits 5 --tables adult,titanic,credit_g,wine_quality,abalone $(TRAIN_ARGS)

bench-serve: setup ## serve a trained model beside mlflow's own server, at 64 clients (HOME_OF=folder of a home that has it)
	@$(BIN)/python tests/bench/bench_serve.py $(HOME_OF)

mutate: setup ## put faults into the guard, one at a time; the tests must notice four of five (MUTATE_ARGS="--every 5")
	@$(BIN)/python -m tests.mutation.mutate $(MUTATE_ARGS)

# What cargo-fuzz asks of the compiler; a stable one will do, since no sanitizer of memory is asked for.
COVERAGE := --cfg fuzzing -Cpasses=sancov-module \
	$(addprefix -Cllvm-args=-sanitizer-coverage-,level=4 inline-8bit-counters pc-table trace-compares)

fuzz: ## search for inputs that break the readers (FUZZ_SECONDS=1800 a target, FUZZ_TARGETS="csv json")
	@cd native/fuzz && host=$$(rustc -vV | sed -n 's/^host: //p') && echo "Building the targets (some minutes the first time)" && \
		RUSTFLAGS="$(COVERAGE)" cargo build --quiet --release --locked --target "$$host" && \
		for target in $(FUZZ_TARGETS); do mkdir -p "target/corpus/$$target" && \
			"target/$$host/release/$$target" "target/corpus/$$target" "corpus/$$target" -dict="dictionaries/$$target.dict" \
				-max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
				-artifact_prefix="target/$$target-" || exit 1; done

clean: ## remove everything that make made; demo/ and the caches in HOME stay
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis dist native/target native/fuzz/target
	rm -rf extension/node_modules extension/.yarn extension/lib extension/labextension extension/*.tsbuildinfo
	find server_ext magics kernels tests jupyter_config -name __pycache__ -type d -prune -exec rm -rf {} +

# For maintainers: resolve the dependencies anew. Our own two packages are built here, so the lock leaves them out.
lock: $(STAMPS)/deps
	@mkdir -p .cache/lock && sed '/"lakebook-native==/d' pyproject.toml > .cache/lock/pyproject.toml
	@cp requirements.lock .cache/lock/requirements.lock
	cd .cache/lock && uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --all-extras --group dev \
		--python-version 3.11 --no-emit-package lakebook --custom-compile-command "make lock" $(LOCK_ARGS) \
		pyproject.toml -o requirements.lock
	@cp .cache/lock/requirements.lock requirements.lock

$(STAMPS)/deps: requirements.lock
	@PYTHON="$(PYTHON)" bash -c "$$TOOLS_ARE_THERE"
	@test -x $(BIN)/python && $(BIN)/python -c 1 2>/dev/null || "$(PYTHON)" -m venv .venv
	@mkdir -p $(STAMPS)
	@awk '/^uv==/ {on = 1} on && /^[a-z]/ && !/^uv==/ {exit} on' requirements.lock > $(STAMPS)/uv.txt
	@grep -q "^uv==$$($(BIN)/uv --version 2>/dev/null | cut -d' ' -f2) " $(STAMPS)/uv.txt || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(STAMPS)/uv.txt
	@echo "Installing the dependencies (a minute the first time)"
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@touch $@

# The development profile serves tests, clippy and this wheel, so that nothing is compiled twice.
$(STAMPS)/native: $(STAMPS)/deps $(NATIVE_FILES)
	@PYTHON="$(PYTHON)" bash -c "$$TOOLS_ARE_THERE"
	@echo "Building the native module (some minutes the first time)"
	@rm -rf .cache/wheels
	@cd native/python && maturin build --quiet --locked --profile dev --interpreter "$(PYO3_PYTHON)" --out ../../.cache/wheels
	@uv pip install --quiet --python $(BIN)/python --offline --no-deps --reinstall .cache/wheels/lakebook_native-*.whl
	@touch $@

$(STAMPS)/node_modules: $(STAMPS)/deps extension/package.json extension/yarn.lock
	@echo "Fetching the panel's libraries"
	@cd extension && jlpm install --immutable >../$(STAMPS)/jlpm.log 2>&1 || { cat ../$(STAMPS)/jlpm.log; exit 1; }
	@touch $@

$(STAMPS)/extension: $(STAMPS)/node_modules $(EXTENSION_FILES)
	@echo "Building the panel"
	@test -d extension/lib || rm -f extension/*.tsbuildinfo # else tsc believes that it has nothing to write
	@cd extension && jlpm run build:prod >../$(STAMPS)/build.log 2>&1 || { cat ../$(STAMPS)/build.log; exit 1; }
	@touch $@

$(STAMPS)/package: $(STAMPS)/native $(STAMPS)/extension $(PACKAGE_FILES)
	@echo "Installing lakebook into .venv"
	@uv pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation --reinstall --editable .
	@mkdir -p .venv/etc/jupyter/labconfig && cp jupyter_config/labconfig/page_config.json .venv/etc/jupyter/labconfig/
	@touch $@

browser:
	@if test -z "$(CHROMIUM)" && test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null; fi
	@command -v "$(CHROMIUM)" >/dev/null || command -v chromium >/dev/null || test -x "$(MAC_CHROME)" || { \
		echo "Chromium is missing, and the browser tests need it: sudo apt-get install chromium (macOS: brew install --cask google-chrome)"; exit 1; }

define TOOLS_ARE_THERE
missing=0
need() { echo "$$1 is missing: $$2"; missing=1; }
if test "$$(uname)" = Darwin; then python="brew install python@3.12"; cc="xcode-select --install"; rust="brew install rustup && rustup default stable"
else python="sudo apt-get install python3 python3-venv"; cc="sudo apt-get install build-essential"; rust="sudo apt-get install rustup && rustup default stable"; fi
if test -z "$$PYTHON" || ! "$$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then need "Python 3.11 or later" "$$python (or name one: make PYTHON=/path/to/python3.11)"
elif ! "$$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then need "Python's venv module" "$$python"; fi
command -v cc >/dev/null || need "A C compiler (cc)" "$$cc"
if ! command -v cargo >/dev/null; then need "Rust's cargo" "$$rust"
elif ! cargo --version >/dev/null 2>&1; then need "A Rust toolchain for cargo" "rustup default stable"; fi
exit $$missing
endef
export TOOLS_ARE_THERE

# Jupyter says "port in use" in two lines of log and a stack of advice: say it first, in one.
define PORT_IS_FREE
import re, socket, sys
found = re.search(r"port[= ](\d+)", " ".join(sys.argv[1:]))
port = int(found[1]) if found else 8888
with socket.socket() as probe:
    if probe.connect_ex(("127.0.0.1", port)) == 0:
        sys.exit(f"Port {port} is in use. Choose another: make lab LAB_ARGS=\"--port {port + 1}\"")
endef
export PORT_IS_FREE
