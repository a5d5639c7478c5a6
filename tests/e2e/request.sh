#!/bin/bash
# A request for what a community shares: made with no line, through a hub that dies and comes back, it arrives once, and its holder
# learns that it was received and passed on.
. "$(dirname "$0")/lib.sh"

hub_init
hub_events "open,Open evening,$(date -u -d '+20 days' +%F) 18:00,20:00,"
printf '%s\n' 'id,name,phone' 'dance,Dance square,+7 000 1' >"$work/communities.csv"
printf '%s\n' 'id,name,community,direction,type' 'tents,Tents and benches,dance,offer,equipment' 'hands,Helping hands,dance,want,volunteers' >"$work/resources.csv"
hub import csv communities "$work/communities.csv" --source test >>"$work/import.log" 2>&1 || bail 'communities are imported' "$work/import.log"
hub import csv resources "$work/resources.csv" --source test >>"$work/import.log" 2>&1 || bail 'resources are imported' "$work/import.log"
hub_start
kiosk_new a; kiosk_new b
resource() { act "$1" resources | awk -F'\t' -v t="$2" '$2 == t {print $1; exit}'; }
request() { act "$1" request "$(resource "$1" "$2")" "$3" +79990000000 "$4" | cut -f1; }
place() { act "$1" ticket "$2" | cut -f4; }
requests() { hub requests --format csv 2>/dev/null | grep -c -- "$1"; }
is 'the things are here' "$(act a resources | wc -l)" 2

# ---- made with no line
hub_stop -9
t1=$(request a 'Tents and benches' 'Anna Asking' 'for Saturday')
t2=$(request a 'Helping hands' 'Boris Helping' 'on Sundays')
is 'it waits' "$(state a "$t1") $(place a "$t1")" 'waiting 0'
kiosk_sync a once; is 'no hub: the round fails' $? 1
ok 'both are kept' unsent_is a 2
is 'nothing can be read of anyone' "$(grep -raE 'Anna|Boris|Saturday|79990000000' "$work/a" | wc -l)" 0

# ---- the hub comes back, dies in between, comes back again
hub_start
"$build/kiosk-sync" --data "$work/a" run 2>>"$work/a.log" </dev/null & pid=$!
started+=("$pid")
moment 300
hub_stop -9; hub_start
kill -9 "$pid"; wait "$pid" 2>/dev/null
kiosk_sync a once; is 'then a round goes well' $? 0
kiosk_sync a once
ok 'nothing is left unsent' unsent_is a 0
is 'each arrived once' "$(requests 'Anna Asking') $(requests 'Boris Helping')" '1 1'
like 'with what and whose' "$(hub requests | grep Anna)" 'received.*Tents and benches,offer,equipment,Dance square,.*for Saturday'
like 'as JSON too' "$(hub requests --format json)" '"message": ?"on Sundays"'
is 'they are no sign-ups' "$(signups 'Anna')" 0
is 'the holder knows that it arrived' "$(state a "$t1") $(place a "$t1")" 'waiting 1'

# ---- passed on, and seen elsewhere
ok 'a person has passed it on' hub requests --passed "${t1:0:5}-${t1:5}"
kiosk_sync a once
is 'its holder sees it' "$(state a "$t1")" confirmed
act b find "$t1" >/dev/null; kiosk_sync b once
is 'at another kiosk too' "$(state b "$t1")" confirmed
act a cancel "$t2" >/dev/null; kiosk_sync a once
like 'a cancelled one says so' "$(hub requests | grep Boris)" ',cancelled,'
hub requests --passed "$t2" >/dev/null 2>&1; is 'and is not passed on' $? 1
hub requests --passed nonsense >/dev/null 2>&1; is 'no code is a mistake of typing' $? 2
is 'no log holds a name' "$(cat "$work"/*.log | grep -cE 'Anna|Boris')" 0
tap_end
