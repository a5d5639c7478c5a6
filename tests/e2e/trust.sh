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
