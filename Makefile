# Sosedi: one Makefile for everything. `make help` lists the targets.
# BUILD=DIR puts every product there; VARIANT=test adds sanitizers and makes warnings errors; V=1 shows the commands.

CC      ?= cc
V       ?=
Q       := $(if $(V),,@)
BUILD   ?= build
VARIANT ?= release
PREFIX  ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0

PKGS_kiosk := ncursesw sqlite3 libqrencode libsodium libcjson inih fribidi
PKGS_sync  := sqlite3 libcurl libsodium libcjson libzstd inih
PKGS_print := sqlite3 libqrencode libsodium libcjson inih pangocairo fontconfig
PKGS_hub   := sqlite3 libmicrohttpd libsodium libcjson libzstd libical inih libpq
PKGS_all   := $(sort $(PKGS_kiosk) $(PKGS_sync) $(PKGS_print) $(PKGS_hub))
PKGS_test  := cmocka vterm zbar

OUT := $(BUILD)/$(VARIANT)
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
CFLAGS_test := -O1 -g -fPIC -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined -Werror
LDFLAGS_release := -Wl,-z,relro,-z,now
LDFLAGS_test := -fsanitize=address,undefined
CFLAGS_fuzz := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
LDFLAGS_fuzz := -fsanitize=address,undefined
LEAKS_test := $(OUT)/tests/support/leaks.o

# asked once, and only when something is compiled
PKG_CFLAGS = $(eval PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS_all)))$(PKG_CFLAGS)
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -I. -I$(BUILD)/gen -DSOSEDI_VERSION='"$(VERSION)"' $(WARN) $(CFLAGS_$(VARIANT)) $(PKG_CFLAGS) $(CFLAGS)
libs = $(shell pkg-config --libs $(1)) -lm

src = $(wildcard $(1)/*.c)
obj = $(patsubst %.c,$(OUT)/%.o,$(1))

SCHEMA_C := $(patsubst assets/schema/%.sql,$(BUILD)/gen/schema_%.c,$(wildcard assets/schema/*.sql))
BASE   := $(call src,kiosk/base)
STORE  := $(call src,kiosk/store)
TICKET := $(call src,kiosk/ticket)
FORM   := $(call src,kiosk/form)
UI     := $(call src,kiosk/ui)
SCREENS := $(call src,screens)
PRINT  := $(filter-out kiosk/print/main.c,$(call src,kiosk/print))
SYNC   := $(filter-out sync/main.c,$(call src,sync))
HUB    := $(filter-out sync/hub/main.c,$(call src,sync/hub) $(call src,sync/hub/*))
# what the hub shares with the kiosk's side of the wire, and of a stick
WIRE   := $(wildcard sync/wire*.c sync/stick*.c)

KIOSK_SRC := kiosk/main.c $(BASE) $(STORE) $(TICKET) $(FORM) $(UI) $(SCREENS)
SYNC_SRC  := sync/main.c $(BASE) $(STORE) $(filter-out kiosk/ticket/qr.c,$(TICKET)) $(SYNC)
PRINT_SRC := kiosk/print/main.c $(BASE) $(STORE) $(TICKET) $(PRINT)
# the store: a snapshot is made by the very code that a kiosk applies pages with
HUB_SRC   := sync/hub/main.c $(BASE) $(STORE) $(filter-out kiosk/ticket/qr.c,$(TICKET)) $(WIRE) $(HUB)

PROGRAMS := $(BUILD)/kiosk $(BUILD)/kiosk-sync $(BUILD)/kiosk-print $(BUILD)/kiosk-hub
LANGS := $(patsubst assets/locale/%.po,%,$(wildcard assets/locale/*.po))
MO := $(patsubst %,$(BUILD)/locale/%/LC_MESSAGES/sosedi.mo,$(LANGS))

all: $(PROGRAMS) $(MO)

# Programs are linked per variant, then the wanted variant is what build/NAME is.
# objs_NAME: the objects of a program, its schemas included.
schema_objs = $(patsubst $(BUILD)/gen/%.c,$(OUT)/gen/%.o,$(SCHEMA_C))
$(OUT)/bin/kiosk: $(call obj,$(KIOSK_SRC)) $(schema_objs)
$(OUT)/bin/kiosk-sync: $(call obj,$(SYNC_SRC)) $(schema_objs)
$(OUT)/bin/kiosk-print: $(call obj,$(PRINT_SRC)) $(schema_objs) $(LEAKS_$(VARIANT))
$(OUT)/bin/kiosk-hub: $(call obj,$(HUB_SRC)) $(schema_objs)
$(OUT)/bin/kiosk: LIBS = $(call libs,$(PKGS_kiosk))
$(OUT)/bin/kiosk-sync: LIBS = $(call libs,$(PKGS_sync))
$(OUT)/bin/kiosk-print: LIBS = $(call libs,$(PKGS_print))
$(OUT)/bin/kiosk-hub: LIBS = $(call libs,$(PKGS_hub))
$(OUT)/bin/%:
	@mkdir -p $(@D)
	@echo '  LINK $@'
	$(Q)$(CC) $(LDFLAGS_$(VARIANT)) $(LDFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/kiosk $(BUILD)/kiosk-sync $(BUILD)/kiosk-print $(BUILD)/kiosk-hub: $(BUILD)/%: $(OUT)/bin/%
	@ln -sf $(VARIANT)/bin/$* $@

# another compiler or other flags: everything anew
FLAGS = $(CC) -std=c11 $(WARN) $(CFLAGS_$(VARIANT)) $(CFLAGS)
$(OUT)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(FLAGS)' | cmp -s - $@ || echo '$(FLAGS)' >$@
$(OUT)/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	@echo '  CC   $<'
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(OUT)/gen/%.o: $(BUILD)/gen/%.c $(OUT)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# A schema is read by people in assets/ and by programs as one string: const char schema_NAME[].
$(BUILD)/gen/schema_%.c: assets/schema/%.sql
	@mkdir -p $(@D)
	@{ printf '#include "kiosk/base/schema.h"\nconst char schema_$*[] =\n'; sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $<; printf ';\n'; } > $@

$(BUILD)/locale/%/LC_MESSAGES/sosedi.mo: assets/locale/%.po
	@mkdir -p $(@D)
	msgfmt --check -o $@ $<

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)

# ---- tests: each tests/unit/NAME.c is one cmocka program, linked with everything but the mains
LIB_SRC := $(sort $(BASE) $(STORE) $(TICKET) $(FORM) $(UI) $(SCREENS) $(PRINT) $(SYNC) $(HUB))
SUPPORT := $(call src,tests/support)
UNIT_SRC := $(wildcard tests/unit/*.c tests/screens/*.c tests/fault/*.c)
UNIT_BIN := $(patsubst tests/%.c,$(OUT)/tests/%,$(UNIT_SRC))
# In the test build one shared library: a hundred programs are linked with it in the time of a few.
LIB_test := $(OUT)/libsosedi.so
LIB := $(or $(LIB_$(VARIANT)),$(OUT)/libsosedi.a)
RPATH := -Wl,-rpath,'$$ORIGIN/../..'
$(OUT)/libsosedi.so: $(call obj,$(LIB_SRC)) $(schema_objs)
	@echo '  LINK $@'
	$(Q)$(CC) -shared $(LDFLAGS_$(VARIANT)) $(LDFLAGS) -o $@ $^ $(call libs,$(PKGS_all))
$(OUT)/libsosedi.a: $(call obj,$(LIB_SRC)) $(schema_objs)
	@rm -f $@
	$(Q)ar rcs $@ $^
$(OUT)/libsupport.a: $(call obj,$(SUPPORT))
	@rm -f $@
	$(Q)ar rcs $@ $^
$(OUT)/tests/%: $(OUT)/tests/%.o $(LEAKS_$(VARIANT)) $(OUT)/libsupport.a $(LIB)
	@echo '  LINK $@'
	$(Q)$(CC) $(LDFLAGS_$(VARIANT)) $(LDFLAGS) $(RPATH) -o $@ $^ $(call libs,$(PKGS_all) $(PKGS_test))
.SECONDARY:

# One planted mistake (tests/sim/mistakes.sh): its OBJECTS, compiled from patched copies under MISTAKE, go before the library that has the right ones.
MISTAKE ?= $(BUILD)/mistakes/NAME
$(MISTAKE)/%.o: $(MISTAKE)/%.c
	$(Q)$(CC) $(ALL_CFLAGS) -Wno-error -c -o $@ $<
$(MISTAKE)/sim: $(call obj,$(wildcard tests/sim/*.c)) $(OBJECTS) $(OUT)/libsupport.a $(OUT)/libsosedi.a
	$(Q)$(CC) $(LDFLAGS_$(VARIANT)) $(LDFLAGS) -o $@ $^ $(call libs,$(PKGS_all) $(PKGS_test))

# tests/support/tools/NAME.c: programs that tests and the demo run
TOOLS := $(patsubst tests/support/tools/%.c,$(OUT)/tests/tools/%,$(wildcard tests/support/tools/*.c))
$(OUT)/tests/tools/%: $(OUT)/tests/support/tools/%.o $(OUT)/libsupport.a $(LIB)
	@mkdir -p $(@D)
	@echo '  LINK $@'
	$(Q)$(CC) $(LDFLAGS_$(VARIANT)) $(LDFLAGS) $(RPATH) -o $@ $^ $(call libs,$(PKGS_all) $(PKGS_test))

# the demo's printer needs nothing of the tests' libraries
FAKEPRINTER := $(OUT)/tests/tools/fakeprinter
$(FAKEPRINTER): $(patsubst %,$(OUT)/tests/support/%.o,tools/fakeprinter printer paper)
	@mkdir -p $(@D)
	@echo '  LINK $@'
	$(Q)$(CC) $(LDFLAGS_$(VARIANT)) $(LDFLAGS) -o $@ $^ $(call libs,cairo fontconfig)

# nor do the guests of the demo, who sign up before anybody comes
ACT := $(OUT)/tests/tools/act
$(ACT): $(call obj,tests/support/tools/act.c $(BASE) $(STORE) $(filter-out kiosk/ticket/qr.c,$(TICKET))) $(schema_objs)
	@mkdir -p $(@D)
	@echo '  LINK $@'
	$(Q)$(CC) $(LDFLAGS_$(VARIANT)) $(LDFLAGS) -o $@ $^ $(call libs,$(PKGS_print))

# tests/fuzz/NAME.c: one target each. Here replay.c gives it the files of its corpus; in `make fuzz` clang's fuzzer makes up others.
FUZZ := $(filter-out replay,$(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c)))
$(OUT)/tests/fuzz/%: $(OUT)/tests/fuzz/%.o $(OUT)/tests/fuzz/replay.o $(OUT)/libsupport.a $(LIB)
	@echo '  LINK $@'
	$(Q)$(CC) $(LDFLAGS_$(VARIANT)) $(LDFLAGS) $(RPATH) -o $@ $^ $(call libs,$(PKGS_all) $(PKGS_test))
$(OUT)/fuzzers/%: $(OUT)/tests/fuzz/%.o $(OUT)/libsupport.a $(OUT)/libsosedi.a
	@mkdir -p $(@D)
	@echo '  LINK $@'
	$(Q)$(CC) $(LDFLAGS_$(VARIANT)) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(call libs,$(PKGS_all) $(PKGS_test))

# TIME: seconds for each target; TARGET=name: that one alone. New inputs stay in $(BUILD)/fuzz/corpus, what breaks beside them.
TIME ?= 60
TARGET ?= $(FUZZ)
fuzz:
	@assets/debian/install build test fuzz
	@$(MAKE) --no-print-directory -j$$(nproc) VARIANT=fuzz CC=clang $(patsubst %,$(BUILD)/fuzz/fuzzers/%,$(TARGET))
	@for t in $(TARGET); do tests/fuzz/run $(BUILD)/fuzz $$t $(TIME) || exit 1; done

unit: $(UNIT_BIN) $(patsubst %,$(OUT)/tests/fuzz/%,$(FUZZ))
tools: $(TOOLS) $(OUT)/tests/sim/sim $(OUT)/libsosedi.a

# The simulation (tests/sim/README.md): `make sim` for SEEDS seeds, `make sim SEED=n` replays one and shows its steps.
SIM := $(OUT)/tests/sim/sim
$(SIM): $(call obj,$(wildcard tests/sim/*.c)) $(OUT)/libsupport.a $(LIB)
	@echo '  LINK $@'
	$(Q)$(CC) $(LDFLAGS_$(VARIANT)) $(LDFLAGS) $(RPATH) -o $@ $^ $(call libs,$(PKGS_all) $(PKGS_test))
SEEDS ?= 2000
sim:
	@assets/debian/install build test
	@$(MAKE) --no-print-directory -j$$(nproc) $(SIM)
	@$(if $(MISTAKES),tests/sim/mistakes.sh $(BUILD) $(VARIANT) $(SEEDS) $(filter-out 1 all,$(MISTAKES)),$(SIM) $(if $(SEED),--first $(SEED) --seeds 1 --tell $(if $(STEPS),--steps $(STEPS)),--seeds $(SEEDS) $(if $(FIRST),--first $(FIRST))))

# Everything a test run needs, built with sanitizers, in a folder of its own.
TEST_BUILD := $(BUILD)/check
test:
	@assets/debian/install build test
	@$(MAKE) --no-print-directory -j$$(nproc) BUILD=$(TEST_BUILD) VARIANT=test all unit tools benches
	@tests/run $(TEST_BUILD)/test/tests $(TEST_BUILD)

# The exchange over a line as bad as it may be: a modem of 9,600 bit/s, 2 s each way, every tenth packet lost. Takes some twenty minutes.
line:
	@assets/debian/install build test
	@$(MAKE) --no-print-directory -j$$(nproc) BUILD=$(TEST_BUILD) VARIANT=test all tools
	@LINE_BITS=9600 LINE_DELAY=2000 LINE_LOSS=10 LINE_PATIENCE=60 LINE_LIMIT=3600 SOSEDI_BUILD=$(TEST_BUILD) bash tests/e2e/line.sh

# A hub, an enrolled kiosk with its exchange and its printer, all on the loopback; then the kiosk opens.
demo:
	@assets/debian/install build demo
	@$(MAKE) --no-print-directory -j$$(nproc) all $(FAKEPRINTER) $(ACT)
	@assets/demo/run

# Every screen as a picture, in both languages, sizes and palettes, with the demo content: $(BUILD)/shots/index.html
SHOTS := $(BUILD)/shots
shots:
	@assets/debian/install build test
	@$(MAKE) --no-print-directory -j$$(nproc) all $(FAKEPRINTER) $(ACT) $(OUT)/tests/tools/gallery
	@rm -rf $(SHOTS) && mkdir -p $(SHOTS)
	@BUILD=$(abspath $(BUILD)) DEMO=$(abspath $(SHOTS))/demo assets/demo/run $(OUT)/tests/tools/gallery $(SHOTS)/demo/kiosk tests/screens/gallery.txt $(SHOTS)

# Speed and memory of the release build, as figures and ratios of one run (tests/bench/README.md). EVENTS=1000000 RECORDS=1000000 for the
# long one; PEER="tig" beside the screens; BENCH="apply search" for some of them.
EVENTS ?= 100000
bench:
	@assets/debian/install build test
	@$(MAKE) --no-print-directory -j$$(nproc) all benches tools
	@PEER='$(PEER)' tests/bench/run $(OUT)/tests $(BUILD) $(EVENTS) $(BENCH)
BENCHES := $(patsubst tests/bench/%.c,$(OUT)/tests/bench/%,$(wildcard tests/bench/*.c))
benches: $(BENCHES)

lint:
	@tests/lint/source.sh
format:
	clang-format -i $(shell git ls-files -co --exclude-standard '*.[ch]')

# Units and the list of accounts go where systemd looks for them; the units name the programs where they were put.
SHARE := $(DESTDIR)$(PREFIX)/share
UNITS := $(DESTDIR)$(PREFIX)/lib
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/sosedi/locale $(SHARE)/man/man1 $(SHARE)/doc/sosedi/examples $(UNITS)/systemd/system $(UNITS)/sysusers.d
	install -m 755 $(patsubst $(BUILD)/%,$(OUT)/bin/%,$(PROGRAMS)) $(DESTDIR)$(PREFIX)/bin
	for l in $(LANGS); do install -D -m 644 $(BUILD)/locale/$$l/LC_MESSAGES/sosedi.mo $(SHARE)/sosedi/locale/$$l/LC_MESSAGES/sosedi.mo || exit 1; done
	install -m 644 assets/man/*.1 $(SHARE)/man/man1
	for u in assets/systemd/*.service; do sed 's,/usr/local/,$(PREFIX)/,' $$u > $(UNITS)/systemd/system/$${u##*/} || exit 1; done
	chmod 644 $(UNITS)/systemd/system/sosedi-*.service
	install -m 644 assets/systemd/sysusers.conf $(UNITS)/sysusers.d/sosedi.conf
	install -D -m 644 assets/systemd/60-sosedi-usb.rules $(UNITS)/udev/rules.d/60-sosedi-usb.rules
	install -m 644 LICENSE sync/PROTOCOL.md $(SHARE)/doc/sosedi
	install -m 644 assets/demo/README.md $(SHARE)/doc/sosedi/tables.md
	install -m 644 assets/printers/README.md $(SHARE)/doc/sosedi/printers.md
	install -m 644 assets/systemd/README.md $(SHARE)/doc/sosedi/lockdown.md
	install -m 644 assets/console/console-setup assets/demo/*.csv $(SHARE)/doc/sosedi/examples

clean:
	rm -rf $(BUILD)

help:
	@printf '%s\n' 'make           build the four programs into $(BUILD)/' 'make demo      a hub, a kiosk and a printer on this machine, to look at' \
	 'make test      every test, with sanitizers' 'make sim       a hub and kiosks in bad luck, SEEDS=n; SEED=n replays; MISTAKES=1 plants mistakes' \
	 'make line      the exchange over 9,600 bit/s, 2 s, 10 % lost' 'make fuzz      odd bytes for every parser; TIME=seconds TARGET=name' 'make shots     every screen as a picture, to look at' 'make bench     speed and memory, as ratios measured in one run' 'make lint      the rules of the house' \
	 'make format    clang-format' 'make install   DESTDIR= PREFIX=' 'make clean'

.PHONY: FORCE all unit tools sim fuzz test line demo shots lint format install clean help bench benches
