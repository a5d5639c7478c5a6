#!/bin/bash
# Backups that were tried, and putting one back: whatever is wrong with a copy is said before it counts, and a restore that is cut short
# leaves nothing half-done.
. "$(dirname "$0")/lib.sh"

day=$(date -u -d '+20 days' +%F)
copies() { find "$work/copies" -name 'hub-*.db' 2>/dev/null | sort; }
newest() { copies | tail -n 1; }
# a copy's name has seconds in it
backup() { within 5 hub backup "$@"; }

hub init --host hub.example 2>"$work/last" || bail 'the hub is made' "$work/last"
like 'a hub without a word about backups says so' "$(cat "$work/last")" 'backups = none'
hub_events "many,Many seats,$day 18:00,20:00,60
open,Open evening,$day 18:00,20:00,"
hub_start
kiosk_new a
first=$(signup a 'Many seats' 'Anna First')
kiosk_sync a once; is 'a sign-up arrives' $? 0
kiosk_sync a once
like 'nobody decided: the kiosk keeps it' "$(act a status)" 'unsent=0 unsafe=[1-9]'
out=$(hub backup "$work/copies" 2>"$work/last"); is 'a copy is made while the hub runs' $? 0
is 'and named' "$(head -n 1 <<<"$out")" "$(newest)"
like 'the keys are not in it, it says' "$out" 'without the keys'
ok 'nothing of the drill is left' test -z "$(find "$work/copies" -name 'drill*' -o -name '*.part')"
is 'it is nobody else'"'"'s business' "$(stat -c %a "$(newest)") $(stat -c %a "$work/copies")" '600 700'
kiosk_sync a once; kiosk_sync a once
like 'what it holds is safe' "$(act a status)" 'unsent=0 unsafe=0'
second=$(signup a 'Many seats' 'Boris Second')
kiosk_sync a once; kiosk_sync a once
like 'what came after it is not' "$(act a status)" 'unsent=0 unsafe=[1-9]'
hub backup "$work/old.db" 2>/dev/null; is 'a file is no folder' $? 2
hub backup --keep many "$work/copies" 2>/dev/null; is 'a number is a number' $? 2
hub restore "$work/copies" 2>"$work/last"; is 'a hub that runs is not restored' $? 1
like 'which is said' "$(cat "$work/last")" 'stop it first'

# ---- copies that do not pass
mv "$work/hub/keys/feed.key" "$work/feed.key"
hub backup "$work/bad" >/dev/null 2>&1; is 'a copy that no key can publish does not pass' $? 1
is 'and is not kept' "$(ls -A "$work/bad")" ''
mv "$work/feed.key" "$work/hub/keys/feed.key"
kiosk_sync a once; kiosk_sync a once
like 'nor does it make anything safe' "$(act a status)" 'unsafe=[1-9]'

# ---- keeping a few
for n in 2 3 4; do backup --keep 2 --with-keys "$work/copies" || bail 'more copies'; done
is 'two are kept' "$(copies | wc -l)" 2
is 'with the keys beside them' "$(find "$work/copies" -name '*.keys' | wc -l)" 2
ok 'which are the keys' cmp "$work/hub/keys/root.key" "$(newest | sed 's/db$/keys/')/root.key"
third=$(signup a 'Open evening' 'Vera Third')
kiosk_sync a once
cancelled=$first; act a cancel "$first" >/dev/null; kiosk_sync a once

# ---- the disk is lost
hub_stop -9
cp "$(newest)" "$work/torn.db"; truncate -s -9000 "$work/torn.db"
hub restore "$work/torn.db" 2>"$work/last"; is 'a torn copy is not put back' $? 1
is 'and the hub is as it was' "$(signups 'Third')" 1
hub restore "$work/nowhere" 2>/dev/null; is 'nor one that is not there' $? 1
hub restore "$work/copies" 2>"$work/last"; is 'the newest copy is put back' $? 0
like 'it says where the old one is' "$(cat "$work/last")" 'epoch ([2-9]|[1-9][0-9]+)\..*replaced-'
epoch() { sed -n 's/.*as epoch \([0-9]*\).*/\1/p' "$work/last"; }
second_epoch=$(epoch)
ok 'there it is' test -s "$(find "$work/hub" -path '*replaced-*/hub.db')"
ok 'nothing else is left' test ! -e "$work/hub/restore.tmp"
hub_start
is 'the hub has forgotten what came after it' "$(signups 'Second') $(signups 'Third')" '1 0'
kiosk_sync a once; is 'the kiosk goes on' $? 0
kiosk_sync a once; kiosk_sync a once
is 'and tells it again, once' "$(signups 'First') $(signups 'Second') $(signups 'Third')" '1 1 1'
is 'tickets hold' "$(state a "$cancelled") $(state a "$second") $(state a "$third")" 'cancelled confirmed confirmed'
backup "$work/copies"
kiosk_sync a once; kiosk_sync a once
like 'a new copy makes it safe' "$(act a status)" 'unsent=0 unsafe=0'

# ---- an older copy once more: an epoch is never used twice
hub_stop
hub restore "$(copies | head -n 1)" 2>"$work/last"; is 'an older copy, too' $? 0
ok 'in an epoch of its own' test "$(epoch)" -gt "$second_epoch"

# ---- cut short, and on an empty machine
mkdir "$work/hub/restore.tmp"; mv "$work/hub/hub.db" "$work/lost.db"
hub kiosks 2>"$work/last"; is 'a restore that was cut short is no hub' $? 1
like 'and says so' "$(cat "$work/last")" 'cut short'
hub restore "$work/copies" 2>"$work/last"; is 'doing it again is enough' $? 0
rm -rf "$work/hub"
hub restore "$(newest)" 2>"$work/last"; is 'without keys there is no hub' $? 1
like 'which is said' "$(cat "$work/last")" 'keys are not here'
hub restore "$(find "$work/copies" -name '*.keys' | sort | tail -n 1 | sed 's/keys$/db/')" 2>"$work/last"; is 'with the keys beside the copy' $? 0
hub_start
kiosk_sync a once; kiosk_sync a once; is 'the kiosk knows it' $? 0

# ---- the operator's word
hub_stop
printf '[hub]\nbackups = none\n' >"$work/hub/hub.conf"
hub_start
last=$(signup a 'Open evening' 'Gleb Last')
kiosk_sync a once; kiosk_sync a once; kiosk_sync a once
like 'no backups: all is safe at once' "$(act a status)" 'unsent=0 unsafe=0'
backup "$work/copies"; ok 'a copy may be made all the same' test -s "$(newest)"
is 'tickets hold' "$(state a "$last") $(state a "$second")" 'confirmed confirmed'
tap_end
