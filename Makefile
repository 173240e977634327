# What people type. The building itself is meson's; this file only names the ways in.
#   make deps      installs what is missing and prints what it runs
#   make           builds build/ferry: -O2, no sanitizers
#   make install   DESTDIR and PREFIX as usual
#   make demo      everything from nothing to the walk, live, in the virtual host
#   make check     every test, unit and lab; ends with "N passed, N failed"
#   make torture   every point of every fault, for hours; PART=NAME for one kind
#   make bench     the measured figures
#   make clean
PREFIX ?= /usr/local
DESTDIR ?=
options = --prefix=$(PREFIX) --buildtype=plain -Doptimization=2 -Ddebug=true -Db_sanitize=none

# "make torture kill" is the same as "make torture PART=kill".
ifeq (torture,$(firstword $(MAKECMDGOALS)))
PART ?= $(wordlist 2,99,$(MAKECMDGOALS))
ifneq ($(PART),)
$(eval $(filter-out torture,$(MAKECMDGOALS)):;@:)
endif
endif

.PHONY: all deps install demo check torture bench clean FORCE

all: build/configured
	@ninja -C build

# Configured anew only where it was configured otherwise, so that a second `make` costs nothing.
build/configured: FORCE
	@command -v meson >/dev/null && command -v ninja >/dev/null || \
		{ echo "meson or ninja is not installed: \`make deps\` brings them" >&2; exit 1; }
	@[ "`cat $@ 2>/dev/null`" = "$(options)" ] || { \
		if [ -e build/build.ninja ]; then meson setup --reconfigure build $(options); \
		else meson setup build $(options); fi && echo "$(options)" > $@; }

deps:
	@tools/deps

install: all
	DESTDIR="$(DESTDIR)" meson install -C build --no-rebuild

demo: deps
	@$(MAKE) --no-print-directory all
	@lab/build >/dev/null
	@lab/demo

check: deps
	@tests/run

torture: deps
	@$(MAKE) --no-print-directory all
	@tests/torture/run $(PART)

bench: deps
	@$(MAKE) --no-print-directory all
	@bench/run

clean:
	rm -rf build build-check build-clang
