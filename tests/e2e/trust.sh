#!/bin/bash
# Whom a kiosk believes: certificates made here, clocks that are wrong, keys that are replaced.
. "$(dirname "$0")/lib.sh"

# ---- certificates
# authority NAME; certificate NAME AUTHORITY SUBJECT-ALT-NAME FROM TO (days from now)
authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$work/$1.key" -out "$work/$1.pem" -subj "/CN=$1" \
        -days 3650 -not_before "$(date -u -d '-2000 days' +%Y%m%d%H%M%SZ)" 2>/dev/null ||
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$work/$1.key" -out "$work/$1.pem" -subj "/CN=$1" -days 3650 2>/dev/null
}
certificate() {
    local ca="$work/ca-$2"
    mkdir -p "$ca"; : >"$ca/index"; date +%s%N >"$ca/serial"
    printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s\nserial=%s\nnew_certs_dir=%s\ndefault_md=sha256\npolicy=p\nx509_extensions=x\n[p]\ncommonName=supplied\n[x]\nsubjectAltName=%s\n' \
        "$ca/index" "$ca/serial" "$ca" "$3" >"$ca/conf"
    printf '%032x\n' "$(date +%s%N)" >"$ca/serial"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$work/$1.key" -out "$ca/csr" -subj "/CN=hub" 2>/dev/null
    openssl ca -batch -notext -config "$ca/conf" -cert "$work/$2.pem" -keyfile "$work/$2.key" -in "$ca/csr" -out "$work/$1.pem" \
        -startdate "$(date -u -d "$4 days" +%Y%m%d%H%M%SZ)" -enddate "$(date -u -d "$5 days" +%Y%m%d%H%M%SZ)" 2>"$work/ca.log" ||
        bail "the certificate $1 is made" "$work/ca.log"
}
authority centre; authority other
certificate good centre IP:127.0.0.1 -0 +90
certificate past centre IP:127.0.0.1 -90 -1
certificate coming centre IP:127.0.0.1 +1 +90
certificate wrong centre DNS:elsewhere.example -0 +90
certificate foreign other IP:127.0.0.1 -0 +90

hub_init
# served NAME: the hub with that certificate
served() { [ -z "$HUB_PID" ] || hub_stop; hub_start --tls-cert "$work/$1.pem" --tls-key "$work/$1.key"; }
ask() { "$tools/tlsask" "https://127.0.0.1:$HUB_PORT" "$work/centre.pem" "$@" 2>>"$work/ask.log"; }
year=$((365 * 86400))

served good
is "a good certificate of the centre's own authority" "$(ask 0)" '200 none off=0'
is 'a clock a year slow is set right by the hub' "$(ask -$year)" '200 none off=0'
is 'a clock a year fast too' "$(ask $year)" '200 none off=0'
is 'but not to before the hub was last heard of' "$(ask -$year $(($(date +%s) + 86400)))" "0 clock off=-$year"
served past
is 'a certificate that has ended' "$(ask 0)" '0 clock off=0'
is 'no clock makes it good again' "$(ask $((2 * year)))" "0 clock off=$((2 * year))"
served coming
is 'a certificate that has not begun' "$(ask 0)" '0 clock off=0'
served wrong
is "another host's certificate" "$(ask 0)" '0 tls off=0'
like 'with a wrong clock as well' "$(ask -$year)" "^0 (tls|clock) off=-$year\$"
served foreign
is "another authority's certificate" "$(ask 0)" '0 tls off=0'
is 'with a wrong clock as well' "$(ask -$year)" "0 tls off=-$year"

# ---- enrolment over TLS: with the centre's own authority, with the system's, with neither, and without TLS to somewhere else
enrol_code() { hub enrol "$1" 2>>"$work/hub.log" | grep -oE '[2-9CDFGJLNRVWX]{4}(-[2-9CDFGJLNRVWX]{4}){3}'; }
served good
https=https://127.0.0.1:$HUB_PORT
mkdir "$work/own"; printf '[hub]\nca = %s\n' "$work/centre.pem" >"$work/own/kiosk.conf"
kiosk_sync own enrol --hub "$https" "$(enrol_code own)" >/dev/null; is "enrolled under the centre's own authority" $? 0
kiosk_sync own once; is 'it exchanges so' $? 0
code=$(enrol_code system)
kiosk_sync system enrol --hub "$https" "$code" >/dev/null; is 'the system does not know that authority' $? 1
like 'and says so' "$(tail -n 1 "$work/system.log")" 'certificate|SSL|CA'
is 'nobody is enrolled by that' "$(hub kiosks --format csv 2>/dev/null | grep -c ',system,')" 0
# in_system COMMAND...: where the system's certificates are those of the centre
in_system() { unshare -m sh -c 'mount --bind "$1" /etc/ssl/certs/ca-certificates.crt && shift && exec "$@"' - "$work/centre.pem" "$@"; }
if [ -e /etc/ssl/certs/ca-certificates.crt ] && in_system true 2>/dev/null; then
    in_system "$build/kiosk-sync" --data "$work/system" enrol --hub "$https" "$code" >/dev/null 2>>"$work/system.log"
    is "with the system's certificates, the same code" $? 0
    in_system "$build/kiosk-sync" --data "$work/system" once 2>>"$work/system.log"; is 'it exchanges so' $? 0
else
    echo "ok $((tap_count + 1)) - the system's certificates # SKIP cannot be replaced here"; tap_count=$((tap_count + 1))
fi
hub_stop; hub_start
away=$(hostname -I 2>/dev/null | tr ' ' '\n' | grep -m 1 '^[0-9.]*$')
if [ -n "$away" ]; then
    "$build/kiosk-hub" --data "$work/hub" serve --listen "$away:$((HUB_PORT + 1))" >"$work/away.out" 2>>"$work/hub.log" & away_pid=$!
    started+=("$away_pid")
    within 30 grep -q listening "$work/away.out"
    code=$(enrol_code plain)
    kiosk_sync plain enrol --hub "http://$away:$((HUB_PORT + 1))" "$code" >/dev/null; is 'without TLS the code alone proves both sides' $? 0
    like 'and it is written down that there is none' "$(cat "$work/plain.log")" 'warn no-tls'
    is 'no log and no message holds the code' "$(cat "$work"/*.log | grep -ciE "$code|${code//-/}")" 0
    kill "$away_pid"; wait "$away_pid" 2>/dev/null
fi

# ---- keys
hub_stop; HUB_PORT=0
day=$(date -u -d '+20 days' +%F)
hub_events "club,Club,$day 18:00,20:00,10"
hub_start
kiosk_new a
kiosk_new late
signup a Club 'Anna Before' >/dev/null
kiosk_sync a once
hub rotate-keys feed lease seal 2>"$work/rotate.log"; is 'keys are replaced' $? 0
kiosk_sync a once; is 'the hub that serves has the old ones yet, which is well' $? 0
kill -HUP "$HUB_PID"
ok 'then it takes the new ones' within 20 grep -q 'keys_taken document=2' "$work/hub.log"
signup a Club 'Boris After' >/dev/null
kiosk_sync a once || kiosk_sync a once; is 'the kiosk learns them by an exchange' $? 0
signup a Club 'Clara New' >/dev/null
kiosk_sync a once; is 'and goes on' $? 0
ok 'nothing is left unsent' unsent_is a 0
hub rotate-keys feed lease --stolen 2>>"$work/rotate.log"; kill -HUP "$HUB_PID"
ok 'a stolen key is replaced' within 20 grep -q 'keys_taken document=3' "$work/hub.log"
kiosk_sync late once || kiosk_sync late once; is 'a kiosk that missed two rotations comes after' $? 0
signup late Club 'Dora Late' >/dev/null
kiosk_sync late once || kiosk_sync late once
is 'what was sealed before and after is readable' "$(signups Anna) $(signups Boris) $(signups Clara) $(signups Dora)" '1 1 1 1'
mv "$work/hub/keys/root.key" "$work/root.key"
hub rotate-keys feed 2>>"$work/rotate.log"; is 'without the root key no key is replaced' $? 1
tap_end
