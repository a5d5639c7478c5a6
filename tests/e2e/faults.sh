#!/bin/bash
# The real programs while the system refuses: the nth write, sync, rename or opening is an error, or the last thing the process does;
# and a disk that is full. Each time: an exit code and a message, or death; then, with all well again, everything is whole.
. "$(dirname "$0")/lib.sh"
export ASAN_OPTIONS=detect_leaks=0 # a traced process cannot look for leaks
if ! strace -o /dev/null true 2>/dev/null; then
    echo 'ok 1 - faults of the system calls # SKIP no process may be traced here'
    exit 0
fi
most=${FAULTS:-4} # of each kind; FAULTS=1000 for all

day=$(date -u -d '+20 days' +%F)
hub_init
hub_events "open,Open evening,$day 18:00,20:00,
few,Few seats,$day 18:00,20:00,30"
hub_start
kiosk_new a
kiosk_sync a once
ev=$(occurrence a 'Few seats')

# under CALLS FAULT N COMMAND...: runs it with the Nth of each of these calls failing so; true when one did
under() {
    local calls=$1 fault=$2 n=$3; shift 3
    { strace -f -qq -o "$work/trace" -e trace="$calls" -e inject="$calls:$fault:when=$n" "$@" >"$work/out" 2>"$work/err" </dev/null; } 2>/dev/null
    rc=$?
    grep -qE 'INJECTED|killed by SIGKILL' "$work/trace"
}
# What a failed program owes: no crash, an exit code of 1, a message. killed ones owe nothing.
decent() {
    case $rc in
    0 | 137) ;;
    1 | 3) [ -s "$work/err" ] || grep -q 'write(2,.*INJECTED' "$work/trace" ;; # unless that was the message itself
    *) false ;;
    esac && ! grep -qE 'AddressSanitizer|runtime error|out of memory' "$work/err"
}
# through NAME CHECK CALLS FAULT COMMAND...: N = 1, 2, .. until a run passes untouched, or FAULTS of them; CHECK after each
through() {
    local name=$1 check=$2 calls=$3 fault=$4 n bad=''; shift 4
    for ((n = 1; n <= most; n++)); do
        under "$calls" "$fault" "$n" "$@" || { [ -n "$bad" ] || "$check" || bad="$n: untouched, and yet wrong"; break; }
        decent || { bad="$n: exit $rc: $(tail -n 3 "$work/err")"; break; }
        "$check" || { bad="$n (exit $rc): $(cat "$work/why")"; break; }
    done
    is "$name, $fault, $((n - 1)) times" "$bad" ''
}
# each NAME CHECK COMMAND...: all kinds of fault
each() {
    local name=$1 check=$2; shift 2
    through "$name: no space" "$check" write,pwrite64,ftruncate,fallocate error=ENOSPC "$@"
    through "$name: nothing gets to the disk" "$check" fsync,fdatasync error=EIO "$@"
    through "$name: killed" "$check" write,pwrite64,fsync,fdatasync,rename,unlink signal=KILL "$@"
}
why() { echo "$1" >"$work/why"; false; }
db() { sqlite3 -cmd '.timeout 5000' "$work/$1" "$2" 2>&1; }

# ---- a sign-up
count() { db a/ledger.db 'SELECT count(*) FROM signup'; }
before=$(count)
sign_up_whole() {
    local now; now=$(count)
    [ "$(db a/ledger.db 'SELECT (SELECT count(*) FROM signup) = (SELECT count(*) FROM job) AND (SELECT count(*) FROM signup) = (SELECT count(DISTINCT signup) FROM op WHERE kind = '"'signup'"')')" = 1 ] || why 'half a sign-up' || return
    [ "$rc" != 0 ] || [ "$now" -gt "$before" ] || why 'told and not there' || return
    [ "$now" -le $((before + 1)) ] || why 'there twice' || return
    [ "$(db a/ledger.db 'PRAGMA integrity_check')" = ok ] || why 'damaged' || return
    [ ! -e "$work/a/ledger.db.damaged" ] || why 'taken for damaged' || return
    before=$now
}
each 'sign-up' sign_up_whole "$tools/act" "$work/a" signup "$ev" Anna +79990000000 1

# ---- an exchange
exchange_whole() {
    [ "$(db a/ledger.db 'PRAGMA integrity_check')" = ok ] || why 'the ledger is damaged' || return
    [ ! -e "$work/a/ledger.db.damaged" ] && [ ! -e "$work/a/replica.db.damaged" ] || why 'taken for damaged' || return
    kiosk_sync a once || why "the next exchange fails: $(tail -n 2 "$work/a.log")" || return
    unsent_is a 0 || why 'something is not sent' || return
    [ "$(db hub/hub.db 'SELECT count(*) FROM signup')" = "$(count)" ] || why 'lost or double at the hub' || return
    signup a 'Open evening' Boris >/dev/null
}
signup a 'Open evening' Boris >/dev/null
each 'exchange' exchange_whole "$build/kiosk-sync" --data "$work/a" once

# ---- an enrolment
enrol_again() {
    grep -q '' "$work/b/kiosk.key" 2>/dev/null && [ "$(stat -c %s "$work/b/kiosk.key")" != 64 ] && { why 'half a key'; return; }
    kiosk_sync b enrol --hub "$(hub_url)" "$code" >/dev/null || why "cannot be done again: $(tail -n 1 "$work/b.log")" || return
    kiosk_sync b once || why 'and then does not exchange' || return
    [ -z "$(find "$work/b" -name '*.tmp' -size +0 -newer "$work/b/kiosk.key")" ] || why 'left something behind' || return
    rm -rf "$work/b"
    code=$(hub enrol B 2>/dev/null | grep -oE '[2-9CDFGJLNRVWX]{4}(-[2-9CDFGJLNRVWX]{4}){3}')
}
enrol() { "$build/kiosk-sync" --data "$work/b" enrol --hub "$(hub_url)" "$code"; }
for kind in 'write,pwrite64 error=ENOSPC' 'fsync,fdatasync error=EIO' 'rename error=EIO' 'write,pwrite64,fsync,rename signal=KILL'; do
    code=$(hub enrol B 2>/dev/null | grep -oE '[2-9CDFGJLNRVWX]{4}(-[2-9CDFGJLNRVWX]{4}){3}')
    bad=''
    for ((n = 1; n <= most; n++)); do
        under "${kind% *}" "${kind#* }" "$n" "$build/kiosk-sync" --data "$work/b" enrol --hub "$(hub_url)" "$code" || break
        decent || { bad="$n: exit $rc: $(tail -n 3 "$work/err")"; break; }
        enrol_again || { bad="$n (exit $rc): $(cat "$work/why")"; break; }
    done
    is "enrolment, $kind, $((n - 1)) times" "$bad" ''
    rm -rf "$work/b"
done

# ---- an import and a backup at the hub
hub_stop
records() { db hub/hub.db "SELECT count(*) FROM record WHERE kind = 'community'"; }
known=0
printf 'id,name\n1,One\n2,Two\n3,Three\n' >"$work/c.csv"
import_whole() {
    local now; now=$(records)
    [ "$now" = 0 ] || [ "$now" = 3 ] || why "half an import: $now" || return
    [ "$rc" != 0 ] || [ "$now" = 3 ] || why 'said to be done' || return
    [ "$now" -ge "$known" ] || why 'gone again' || return
    [ "$(db hub/hub.db 'PRAGMA integrity_check')" = ok ] || why 'damaged' || return
    known=$now
}
each 'import' import_whole "$build/kiosk-hub" --data "$work/hub" import csv communities "$work/c.csv" --source x
ok 'and then it can be imported' hub import csv communities "$work/c.csv" --source x
is 'whole' "$(records)" 3
hub_start

# ---- full: no file may grow
full() { (ulimit -f 1; exec "$@") >"$work/out" 2>"$work/err" </dev/null; rc=$?; }
signup a 'Open evening' Vera >/dev/null
full "$build/kiosk-sync" --data "$work/a" once
is 'a full disk is an error, not the end of the exchange' "$rc" 1
like 'and it says so' "$(cat "$work/err")" 'no space|full|cannot|I/O error'
kiosk_sync a once; is 'with space again it goes on' $? 0
ok 'and all is sent' unsent_is a 0
full "$build/kiosk-print" --data "$work/a" --printer "file:$work/paper" once
is 'nor of the printing' "$rc" 1
full "$build/kiosk-hub" --data "$work/hub" import csv communities "$work/c.csv" --source y
is 'nor of the hub' "$rc" 1
hub_stop
(ulimit -f 1; exec "$build/kiosk-hub" --data "$work/hub" serve --listen "127.0.0.1:$HUB_PORT") >"$work/hub.out" 2>>"$work/hub.log" </dev/null & HUB_PID=$!
started+=("$HUB_PID")
within 60 hub_listens_or_ended
signup a 'Open evening' Gleb >/dev/null
kiosk_sync a once; is 'a hub with a full disk takes nothing' $? 1
ok 'and the kiosk keeps it' unsent_is a 1
hub_stop; hub_start
kiosk_sync a once; is 'with space it takes it' $? 0
ok 'and nothing waits' unsent_is a 0
is 'once' "$(signups Gleb)" 1
tap_end
