#!/bin/bash
# A kiosk that means harm, with a key of its own that the hub knows, against a real hub: it can waste its own seats and its own log, and
# nothing of another kiosk.
. "$(dirname "$0")/lib.sh"

hub_init
day=$(date -u -d '+20 days' +%F)
hub_events "many,Many seats,$day 18:00,20:00,40
open,Open evening,$day 18:00,20:00,"
hub_start
kiosk_new a
ticket=$(signup a 'Many seats' 'Anna Honest')
kiosk_sync a once
id=$(act a ticket "$ticket" | cut -f3)
ev=$(occurrence a 'Many seats')
stock=$(act a stock "$ev")
ok 'the honest kiosk holds seats' test "$stock" -gt 0
read -r lease seat <<<"$(sqlite3 "$work/a/ledger.db" "SELECT lease || ' ' || seat FROM stock WHERE event = '$ev' LIMIT 1")"
code=$(hub enrol rogue 2>>"$work/hub.log" | grep -oE '[2-9CDFGJLNRVWX]{4}(-[2-9CDFGJLNRVWX]{4}){3}')
"$tools/rogue" "$(hub_url)" "$code" "$ev" "$(act a kid)" "$lease" "$seat" "$id" "$ticket" >"$work/rogue.out" 2>&1
cat "$work/rogue.out" | sed 's/^/# /'

# said NAME STATUS STATES: what the hub answered
said() { like "$1" "$(grep "^$1 " "$work/rogue.out")" "^$1 $2 ($3)\$"; }
said hello 200 '.*'
# a sign-up with a seat that is not its own is one without a seat: it waits, or gets one that is free
for what in seat-of-another invented-lease lease-to-come seat-beyond; do said $what 200 'confirmed|waitlisted|displaced'; done
said return-of-another 200 '-'
said holds-anothers 200 '-'
said cancel-by-id 200 'unknown|conflict'
said same-id 200 'conflict'
said same-id-and-code 200 'conflict'
said same-code 200 'confirmed|waitlisted|conflict'
said find-guessed 200 'unknown'
said as-another 401 '-'
said as-nobody 401 '-'
said own-signup 200 'confirmed|waitlisted'
said replayed 200 '.*'
said signature-moved 401 '-'
said altered 401 '-'
said too-many '413' '-'
said huge '(413|none)' '.*'
said malformed 400 '-'
said forked 409 '-'
said gap 503 '-'
said heard-everything '(200|400|409|503)' '.*'
said epoch-of-nowhere '(409|503)' '-'

state_of_all() { act a ticket "$ticket" | cut -f1,2; }
before=$(state_of_all)
kiosk_sync a once; is 'the honest kiosk exchanges as ever' $? 0
is 'its sign-up stands as it stood' "$(state_of_all)" "$before"
is 'the hub has it once' "$(signups 'Anna Honest')" 1
is 'it has all its seats' "$(act a stock "$ev")" "$stock"
more=()
for i in $(seq "$stock"); do more+=("$(signup a 'Many seats' "Guest$i")"); done
kiosk_sync a once; kiosk_sync a once
odd=''; for t in "${more[@]}"; do state_is a "$t" confirmed || odd+=" $(state a "$t")"; done
is 'and every one of them can be sold and is honoured' "$odd" ''
is 'nobody shares a seat' "$(hub signups --format json 2>/dev/null | grep -o '"event":"[^"]*"[^}]*"state":"confirmed"' | wc -l >/dev/null; sqlite3 "$work/hub/hub.db" "SELECT count(*) FROM (SELECT signup FROM seat WHERE state = 'sold' GROUP BY ev, seat HAVING count(*) > 1)")" 0
is 'no more are confirmed than there are seats' "$(sqlite3 "$work/hub/hub.db" "SELECT sum(party) <= 40 FROM signup WHERE ev = '$ev' AND state = 'confirmed'")" 1
is 'a sign-up of the rogue is known by its kiosk' "$(sqlite3 "$work/hub/hub.db" "SELECT count(*) > 0 FROM signup s JOIN kiosk k ON k.kid = s.kid WHERE k.name = 'rogue'")" 1
is 'no epoch was begun' "$(sqlite3 "$work/hub/hub.db" "SELECT value FROM meta WHERE name = 'epoch'")" 1
tap_end
