#!/bin/bash
# kiosk-hub as a process: its commands and their exit codes, its limits over HTTP, opened sign-ups, backups and restored ones.
. "$(dirname "$0")/lib.sh"

day=$(date -u -d '+20 days' +%F)
out() { timeout 100 "$@" 2>"$work/err"; }
hub() { timeout 100 "$build/kiosk-hub" --data "$work/hub" "$@"; }
status() { curl -s -o /dev/null -w '%{http_code}' "$@"; }

# ---- the command line
"$build/kiosk-hub" >/dev/null 2>&1; is 'no command is a mistake of use' $? 2
"$build/kiosk-hub" --data "$work/hub" fly >/dev/null 2>&1; is 'so is an unknown one' $? 2
"$build/kiosk-hub" serve >/dev/null 2>&1; is 'so is a missing --data' $? 2
like 'help lists the commands' "$("$build/kiosk-hub" --help)" 'signups'
like 'each has its own' "$("$build/kiosk-hub" serve --help)" 'tls-cert FILE'
like 'the version is told' "$("$build/kiosk-hub" --version)" '^kiosk-hub [0-9.]+$'
odd=''
for c in init serve enrol kiosks revoke import events signups purge snapshot bundle backup restored release; do
    "$build/kiosk-hub" "$c" --help 2>/dev/null | head -n 1 | grep -q "^Usage: kiosk-hub --data DIR \[--database URL\] \[--config FILE\] $c" || odd+=" $c:help"
    "$build/kiosk-hub" --data "$work/none" "$c" --version 2>/dev/null | grep -q '^kiosk-hub [0-9.]*$' || odd+=" $c:version"
    [ -z "$("$build/kiosk-hub" "$c" 2>/dev/null)" ] || odd+=" $c:stdout"
    "$build/kiosk-hub" "$c" >/dev/null 2>&1; [ $? = 2 ] || odd+=" $c:data"
    "$build/kiosk-hub" --data "$work" --config "$work/none" "$c" >/dev/null 2>&1; [ $? = 1 ] || odd+=" $c:config"
done
is 'every command tells its usage, its version and what is wrong' "$odd" ''
for p in kiosk kiosk-sync kiosk-print kiosk-hub; do
    "$build/$p" --help 2>/dev/null | grep -q -- '--config FILE' || odd+=" $p:help"
    "$build/$p" --version 2>/dev/null | grep -q "^$p [0-9.]*$" || odd+=" $p:version"
    [ -z "$("$build/$p" --fly 2>/dev/null)" ] || odd+=" $p:stdout"
    "$build/$p" --fly >/dev/null 2>&1; [ $? = 2 ] || odd+=" $p:option"
    "$build/$p" --data >/dev/null 2>&1; [ $? = 2 ] || odd+=" $p:value"
done
is 'so does every program' "$odd" ''
"$build/kiosk" --data "$work/nowhere" >/dev/null 2>&1 </dev/null; is 'without a terminal the kiosk does not start' $? 1
ok 'and makes no folder' test ! -e "$work/nowhere"
hub kiosks >/dev/null 2>"$work/err"; is 'without a hub nothing works' $? 1
like 'and it says what to do' "$(cat "$work/err")" 'init'
echo 'correct horse battery' >"$work/pass"
hub init --host hub.example --name Test --backups none --passphrase-file "$work/pass" >/dev/null; is 'a hub is made' $? 0
is 'its keys are its own' "$(stat -c %a "$work"/hub/keys/*.key "$work"/hub/keys/*.locked | sort -u)" 600
is 'the database is read by nobody else' "$(stat -c %a "$work/hub/hub.db")" 600
is "the opener's key is locked" "$(ls "$work"/hub/keys | grep -c 'seal-x1.locked')" 1
hub init >/dev/null 2>&1; is 'it is not made twice' $? 1
hub init --timezone Mars/Base >/dev/null 2>&1; is 'a zone that is none is a mistake' $? 2

# ---- events while it serves
hub_start
hub serve --listen "127.0.0.1:$HUB_PORT" >/dev/null 2>"$work/err"; is 'a port that is taken is an error' $? 1
like 'with its reason' "$(cat "$work/err")" 'cannot listen on .*: Address already in use'
odd=''
for l in 127.0.0.1:99999 127.0.0.1:-1 127.0.0.1: 127.0.0.1:80x 127.0.0.1 hub.invalid:80; do
    hub serve --listen "$l" >/dev/null 2>"$work/err"; [ $? = 2 ] && grep -q -- "--listen $l" "$work/err" || odd+=" $l"
done
is 'what is no address and port is a mistake of use' "$odd" ''
feed_head() { curl -s "$(hub_url)/v1/feed/all/head"; }
is 'the feed is empty' "$(feed_head | grep -o '"seq":0')" '"seq":0'
hub_events "few,Few seats,$day 18:00,20:00,2
open,=Open & free,$day 18:00,20:00,"
feed_has_news() { feed_head | grep -q '"seq":[1-9]'; }
ok 'an import is seen' within 60 feed_has_news
etag=$(curl -sI "$(hub_url)/v1/feed/all/head" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
is 'an unchanged head is 304' "$(status -H "If-None-Match: $etag" "$(hub_url)/v1/feed/all/head")" 304
hub_events "few,Few seats,$day 18:00,20:00,2
open,=Open & free,$day 18:00,20:00,"
is 'the same import again changes nothing' "$(status -H "If-None-Match: $etag" "$(hub_url)/v1/feed/all/head")" 304
like 'events are listed' "$(hub events --from "$day" --to "$day" --format csv)" 'Few seats'
like 'RPDE tells them to others' "$(curl -s "$(hub_url)/rpde/event")" '"state":"updated","kind":"event"'

# ---- limits
is 'a body beyond the limit is refused' "$(head -c 300000 /dev/zero | status --data-binary @- -H 'Expect:' "$(hub_url)/v1/enrol")" 413
is 'and one without a length' "$(head -c 300000 /dev/zero | status --data-binary @- -H 'Expect:' -H 'Transfer-Encoding: chunked' "$(hub_url)/v1/enrol")" 413
is 'an unknown page is not there' "$(status "$(hub_url)/v1/feed/all/1/page/1-0000000000000000.zst")" 404
is 'a path of dots leads nowhere' "$(status --path-as-is "$(hub_url)/v1/keys/../../hub.db")" 404
hub_stop; is 'SIGTERM ends it well' $? 0
printf '[http]\nrate = 1\nburst = 5\n' >"$work/hub/hub.conf"
hub_start
codes=$(curl -s -o /dev/null -w '%{http_code}\n' "$(hub_url)/health?[1-60]" | sort | uniq -c | tr -s ' ' | tr '\n' ' ') # one connection: far faster than they are let in
like 'too many requests of one address are told to wait' "$codes" ' 200 .* 429'
hub_stop
printf '[http]\nrate = many\n' >"$work/hub/hub.conf"
out "$build/kiosk-hub" --data "$work/hub" serve --listen 127.0.0.1:0 >/dev/null; is 'a setting that is none stops it at the start' $? 1
like 'naming the file' "$(cat "$work/err")" 'hub.conf'
rm "$work/hub/hub.conf"
out "$build/kiosk-hub" --data "$work/hub" serve --listen nowhere >/dev/null; is 'an address that is none is a mistake of use' $? 2
out "$build/kiosk-hub" --data "$work/hub" serve --listen 127.0.0.1:0 --tls-cert "$work/pass" >/dev/null; is 'a certificate without key is, too' $? 2
hub_start
out "$build/kiosk-hub" --data "$work/hub" serve --listen "127.0.0.1:$HUB_PORT" >/dev/null; is 'a port that is taken is a failure' $? 1

# ---- sign-ups, opened
kiosk_new a
t1=$(signup a 'Few seats' '=HYPERLINK("x")' 2)
t2=$(signup a '=Open & free' 'Анна Иванова')
kiosk_sync a once
csv=$(out "$build/kiosk-hub" --data "$work/hub" signups --format csv --passphrase-file "$work/pass"); is 'sign-ups are opened with the passphrase' $? 0
like 'with the name' "$csv" 'Анна Иванова'
like 'a formula is no formula any more' "$csv" "\"'=HYPERLINK"
like 'not in JSON' "$(hub signups --format json --passphrase-file "$work/pass")" '"name":"=HYPERLINK'
echo 'wrong horse battery' >"$work/wrong"
out "$build/kiosk-hub" --data "$work/hub" signups --passphrase-file "$work/wrong" >"$work/leak"; is 'a wrong passphrase opens nothing' $? 1
is 'and prints no name' "$(grep -c 'Анна' "$work/leak")" 0
out "$build/kiosk-hub" --data "$work/hub" signups --passphrase-file "$work/pass" --event 00000000-0000-4000-8000-000000000000 >/dev/null; is 'an event that is not there is a failure' $? 1
is 'one event alone' "$(hub signups --passphrase-file "$work/pass" --event "$(occurrence a 'Few seats')" | grep -c "$(echo "$t1" | tr -d -)")" 1
is 'no file of the hub holds a name in clear' "$(cat "$work"/hub/hub.db* | grep -ac 'Анна Иванова')" 0
like "the ticket's page says its state" "$(curl -s -H 'Accept-Language: en' "$(hub_url)/T/$(echo "$t2" | tr -d -)")" 'Confirmed'
is 'and no name' "$(curl -s "$(hub_url)/T/$(echo "$t2" | tr -d -)" | grep -c 'Анна')" 0
full() { [ "$(curl -s "$(hub_url)/rpde/event" | grep -c '"full":true')" = 1 ]; }
ok 'an event without seats is published as full' within 60 full

# ---- a large import while it serves
{ echo 'id,title,start,end,seats,registration,topics'
  for i in $(seq 1500); do echo "many$i,Many $i,$day 10:00,12:00,5,open,culture"; done; } >"$work/many.csv"
hub import csv events "$work/many.csv" --source many 2>"$work/many.log" & import=$!
asked=0 refused=0
while kill -0 $import 2>/dev/null; do
    kiosk_sync a once || refused=$((refused + 1))
    asked=$((asked + 1))
done
wait $import; is 'a large import lands while a kiosk asks' $? 0
like 'whole' "$(cat "$work/many.log")" '1500 added'
ok 'the kiosk asked meanwhile' [ "$asked" -gt 0 ]
is 'and was never refused' "$refused" 0
is 'nothing waited for the database in vain' "$(grep -cE 'batch_failed|head_failed' "$work/hub.log")" 0
printf 'id,title,start,end,seats,registration,topics\nmany1,Many 1,%s 10:00,12:00,5,open,culture\n' "$day" >"$work/many.csv"
hub import csv events "$work/many.csv" --source many 2>"$work/many.log"; like 'what vanished is withdrawn' "$(cat "$work/many.log")" '1 unchanged, 1499 withdrawn'
kiosk_sync a once

# ---- forgetting
hub purge --older-than soon 2>/dev/null; is 'days that are no number are a mistake of use' $? 2
hub purge --older-than 0 2>"$work/err"; is 'what is past is erased on demand' $? 0
like 'and it says how much' "$(cat "$work/err")" '^0 sign-ups'
like 'what is to come stays' "$(hub signups --format json --passphrase-file "$work/pass")" 'Анна Иванова'

# ---- kiosks
like 'kiosks are listed' "$(hub kiosks --format csv)" 'a,active'
kid=$(hub kiosks --format csv | sed -n '2s/,.*//p' | tr -d '\r')
hub revoke nobody >/dev/null 2>&1; is 'who is not there is not revoked' $? 1
hub revoke a; is 'a kiosk is revoked by its name' $? 0
like 'and seen so' "$(hub kiosks)" "$kid +a +revoked"
t3=$(signup a '=Open & free' 'Boris Late')
kiosk_sync a once; is 'it gets nothing more' $? 1
like 'what it sends waits for a person' "$(hub signups --passphrase-file "$work/pass")" "$(echo "$t3" | tr -d -),quarantined"

# ---- backups
kiosk_new b
kiosk_sync b once
hub backup "$work/copies" >/dev/null; is 'a backup is made while it serves' $? 0
t4=$(signup b '=Open & free' 'Vera After')
kiosk_sync b once
is 'after the backup the hub has it' "$(hub signups --passphrase-file "$work/pass" | grep -c 'Vera After')" 1
hub_stop
cp "$work"/copies/hub-*.db "$work/hub/hub.db"; rm -f "$work"/hub/hub.db-*
hub restored; is 'an older copy is put back and said to be one' $? 0
hub_start
is 'the sign-up is gone' "$(hub signups --passphrase-file "$work/pass" | grep -c 'Vera After')" 0
kiosk_sync b once; kiosk_sync b once
is 'the kiosk had kept it: it is there again, once' "$(hub signups --passphrase-file "$work/pass" | grep -c 'Vera After')" 1
is 'the ticket holds' "$(state b "$t4")" confirmed
like 'the new epoch is published' "$(feed_head)" '"epoch":([2-9]|[1-9][0-9]+),'
hub release; is 'a person frees what waits for the revoked one' $? 0
hub revoke --write-off a </dev/null 2>"$work/risk"; is 'nothing is written off unasked' $? 2
like 'the risk is said first' "$(cat "$work/risk")" 'last heard of .*sign-ups of it are known'
like 'and the kiosk is still only revoked' "$(hub kiosks)" "$kid +a +revoked"
hub revoke --write-off --yes a 2>/dev/null; is 'a person may' $? 0
like 'then it is gone' "$(hub kiosks)" "$kid +a +gone"
is 'no log holds a name' "$(cat "$work"/*.log | grep -cE 'Анна|Boris|Vera')" 0
tap_end
