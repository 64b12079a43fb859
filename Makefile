# Each target is a few lines; what is longer lies in scripts/ or is a `cargo xtask` command.
SHELL  := /bin/bash
TARGET := $(or $(CARGO_TARGET_DIR),target)
# Both `check` and `test` build with the same features, so that nothing is compiled twice.
TESTED := --locked --workspace --features basalt/test-hooks
WEB    := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run test check bench gen package package-cli screenshots fmt e2e

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):[^#]*## */  make \1\t/' | expand -t 20

run: ## build everything and serve the demo on http://127.0.0.1:8080
	@scripts/needs.sh
	@$(MAKE) --no-print-directory web/dist/index.html
	@echo "Compiling basalt: about ten minutes the first time on two cores, seconds after that."
	@cargo build --locked --profile quick -p basalt
	@echo "Starting with demo data; Ctrl-C stops it."
	@exec $(TARGET)/quick/basalt serve --demo

test: ## everything: real servers, all Rust tests, browser tests
	@scripts/test.sh $(TESTED)

e2e: ## browser tests only
	@scripts/e2e.sh

check: ## what each commit must pass: format, lints, rules of the house, unit and snapshot tests
	@$(MAKE) --no-print-directory web/dist/index.html
	cargo fmt --all --check
	cargo clippy $(TESTED) --all-targets -- -D warnings
	cargo xtask tidy
	cargo xtask gen --check
	@if cargo deny --version >/dev/null 2>&1; then cargo deny check; else \
	  echo "cargo-deny is not installed: licences are not checked (bans are, by tidy); cargo install cargo-deny"; fi
	INSTA_UPDATE=no cargo test $(TESTED) --lib --bins
	cd web && npm run check
	cd e2e && ../web/node_modules/.bin/biome check .

bench: ## measure the goals of speed and size, figure beside goal
	@bench/run.sh

gen: ## Rust and TypeScript from proto/
	cargo xtask gen

package: ## the static binary, tried in an empty folder, and its archive, in dist/
	@$(MAKE) --no-print-directory web/dist/index.html
	@scripts/package.sh

package-cli: ## the pipeline client alone, a static binary and its archive, in dist/
	@scripts/package-cli.sh

screenshots: ## pictures of the console's pages, in screenshots/
	@scripts/e2e.sh --screenshots

fmt: ## format everything
	cargo fmt --all
	@$(MAKE) --no-print-directory web/node_modules/.package-lock.json
	cd web && npm run format

# npm writes this file last, so it stands for a finished install.
web/node_modules/.package-lock.json: web/package-lock.json
	@echo "Installing the console's packages."
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB)
	@echo "Building the console."
	cd web && npm run build
	@touch $@
# The server embeds these files, and cargo does not see new ones by itself.
	@touch crates/server/src/routes/console.rs
