#!/bin/bash
# The rules of the house that a machine can check. Each prints "ok" or "not ok" with the places that break it.
# Run by `make lint` and by `make test`.
set -u
cd "$(dirname "$0")/../.." || exit 1
count=0 bad=0

# verdict NAME PLACES: no places is a pass
verdict() {
    count=$((count + 1))
    if [ -z "$2" ]; then echo "ok $count - $1"; else echo "not ok $count - $1"; echo "$2" | head -n 20 | sed 's/^/    /'; bad=1; fi
}

product=$(git ls-files -co --exclude-standard 'kiosk/*.[ch]' 'screens/*.[ch]' 'sync/*.[ch]')
everything=$(git ls-files -co --exclude-standard '*.[ch]')

# includes_only FOLDER PATTERN: project headers included in FOLDER that do not match PATTERN
includes_only() {
    grep -nE '#include "' $(echo "$product" | grep -E "^$1") /dev/null | grep -vE "#include \"($2)" || true
}
verdict "layers: kiosk/base includes only itself" "$(includes_only kiosk/base/ 'kiosk/base/')"
verdict "layers: kiosk/ticket includes base" "$(includes_only kiosk/ticket/ 'kiosk/(base|ticket)/')"
verdict "layers: kiosk/store includes base and ticket" "$(includes_only kiosk/store/ 'kiosk/(base|store|ticket)/')"
verdict "layers: kiosk/form includes base, store, ui" "$(includes_only kiosk/form/ 'kiosk/(base|form|store|ui)/')"
verdict "layers: kiosk/ui never includes screens or sync" "$(includes_only kiosk/ui/ 'kiosk/(base|store|ticket|ui)/')"
verdict "layers: kiosk/print includes base, store, ticket" "$(includes_only kiosk/print/ 'kiosk/(base|print|store|ticket)/')"
verdict "layers: screens never include sync" "$(includes_only screens/ 'kiosk/(base|form|store|ticket|ui)/|screens/')"
verdict "layers: sync never includes ui or screens" "$(includes_only 'sync/[^/]*$' 'kiosk/(base|store|ticket)/|sync/[a-z_]+\.h')"
# One exception: a snapshot is a kiosk's replica, and only a kiosk's own code makes the same one of the same pages.
verdict "layers: sync/hub includes base, ticket, the wire and the stick; the builder of snapshots the replica's writer" \
    "$(includes_only sync/hub/ 'kiosk/(base|ticket)/|sync/(hub/|wire|stick)' | grep -vE '^sync/hub/serve/snapshot_build\.c:.*"kiosk/store/replica_(write|snapshot)\.h"')"
verdict "layers: inside sync/hub a folder includes those before it: itself, seats, events, import, serve, backup, command" "$(
    before=
    for folder in . seats events import serve backup command; do
        before="$before${before:+|}$([ "$folder" = . ] && echo '[a-z_]+\.h' || echo "$folder/")"
        # the lists of commands and of settings name what each folder brings; a promoted database's seats open again with the hub
        grep -nE '#include "sync/hub/' "sync/hub/$folder"/*.[ch] | grep -vE "\"sync/hub/($before)" | grep -vE 'sync/hub/\./(main|command|hub_settings|hub_cluster)\.c:'
    done)"

# gatekeeper HEADER FILES: only FILES (a pattern) may include HEADER
gatekeeper() {
    verdict "only $2 includes <$1>" "$(grep -lE "#include <$1>" $product | grep -vE "^($2)$" || true)"
}
gatekeeper 'n?curses.h' 'kiosk/ui/term[a-z_]*\.c'
gatekeeper 'sqlite3.h' 'kiosk/base/sql[a-z_]*\.c'
gatekeeper 'libpq-fe.h' 'sync/hub/sql_pg[a-z_]*\.[ch]'
gatekeeper 'curl/curl.h' 'sync/transport_curl\.c'
gatekeeper 'microhttpd.h' 'sync/hub/serve/http[a-z_]*\.c'
gatekeeper 'qrencode.h' 'kiosk/ticket/qr\.c'
gatekeeper 'sodium.h' 'kiosk/ticket/crypto[a-z_]*\.c'
gatekeeper 'cjson/cJSON.h' 'kiosk/base/json\.c'
gatekeeper 'libical/ical.h' 'sync/hub/events/ical[a-z_]*\.c'
gatekeeper 'zstd.h' 'sync/wire_zstd[a-z_]*\.c'
gatekeeper 'sys/un.h' 'kiosk/ui/speech\.c'
gatekeeper 'ini.h' 'kiosk/base/config\.c'
gatekeeper 'fribidi.h' 'kiosk/ui/bidi\.c'
gatekeeper 'pango/pangocairo.h' 'kiosk/print/raster[a-z_]*\.c'

verdict "a .c is at most 500 lines, a .h 150" \
    "$(wc -l $product | awk '$2 != "total" && (($2 ~ /\.c$/ && $1 > 500) || ($2 ~ /\.h$/ && $1 > 150)) {print $2 ": " $1}')"
verdict "a function is at most 60 lines" "$(awk '
    FNR == 1 {start = 0}
    /^[a-z].*[a-z0-9_]+\(/ && !/;$/ {head = FNR; name = $0}
    /^{/ {start = head}
    /^}/ && start {if (FNR - start + 1 > 60 && name !~ /=/) print FILENAME ":" start ": " FNR - start + 1 " lines"; start = 0}
' $(echo "$product" | grep '\.c$'))"
verdict "banned calls are not made" "$(grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|system|popen|usleep|sleep|rand|srand|tmpnam|mktemp|signal|strerror|gai_strerror)\(' $product || true)"
verdict "nothing is left open in the source" "$(grep -nE 'TODO|FIXME|XXX|not implemented' $everything | grep -v 'XXXXXX' || true)"
# "Still here?" comes after a minute without a key: in a picture of tests, not of the gallery
verdict "every screen is in the gallery (tests/screens/gallery.txt)" "$(sed -n 's/^SCREEN(.*, \(.*\))$/\1/p' screens/list.def | while read -r name; do
    [ "$name" = idle ] || grep -qE "^$name(-[a-z]+)*:" tests/screens/gallery.txt || echo "$name"; done)"
verdict "no typedef of structs" "$(grep -nE '^typedef struct' $everything || true)"
verdict "every header says what it is for" "$(for f in $(echo "$product" | grep '\.h$'); do head -n 1 "$f" | grep -q '^/\*' || echo "$f"; done)"
verdict "every .c opens with its purpose" "$(for f in $(echo "$product" | grep '\.c$'); do head -n 1 "$f" | grep -q '^/\*' || echo "$f"; done)"
verdict "screens wait for nothing and read no keys" "$(grep -nE '\b(poll|select|read|getch|wgetch|nanosleep)\(' $(echo "$product" | grep '^screens/') || true)"
verdict "words drawn on screens are translated" "$(grep -nE 'canvas_(text|wrap)[a-z_]*\([^;]*"[A-Za-z]{3,}' $(echo "$product" | grep -E '^(screens|kiosk/form)/') | grep -vE '_\("|N_\("|i18n_' || true)"

# unsaid PAGE SOURCES: options ({"--name"), settings ({"section", "name", 's') and subcommands of the sources' tables that the man page lacks
unsaid() {
    local page=assets/man/$1; shift
    grep -ohE '\{"--[a-z-]+"' "$@" | sort -u | tr -d '{"' | while read -r o; do grep -qE -- "Fl -${o#--}( |\$)" "$page" || echo "$page: $o"; done
    grep -ohE '^    \{"[a-z]+", "[a-z_]+", .[sib].,' "$@" | sed -E 's/.*"([a-z]+)", "([a-z_]+)".*/[\1] \2/' |
        while read -r s; do grep -qxF ".It Li $s" "$page" || echo "$page: $s"; done
    grep -ohE '^    \{"[a-z]+", (true|false), ' "$@" | cut -d'"' -f2 | while read -r c; do grep -qE "^\.It Cm $c( |\$)" "$page" || echo "$page: $c"; done
}
verdict "man pages name every option, setting and subcommand" "$(
    unsaid kiosk.1 kiosk/main.c kiosk/base/settings.c; unsaid kiosk-print.1 kiosk/print/*.c
    unsaid kiosk-sync.1 sync/*.c; unsaid kiosk-hub.1 sync/hub/*.c sync/hub/*/*.c)"

# Every message id of the screens and the paper has a text in every language; English is the language of the ids.
pot=$(mktemp)
xgettext -k_ -kN_ -ki18n_text -ki18n_plural:1,2 --from-code=UTF-8 -o "$pot" $(echo "$product" | grep '\.c$')
sed -i "s/charset=CHARSET/charset=UTF-8/" "$pot" 2>/dev/null
for po in assets/locale/*.po; do
    [ "$po" = assets/locale/en.po ] ||
        verdict "every text is translated in $po" "$([ ! -s "$pot" ] || msgcmp "$po" "$pot" 2>&1)"
done
rm -f "$pot"
extra=$(git ls-files -co --exclude-standard | cut -d/ -f1 | sort -u | grep -vxE 'kiosk|screens|sync|assets|tests|Makefile|README\.md|LICENSE|CONTRIBUTING\.md|\..*')
verdict "the top level holds what was agreed" "$extra"
exit $bad
