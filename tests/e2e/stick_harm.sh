#!/bin/bash
# Sticks that are full, locked, pulled out, somebody else's or made to harm; and the running program that finds one.
. "$(dirname "$0")/lib.sh"
RANDOM=${SOSEDI_SEED:-4711}

day=$(date -u -d '+20 days' +%F)
hub_init
hub_events "open,Open evening,$day 18:00,20:00,
many,Many seats,$day 18:00,20:00,60"
hub_start
kiosk_new a; kiosk_new b
hub_stop
a=$(act a kid) b=$(act b kid)
stick=$work/stick
import() { timeout 20 "$build/kiosk-sync" --data "$work/$1" import "${2:-$stick}" >"$work/out" 2>>"$work/$1.log" </dev/null; }
export_to() { timeout 20 "$build/kiosk-sync" --data "$work/$1" export "${2:-$stick}" >"$work/out" 2>>"$work/$1.log" </dev/null; }
bundle() { timeout 60 "$build/kiosk-hub" --data "$work/hub" bundle "$@" >"$work/out" 2>"$work/bundle.log" </dev/null; }
says() { tail -n 1 "$work/$1.log"; }
fresh() { rm -rf "$stick"; mkdir "$stick"; }
# manifest PART: made anew for what lies there, as somebody with bad intentions could
manifest() {
    local dir=$stick/sosedi/$1 text
    rm -f "$dir/MANIFEST.txt"
    text=$(echo 'sosedi-manifest 1'; echo "part $1"; echo 'from x'; echo 'to y'; echo 'made 2026-01-01T00:00:00Z'
        (cd "$dir" && find . -type f | sed 's,^\./,,' | sort | while read -r f; do
            echo "file $(b2sum -l 256 "$f" | cut -d' ' -f1) $(stat -c %s "$f") $f x"
        done))
    printf '%s\nend %s\n' "$text" "$(printf '%s\n' "$text" | b2sum -l 256 | cut -d' ' -f1)" >"$dir/MANIFEST.txt"
}

# ---- of another hub
fresh; before=$(act a digest); like "there is something to compare" "$before" "^[0-9a-f]{64}"
"$build/kiosk-hub" --data "$work/other" init --host other.example --name Other >"$work/out" 2>&1
"$build/kiosk-hub" --data "$work/other" import csv events "$work/events.csv" --source test >"$work/out" 2>&1
"$build/kiosk-hub" --data "$work/other" bundle out "$stick" >"$work/out" 2>&1; is 'another hub writes a stick' $? 0
import a; is "another hub's stick is refused" $? 1
like 'for its signature' "$(says a)" "not signed by the hub's feed key"
is 'nothing was taken' "$(act a digest)" "$before"
export_to a
"$build/kiosk-hub" --data "$work/other" bundle in "$stick" >"$work/out" 2>&1; is 'and that hub takes nothing from us' $? 1
like 'and says why' "$(cat "$work/out")" 'no such kiosk'

# ---- swapped between kiosks
fresh
signup a 'Open evening' 'Anna One' >/dev/null; signup b 'Open evening' 'Boris One' >/dev/null
export_to a; export_to b; bundle in "$stick"
mv "$stick/sosedi/kiosks/$a/down" "$work/a-down"; cp -r "$stick/sosedi/kiosks/$b/down" "$stick/sosedi/kiosks/$a/down"
import a; is "another kiosk's receipt is refused" $? 1
like 'by its manifest' "$(says a)" "it is the manifest of kiosks/$b/down"
own=$(cd "$work/a-down" && basename -s .reply -- *.reply)
(cd "$stick/sosedi/kiosks/$a/down" && mv -- *.reply "$own.reply" && mv -- *.sig "$own.sig"); manifest "kiosks/$a/down"
import a; is 'and with a manifest that fits' $? 1
like 'by its nonce' "$(says a)" 'not to this batch'
ok 'nothing was cleared' unsent_is a 1
rm -rf "$stick/sosedi/kiosks/$a/down"; cp -r "$work/a-down" "$stick/sosedi/kiosks/$a/down"
printf ' ' >>"$stick/sosedi/kiosks/$a/down/$own.reply"; manifest "kiosks/$a/down"
import a; is 'nor is a changed one taken' $? 1
like 'by its signature' "$(says a)" 'not signed by the hub'
rm -rf "$stick/sosedi/kiosks/$a/down"; cp -r "$work/a-down" "$stick/sosedi/kiosks/$a/down"
import a; is 'the right one is' $? 0
ok 'and clears' unsent_is a 0

fresh
signup a 'Open evening' 'Anna Two' >/dev/null; signup b 'Open evening' 'Boris Two' >/dev/null
export_to a; export_to b
mv "$stick/sosedi/kiosks/$a" "$work/a-part"; cp -r "$stick/sosedi/kiosks/$b" "$stick/sosedi/kiosks/$a"; manifest "kiosks/$a/up"
bundle in "$stick"; is "another kiosk's batches are refused" $? 1
like 'by their signature' "$(grep "^$a" "$work/out")" 'unknown kiosk or signature'
is 'and taken once from the right folder' "$(signups 'Boris Two')" 1
rm -rf "$stick/sosedi/kiosks/$a"; cp -r "$work/a-part" "$stick/sosedi/kiosks/$a"

# ---- the second part without the first: to the hub it must not look as if it had been restored
rm "$stick/sosedi/kiosks/$a/up"/0001-*; manifest "kiosks/$a/up"
bundle in "$stick"; is 'a later part alone is refused' $? 1
like 'and waits' "$(grep "^$a" "$work/out")" 'the part before this one has not come'
rm -rf "$stick/sosedi/kiosks/$a"; cp -r "$work/a-part" "$stick/sosedi/kiosks/$a"
bundle in "$stick"; is 'both are taken' $? 0
bundle out "$stick"; like 'in the first epoch still' "$(cat "$work/out")" 'epoch 1;'
import a; import b

# ---- links, devices, giants, odd names
outside=$work/outside; mkdir "$outside"
fresh; ln -s "$outside" "$stick/sosedi"
export_to a; is 'a link in the place of the folder is refused' $? 1
like 'as a link' "$(says a)" 'a link'
fresh; mkdir -p "$stick/sosedi/kiosks"; ln -s "$outside" "$stick/sosedi/kiosks/$a"
export_to a; is 'and deeper' $? 1
bundle out "$stick"; is 'what has none is written' $? 0
ln -s "$outside/x" "$stick/sosedi/hub/MANIFEST.txt.tmp"; rm "$stick/sosedi/README.txt"; ln -s "$outside/readme" "$stick/sosedi/README.txt"
bundle out "$stick"; is 'links under our names are replaced, not followed' $? 0
is 'nothing was written outside' "$(ls "$outside")" ''
rm "$stick/sosedi/kiosks/$a"
head=$stick/sosedi/hub/v1/feed/all/head
rm "$head"; ln -s /etc/hostname "$head"
import a; is 'a link is not read' $? 1; like 'it is named' "$(says a)" 'head: a link'
rm "$head"; mkfifo "$head"
import a; is 'nor a pipe, which would wait for ever' $? 1; like 'it is named' "$(says a)" 'head: a link, a device'
rm "$head"; truncate -s 8G "$head"
import a; is 'nor a giant' $? 1; like 'it is named' "$(says a)" 'head.* larger than such a file'
truncate -s 8G "$stick/sosedi/hub/MANIFEST.txt"
import a; is 'nor a giant list' $? 1; like 'it is named' "$(says a)" 'MANIFEST.txt: larger'
fresh; export_to a
mkdir -p "$stick/sosedi/kiosks/../kiosks/ABCDEFGHIJ/up" "$stick/sosedi/kiosks/aaaaaaaaa:/up" "$stick/sosedi/kiosks/"$'aaaa\naaaaa' "$stick/sosedi/kiosks/.hidden" "$stick/sosedi/kiosks/aaaaaaaaaa"
: >"$stick/sosedi/kiosks/bbbbbbbbbb"
bundle in "$stick"; is 'odd names are passed by' $? 1
like 'but a file in the place of a folder is told' "$(cat "$work/out")" 'bbbbbbbbbb'
like 'and the good one taken' "$(grep "^$a" "$work/out")" 'receipt written'
text='file 0000000000000000000000000000000000000000000000000000000000000000 1 ../../../../outside/x x'
printf 'sosedi-manifest 1\npart hub\n%s\nend %s\n' "$text" "$(printf 'sosedi-manifest 1\npart hub\n%s\n' "$text" | b2sum -l 256 | cut -d' ' -f1)" >"$work/evil"
mkdir -p "$stick/sosedi/hub"; cp "$work/evil" "$stick/sosedi/hub/MANIFEST.txt"
import a; is 'a list that names what lies outside is refused' $? 1; like 'whole' "$(says a)" 'hub/MANIFEST.txt: a line that is none'

# ---- full, locked, pulled out: a file system of its own
mount_stick() { fresh && mount -t tmpfs -o "size=${1:-1m},nosuid,nodev,noexec" stick "$stick" 2>/dev/null; }
if mount_stick; then
    umount "$stick"
    mount_stick; export_to a; bundle out "$stick"
    mount -o remount,ro "$stick"
    signup a 'Open evening' 'Anna Three' >/dev/null
    import a; is 'a locked stick can be read' $? 0
    export_to a; is 'not written' $? 1; like 'in words' "$(says a)" 'lets nothing be written'
    bundle in "$stick"; is 'the hub takes from it' $? 1; like 'and says that there is no receipt' "$(cat "$work/out")" 'taken; no receipt.*Bring the stick once more'
    mount -o remount,rw "$stick"
    export_to a; is 'unlocked it is written' $? 0
    dd if=/dev/zero of="$stick/filler" bs=1k 2>/dev/null
    for i in 1 2 3 4 5; do signup a 'Open evening' "Full$i" >/dev/null; done
    export_to a; is 'a full stick is told' $? 1; like 'in words' "$(says a)" 'no space left on the stick'
    ok 'nothing is lost' unsent_is a 6
    is 'nothing half-done is left' "$(find "$stick" -name '*.tmp' | wc -l)" 0
    bundle in "$stick"; is 'what was on it before is whole' "$(signups 'Anna Three')" 1
    bundle out "$stick"; is 'the hub needs room, too' $? 1; like 'and says so' "$(cat "$work/bundle.log")" 'no space left on the stick'
    rm "$stick/filler"
    export_to a; bundle in "$stick"; import a
    ok 'with room it goes on' unsent_is a 0
    is 'each once' "$(signups 'Full')" 5
    umount "$stick"

    bad=''
    for round in 1 2 3 4 5 6 7 8; do
        mount_stick 4m
        signup a 'Open evening' "Pulled$round" >/dev/null
        [ $((round % 2)) = 0 ] || export_to a
        if [ $((round % 3)) = 0 ]; then set -- kiosk-hub hub bundle out; elif [ $((round % 3)) = 1 ]; then set -- kiosk-hub hub bundle in; else set -- kiosk-sync a export; fi
        "$build/$1" --data "$work/$2" "${@:3}" "$stick" >/dev/null 2>"$work/pulled.log" </dev/null & pid=$!
        until ls -l "/proc/$pid/fd" 2>/dev/null | grep -q "$stick/sosedi" || ! kill -0 "$pid" 2>/dev/null; do :; done
        moment $((RANDOM % 20)); umount -l "$stick"; wait "$pid"; code=$?
        [ "$code" -le 1 ] || bad+="$*=$code "
        [ -z "$(ls -A "$stick")" ] || bad+="$* wrote beside "
    done
    is 'pulled out in the middle: an error at worst, and nothing beside it' "$bad" ''
    fresh; export_to a; bundle in "$stick"; import a
    is 'and every sign-up arrives once' "$(for i in 1 2 3 4 5 6 7 8; do signups "Pulled$i"; done | tr '\n' ' ')" '1 1 1 1 1 1 1 1 '
else
    echo "ok $((tap_count += 1)) - full, locked and pulled out # SKIP no right to mount"
fi

# ---- the program that runs: a stick is found, used when the staff page asks, and may be taken out
usb=$work/a/usb
printf '[usb]\nfolder = %s\n' "$usb" >"$work/a/kiosk.conf"
t=$(signup a 'Many seats' 'Galina Runs')
"$build/kiosk-sync" --data "$work/a" run 2>>"$work/a.log" </dev/null & run=$!
started+=("$run")
stick_is() { [ "$(act a stick)" = "$1 $2" ]; }
ok 'no stick, no word' stick_is none ''
mkdir -p "$usb.new/sosedi"; mv "$usb.new" "$usb"
ok 'it is found' within 10 stick_is found ''
act a stick ask >/dev/null
ok 'and used when asked for' within 10 stick_is done ''
ok 'nothing is cleared' unsent_is a 1
bundle in "$usb"; is 'the hub has it' "$(signups 'Galina Runs')" 1
bundle out "$usb"
act a stick ask >/dev/null
ok 'the receipt comes by the second time' within 10 unsent_is a 0
ok 'and it may be taken out' within 10 stick_is done ''
mv "$usb" "$work/taken"
act a cancel "$t" >/dev/null
ok 'it is gone' within 10 stick_is none ''
if mkdir "$work/m" && mount -t tmpfs -o size=8k stick "$work/m" 2>/dev/null; then
    umount "$work/m"
    mkdir "$usb"; mount -t tmpfs -o size=8k stick "$usb"
    ok 'a stick that is mounted is found' within 10 stick_is found ''
    dd if=/dev/zero of="$usb/filler" bs=1k 2>/dev/null
    act a stick ask >/dev/null
    ok 'a full one is told' within 10 stick_is done full
    umount "$usb"
    ok 'gone' within 10 stick_is none ''
fi
kill -TERM "$run"; wait "$run"; is 'it ends well' $? 0
is 'no log holds a name' "$(cat "$work"/*.log | grep -cE 'Anna|Boris|Pulled|Galina|Full[0-9]')" 0
tap_end
