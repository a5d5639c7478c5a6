#!/bin/bash
# A proxy that cannot be trusted stands between a kiosk and the hub: nothing is lost, nothing is believed that the hub did not say, and
# the staff page can say what is wrong. After each way of meddling the line is honest again, and everything must have come right.
. "$(dirname "$0")/lib.sh"

hub_init
day=$(date -u -d '+20 days' +%F)
hub_events "few,Few seats,$day 18:00,20:00,60
open,Open evening,$day 19:00,21:00,"
hub_start
kiosk_new honest
kiosk_new a
# another hub, with other events
first_port=$HUB_PORT first_pid=$HUB_PID
mv "$work/hub" "$work/hub1"; hub_init
hub_events "x,Elsewhere,$day 18:00,20:00,10"
HUB_PORT=0; hub_start; other_port=$HUB_PORT
mv "$work/hub" "$work/hub2"; mv "$work/hub1" "$work/hub"
HUB_PORT=$first_port HUB_PID=$first_pid

echo pass >"$work/mode"
"$tools/meddler" "$HUB_PORT" "$work/mode" >"$work/meddler.out" & meddler=$!
started+=("$meddler")
ok 'the proxy stands' within 10 grep -q listening "$work/meddler.out"
via() { kiosk_sync a once --hub "http://127.0.0.1:$(awk '{print $2}' "$work/meddler.out")"; }
ok 'honest, it is passed by unnoticed' via
digests() { [ "$(act a digest)" = "$(act honest digest)" ]; }
settled() { via && unsent_is a 0 && kiosk_sync honest once && digests; }

number=0
# meddled MODE FAULTS: with a sign-up of a seat and one without at the kiosk, and something new at the hub, two rounds through the proxy.
# FAULTS: what the staff page may then say, "" for nothing
meddled() {
    number=$((number + 1))
    local one two events odd='' fault
    hub_events "few,Few seats,$day 18:00,20:00,60
open,Open evening,$day 19:00,21:00,
n$number,New $number,$day 18:00,20:00,"
    one=$(signup a 'Few seats' "Seat$number"); two=$(signup a 'Open evening' "Open$number")
    events=$(act a events | grep -v 'New ')
    echo "$1" >"$work/mode"
    via; via
    fault=$(act a status | sed 's/.*fault=\([a-z]*\).*/\1/')
    [[ " ${2:-none} " == *" ${fault:-none} "* ]] || odd+=" fault=$fault"
    [ "$(state a "$one")$(state a "$two")" = confirmedconfirmed ] || odd+=" tickets=$(state a "$one"),$(state a "$two")"
    # what is shown is what was there, or what the hub has now (the new one comes, the one before goes)
    [ "$(act a events | grep -v 'New ')" = "$events" ] || odd+=' events-changed'
    echo pass >"$work/mode"
    within 20 settled || odd+=" unsettled:$(act a status)"
    [ "$(signups "Seat$number ")$(signups "Seat$number,")$(signups "Open$number,")" = 011 ] || odd+=" at-the-hub=$(signups "Seat$number")$(signups "Open$number")"
    [ "$(state a "$one")$(state a "$two")" = confirmedconfirmed ] || odd+=" afterwards=$(state a "$one"),$(state a "$two")"
    is "$1: nothing is lost, nothing believed, and after it all is well" "$odd" ''
}
meddled flip 'sign hub stale busy net'
meddled cut 'net hub'
meddled short 'sign hub'
meddled unsigned 'sign'
meddled unmarked 'sign'
meddled replay 'sign hub stale none'
meddled swap 'sign hub stale'
meddled oldest 'sign hub stale none'
meddled "other:$other_port" 'sign hub refused stale'
for status in 200 304 400 403 404 409 410 503; do
    meddled "status:$status" 'sign hub busy refused old net stale'
done
meddled lost 'net'
meddled twice 'none sign'
meddled flip-up 'refused hub sign'
meddled cut-up 'refused hub sign'
meddled late 'none'
is 'no incarnation was begun for any of that' "$(grep -c 'incarnation' "$work/a.log")" 0
is 'the hub has one epoch still' "$(curl -s "$(hub_url)/v1/feed/all/head" | grep -o '"epoch":[0-9]*')" '"epoch":1'
is 'no operation was set aside' "$(grep -c 'set-aside\|set_aside' "$work/a.log")" 0
is 'no seat was sold twice' "$(hub signups --format csv 2>/dev/null | awk -F, '/Few seats/ && /confirmed/' | wc -l)" "$number"
tap_end
