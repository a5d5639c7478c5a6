#!/bin/bash
# What the programs keep to themselves: no core dumps, keys in locked memory, files for nobody else.
. "$(dirname "$0")/lib.sh"
ulimit -c unlimited 2>/dev/null
umask 022

core_limit() { awk '/^Max core file size/ {print $5 "," $6}' "/proc/$1/limits"; }
locked_kb() { awk '/^VmLck:/ {print $2}' "/proc/$1/status"; }
works() { [ "$(core_limit "$1")" = 0,0 ]; }
# guarded NAME PID [KEYS]: with KEYS it holds some, in memory that is locked
guarded() {
    ok "$1 leaves no core dump" within 20 works "$2"
    [ -z "${3:-}" ] || ok "$1 holds its keys in locked memory: $(locked_kb "$2") kB" test "$(locked_kb "$2")" -gt 0
}
# ends_without_core NAME PID
ends_without_core() {
    kill -ABRT "$2"; wait "$2" 2>/dev/null
    is "$1 dies of SIGABRT and leaves nothing" "$(find "$top" "$work" -maxdepth 1 -name "core*")" ''
}
pattern=$(cat /proc/sys/kernel/core_pattern)

hub_init
hub_events "club,Club,$(date -u -d '+20 days' +%F) 18:00,20:00,10"
hub_start
kiosk_new a
signup a Club 'Anna Secret' >/dev/null
guarded kiosk-hub "$HUB_PID" keys

"$build/kiosk-sync" --data "$work/a" run 2>>"$work/a.log" </dev/null & sync=$!
started+=("$sync")
ok 'the exchange runs' within 30 unsent_is a 0
guarded kiosk-sync "$sync" keys
printf '[printer]\nurl = file:%s\n' "$work/paper" >>"$work/a/kiosk.conf"
"$build/kiosk-print" --data "$work/a" run 2>>"$work/a.log" </dev/null & print=$!
started+=("$print")
guarded kiosk-print "$print"

mkfifo "$work/keys"
"$tools/hands" "$work/a" en <"$work/keys" >"$work/hands.out" 2>&1 & hands=$!
started+=("$hands")
exec 7>"$work/keys"
printf 'press enter 1 enter f5\npid\n' >&7
ok 'the form is open' within 30 grep -q '^[0-9]' "$work/hands.out"
guarded kiosk "$(head -n 1 "$work/hands.out")" keys
exec 7>&-
wait "$hands"

is 'nothing in the data folder is for others' "$(find "$work/a" -type f -perm /077 ! -name kiosk.conf -printf '%P ')" ''
is 'nor in that of the hub' "$(find "$work/hub" -type f -perm /077 ! -name kiosk.conf -printf '%P ')" ''
if [ "${pattern#|}" = "$pattern" ]; then
    ends_without_core kiosk-sync "$sync"
    ends_without_core kiosk-print "$print"
    ends_without_core kiosk-hub "$HUB_PID"
fi
tap_end
