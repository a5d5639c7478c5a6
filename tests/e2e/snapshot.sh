#!/bin/bash
# Snapshots between whole processes: made by hand and by serve, taken by new and damaged kiosks, with kiosk-sync killed at any moment and
# the screens running.
. "$(dirname "$0")/lib.sh"
RANDOM=${SOSEDI_SEED:-4711}

day=$(date -u -d '+20 days' +%F)
# lines FROM TO: events
lines() { local i; for ((i = $1; i <= $2; i++)); do echo "e$i,Evening $i,$day 18:00,20:00,"; done; }
grown() { lines 1 "$1" >"$work/lines"; hub_events "$(cat "$work/lines")"; }
events() { act "$1" count; }
took() { grep -c 'snapshot-taken' "$work/$1.log"; }

hub_init
printf '[snapshot]\npages = 2\nhours = 0\nlevel = 3\n' >"$work/hub/hub.conf"
grown 700
like 'a snapshot is made by hand' "$(hub snapshot 2>>"$work/hub.log")" '^snap/500-[0-9a-f]{16}\.zst changes 1\.\.500, '
like 'once' "$(hub snapshot 2>>"$work/hub.log")" 'made before'
hub_start

# ---- a new kiosk
kiosk_new a
is 'a new kiosk takes it' "$(took a)" 1
is 'and the rest' "$(events a)" 700
is 'nothing of it is left lying' "$(ls "$work/a" | grep -c 'replica.snapshot')" 0
kiosk_sync a once
is 'it takes no second one' "$(took a)" 1

# ---- damaged while somebody is at the screens: act is a reader like kiosk
head -c 9000 /dev/urandom | dd of="$work/a/replica.db" bs=1 seek=8000 conv=notrunc 2>/dev/null
rm -f "$work"/a/replica.db-*
kiosk_sync a once; is 'a damaged replica: the round goes well' $? 0
is 'by the snapshot' "$(took a)" 2
is 'all is here again' "$(events a)" 700

# ---- a replica shown while it is replaced, kiosk-sync killed at any moment
kiosk_new b
for round in 1 2 3 4 5 6 7 8 9 10 11 12; do
    rm -f "$work"/b/replica.db*
    "$build/kiosk-sync" --data "$work/b" once 2>>"$work/b.log" </dev/null & pid=$!
    started+=("$pid")
    moment $((RANDOM % 250))
    kill -9 "$pid" 2>/dev/null; wait "$pid" 2>/dev/null
    # Whatever is there is whole: none, an empty one, the snapshot, or all.
    n=$(events b)
    case $n in 0|500|700) ;; *) bad="${bad:-} $n" ;; esac
done
is 'what a killed kiosk-sync leaves is whole' "${bad:-}" ''
kiosk_sync b once; is 'after twelve deaths a round goes well' $? 0
is 'with everything' "$(events b)" 700
is 'and no leavings' "$(ls "$work/b" | grep -c 'replica.snapshot')" 0

# ---- old replica in place, far behind, killed while it is replaced: the old one or the new one
hub_stop
printf '[snapshot]\npages = 2\nhours = 0\nlevel = 3\nkeep_pages = 1\n' >"$work/hub/hub.conf"
grown 1600
hub snapshot >/dev/null 2>>"$work/hub.log"
hub_start
cp "$work/a/replica.db" "$work/old.db"
bad=''
for round in 1 2 3 4 5 6 7 8 9 10 11 12; do
    rm -f "$work"/a/replica.db*; cp "$work/old.db" "$work/a/replica.db"
    "$build/kiosk-sync" --data "$work/a" once 2>>"$work/a.log" </dev/null & pid=$!
    started+=("$pid")
    moment $((RANDOM % 250))
    kill -9 "$pid" 2>/dev/null; wait "$pid" 2>/dev/null
    n=$(events a)
    case $n in 700|1500|1600) ;; *) bad="$bad $n" ;; esac
done
is 'the old one or the new one, nothing between' "$bad" ''
kiosk_sync a once; is 'then all' "$(events a)" 1600
ok 'the pages before it are gone' grep -q '"min_page":3' <(exec 3<>"/dev/tcp/127.0.0.1/$HUB_PORT"; printf 'GET /v1/feed/all/head HTTP/1.0\r\n\r\n' >&3; cat <&3)

# ---- serve makes the next by itself, in a process of its own
grown 2700
hub_stop; hub_start
fresh() { ls "$work/hub/snapshots" | grep -q '^2500-.*\.zst$'; }
ok 'serve makes the next one by itself' within 30 fresh
kiosk_new c
is 'which a new kiosk takes' "$(grep -c 'snapshot-taken epoch=1 seq=2500' "$work/c.log")" 1
is 'whole' "$(events c)" 2700
tap_end
