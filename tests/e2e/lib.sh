# What the tests of whole processes share: a work folder, a hub on the loopback, kiosks, and TAP-like lines. To be sourced.
set -u
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$top" || exit 1
build=${SOSEDI_BUILD:-$top/build}
for variant in test release; do
    tools=$build/$variant/tests/tools
    [ -x "$tools/act" ] && break
done
work=$(mktemp -d)
tap_count=0 tap_bad=0
started=()
HUB_PORT=0 HUB_PID=''

finish() {
    local pid
    for pid in "${started[@]}"; do kill -9 "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT

# moment MS: lets that much time pass; for random moments and between two looks at a condition
moment() { read -rt "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))" <> <(:); true; }

# ok NAME COMMAND...: the command's success is the result
ok() {
    local name=$1; shift
    tap_count=$((tap_count + 1))
    if "$@" >"$work/last" 2>&1; then echo "ok $tap_count - $name"
    else echo "not ok $tap_count - $name"; sed 's/^/    /' "$work/last" | tail -n 20; tap_bad=1; fi
}
# is NAME GOT WANT
is() {
    tap_count=$((tap_count + 1))
    if [ "$2" = "$3" ]; then echo "ok $tap_count - $1"
    else echo "not ok $tap_count - $1"; echo "    got:    $2"; echo "    wanted: $3"; tap_bad=1; fi
}
# like NAME TEXT PATTERN
like() {
    tap_count=$((tap_count + 1))
    if grep -qE "$3" <<<"$2"; then echo "ok $tap_count - $1"
    else echo "not ok $tap_count - $1"; echo "    got:    $2"; echo "    wanted: $3"; tap_bad=1; fi
}
bail() { echo "not ok $((tap_count + 1)) - $1"; [ ! -s "${2:-/dev/null}" ] || tail -n 20 "$2" | sed 's/^/    /'; exit 1; }
tap_end() { exit $tap_bad; }

# within SECONDS COMMAND...: until it succeeds
within() {
    local end=$(($(date +%s%3N) + $1 * 1000)); shift
    until "$@" >/dev/null 2>&1; do
        [ "$(date +%s%3N)" -lt "$end" ] || return 1
        moment 50
    done
}

# ---- the hub
hub() { "$build/kiosk-hub" --data "$work/hub" "$@"; }
hub_init() {
    hub init --host hub.example --name Test --backups none >"$work/hub-init.log" 2>&1 || bail 'the hub is made' "$work/hub-init.log"
}
# hub_events LINES: lines of "id,title,start,end,seats", published
hub_events() {
    { echo 'id,title,start,end,seats,registration,topics'; sed 's/$/,open,culture/' <<<"$1"; } >"$work/events.csv"
    hub import csv events "$work/events.csv" --source test >"$work/import.log" 2>&1 || bail 'events are imported' "$work/import.log"
}
hub_listens_or_ended() { grep -q '^listening' "$work/hub.out" || ! kill -0 "$HUB_PID" 2>/dev/null; }
hub_listens() {
    : >"$work/hub.out" # here, not in the child: the line of the hub before must not be taken for its own
    "$build/kiosk-hub" --data "$work/hub" serve --listen "127.0.0.1:$HUB_PORT" "$@" >>"$work/hub.out" 2>>"$work/hub.log" </dev/null &
    HUB_PID=$!
    started+=("$HUB_PID")
    within 60 hub_listens_or_ended && grep -q '^listening' "$work/hub.out"
}
# hub_start [OPTION...]: on the port it had before, if any. The first is below those the system gives to outgoing connections: while the
# hub is stopped nobody else may come upon it.
hub_start() {
    local try
    if [ "$HUB_PORT" = 0 ]; then
        for try in 1 2 3 4 5 6 7 8; do
            HUB_PORT=$((12000 + ($$ * 8 + try) % 20000))
            ! hub_listens "$@" || return 0
        done
        bail 'the hub listens' "$work/hub.log"
    fi
    hub_listens "$@" || bail 'the hub listens' "$work/hub.log"
}
hub_stop() { kill "${1:--TERM}" "$HUB_PID" 2>/dev/null; wait "$HUB_PID" 2>/dev/null; HUB_PID=''; }
hub_url() { echo "http://127.0.0.1:$HUB_PORT"; }
# signups PATTERN: how many lines the operator's list has with it
signups() { hub signups --format csv 2>/dev/null | grep -c -- "$1"; }

# ---- kiosks; NAME is a folder in the work folder
kiosk_sync() { local name=$1; shift; "$build/kiosk-sync" --data "$work/$name" "$@" 2>>"$work/$name.log" </dev/null; }
act() { local name=$1; shift; "$tools/act" "$work/$name" "$@"; }
kiosk_new() {
    local code; code=$(hub enrol "$1" 2>>"$work/hub.log" | grep -oE '[2-9CDFGJLNRVWX]{4}(-[2-9CDFGJLNRVWX]{4}){3}')
    kiosk_sync "$1" enrol --hub "$(hub_url)" "$code" >/dev/null || bail "kiosk $1 enrols" "$work/$1.log"
    kiosk_sync "$1" once || bail "kiosk $1 exchanges" "$work/$1.log"
}
# occurrence KIOSK TITLE: its id
occurrence() { act "$1" events | awk -F'\t' -v t="$2" '$2 == t {print $1; exit}'; }
# signup KIOSK TITLE PERSON [PARTY]: prints the ticket's code
signup() { act "$1" signup "$(occurrence "$1" "$2")" "$3" +79990000000 "${4:-1}" | cut -f1; }
state() { act "$1" ticket "$2" | cut -f1; }
state_is() { [ "$(state "$1" "$2")" = "$3" ]; }
unsent_is() { act "$1" status | grep -q "unsent=$2 "; }
fault_is() { act "$1" status | grep -q "fault=$2 "; }
