#!/bin/bash
# kill -9 at random moments, KILLS of them (40; 500 by itself), to the hub, the exchange, the printing and the acts at the counter:
# who was told that they are signed up is at the hub, once, and nobody's seat is sold twice.
. "$(dirname "$0")/lib.sh"
RANDOM=${SOSEDI_SEED:-1905}
kills=${KILLS:-40}

day=$(date -u -d '+20 days' +%F)
hub_init
hub_events "open,Open evening,$day 18:00,20:00,
many,Many seats,$day 18:00,20:00,2000"
hub_start
kiosk_new a
kiosk_sync a once
events=("$(occurrence a 'Open evening')" "$(occurrence a 'Many seats')")
is 'the events are here' "${#events[*]}" 2
"$tools/fakeprinter" --listen 127.0.0.1:0 --papers "$work/papers" >"$work/printer.log" 2>&1 </dev/null & started+=("$!")
within 60 grep -q '^listening on' "$work/printer.log" || bail 'the printer listens' "$work/printer.log"
printer=tcp://$(sed -n 's/^listening on //p' "$work/printer.log")

sync_pid='' print_pid=''
alive() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }
start_all() {
    alive "$HUB_PID" || hub_start
    alive "$sync_pid" || { "$build/kiosk-sync" --data "$work/a" run 2>>"$work/a.log" </dev/null & sync_pid=$!; started+=("$sync_pid"); }
    alive "$print_pid" || {
        "$build/kiosk-print" --data "$work/a" --printer "$printer" run >>"$work/print.log" 2>&1 </dev/null & print_pid=$!
        started+=("$print_pid")
    }
}
# at_counter NUMBER: somebody signs up; in one of three the power of the counter's program goes at some moment. Who was told is written down.
told=() done_kills=0
at_counter() {
    local code='' pid ev=${events[RANDOM % 2]}
    "$tools/act" "$work/a" signup "$ev" "Person$1" +79990000000 1 >"$work/told" 2>>"$work/act.log" & pid=$!
    if ((RANDOM % 3 == 0)); then
        moment $((RANDOM % 60))
        kill -9 "$pid" 2>/dev/null && done_kills=$((done_kills + 1))
    fi
    wait "$pid" 2>/dev/null && code=$(cut -f1 "$work/told")
    [ -z "$code" ] || told+=("Person$1 $code")
}
n=0
while ((done_kills < kills)); do
    start_all
    n=$((n + 1))
    at_counter "$n"
    case $((RANDOM % 4)) in
    0) victim=$HUB_PID ;;
    1) victim=$sync_pid ;;
    2) victim=$print_pid ;;
    *) continue ;;
    esac
    moment $((RANDOM % 80))
    kill -9 "$victim" 2>/dev/null && done_kills=$((done_kills + 1))
    wait "$victim" 2>/dev/null
done
echo "# $done_kills kills, $n people, ${#told[@]} told"
start_all
ok 'everything is sent in the end' within 90 unsent_is a 0
papers_done() { [ "$(sqlite3 -cmd '.timeout 5000' "$work/a/ledger.db" "SELECT count(*) FROM job WHERE state IN ('queued', 'printing')")" = 0 ]; }
ok 'and every paper printed, or known as unsure' within 90 papers_done
kill -TERM "$sync_pid"; wait "$sync_pid"; is 'the exchange ends well' $? 0
hub signups --format csv >"$work/list" 2>/dev/null
lost=0 states=0
for person in "${told[@]}"; do
    [ "$(grep -c "\\b${person% *}\\b\|${person#* }" "$work/list")" = 1 ] || lost=$((lost + 1))
    [ "$(state a "${person#* }")" = confirmed ] || states=$((states + 1))
done
is 'whoever was told is at the hub, once' "$lost" 0
is 'and has a ticket that says confirmed' "$states" 0
db() { sqlite3 "$work/$1" "$2"; }
is 'the hub has as many as the kiosk' "$(db hub/hub.db 'SELECT count(*) FROM signup')" "$(db a/ledger.db 'SELECT count(*) FROM signup')"
is 'a sign-up is a record, an operation and a paper' \
    "$(db a/ledger.db "SELECT (SELECT count(*) FROM signup) - (SELECT count(DISTINCT signup) FROM job WHERE kind = 'ticket')")" 0
is 'no seat has two people' "$(db hub/hub.db "SELECT count(*) FROM (SELECT 1 FROM seat WHERE signup IS NOT NULL GROUP BY ev, seat HAVING count(*) > 1)")" 0
is 'each confirmed person has a seat' "$(db hub/hub.db "SELECT (SELECT sum(party) FROM signup s JOIN occurrence o ON o.id = s.ev WHERE o.capacity >= 0 AND s.state = 'confirmed') - (SELECT count(*) FROM seat WHERE state = 'sold')")" 0
is 'the ledger is sound' "$(db a/ledger.db 'PRAGMA integrity_check')" ok
is 'the hub is sound' "$(db hub/hub.db 'PRAGMA integrity_check')" ok
is 'the replica is sound' "$(db a/replica.db 'PRAGMA integrity_check')" ok
ok 'no ledger was taken for damaged' test ! -e "$work/a/ledger.db.damaged"
tap_end
