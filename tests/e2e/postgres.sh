#!/bin/bash
# The hub on PostgreSQL: the same tests as on SQLite, 32 writers, several hubs behind nginx, hubs killed, a standby promoted.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../support/postgres.sh"
trap 'pg_finish; finish' EXIT
if ! pg_home_new || ! command -v nginx >/dev/null; then
    echo 'ok 1 - postgres # SKIP postgresql-15 and nginx are not installed'
    exit 0
fi
unit=$(dirname "$tools")/unit
pg_new one 5001 || bail 'a server starts' "$work/initdb.log"
base=$(pg_url 5001)

# ---- the same tests
on_pg() { SOSEDI_DATABASE=$base "$@" 2>&1; }
ok 'the log and its views are the same' on_pg "$unit/hub_api"
ok 'seats are the same' on_pg "$unit/hub_seats"

# ---- numbers and commits
pg_sql 5001 'CREATE SCHEMA gap'
"$tools/writers" "$base&options=-csearch_path%3Dgap" 32 25 >"$work/writers" 2>"$work/last"
is '32 writers: the log misses nothing, has no gap, keeps the order of each record' "$(cut -d' ' -f3- "$work/writers")" 'log_missed=0 gaps=0 disorder=0'
like 'a naive cursor missed some in the same run' "$(cat "$work/writers")" 'naive_missed=[1-9]'
echo "# $(cat "$work/writers")"
SOSEDI_DATABASE=$base "$tools/crowd" 12 12 >"$work/crowd" 2>"$work/last"
like '12 hubs and kiosks at once: none lost, doubled or oversold' "$(cat "$work/crowd")" 'lost_or_doubled=0 oversold=0 .*displaced=0$'
is 'and no two of them in a deadlock' "$(pg_sql 5001 "SELECT sum(deadlocks) FROM pg_stat_database")" 0

# ---- two hubs behind nginx
pg_sql 5001 'CREATE DATABASE hub'
export SOSEDI_DATABASE="postgres://sosedi@/hub?host=$pg_home,$pg_home&port=5001,5002&target_session_attrs=read-write"
day=$(date -u -d '+20 days' +%F)
hub_init
printf '[http]\nrate = 0\n[database]\nstandbys = 1\n' >"$work/hub/hub.conf"
hub_events "many,Many seats,$day 18:00,20:00,60
open,Open evening,$day 18:00,20:00,"
ports=() pids=()
# serve N: hub number N, on the port it had before
serve() {
    HUB_PORT=${ports[$1]:-0}
    hub_start
    ports[$1]=$HUB_PORT pids[$1]=$HUB_PID
}
proxy() {
    mkdir -p "$work/nginx"
    cat >"$work/nginx.conf" <<END
worker_processes 1;
pid $work/nginx/pid;
error_log $work/nginx/error.log;
daemon off;
master_process off;
$([ "$(id -u)" != 0 ] || echo 'user root;')
events { worker_connections 200; }
http {
    access_log off;
    client_body_temp_path $work/nginx/body; proxy_temp_path $work/nginx/proxy; fastcgi_temp_path $work/nginx/f; uwsgi_temp_path $work/nginx/u; scgi_temp_path $work/nginx/s;
    upstream hubs { server 127.0.0.1:${ports[1]} max_fails=0; server 127.0.0.1:${ports[2]} max_fails=0; }
    server { listen 127.0.0.1:$1; location / { proxy_pass http://hubs; } }
}
END
    nginx -p "$work/nginx" -c "$work/nginx.conf" -e "$work/nginx/error.log" >"$work/nginx.out" 2>&1 &
    started+=($!)
}
serve 1; serve 2
proxy_port=$((20000 + $$ % 20000))
proxy $proxy_port
HUB_PORT=$proxy_port
ok 'nginx answers for them' within 10 curl -sf -o /dev/null "$(hub_url)/health"
kiosk_new a
kiosk_sync a once; is 'a round through either of them' $? 0
same_head() {
    local one two
    one=$(curl -si "http://127.0.0.1:${ports[1]}/v1/feed/all/head" | grep -viE '^date:' | sha256sum)
    two=$(curl -si "http://127.0.0.1:${ports[2]}/v1/feed/all/head" | grep -viE '^date:' | sha256sum)
    [ "$one" = "$two" ]
}
ok 'both make the same head, to the last byte' within 5 same_head
is 'one of them does the daily work' "$(pg_sql 5001 "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 5" hub)" 1
hub_events "many,Many seats,$day 18:00,20:00,60
open,Open evening,$day 18:00,20:00,
late,Late evening,$day 20:00,22:00,"
kiosk_sync a once
is 'what was imported is at the kiosk' "$(act a events | wc -l)" 3

# waiting_hub EVENT: the process of the hub whose backend waits for that
waiting_hub() { pg_sql 5001 "SELECT substr(application_name, 11) FROM pg_stat_activity WHERE application_name LIKE 'kiosk-hub %' AND wait_event = '$1' LIMIT 1"; }
hub_waits() { [ -n "$(waiting_hub "$1")" ]; }
# kill_waiting EVENT: kills it and starts another in its place afterwards
kill_waiting() {
    local n
    victim=$(waiting_hub "$1")
    kill -9 "$victim"; wait "$victim" 2>/dev/null
    for n in 1 2; do [ "${pids[$n]}" != "$victim" ] || dead=$n; done
}
t1=$(signup a 'Many seats' 'Anna Before')
coproc LOCK { "$pg_bin/psql" -h "$pg_home" -p 5001 -U sosedi -d hub -qAtX; }
lock_pid=$LOCK_PID
echo "BEGIN; SELECT 'held' FROM kiosk FOR UPDATE;" >&"${LOCK[1]}"; read -r _ <&"${LOCK[0]}"
kiosk_sync a once & sync_pid=$!
ok 'a hub is in the middle of a batch' within 10 hub_waits transactionid
kill_waiting transactionid
echo 'ROLLBACK; \q' >&"${LOCK[1]}"; wait "$lock_pid" 2>/dev/null
wait "$sync_pid"; is 'it is killed before its commit: the kiosk hears of no success' $? 1
kiosk_sync a once; is 'the other hub takes the batch' $? 0
is 'the sign-up is there once' "$(signups 'Anna Before')" 1
serve $dead; HUB_PORT=$proxy_port
t2=$(signup a 'Many seats' 'Boris After')
pg_sql 5001 "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"; pg_sql 5001 'SELECT pg_reload_conf()' >/dev/null
ok 'commits wait' within 5 test "$(pg_sql 5001 'SHOW synchronous_standby_names')" = nobody
kiosk_sync a once & sync_pid=$!
ok 'a hub is in its commit' within 10 hub_waits SyncRep
kill_waiting SyncRep
pg_sql 5001 'ALTER SYSTEM RESET synchronous_standby_names'; pg_sql 5001 'SELECT pg_reload_conf()' >/dev/null
wait "$sync_pid"; is 'it is killed after its commit: the kiosk hears of no success' $? 1
kiosk_sync a once; is 'and asks the other' $? 0
is 'the sign-up is there once, too' "$(signups 'Boris After')" 1
is 'both tickets hold' "$(state a "$t1") $(state a "$t2")" 'confirmed confirmed'
serve $dead; HUB_PORT=$proxy_port

# ---- a stick, where there is no line to either of them
mkdir "$work/stick"
t5=$(signup a 'Many seats' 'Dora Stick')
kiosk_sync a export "$work/stick" >/dev/null
HUB_PORT=$proxy_port
hub bundle in "$work/stick" >"$work/stick.out" 2>>"$work/hub.log"; is 'what came by stick is taken in' $? 0
is 'the sign-up is there once' "$(signups 'Dora Stick')" 1
hub bundle in "$work/stick" >"$work/stick.out" 2>>"$work/hub.log"; is 'and read again it is the same' "$? $(signups 'Dora Stick')" '0 1'
hub bundle out "$work/stick" >/dev/null 2>>"$work/hub.log"; is 'the programme is written to it' $? 0
kiosk_sync a import "$work/stick" >/dev/null; is 'the kiosk takes its receipt' $? 0
ok 'and clears' unsent_is a 0
is 'its ticket holds' "$(state a "$t5")" confirmed
mkdir "$work/copies"
hub backup "$work/copies" >/dev/null 2>"$work/err"; is 'a backup of it is not made by kiosk-hub' $? 2
like 'and it says by what instead' "$(cat "$work/err")" 'pg_basebackup'
is 'nothing was written that looks like one' "$(ls "$work/copies")" ''

# ---- fail-over to a standby that lacks the last sign-up
like 'without a standby nothing is called safe' "$(act a status)" 'unsafe=[1-9]'
pg_standby two one 5002 5001 || bail 'a standby starts' "$work/basebackup.log"
all_safe() { kiosk_sync a once && act a status | grep -q 'unsafe=0 '; }
ok 'what the standby has is safe' within 20 all_safe
pg_sql 5002 "ALTER SYSTEM SET primary_conninfo = ''"; pg_sql 5002 'SELECT pg_reload_conf()' >/dev/null
streams() { [ "$(pg_sql 5001 'SELECT count(*) FROM pg_stat_replication')" = 0 ]; }
ok 'the standby falls behind' within 10 streams
t3=$(signup a 'Many seats' 'Vera Lost')
t4=$(signup a 'Open evening' 'Galina Lost')
kiosk_sync a once; is 'two more arrive at the first server' $? 0
is 'it has them' "$(signups Lost)" 2
pg_stop one immediate
pg_as "$pg_bin/pg_ctl" -D "$pg_home/two" -w promote >/dev/null
is 'the promoted one has not' "$(signups Lost)" 0
rounds() { kiosk_sync a once && kiosk_sync a once && kiosk_sync a once; }
ok 'the hubs go on with it' within 30 rounds
like 'in a new epoch, which nobody had to ask for' "$(curl -s "$(hub_url)/v1/feed/all/head")" '"epoch":([2-9]|[1-9][0-9]+),'
is 'the kiosk had kept what was lost: each is there once' "$(signups 'Anna Before') $(signups 'Boris After') $(signups 'Vera Lost') $(signups 'Galina Lost')" '1 1 1 1'
is 'all tickets hold' "$(state a "$t1") $(state a "$t2") $(state a "$t3") $(state a "$t4")" 'confirmed confirmed confirmed confirmed'
is 'no seat is sold twice' "$(pg_sql 5002 "SELECT count(*) FROM (SELECT ev, unnest(string_to_array(seats, ',')) AS seat FROM signup WHERE state = 'confirmed') x GROUP BY ev, seat HAVING count(*) > 1" hub)" ''
is 'no log holds a name' "$(cat "$work"/*.log | grep -cE 'Anna|Boris|Vera|Galina')" 0
tap_end
