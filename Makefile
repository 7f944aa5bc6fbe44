# Kontakt Læge. `make` alone says what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# Where the machine's Go is too old, .ci/install puts the one that go.mod names here.
export PATH := $(CURDIR)/bin/toolchain/bin:$(PATH)

# Fyne's threading rules are checked with this tag; everything is built with it, so that it is built once.
TAGS := -tags=migrated_fynedo
# Packages without Fyne: the race detector would build the toolkit a second time for nothing.
NOFYNE = $(shell go list $(TAGS) -f '{{if not (or (eq .ImportPath "kontaktlaege") (eq .Name "e2e"))}}{{.ImportPath}}{{end}}' ./... | grep -v -e '^kontaktlaege/ui' -e '^kontaktlaege/e2e')
# What `make check` tests: all but the journeys. `make test`, which runs the race detector on most of it anyway, leaves out
# of that what it need not see twice: it wants the packages with Fyne, and those with tests that -short leaves out.
TESTED = $(shell go list $(TAGS) ./... | grep -v '^kontaktlaege/e2e')
ONLYHERE = . ./ui/... $(shell git grep -l 'testing.Short()' -- '*_test.go' | xargs -n1 dirname | sort -u | sed 's|^|./|')
STATICCHECK := go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOFUMPT := go run mvdan.cc/gofumpt@v0.12.0
FUZZTIME ?= 10s

.PHONY: help run test check race e2e chaos chaos-short netlab netlab-short asan mutants bench bench-call fuzz pictures help-pictures intro build setup-run setup-test hooks pages

help: ## what there is
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -ts $$'\t'

run: setup-run build ## the whole path: in a window where there is a screen, else played on a virtual one (pictures in out/)
	bin/play

test: setup-test build ## all that CI runs
	@.ci/step check $(MAKE) --no-print-directory check TESTED="$(ONLYHERE)"
	@.ci/step race $(MAKE) --no-print-directory race
	@.ci/step e2e $(MAKE) --no-print-directory e2e
	@.ci/step chaos $(MAKE) --no-print-directory chaos-short
	@.ci/step netlab $(MAKE) --no-print-directory netlab-short
	@.ci/step asan $(MAKE) --no-print-directory asan

check: pages ## format, vet, lint, house rules, unit tests
	@test -z "$$($(GOFUMPT) -l $$(git ls-files '*.go') | tee /dev/stderr)" || { echo "run gofumpt on these"; exit 1; }
	go mod tidy -diff
	go vet $(TAGS) ./...
	$(STATICCHECK) $(TAGS) -checks=inherit,-S1016 ./... # S1016 would tie an event to the effect that happens to look like it
	go test $(TAGS) -p 3 $(TESTED) # many wait for real time: three at once on two cores

pages: ## types of the pages' modules
	e2e/node_modules/.bin/tsc -p backend/web/tsconfig.json

race: ## the race detector, on all packages without Fyne
	go test -race -short -p 3 $(NOFYNE)

e2e: build ## whole journeys: real backend, tablet window, browsers; pictures in out/e2e
	go test $(TAGS) -count=1 -timeout 30m -v ./e2e
	cd e2e && KONTAKTD=$(CURDIR)/bin/kontaktd node --test --test-concurrency=1 web/*.test.mjs

chaos: build ## the waiting room under faults, both engines, and proof that the checker finds bugs
	go run $(TAGS) ./e2e/chaos
	go run $(TAGS) ./e2e/chaos --engine sqlite --short --prove

chaos-short: build ## a minute of it
	go run $(TAGS) ./e2e/chaos --short

loadtest: build ## what this machine bears: tablets, clinicians, idle streams (docs/performance.md); the engine, sizes: bin/kontaktd loadtest --help
	bin/kontaktd loadtest

netlab: setup-test ## calls on bad networks, beside Chromium to Chromium, in network namespaces: root, about twenty minutes
	go run $(TAGS) ./e2e/netlab

netlab-short: ## a minute and a half: a call on four of them, that it works; skipped where it can't make networks
	go run $(TAGS) ./e2e/netlab --short

asan: ## the codecs' tests with AddressSanitizer (which keeps memory itself) around libvpx and libopus: a minute, needs gcc's libasan
	go test -asan $(TAGS) -count=1 -skip "AllocatesNothing|MemoryGoesBack" ./media/codec

mutants: setup-test ## faults put in one at a time: which test notices? the better part of an hour; some of them: --only, as --help says
	go run $(TAGS) ./internal/mutants

bench: build ## figures, one a line: name value unit goal met
	go run ./internal/bench

bench-call: build ## one call, tablet and Chromium beside Chromium and Chromium; a quarter of an hour: bin/… --help tells more
	go run $(TAGS) ./e2e/benchcall

fuzz: ## every fuzz test for FUZZTIME each
	.ci/fuzz $(FUZZTIME)

pictures: ## rewrite the golden pictures of the screens; then look at out/screens.png and read the diff
	UPDATE_PICTURES=1 go test $(TAGS) -count=1 ./ui/...

intro: build ## the introduction film with Danish captions, of the real programs: bin/intro.mp4, bin/intro.vtt
	@.ci/install intro
	bin/play -film bin/intro -out out/intro

help-pictures: ## the kept pictures of the screens into the help and docs/nurse*.md
	.ci/help-pictures

build: ## all programs, in bin/
	go build $(TAGS) -o bin/ . ./backend/cmd/kontaktd ./e2e/play

hooks: ## a git hook that checks before each commit
	git config core.hooksPath .ci/hooks

setup-run:
	@.ci/install run
setup-test:
	@.ci/install test
