# Petrel: `make run` starts the relay, `make test` proves it. `make help` lists the rest.

# Everything that the build, the tests and the longer stages need from Debian or Ubuntu.
LIBRARIES := libmicrohttpd-dev liblmdb-dev libssl-dev libcurl4-openssl-dev libyaml-dev zlib1g-dev liblua5.4-dev pkg-config tzdata
TEST_TOOLS := curl openssl gcc libc6-dev
BENCH_TOOLS := wrk gcc libc6-dev python3
PACKAGE_TOOLS := binutils dpkg-dev lintian python3 python3-venv ca-certificates
# What looks at the packages with other eyes: manual, units, manifests, and whole systems to try them in.
PACKAGE_CHECKS := systemd systemd-container mmdebstrap mandoc groff-base man-db bash-completion zsh fish skopeo umoci curl
PREFIX ?= /usr/local
CONFIG ?= config/petrel.yaml
SWIFT ?= swift
BINARY ?= .build/release/petrel
# Without a path of its own to look for libraries: they are the system's.
RELEASE := -c release --static-swift-stdlib --disable-local-rpath
DIST ?= .build/dist
# What packages are made of is built before; where BINARY was given it is there already.
BUILT := $(if $(filter command environment,$(origin BINARY)),,build)
SEEDS ?= 10000
CYCLES ?= 200
IMAGES ?= 20000
CALLS ?= 100
FLIPS ?= 5000
FILES ?= 100
SECONDS_EACH ?= 60
PACKAGING := PYTHONPATH=packaging PYTHONDONTWRITEBYTECODE=1 python3 -m petrel_packaging

.DEFAULT_GOAL := help
.PHONY: help run build test lint format bench install docs simulate crash powercut faults asan coverage fuzz libraries test-tools bench-tools \
  packages deb image sbom try-deb try-image reproducible packaging-lint package-tools package-checks

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Install what is missing, build, and start the relay in the foreground
	@$(BINARY) serve --config $(CONFIG)

build: libraries ## Build the release binary
	@$(SWIFT) build $(RELEASE) --product petrel

test: libraries test-tools ## Install what is missing, build, and run every test
	@$(SWIFT) build --build-tests
	@$(SWIFT) test --skip-build

lint: libraries ## Check formatting and the dependencies between modules
	@$(SWIFT) format lint --strict --recursive Sources Tests Package.swift
	@$(SWIFT) build --build-tests --explicit-target-dependency-import-check error

format: ## Format every source file
	@$(SWIFT) format --in-place --recursive Sources Tests Package.swift

simulate: libraries ## Run the simulator: SEEDS=n seeds, or SEED=n for one
	@PETREL_SEEDS=$(SEEDS) PETREL_SEED=$(SEED) $(SWIFT) test --filter SimulatorTests

crash: libraries test-tools ## Kill the real binary under load: CYCLES=n times
	@PETREL_CRASH_CYCLES=$(CYCLES) $(SWIFT) test --filter CrashTests

powercut: libraries test-tools ## Cut the power at any instant of a record of the disk: IMAGES=n images
	@PETREL_POWERCUT_IMAGES=$(IMAGES) $(SWIFT) test --filter PowerCutTests

faults: libraries test-tools ## Let disk, machine and destinations fail: CALLS=n exact kills, FILES=n damaged files, FLIPS=n bits
	@PETREL_FAULT_CALLS=$(CALLS) PETREL_FAULT_FILES=$(FILES) PETREL_FLIPS=$(FLIPS) \
	  $(SWIFT) test --filter '(ExactCall|DiskFault|MachineFault|DestinationFault|DamagedFile|Damage)Tests'

# AddressSanitizer over the modules that own C handles and threads. Leaks are not looked for: the test library itself has
# some. ThreadSanitizer is left out: it does not see the order that the standard library's Mutex makes on Linux, and calls
# every use of one a race.
asan: libraries ## Run the store's, the engine's and HTTP's tests under AddressSanitizer
	@$(SWIFT) build --build-tests --sanitize=address --scratch-path .build/asan
	@ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --skip-build --sanitize=address --scratch-path .build/asan \
	  --filter '^(RelayStoreTests|RelayEngineTests|RelayHTTPTests|RelayThreadsTests)\.'

coverage: libraries test-tools ## Show each module's region coverage; store, engine and signatures must keep what they have
	@$(SWIFT) build --build-tests --enable-code-coverage --scratch-path .build/coverage
	@$(SWIFT) test --skip-build --enable-code-coverage --scratch-path .build/coverage --skip '^PetrelTests\.'
	@Tests/Coverage/report .build/coverage

# Of two --sanitize options swiftc heeds the last alone, hence both once more in one.
fuzz: libraries ## Fuzz what reads anybody's bytes: SECONDS_EACH=n for each target, TARGETS="json yaml" for some
	@PETREL_FUZZ=1 $(SWIFT) build --product petrel-fuzz --scratch-path .build/fuzz \
	  --sanitize=fuzzer --sanitize=address -Xswiftc -sanitize=fuzzer,address
	@SECONDS_EACH=$(SECONDS_EACH) TARGETS="$(TARGETS)" Tests/Fuzz/run .build/fuzz/debug/petrel-fuzz

bench: build bench-tools ## Measure against the yardsticks (YARDSTICKS=folder)
	@bench/run

install: build ## Install the stripped binary below PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin
	install -s -m 0755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/petrel

docs: build ## Write commands, manual pages and completions into docs/reference
	@docs/generate $(BINARY)

# All that is made stands below DIST.
packages: deb image sbom ## Make the Debian package, the OCI image and the SBOM; of BINARY=file, or a fresh build

deb: $(BUILT) package-tools ## Make the Debian package, and have lintian judge it
	@lintian --allow-root --fail-on error,warning "$$(packaging/debian/build $(BINARY) $(DIST))"
	@ls $(DIST)/*.deb

image: $(BUILT) package-tools ## Make the OCI image, without a daemon
	@$(PACKAGING).image $(BINARY) $(DIST)/petrel.oci.tar

sbom: $(BUILT) package-tools ## List what is in the binary, as CycloneDX
	@$(PACKAGING).sbom $(BINARY) $(DIST)/petrel.cdx.json

try-deb: deb package-checks ## Install, run, upgrade, remove and purge the package in a booted Debian (as root)
	@packaging/debian/try $(DIST)/*.deb

try-image: image package-checks ## Read the image back, and run it (as root)
	@packaging/image/check $(DIST)/petrel.oci.tar

packaging-lint: package-checks ## Check units, manual, completions and manifests; BINARY=file speaks for them
	@BINARY=$(BINARY) packaging/lint units
	@BINARY=$(BINARY) packaging/lint manual
	@packaging/lint manifests

reproducible: libraries package-tools ## Build everything twice, and compare the bytes
	@SWIFT="$(SWIFT)" RELEASE="$(RELEASE)" packaging/reproducible


# Installs the packages in $(1) that are missing, and says so; asks for nothing when all are there.
define install_missing
	@missing=""; for package in $(1); do \
	  dpkg -s "$$package" >/dev/null 2>&1 || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "Installing$$missing"; \
	  as_root=""; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	  $$as_root apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq $$missing >/dev/null; \
	fi
endef

libraries:
	$(call install_missing,$(LIBRARIES))

test-tools:
	$(call install_missing,$(TEST_TOOLS))

bench-tools:
	$(call install_missing,$(BENCH_TOOLS))

package-tools:
	$(call install_missing,$(PACKAGE_TOOLS))

package-checks: package-tools
	$(call install_missing,$(PACKAGE_CHECKS))
