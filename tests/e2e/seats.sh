#!/bin/bash
# Three kiosks sell the seats of one evening while the line comes and goes: never one seat twice, never more than there are.
. "$(dirname "$0")/lib.sh"
RANDOM=${SOSEDI_SEED:-1729}
capacity=24

day=$(date -u -d '+20 days' +%F)
hub_init
# more evenings than a reply has leases, so that blocks come in several rounds
others=$(for i in $(seq 60); do echo "other$i,Other $i,$day 10:00,11:00,40"; done)
hub_events "evening,Evening,$day 18:00,20:00,$capacity
$others"
hub_start
for k in a b c; do kiosk_new $k; kiosk_sync $k once; done
stock=0
for k in a b c; do stock=$((stock + $(act $k stock "$(occurrence $k Evening)"))); done
ok 'the kiosks hold blocks' test "$stock" -gt 3
ok 'and the hub keeps some' test "$stock" -lt $capacity

for again in 1 2; do kiosk_sync a once || bail 'further rounds go well' "$work/a.log"; done
ok 'every evening has a block here' test "$(act a stock "$(occurrence a 'Other 60')")" -gt 0

tickets=()
for round in $(seq 1 45); do
    k=$(cut -c$((RANDOM % 3 + 1)) <<<abc)
    case $((RANDOM % 6)) in
    0) [ -z "$HUB_PID" ] || hub_stop -9 ;;
    1) [ -n "$HUB_PID" ] || hub_start ;;
    2) kiosk_sync $k once ;;
    *) tickets+=("$k $(signup $k Evening "Guest$round" $((RANDOM % 4 == 0 ? 3 : 1)))") ;;
    esac
done
[ -n "$HUB_PID" ] || hub_start
# Somebody gives a ticket back, and those who wait move up.
back=0
for t in "${tickets[@]}"; do
    if [ "$(state $t)" = confirmed ] && [ $back -lt 2 ]; then act ${t% *} cancel ${t#* } >/dev/null; back=$((back + 1)); fi
done
for again in 1 2 3; do for k in a b c; do kiosk_sync $k once || bail "kiosk $k exchanges" "$work/$k.log"; done; done

seats='' states=''
for t in "${tickets[@]}"; do
    IFS=$'\t' read -r st numbers _ <<<"$(act ${t% *} ticket ${t#* } | tr '\t' '|' | sed 's/|/\t/; s/|/\t/')"
    states+="$st "
    [ "$st" = confirmed ] && seats+="${numbers//,/ } "
done
held=0
for k in a b c; do held=$((held + $(act $k stock "$(occurrence $k Evening)"))); done
sold=$(wc -w <<<"$seats")
is 'no seat is sold twice' "$(tr ' ' '\n' <<<"$seats" | grep . | sort | uniq -d | tr '\n' ' ')" ''
ok "no more than there are: $sold sold, $held held of $capacity" test $((sold + held)) -le $capacity
is 'every number is one of the seats' "$(tr ' ' '\n' <<<"$seats" | grep . | awk -v c=$capacity '$1 < 1 || $1 > c' | wc -l)" 0
is 'everybody knows where he stands' "$(tr ' ' '\n' <<<"$states" | grep . | grep -cvE '^(confirmed|waiting|cancelled)$')" 0
ok 'some were seated, some wait' grep -q 'waiting' <<<"$states"
is 'the hub has each of them once' "$(hub signups --format csv 2>/dev/null | grep -oE 'Guest[0-9]+' | sort | uniq -d | wc -l)" 0
is 'and all of them' "$(hub signups --format csv 2>/dev/null | grep -c 'Guest')" "${#tickets[@]}"
for k in a b c; do act $k status; done >"$work/last"
is 'nothing is left unsent' "$(grep -c 'unsent=0 ' "$work/last")" 3
tap_end
