#!/bin/bash
# The hub loses its disk and comes back from a backup: what it forgot is still at the kiosks.
. "$(dirname "$0")/lib.sh"

day=$(date -u -d '+20 days' +%F)
hub_init
hub_events "many,Many seats,$day 18:00,20:00,60
open,Open evening,$day 18:00,20:00,"
hub_start
kiosk_new a
kiosk_new b
before=$(signup a 'Many seats' 'Anna Before')
kiosk_sync a once; is 'a sign-up arrives' $? 0
hub backup "$work/copies" >"$work/last" 2>&1; is 'the hub is backed up' $? 0
after=$(signup a 'Many seats' 'Boris After')
other=$(signup b 'Open evening' 'Vera After')
kiosk_sync a once; kiosk_sync b once
is 'two more arrive after the backup' "$(signups 'After')" 2
ok 'acknowledged' unsent_is a 0
like 'and kept at the kiosk, for the backup does not have it' "$(act a status)" 'unsafe=[1-9]'
act a cancel "$after" >/dev/null

hub_stop -9
rm -f "$work"/hub/hub.db*
cp "$work"/copies/hub-*.db "$work/hub/hub.db"
hub restored >"$work/last" 2>&1; is 'the backup is put back' $? 0
hub_start
is 'the hub has forgotten them' "$(signups 'After')" 0
like 'the pages are at hand' "$(act a events | wc -l)" '^2$'
kiosk_sync a once; is 'the first kiosk goes on' $? 0
kiosk_sync b once; is 'the second kiosk goes on' $? 0
is 'what was forgotten is there again, each once' "$(signups 'Boris After') $(signups 'Vera After') $(signups 'Anna Before')" '1 1 1'
is 'tickets hold' "$(state a "$before") $(state a "$after") $(state b "$other")" 'confirmed cancelled confirmed'
kiosk_sync a once; kiosk_sync b once
like 'the replica was built beside the old one' "$(cat "$work/a.log")" 'replica-replaced epoch=([2-9]|[1-9][0-9])'
is 'and is whole' "$(act a events | wc -l) $(act b events | wc -l)" '2 2'
ok 'nothing of the building is left' test ! -e "$work/a/replica.next"
hub backup "$work/copies2" >"$work/last" 2>&1
kiosk_sync a once; kiosk_sync a once
like 'a new backup makes it safe' "$(act a status)" 'unsent=0 unsafe=0'
tap_end
