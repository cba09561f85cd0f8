# `make` alone lists the targets.
SHELL := /bin/bash
PREFIX ?= /usr/local
TILES ?=
YEARS ?=
# The demonstration's size: real products have an extent of 10980, and a year about 150 dates.
DATES ?= 12
EXTENT ?= 2700
# Ten minutes; CI takes a tenth.
MUTANTS ?= 2400
# About 25 minutes each on 2 processors.
KILLS ?= 2400
FAULTS ?= 2400
RUNS ?= 400
# Four to eight minutes; CI takes one.
FLIPS ?= 1000
LOST ?= 200
MINUTES ?= 60
SEED ?= 1
# The parsers under the fuzzer together; CI takes half a minute.
SECONDS_OF_FUZZING = $(if $(filter command line environment,$(origin SECONDS)),$(SECONDS),600)
# Names of unit tests; all of them where it is empty.
FILTER ?=

RELEASE := swift build -c release --static-swift-stdlib
BIN := .build/release
TOOLS := s2-intake s2-intake-year s2-synth safe2cog safe2zarr s3-mirror nvme-stage patch-bench s2-status
SITE ?= generic
# So that `make -f …/Makefile submit` works in the folder that has the .env file.
HERE := $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
SELECTION := $(TILES:%=--tile_id %) $(YEARS:%=--year %)

.PHONY: help
help: ## this list
	@echo "Set up, build and test:"
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):[^#]*## /  \1\t/' | expand -t 20
	@echo
	@echo "Workflow targets read the DSLAB_ variables (docs/configuration.md) and take TILES=\"35VLH 35VMH\" YEARS=\"2023 2024\"."

.PHONY: setup
setup: ## install the C libraries (Debian, Ubuntu; needs root or sudo only where one is missing)
	@scripts/setup

.PHONY: build
build: setup ## build the tools into .build/release
	@scripts/revision
	$(RELEASE)

.PHONY: test
test: setup ## unit tests
	swift test --skip IntegrationTests

.PHONY: test-integration
test-integration: build ## tests of the built tools against xarray, GDAL, rio-cogeo, tensorstore and others
	@scripts/setup gdal-bin python3-venv xfsprogs binutils
	scripts/test-integration

.PHONY: check
check: setup ## format lint, layering, build with warnings as errors
	swift format lint --strict --recursive Sources Tests Fuzz/Sources Package.swift Fuzz/Package.swift
	scripts/check-layering
	scripts/check-labels
	swift build --build-tests

.PHONY: demo
demo: build ## the whole pipeline on synthetic products, with a report (DATES=12 EXTENT=2700)
	@DATES=$(DATES) EXTENT=$(EXTENT) scripts/demo

.PHONY: demo-s3
demo-s3: build ## from the catalogue to a benchmark of S3, on a Ceph gateway of its own (EXTENT=2400)
	@scripts/demo-s3

.PHONY: intake
intake: build ## fetch products from the Copernicus Data Space
	@[ -n "$(TILES)" ] && [ -n "$(YEARS)" ] || { echo 'make intake: say which, as in TILES="35VLH" YEARS="2024"' >&2; exit 64; }
	@status=0; for tile in $(TILES); do for year in $(YEARS); do \
	    $(BIN)/s2-intake-year --tile_id $$tile --year_start $$year --year_end $$((year + 1)) || { \
	        ended=$$?; [ $$ended = 3 ] || exit $$ended; status=3; }; \
	done; done; exit $$status

.PHONY: cog
cog: build ## SAFE to COG
	$(BIN)/safe2cog $(SELECTION)

.PHONY: zarr
zarr: build ## SAFE to Zarr (LAYOUT=shardzarr or zipzarr for the other layouts)
	$(BIN)/safe2zarr $(if $(LAYOUT),--layout $(LAYOUT)) $(SELECTION)

.PHONY: mirror
mirror: build ## copy from the network drive to S3
	$(BIN)/s3-mirror $(SELECTION)

.PHONY: stage
stage: build ## copy from the network drive to the node's disk
	$(BIN)/nvme-stage $(SELECTION)

.PHONY: bench
bench: build ## load random patches from every storage and format
	@set -e; for tile in $(or $(TILES),-); do for year in $(or $(YEARS),-); do \
	    options=; \
	    [ $$tile = - ] || options="$$options --tile $$tile"; \
	    [ $$year = - ] || options="$$options --year $$year"; \
	    echo "$(BIN)/patch-bench run$$options"; $(BIN)/patch-bench run $$options; \
	done; done

.PHONY: bench-peers
bench-peers: build ## our readers, copies, transfers and conversions beside others' (DATES=24 EXTENT=3660 or DATA=dir)
	@scripts/setup python3-venv rsync rclone s3cmd
	@scripts/bench-peers

.PHONY: bench-loaders
bench-loaders: build ## our reader in PyTorch's DataLoader beside others', on the data of bench-peers (WORKERS="1 2 4")
	@scripts/setup python3-venv python3-torch
	@scripts/bench-loaders

.PHONY: report
report: build ## one report of all results
	@folder=$$($(BIN)/s2-status --print_setting DSLAB_LOG_FOLDER) && $(BIN)/patch-bench report "$$folder"/sentinel2_l1c_*.json

.PHONY: submit
submit: ## all steps as Slurm jobs, an array task a tile-year (SITE=roihu ACCOUNT=project_… STEPS="cog zarr" or DSLAB_FORMATS="safe zipzarr")
	@SITE="$(SITE)" TILES="$(TILES)" YEARS="$(YEARS)" $(HERE)slurm/submit.sh

.PHONY: submit-dry-run
submit-dry-run: ## what submit would say to Slurm
	@SITE="$(SITE)" TILES="$(TILES)" YEARS="$(YEARS)" $(HERE)slurm/submit.sh --dry-run

.PHONY: status
status: ## where each tile-year stands, from the data themselves
	@$(HERE)$(BIN)/s2-status $(SELECTION)

.PHONY: docs
docs: ## the pictures of docs/ from their text sources
	@scripts/setup graphviz
	scripts/check-layering --dot | tred | dot -Tsvg > docs/images/architecture.svg
	dot -Tsvg docs/images/pipeline.dot > docs/images/pipeline.svg

.PHONY: test-mutations
test-mutations: build ## the tools on mutated listings, metadata, settings, plans and files (MUTANTS=2400 SEED=1)
	python3 Tests/Mutations/run.py $(BIN) $(MUTANTS) $(SEED)

# Programs of Tests/Crash, with the readers of other projects.
CRASH = @scripts/setup python3-venv gcc libc6-dev && export PYTHONDONTWRITEBYTECODE=1 && \
    python=$$(scripts/python-environment .venv-interop Tests/Interoperability/requirements.txt) && $$python Tests/Crash

.PHONY: test-crash
test-crash: build ## the tools killed at random instants: what readers see is true, reruns end alike (KILLS=2400 SEED=1)
	$(CRASH)/crash.py $(BIN) --count $(KILLS) --seed $(SEED)

.PHONY: test-faults
test-faults: build ## the tools on disks that are full, broken or gone at random calls (FAULTS=2400 SEED=1)
	$(CRASH)/faults.py $(BIN) --count $(FAULTS) --seed $(SEED)

.PHONY: test-network
test-network: build ## jobs with S3 and the catalogue whose requests are reset, refused, cut, slow or forgotten (RUNS=400 SEED=1)
	$(CRASH)/network.py $(BIN) --count $(RUNS) --seed $(SEED)

.PHONY: test-damage
test-damage: build ## bits flipped, files lost, cut and swapped in all formats on all storages: named, and restored by what is named (FLIPS=1000 LOST=200 SEED=1)
	$(CRASH)/damage.py $(BIN) --flips $(FLIPS) --lost $(LOST) --seed $(SEED)

.PHONY: soak
soak: build ## the whole pipeline on failing disks for long: nothing grows, nothing is lost (MINUTES=60 SEED=1)
	$(CRASH)/soak.py $(BIN) --minutes $(MINUTES) --seed $(SEED)

.PHONY: fuzz
fuzz: setup ## each parser on mutated bytes under libFuzzer and the address sanitizer (SECONDS=600 SEED=1)
	scripts/fuzz $(SECONDS_OF_FUZZING) $(SEED)

.PHONY: fuzz-jp2
fuzz-jp2: setup ## the JPEG 2000 decoder against OpenJPEG on damaged files (MUTANTS=2400 SEED=1)
	scripts/fuzz-jp2 $(MUTANTS) $(SEED)

.PHONY: test-sanitizers
test-sanitizers: setup ## unit tests under the address and the thread sanitizer (FILTER=regular expression)
	scripts/test-sanitizers '$(FILTER)'

.PHONY: test-calibration
test-calibration: build ## how often equal sources are called different, on real files (RUNS=200: 40 minutes)
	python3 Tests/Calibration/equal_sources.py $(BIN) .bench/calibration $(if $(filter command line,$(origin RUNS)),$(RUNS),200) $(SEED)

.PHONY: test-report
test-report: build ## reports in Chromium on a phone and a wide screen, light, dark and on paper (PICTURES=folder for screenshots)
	@scripts/setup chromium || echo "test-report: Chromium cannot be installed here"
	PYTHONDONTWRITEBYTECODE=1 python3 Tests/Report/check_page.py $(BIN) $(if $(PICTURES),--screenshots $(PICTURES))

.PHONY: test-python
test-python: wheel ## the Python package, installed, against zarr-python, xarray and PyTorch
	@scripts/setup python3-venv python3-torch
	scripts/test-python

.PHONY: test-stac
test-stac: build ## the intake against a real STAC API and S3 server, both started on this machine
	@scripts/setup postgresql-postgis python3-venv curl
	scripts/test-stac

.PHONY: test-slurm
test-slurm: build ## the job scripts on a real Slurm cluster of two nodes, started on this machine (needs root)
	@scripts/setup shellcheck
	scripts/test-slurm

SHARE = $(DESTDIR)$(PREFIX)/share

.PHONY: install
install: build ## install tools, job scripts, site files, manual pages, completions, a modulefile, the C library (PREFIX=/usr/local)
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/slurm $(SHARE)/env $(SHARE)/man/man1 $(SHARE)/modulefiles/datacube-storage-lab \
	    $(SHARE)/bash-completion/completions $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	install -m 755 --strip $(TOOLS:%=$(BIN)/%) $(DESTDIR)$(PREFIX)/bin
	install -m 755 slurm/*.sh $(SHARE)/slurm
	install -m 644 env/*.sh $(SHARE)/env
	@set -e; for tool in $(TOOLS); do \
	    $(BIN)/$$tool --generate-completion-script bash > $(SHARE)/bash-completion/completions/$$tool; \
	    $(BIN)/$$tool --generate-completion-script zsh > $(SHARE)/zsh/site-functions/_$$tool; \
	    $(BIN)/$$tool --generate-completion-script fish > $(SHARE)/fish/vendor_completions.d/$$tool.fish; \
	    scripts/man-page $(BIN)/$$tool > $(SHARE)/man/man1/$$tool.1; \
	done; for subcommand in run verify report; do \
	    scripts/man-page $(BIN)/patch-bench $$subcommand > $(SHARE)/man/man1/patch-bench-$$subcommand.1; \
	done
	install -d $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include
	install -m 755 --strip $(BIN)/libdatacube.so $(DESTDIR)$(PREFIX)/lib
	install -m 644 Sources/CDatacube/include/datacube.h $(DESTDIR)$(PREFIX)/include
	sed -e 's#@PREFIX@#$(abspath $(PREFIX))#' -e "s#@VERSION@#$$($(BIN)/safe2zarr --version)#" env/datacube.pc \
	    > $(DESTDIR)$(PREFIX)/lib/pkgconfig/datacube.pc
	sed 's#@PREFIX@#$(abspath $(PREFIX))#' env/modulefile.lua > $(SHARE)/modulefiles/datacube-storage-lab/$$($(BIN)/safe2zarr --version).lua

.PHONY: wheel
wheel: build ## the Python package with the library inside, into dist/
	@scripts/setup python3-venv binutils
	scripts/wheel dist

.PHONY: clean
clean: ## remove what was built and the demonstration's data
	rm -rf dist .venv-python .venv-torch .venv-loaders .venv-wheel .build .build-address .build-thread Fuzz/.build .demo .bench .venv-interop .venv-stac .venv-peers Benchmarks/.build
