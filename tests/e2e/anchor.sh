#!/bin/bash
# A kiosk's card goes back to an older state. With an anchor on a second medium it knows before it sells anything.
. "$(dirname "$0")/lib.sh"

shm=$(mktemp -d /dev/shm/sosedi-XXXXXX 2>/dev/null) || { echo 'ok 1 - # skip no second medium'; exit 0; }
trap 'rm -rf "$shm"; finish' EXIT
[ "$(stat -c %d "$shm")" != "$(stat -c %d "$work")" ] || { echo 'ok 1 - # skip no second medium'; exit 0; }

day=$(date -u -d '+20 days' +%F)
hub_init
hub_events "many,Many seats,$day 18:00,20:00,60"
hub_start
lost() { grep -c 'error anchor-lost' "$work/a.log"; }
mkdir -m 700 "$work/a"
printf '[anchor]\nfile = %s/anchor\n' "$shm" >"$work/a/kiosk.conf"
kiosk_new a
is 'a new kiosk is anchored' "$(stat -c %s "$shm/anchor")" 256
is 'and has lost nothing' "$(lost)" 0
ok 'the kiosk holds seats' test "$(act a stock "$(occurrence a 'Many seats')")" -gt 0
one=$(signup a 'Many seats' 'Anna One')
is 'and sells one' "$(state a "$one")" confirmed
kiosk_sync a once
cp -r "$work/a" "$work/image"
two=$(signup a 'Many seats' 'Boris Two')
is 'and another' "$(state a "$two")" confirmed
kiosk_sync a once
is 'nothing was lost' "$(lost)" 0

rm -rf "$work/a"; cp -r "$work/image" "$work/a"
kiosk_sync a once
like 'an older card is noticed by the kiosk itself' "$(grep 'error anchor-lost' "$work/a.log")" 'why=mismatch'
like 'the hub has it begin a new log' "$(grep 'incarnation' "$work/a.log")" 'why=anchor-lost'
is 'its stock is gone' "$(act a stock "$(occurrence a 'Many seats')")" 0
kiosk_sync a once
is 'each is known once' "$(signups 'One') $(signups 'Two')" '1 1'
three=$(signup a 'Many seats' 'Vera Three')
kiosk_sync a once; kiosk_sync a once
seats=$(hub signups --format csv 2>/dev/null | grep -c confirmed)
is 'nobody sits on the seat of another' "$seats" 3
is 'the ticket made afterwards holds' "$(state a "$three")" confirmed
kiosk_sync a once
is 'and the anchor lies on the log again' "$(lost)" 1
rm "$shm/anchor"
kiosk_sync a once
is 'a medium that is empty is no anchor' "$(lost)" 2
ok 'and is one again when the hub has answered' kiosk_sync a once
is 'that is all' "$(lost)" 2
tap_end
