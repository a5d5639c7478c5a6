#!/bin/bash
# A hub and kiosks that share no network: everything goes by USB sticks, which are copied half, swapped, brought twice, filled up and pulled out.
. "$(dirname "$0")/lib.sh"

day=$(date -u -d '+20 days' +%F)
hub_init
hub_events "open,Open evening,$day 18:00,20:00,
many,Many seats,$day 18:00,20:00,60
last,One seat,$day 18:00,20:00,1"
hub_start
kiosk_new a; kiosk_new b; kiosk_new c
hub_stop
stick=$work/stick; mkdir "$stick"
import() { kiosk_sync "$1" import "${2:-$stick}" >"$work/import.out"; }
export_to() { kiosk_sync "$1" export "${2:-$stick}" >"$work/export.out"; }
bundle() { hub bundle "$@" 2>>"$work/hub.log" </dev/null; }
manifests() { find "${1:-$stick}" -name MANIFEST.txt | wc -l; }

# ---- there and back
t1=$(signup a 'Open evening' 'Anna Open')
t2=$(signup b 'One seat' 'Boris First')
t3=$(signup c 'One seat' 'Vera Second')
ok 'a kiosk writes its part' export_to a
ok 'another one on the same stick' export_to b
ok 'nothing is cleared by that' unsent_is a 1
ok 'a third' export_to c
is 'each has its manifest' "$(manifests)" 3
is 'nothing on the stick can be read of anyone' "$(grep -raE 'Anna|Boris|Vera|79990000000' "$stick" | wc -l)" 0
is 'its names are fit for FAT' "$(cd "$stick" && find . | LC_ALL=C grep -vcE '^[A-Za-z0-9._/-]*$')" 0
ok 'the hub takes them in' bundle in "$stick"
is 'once each' "$(signups 'Anna Open') $(signups 'Boris First') $(signups 'Vera Second')" '1 1 1'
ok 'the hub writes the programme' bundle out "$stick"
ok 'receipts come home' import a
ok 'and acknowledge' unsent_is a 0
import b; import c
is 'the last seat was sold once' "$(printf '%s\n' "$(state b "$t2")" "$(state c "$t3")" | sort | tr '\n' ' ')" 'confirmed waiting '
is 'a ticket is what it was' "$(state a "$t1")" confirmed

# ---- what is published comes by stick, and is the same as by the line
hub_events "open,Open evening,$day 18:00,20:00,
many,Many seats,$day 18:00,20:00,60
last,One seat,$day 18:00,20:00,1
new,Something new,$day 19:00,20:00,"
bundle out "$stick" >/dev/null
import a
is 'a new event is there' "$(act a events | cut -f2 | sort | tr '\n' ' ')" 'Many seats One seat Open evening Something new '
hub_start; kiosk_sync b once; hub_stop
# one that cannot be made is like no other
digest() { act "$1" digest || echo "none of $1 $RANDOM$RANDOM"; }
is 'the same replica by stick and by line' "$(digest a)" "$(digest b)"
cp -r "$work/c" "$work/fresh"; rm -f "$work"/fresh/replica.db*
ok 'an empty replica is filled by stick' import fresh
is 'with the same' "$(digest fresh)" "$(digest b)"

# ---- seats for sale, by stick alone
bought=$(signup a 'Many seats' 'Galina Seated')
is 'leases came with receipts' "$(state a "$bought")" confirmed
for i in 1 2 3; do signup a 'Open evening' "Person$i" >/dev/null; done
export_to a; bundle in "$stick" >/dev/null; bundle in "$stick" >/dev/null
is 'read twice, taken once' "$(signups 'Person') $(signups 'Galina Seated')" '3 1'
cp -r "$stick" "$work/old"
import a
ok 'all acknowledged' unsent_is a 0
act a cancel "$t1" >/dev/null
export_to a; bundle in "$stick" >/dev/null; import a
ok 'a cancellation, too' unsent_is a 0
signup a 'Open evening' 'Person4' >/dev/null
ok 'an old stick is no harm to the hub' eval 'bundle in "$work/old" >"$work/old.out"; true'
ok 'nor to the kiosk' import a "$work/old"
ok 'it clears nothing' unsent_is a 1
is 'and changes nothing' "$(signups 'Person') $(state a "$t1") $(state a "$bought")" '3 cancelled confirmed'
export_to a; bundle in "$stick" >/dev/null; import a
ok 'the next one goes on as if nothing had been' unsent_is a 0

# ---- a copy that was not finished: every file cut in several ways, missing, or zeroed
# spoil FILE HOW: in $work/half, a copy of the stick
spoil() {
    rm -rf "$work/half"; cp -r "$stick" "$work/half"
    local size; size=$(stat -c %s "$work/half/$1")
    case $2 in
        gone) rm "$work/half/$1" ;;
        empty) : >"$work/half/$1" ;;
        half) truncate -s $((size / 2)) "$work/half/$1" ;;
        less) truncate -s $((size - 1)) "$work/half/$1" ;;
        zero) head -c "$size" /dev/zero >"$work/half/$1" ;;
        bit) printf '\377' | dd of="$work/half/$1" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null ;;
    esac
}
hows='gone empty half less zero bit'
# files PATTERN: of the stick
files() { (cd "$stick" && find sosedi -type f | grep -E "$1" | sort); }
# named FILE LOG: the last line names it, or what its signature is of
named() { tail -n 1 "$2" | grep -qF "$(basename "$1" .sig)" || tail -n 1 "$2" | grep -qF "$(basename "${1%.*}")"; }

me=$(act a kid)
signup a 'Open evening' 'Person5' >/dev/null
export_to a
wrong=''
for file in $(files "$me/up/"); do
    for how in $hows; do
        spoil "$file" "$how"
        bundle in "$work/half" >"$work/in.out"; code=$?
        [ $code = 1 ] && grep "^$me" "$work/in.out" | tail -n 1 | grep -qF "$(basename "${file%.*}")" || wrong+="$file/$how=$code: $(cat "$work/in.out")
"
    done
done
is 'the hub refuses what was copied half and names the file' "$wrong" ''
bundle in "$stick" >/dev/null; bundle out "$stick" >/dev/null
is 'and takes the whole one, once' "$(signups Person5)" 1
wrong=''
for file in $(files "hub/(MANIFEST|v1/feed)|$me/down/|$me/up/(MANIFEST|0002)"); do
    for how in $hows; do
        spoil "$file" "$how"
        rm -rf "$work/try"; cp -r "$work/a" "$work/try"; rm -f "$work"/try/replica.db* "$work/try.log"
        import try "$work/half"; code=$?
        [ $code = 1 ] && named "$file" "$work/try.log" || wrong+="$file/$how=$code: $(tail -n 1 "$work/try.log")
"
        # the part that is whole came in all the same
        case $file in *hub/*) unsent_is try 0 ;; *) [ "$(act try events | wc -l)" = 4 ] ;; esac || wrong+="$file/$how spoilt the other part
"
        import try || wrong+="$file/$how: the whole one did not mend it"
    done
done
is 'a kiosk refuses it, names the file, and takes what is whole' "$wrong" ''
is 'what it has in the end is the same' "$(digest try)" "$(digest fresh)"
ok 'and nothing is left unsent' unsent_is try 0

# ---- more than one page, and a snapshot: all roads lead to the same replica
hub_events "$(for i in $(seq 1100); do echo "e$i,Event number $i,$day 18:00,20:00,"; done)"
blank() { rm -rf "$work/$1"; cp -r "$work/c" "$work/$1"; rm -f "$work/$1"/replica* "$work/$1.log"; }
bundle out "$stick" >/dev/null; is 'two pages and a tail' "$(files 'page/|tail-[0-9]*$' | wc -l)" 3
pages=$(files page/); stamp=$(cd "$stick" && stat -c '%n %Y %i' $pages)
bundle out "$stick" >/dev/null
is 'pages that lie there are not written again' "$(cd "$stick" && stat -c '%n %Y %i' $pages)" "$stamp"
blank pages; ok 'all by pages' import pages
hub snapshot >"$work/last" 2>&1; is 'a snapshot is made' $? 0
bundle out "$stick" >/dev/null; is 'and goes along' "$(files 'snap/' | wc -l)" 1
blank snap; ok 'all by the snapshot' import snap
like 'it was taken' "$(cat "$work/snap.log")" 'snapshot-taken'
hub_start; blank line; ok 'all by the line' kiosk_sync line once; hub_stop
is 'all the same' "$(digest snap) $(digest line)" "$(digest pages) $(digest pages)"
ok 'one that has most of it takes the rest' import b
is 'and is the same' "$(digest b)" "$(digest pages)"
snap=$(files snap/)
for how in gone half zero; do
    spoil "$snap" $how; blank try; import try "$work/half"; code=$?
    case $how in zero) want=0 ;; *) want=1; named "$snap" "$work/try.log" || code="$code, not named" ;; esac
    is "a snapshot copied half ($how)" "$code" $want
    [ $how != zero ] || is 'is not put in place: the pages are taken' "$(digest try)" "$(digest pages)"
    ok 'and the whole one mends it' import try
done
is 'in the end the same' "$(digest try)" "$(digest pages)"
rm -rf "$work/small"; mkdir "$work/small"
for k in a b c; do import $k; export_to $k; done; bundle in "$stick" >/dev/null
hub bundle --recent out "$work/small" >/dev/null 2>&1; is 'a small stick leaves out what all have' "$(find "$work/small" -path '*page/*' -type f | wc -l)" 0
ok 'and is enough for them' import b "$work/small"
tap_end
