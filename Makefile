# Every target does all of its own set-up on a bare Debian 12 with apt, git and make. What is there
# already is not touched; repeating one is quick. `make help` lists them.

BINARY := build/release/livetape
PREFIX ?= /usr/local
# Further arguments of most targets: make run ARGS="--port 9000"
ARGS ?=

.PHONY: help run build install test chaos abuse drain fuzz soak bench lint format clean

help:  ## this list
	@sed -nE 's/^([a-z]+): .*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

run: build  ## build it and serve live prices at http://127.0.0.1:8000
	@echo "livetape serve $(ARGS)   (stop with Ctrl-C; http://127.0.0.1:8000 unless told otherwise)"
	@tools/first-bars $(BINARY) $(ARGS)
	@exec $(BINARY) serve $(ARGS)

build:  ## the release binary, build/release/livetape
	@tools/setup build
	@tools/build release

# For root after `make build` by somebody else, so it builds nothing.
install:  ## puts what was built into PREFIX/bin; PREFIX=/usr/local DESTDIR=
	@test -x $(BINARY) || { echo "make install: there is no $(BINARY): make build" >&2; exit 1; }
	install -D -s -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/livetape

test:  ## all tests: rules, unit (with sanitizers), page, black-box ...; some: ARGS="unit page"
	@tools/test $(ARGS)

fuzz:  ## fuzz all parsers, each for 20 s; or one: make fuzz ARGS="request_parser 3600"
	@tools/fuzz $(or $(ARGS),--each)

chaos: build  ## random operations and faults against the binary; ARGS="--seconds 3600 --seed 123"
	@bash -c '. tools/env.sh && exec node tests/chaos/chaos.mjs $(ARGS)'

abuse: build  ## slowloris, bombs and floods beside healthy clients; ARGS="--only topics --runs 1"
	@bash -c '. tools/env.sh && exec node tests/abuse/abuse.mjs $(ARGS)'

drain: build  ## restart it under 10,000 subscribers and see when they come back; ARGS=--help
	@bash -c '. tools/env.sh && exec node tests/drain/drain.mjs $(ARGS)'

soak: build  ## 19,000 subscribers for an hour: does the memory grow? ARGS="--minutes 10"
	@bash -c '. tools/env.sh && exec bench/soak $(ARGS)'

bench:  ## measure against a bare send loop, nginx and FastAPI; writes bench/RESULTS.md; ARGS="--quick"
	@tools/setup build bench
	@tools/build release
	@bash -c '. tools/env.sh && exec bench/run $(ARGS)'

lint:  ## clang-format and clang-tidy over the C++
	@tools/setup build lint
	@tools/lint/lint.py

format:  ## rewrite the C++ as clang-format wants it
	@tools/setup lint
	@tools/cpp-files | xargs -0 clang-format-19 -i

clean:  ## remove what was built; installed tools stay
	rm -rf build web/dist
