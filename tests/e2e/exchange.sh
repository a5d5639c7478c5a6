#!/bin/bash
# kiosk-hub and kiosk-sync as processes: from the first enrolment to the last seat, with lines that break and processes that die.
. "$(dirname "$0")/lib.sh"
RANDOM=${SOSEDI_SEED:-4711}

day=$(date -u -d '+20 days' +%F)
hub_init
hub_events "open,Open evening,$day 18:00,20:00,
few,Few seats,$day 18:00,20:00,6
last,One seat,$day 18:00,20:00,1
many,Many seats,$day 18:00,20:00,60"
hub_start

# ---- enrolment
code=$(hub enrol 'First' 2>/dev/null | grep -oE '[2-9CDFGJLNRVWX]{4}(-[2-9CDFGJLNRVWX]{4}){3}')
like 'the hub gives a code' "$code" '^.{19}$'
kiosk_sync a run; is 'without enrolment there is nothing to run' $? 1
kiosk_sync a enrol --hub "$(hub_url)" 2222-2222-2222-2223; is 'a code that cannot exist is a mistake of typing' $? 2
kiosk_sync a enrol --hub "$(hub_url)" "$(tr 'A-Z' 'a-z' <<<"$code")" >/dev/null; is 'the code is taken in any case' $? 0
is "the key is its owner's" "$(stat -c %a "$work/a/kiosk.key")" 600
kiosk_sync b enrol --hub "$(hub_url)" "$code" >/dev/null; is 'a second kiosk cannot use it' $? 1
like 'and is told so' "$(tail -n 1 "$work/b.log")" 'used by another kiosk'
is 'no log holds the code' "$(cat "$work"/*.log | grep -ciE "$code|${code//-/}")" 0

# ---- pull and push
kiosk_sync a once; is 'one round goes well' $? 0
is 'the events are here' "$(act a events | wc -l)" 4
t1=$(signup a 'Open evening' 'Anna Open')
is 'no limit of seats: confirmed at once' "$(state a "$t1")" confirmed
kiosk_sync a once; is 'it is sent' $? 0
ok 'and acknowledged' unsent_is a 0
is 'the hub has it once' "$(signups 'Anna Open')" 1
kiosk_sync a enrol --hub "$(hub_url)" "$(hub enrol 'Again' 2>/dev/null | grep -oE '[2-9CDFGJLNRVWX-]{19}')" >/dev/null
is 'a kiosk with sign-ups is not enrolled anew' $? 1

# ---- the running program
kiosk_new c
"$build/kiosk-sync" --data "$work/c" run 2>"$work/c-run.log" </dev/null & c_pid=$!
started+=("$c_pid")
within 60 grep -q ' begin ' "$work/c-run.log" || bail 'kiosk-sync runs' "$work/c-run.log" # it has the lock then
kiosk_sync c once; is 'a second one on the same folder is refused' $? 1
t2=$(signup c 'Few seats' 'Boris Quick')
ok 'the hub seats a sign-up, told by nobody' within 60 state_is c "$t2" confirmed
kill -TERM "$c_pid"; wait "$c_pid"; is 'SIGTERM ends it well' $? 0

# ---- the hub away, kiosk-sync killed at random moments
hub_stop
t3=$(signup a 'Many seats' 'Vera Offline')
is 'a seat of the own block is confirmed with no hub' "$(state a "$t3")" confirmed
kiosk_sync a once; is 'no hub: the round fails' $? 1
ok 'and the staff page can say why' fault_is a net
ok 'the sign-up waits' unsent_is a 1
people=()
for round in 1 2 3 4 5 6 7 8; do
    if ((RANDOM % 2)); then [ -n "$HUB_PID" ] || hub_start; else [ -z "$HUB_PID" ] || hub_stop -9; fi
    people+=("Person$round")
    signup a 'Many seats' "Person$round" >/dev/null
    "$build/kiosk-sync" --data "$work/a" run 2>>"$work/a.log" </dev/null & pid=$!
    started+=("$pid")
    moment $((RANDOM % 400))
    kill -9 "$pid"; wait "$pid" 2>/dev/null
done
[ -n "$HUB_PID" ] || hub_start
kiosk_sync a once; is 'after eight deaths a round goes well' $? 0
ok 'nothing is left unsent' unsent_is a 0
for person in "${people[@]}" 'Vera Offline'; do got+="$(signups "$person") "; done
is 'every sign-up arrived exactly once' "$got" '1 1 1 1 1 1 1 1 1 '

# ---- two kiosks and the last seat
kiosk_new d
s1=$(signup c 'One seat' 'Galina First')
s2=$(signup d 'One seat' 'Dmitri Second')
kiosk_sync c once; kiosk_sync d once
is 'one gets the last seat, one waits' "$(state c "$s1") $(state d "$s2")" 'confirmed waiting'
act c cancel "$s1" >/dev/null
kiosk_sync c once; kiosk_sync d once
is 'a cancelled seat goes to who waited' "$(state c "$s1") $(state d "$s2")" 'cancelled confirmed'

# ---- what breaks and mends by itself
head -c 3000 /dev/urandom | dd of="$work/a/replica.db" bs=1 seek=100 conv=notrunc 2>/dev/null
rm -f "$work"/a/replica.db-*
kiosk_sync a once; is 'a damaged replica is fetched anew' $? 0
is 'whole' "$(act a events | wc -l)" 4
ok 'the damaged one is kept' test -e "$work/a/replica.db.damaged"

# ---- HTTPS with the centre's own authority
ca() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout "$work/$1.key" -out "$work/$1.pem" -subj "/CN=$1" 2>/dev/null; }
# leaf CA NAME DAYS
leaf() {
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/$2.key" -out "$work/$2.csr" -subj "/CN=$2" 2>/dev/null
    openssl x509 -req -in "$work/$2.csr" -CA "$work/$1.pem" -CAkey "$work/$1.key" -CAcreateserial -days "$3" -out "$work/$2.pem" \
        -extfile <(echo 'subjectAltName=IP:127.0.0.1') 2>/dev/null
}
ca ours; ca theirs; leaf ours good 2; leaf ours expired -1
hub_stop
hub_start --tls-cert "$work/good.pem" --tls-key "$work/good.key"
https="https://127.0.0.1:$HUB_PORT"
printf '[hub]\nca = %s\n' "$work/theirs.pem" >"$work/theirs.conf"
printf '[hub]\nca = %s\n' "$work/ours.pem" >"$work/a/kiosk.conf"
kiosk_sync a --hub "$https" --config "$work/theirs.conf" once; is 'a certificate of somebody else is refused' $? 1
ok 'and called so' fault_is a tls
kiosk_sync a --hub "$https" once; is 'our own authority is trusted' $? 0
ok 'the fault is over' fault_is a ''
hub_stop
hub_start --tls-cert "$work/expired.pem" --tls-key "$work/expired.key"
kiosk_sync a --hub "https://127.0.0.1:$HUB_PORT" once; is 'an expired certificate is refused' $? 1
ok 'with a look at the clock' fault_is a clock
is 'no log holds a name' "$(cat "$work"/*.log | grep -cE 'Anna|Boris|Vera|Person|Galina|Dmitri')" 0
tap_end
