#!/bin/bash
# kiosk-hub and kiosk-sync in two network namespaces with a bad line between them: LINE_BITS a second, LINE_DELAY ms each way, LINE_LOSS
# percent lost. `make line` runs it as a modem of 9,600 bit/s with 2 s and 10 %, for some minutes; here a faster line and less to carry.
# What is counted is bytes that arrived at the kiosk, headers of TCP and IP among them.
. "$(dirname "$0")/lib.sh"
bits=${LINE_BITS:-512000} delay=${LINE_DELAY:-20} loss=${LINE_LOSS:-10} patience=${LINE_PATIENCE:-2} seed=${SOSEDI_SEED:-4711}
limit=${LINE_LIMIT:-50} # seconds that anything here may take; nothing is judged by it
hub_side=sh$$ kiosk_side=sk$$ in_hub=sosedi-h$$ in_kiosk=sosedi-k$$

skip() { echo "ok 1 - a bad line # SKIP $1"; exit 0; }
line_remove() {
    ip netns del "$in_hub" 2>/dev/null; ip netns del "$in_kiosk" 2>/dev/null
    finish
}
trap line_remove EXIT

# ---- the line: the kernel's netem where there is one, else a program that passes packets between two tun interfaces
netem() {
    ip link add "$hub_side" netns "$in_hub" type veth peer name "$kiosk_side" netns "$in_kiosk" &&
        ip netns exec "$in_hub" tc qdisc add dev "$hub_side" root netem rate "$bits"bit delay "$delay"ms loss "$loss"% limit 20 &&
        ip netns exec "$in_kiosk" tc qdisc add dev "$kiosk_side" root netem rate "$bits"bit delay "$delay"ms loss "$loss"% limit 20
}
slowline() {
    ip -n "$in_hub" link del "$hub_side" 2>/dev/null
    "$tools/slowline" "$hub_side" "$kiosk_side" "$bits" "$delay" "$loss" "$seed" >"$work/line" 2>&1 </dev/null & line_pid=$!
    started+=("$line_pid")
    within 10 grep -q ready "$work/line" && ip link set "$hub_side" netns "$in_hub" && ip link set "$kiosk_side" netns "$in_kiosk"
}
[ "$(id -u)" = 0 ] || skip 'only root makes network namespaces'
command -v ip >/dev/null || skip 'there is no ip (iproute2)'
{ ip netns add "$in_hub" && ip netns add "$in_kiosk"; } 2>/dev/null || skip 'no network namespaces here'
netem 2>/dev/null || slowline || skip "the kernel has neither netem nor tun: $(tail -n 1 "$work/line")"
ip -n "$in_hub" addr add 10.77.0.1/30 dev "$hub_side"; ip -n "$in_kiosk" addr add 10.77.0.2/30 dev "$kiosk_side"
line_up() { ip -n "$in_hub" link set "$hub_side" up; ip -n "$in_kiosk" link set "$kiosk_side" up; }
line_down() { ip -n "$in_kiosk" link set "$kiosk_side" down; ip -n "$in_hub" link set "$hub_side" down; }
arrived() { ip netns exec "$in_kiosk" awk -v i="$kiosk_side:" '$1 == i {print $2}' /proc/net/dev; }
sent() { ip netns exec "$in_kiosk" awk -v i="$kiosk_side:" '$1 == i {print $10}' /proc/net/dev; }
arrived_more() { [ "$(arrived)" -ge "$1" ]; }
ip -n "$in_hub" link set lo up
line_up

# ---- the same programs as everywhere, each on its side
hub_serves() {
    ip netns exec "$in_hub" "$build/kiosk-hub" --data "$work/hub" serve --listen 10.77.0.1:8080 >"$work/hub.out" 2>>"$work/hub.log" </dev/null &
    HUB_PID=$!
    started+=("$HUB_PID")
    within 60 hub_listens_or_ended && grep -q '^listening' "$work/hub.out" || bail 'the hub listens' "$work/hub.log"
}
kiosk_sync() { local name=$1; shift; timeout "$limit" ip netns exec "$in_kiosk" "$build/kiosk-sync" --data "$work/$name" "$@" 2>>"$work/$name.log" </dev/null; }
enrolled() {
    local code; code=$(hub enrol "$1" 2>>"$work/hub.log" | grep -oE '[2-9CDFGJLNRVWX]{4}(-[2-9CDFGJLNRVWX]{4}){3}')
    mkdir -p "$work/$1"; chmod 700 "$work/$1"
    printf '[hub]\npatience = %d\n' "$patience" >"$work/$1/kiosk.conf"
    kiosk_sync "$1" enrol --hub http://10.77.0.1:8080 "$code" >/dev/null
}
begun_at() { sed -nE 's/.* begin epoch=1 seq=([0-9]+) .*/\1/p' "$work/$1.log" | tail -n 1; }
began() { [ "$(grep -c ' begin ' "$work/$1.log")" -gt "$2" ]; }
# cut_at NAME BYTES: a round of the kiosk, whose line is cut once so many bytes came; until it has ended
cut_at() {
    local before pid; before=$(arrived)
    kiosk_sync "$1" once & pid=$!
    within "$limit" arrived_more $((before + $2)) || bail "bytes come to $1" "$work/$1.log"
    line_down
    wait "$pid"; is "$1: a line that is cut ends the round" $? 1
    line_up
}

day=$(date -u -d '+20 days' +%F)
hub_init
printf '[snapshot]\npages = 0\n' >"$work/hub/hub.conf"
hub_events "$(for i in $(seq 1999); do echo "e$i,Evening $i with $(md5sum <<<"$i" | cut -c1-12),$day 18:00,20:00,"; done; echo "open,Open evening,$(date -u -d "+3 days" +%F) 18:00,20:00,")"
hub_serves

# ---- the first pull: four pages
enrolled a; is 'a kiosk enrols over the line' $? 0
before=$(arrived)
kiosk_sync a once; is 'the first round comes to its end' $? 0
whole=$(($(arrived) - before))
is 'with everything' "$(act a count)" 2000

# ---- a sign-up
ticket=$(signup a 'Open evening' 'Anna Open')
is 'somebody signs up' "$(state a "$ticket")" confirmed
kiosk_sync a once; is 'a round with it goes well' $? 0
ok 'it is acknowledged' unsent_is a 0
is 'the hub has it once' "$(signups 'Anna Open')" 1

# ---- nothing new
before=$(($(arrived) + $(sent)))
kiosk_sync a once; is 'a round with nothing new goes well' $? 0
idle=$(($(arrived) + $(sent) - before))
ok "it costs little ($idle bytes on the line, both ways, a new connection among them)" test "$idle" -lt 8000

# ---- cut in the middle of the pages: those that came are kept
enrolled b
cut_at b $((whole * 6 / 10))
kept=$(act b count)
ok "pages that came are kept ($kept events)" test "$kept" -ge 500
before=$(arrived) begins=$(grep -c ' begin ' "$work/b.log")
kiosk_sync b once; is 'the next round goes on' $? 0
rest=$(($(arrived) - before))
ok 'from the page it had come to' test "$(begun_at b)" -ge "$kept"
is 'to the end' "$(act b count)" 2000
# what was kept did not come again: one page in the making and some words around it
ok "in bytes: $rest after the cut, $whole for all" test "$rest" -lt $((whole * (2000 - kept) / 2000 + whole / 10 + 4000))

# ---- cut in the middle of a snapshot: not a byte of it comes twice
hub snapshot >"$work/snapshot" 2>>"$work/hub.log" || bail 'a snapshot is made' "$work/hub.log"
bytes=$(stat -c %s "$work"/hub/snapshots/*.zst)
enrolled c
cut_at c $((bytes / 2 + 2000))
kept=$(stat -c %s "$work/c/replica.snapshot.part" 2>/dev/null || echo 0)
ok "half a snapshot is kept ($kept of $bytes bytes)" test "$kept" -gt $((bytes / 4))
before=$(arrived)
kiosk_sync c once; is 'the next round fetches the rest' $? 0
rest=$(($(arrived) - before))
ok 'from where it was' grep -q "snapshot-begun .* have=$kept" "$work/c.log"
ok "in bytes: $rest for $((bytes - kept))" test "$rest" -lt $(((bytes - kept) * 13 / 10 + 8000))
is 'everything is here' "$(act c count)" 2000
echo "# $bits bit/s, $delay ms each way, $loss % lost: $whole bytes for the first pull of 2,000 events, $idle for a round with nothing new"
tap_end
