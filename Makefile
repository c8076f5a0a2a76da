# Everything a person does with this project begins here; `make help` lists it.
#
# On a fresh Debian 12, as root or with sudo, `make run` and `make test` install what they need:
# the Debian packages below (only those that are missing) and a private .venv from
# constraints.txt, where every Python package has an exact version and hashes. A second run finds
# everything in place and needs no network.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= /usr/bin/python3
BIN := .venv/bin
READY := .venv/.ready
PIP_OPTIONS := --no-deps --quiet --no-input --disable-pip-version-check --progress-bar off

RUN_PACKAGES := python3-venv libgl1 libegl1 xvfb mosquitto fonts-noto-cjk \
	fonts-hanazono fonts-materialdesignicons-webfont poppler-utils libpcsclite-dev gcc \
	python3-dev libusb-1.0-0 pcscd vsmartcard-vpcd espeak-ng alsa-utils \
	librime1 librime-data rime-data-luna-pinyin libzinnia0 tegaki-zinnia-simplified-chinese
TEST_PACKAGES := chromium cups-ipp-utils avahi-daemon dbus iproute2 gdb postgresql

ARGS ?=
# Most tests wait for devices and processes: more of them at once than there are cores; so each
# screen draws with one thread (LP_NUM_THREADS).
WORKERS ?= 4
# Tests start hundreds of programs, and each would be compiled anew where this is set.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 14

.PHONY: run
run: setup ## the terminal with its fleet; without a display it plays visits by itself
	$(BIN)/kiosk run $(ARGS)

.PHONY: demo
demo: setup ## one complete visit, then end; fails unless paper and fleet both confirm it
	$(BIN)/kiosk demo $(ARGS)

.PHONY: test
test: setup test-packages check verifier ## every check and every test
	$(BIN)/python tests/asyncapiwork.py
	LP_NUM_THREADS=1 $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: verifier
verifier: setup ## the script of the page that checks certificates, from npm packages, into var/
	$(BIN)/python -m fleet.certificates bundle

.PHONY: check
check: setup ## style, types and import contracts only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.PHONY: bench
bench: setup test-packages ## measure devices, a visit, start and rest; prints tables
	$(BIN)/python tests/bench/bench_devices.py
	$(BIN)/python tests/bench/bench_faces.py
	$(BIN)/python tests/bench/bench_visit.py
	$(BIN)/python tests/bench/bench_screens.py
	$(BIN)/python tests/bench/bench_search.py
	$(BIN)/python tests/bench/bench_writing.py
	$(BIN)/python tests/bench/bench_certificates.py
	$(BIN)/python tests/bench/bench_platforms.py
	$(BIN)/python tests/bench/bench_journal.py
	$(BIN)/python tests/bench/bench_terminals.py
	$(BIN)/python tests/bench/bench_ingest.py
	$(BIN)/python tests/bench/bench_answers.py
	$(BIN)/python tests/bench/bench_console.py

.PHONY: documents
documents: setup ## make what is made from the code anew: drivers' tables, the protocol's document
	$(BIN)/python docs/tables.py
	$(BIN)/python docs/protocol/make.py

NIGHT ?= 500

.PHONY: faults
faults: setup test-packages ## break things on purpose for some hours; ends in one line of counts
	KIOSK_LONG=1 KIOSK_ROUNDS=$(NIGHT) $(BIN)/pytest tests/crash tests/faults $(ARGS)

.PHONY: pictures
pictures: setup test-packages ## make the pictures of README and docs anew, from the program
	$(BIN)/python docs/pictures.py

.PHONY: setup
setup: $(READY) ## Debian packages and .venv, without starting anything

.PHONY: lock
lock: ## choose new exact versions for constraints.txt (needs uv and the network)
	uv pip compile --universal --python-version 3.11 --extra test --extra handwriting --generate-hashes \
		--no-header --no-annotate pyproject.toml -o constraints.txt

.PHONY: clean
clean: ## remove what can be made again; var/ (journal, fleet, papers) stays
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- Set-up ----------------------------------------------------------------------------------

$(READY): constraints.txt pyproject.toml | run-packages
	@echo "Making .venv (once; some minutes, depending on the network)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install $(PIP_OPTIONS) --require-hashes --requirement constraints.txt
	@$(BIN)/pip install $(PIP_OPTIONS) --no-build-isolation --editable .
	@touch $@

.PHONY: run-packages test-packages
run-packages: ; @$(call install,$(RUN_PACKAGES))
test-packages: ; @$(call install,$(TEST_PACKAGES))

# Installs those Debian packages of $(1) that are missing. Services of freshly installed packages
# are not started (Debian asks policy-rc.d, which is there only meanwhile): Kiosk runs its own
# Mosquitto on its own port, and port 1883 is nobody's business. An existing one is left alone.
define install
	command -v dpkg-query >/dev/null || { \
		echo "This is not Debian: please see to $(1) yourself."; exit 0; }; \
	missing=(); for package in $(1); do \
		[[ "$$(dpkg-query -W -f='$${db:Status-Status}' $$package 2>/dev/null)" == installed ]] \
			|| missing+=($$package); \
	done; \
	(( $${#missing[@]} )) || exit 0; \
	echo "Installing Debian packages: $${missing[*]}"; \
	root=(env); if (( $$(id -u) )); then root=(sudo env); \
		command -v sudo >/dev/null || { echo "Please install them as root:" \
			"apt-get install --no-install-recommends $${missing[*]}"; exit 1; }; fi; \
	policy=/usr/sbin/policy-rc.d; \
	if [[ ! -e $$policy ]]; then \
		trap '"$${root[@]}" rm -f '$$policy EXIT; \
		printf '#!/bin/sh\nexit 101\n' | "$${root[@]}" tee $$policy >/dev/null; \
		"$${root[@]}" chmod 755 $$policy; fi; \
	"$${root[@]}" DEBIAN_FRONTEND=noninteractive apt-get update -qq; \
	"$${root[@]}" DEBIAN_FRONTEND=noninteractive \
		apt-get install -qq --yes --no-install-recommends "$${missing[@]}" >/dev/null; \
	if [[ -d /run/systemd/system ]]; then for service in mosquitto avahi-daemon; do \
		[[ " $${missing[*]} " != *" $$service "* ]] \
			|| "$${root[@]}" systemctl disable --quiet $$service || true; done; fi
endef
