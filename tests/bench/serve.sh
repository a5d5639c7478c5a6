#!/bin/bash
# make bench: the hub's answers beside nginx on the same machine (one worker, the same bytes as files), in turns; then the hub alone with
# 10, 100, 1,000 and 10,000 kiosks that ask at once over connections that stay open: answers per second, and its memory.
# usage: serve.sh KIOSK_PROGRAM FOLDER   (the table goes to BENCH_TABLE)
. "$(dirname "$0")/../e2e/lib.sh"
. "$(dirname "$0")/../support/figures.sh"
rounds=5 span=600 steps='10 100 1000 10000' at=16
[ -z "${BENCH_SHORT:-}" ] || { rounds=1 span=100 steps='10 100'; }
trap 'finish' EXIT

hub_init
printf '[http]\nrate = 0\nconnections = 60000\n[snapshot]\npages = 0\n' >"$work/hub/hub.conf"
day=$(date -u -d '+20 days' +%F)
hub_events "$(for i in $(seq 1100); do echo "e$i,Evening $i $(md5sum <<<"$i" | cut -c1-30),$day 18:00,20:00,"; done)"
hub_start
head=/v1/feed/all/head
mark_of() { curl -si "$1" | tr -d '\r' | sed -nE 's/^ETag: //Ip'; }
etag=$(mark_of "$(hub_url)$head")
index=$(curl -s "$(hub_url)$head" | jq -r '"/v1/feed/all/\(.epoch)/index/\(.index.n)-\(.index.hash[0:16]).zst"')
hash=$(curl -s "$(hub_url)$index" | zstd -dc | sed -n '2s/[",]//gp')
page=/v1/feed/all/1/page/1-${hash:0:16}.zst

# ---- nginx with the same bytes
mkdir -p "$work/www/feed" "$work/nginx"
curl -s "$(hub_url)$page" >"$work/www/page"; curl -s "$(hub_url)$head" >"$work/www/head"; curl -s "$(hub_url)/health" >"$work/www/health"
[ -s "$work/www/page" ] || bail 'a page is sealed'
nginx_port=$((22000 + $$ % 10000)) nginx_etag=''
nginx_run() {
    command -v nginx >/dev/null || return 1
    cat >"$work/nginx.conf" <<END
worker_processes 1;
worker_rlimit_nofile 8000;
pid $work/nginx/pid;
error_log $work/nginx/error.log;
daemon off;
$([ "$(id -u)" != 0 ] || echo 'user root;')
events { worker_connections 4000; }
http {
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=100; default_type application/zstd;
    client_body_temp_path $work/nginx/body; proxy_temp_path $work/nginx/proxy; fastcgi_temp_path $work/nginx/f; uwsgi_temp_path $work/nginx/u; scgi_temp_path $work/nginx/s;
    server { listen 127.0.0.1:$nginx_port; root $work/www; add_header Cache-Control "public, max-age=31536000, immutable"; }
}
END
    nginx -p "$work/nginx" -c "$work/nginx.conf" -e "$work/nginx/error.log" >"$work/nginx.out" 2>&1 & nginx_pid=$!
    started+=("$nginx_pid")
    within 10 curl -sf -o /dev/null "http://127.0.0.1:$nginx_port/page" || return 1
    nginx_etag=$(mark_of "http://127.0.0.1:$nginx_port/head")
}
load() { "$tools/httpload" "$@" | cut -d' ' -f1; }
# against_nginx WHAT GOAL STATUS PATH NGINXPATH: medians of the ratios of neighbouring rounds; a 304 asks with each server's own mark
against_nginx() {
    local what=$1 goal=$2 status=$3 ours theirs i mark=() its=()
    [ "$status" != 304 ] || { mark=("If-None-Match: $etag"); its=("If-None-Match: $nginx_etag"); }
    : >"$work/ratios"
    for ((i = 0; i < rounds; i++)); do
        ours=$(load "$HUB_PORT" $at "$span" "$status" "$4" "${mark[@]}"); theirs=$(load "$nginx_port" $at "$span" "$status" "$5" "${its[@]}")
        echo "$ours $theirs" >>"$work/ratios"
    done
    echo "  $what: the hub $ours answers/s, nginx $theirs (last round)"
    figure "$what, answers/s : nginx" "$(awk '{print $1 / $2}' "$work/ratios" | sort -n | sed -n "$((rounds / 2 + 1))p")" x '>=' "$goal"
}
echo "the hub's answers, $at connections"
if nginx_run; then
    against_nginx "a sealed page ($(stat -c %s "$work/www/page") bytes)" 0.85 200 "$page" /page
    against_nginx 'a 304 on the head' 0.80 304 "$head" /head
    against_nginx 'a small body (the head)' 1.2 200 "$head" /head
    kill "$nginx_pid"
else
    echo '  nginx is not installed: no ratios'
fi

# ---- many kiosks
memory() { awk '/^VmRSS/ {printf "%.1f", $2 / 1024}' "/proc/$HUB_PID/status"; }
peak() { awk '/^VmHWM/ {printf "%.1f", $2 / 1024}' "/proc/$HUB_PID/status"; }
first_memory='' first_rate='' first_kiosks=''
for kiosks in $steps; do
    hub_stop; hub_start
    etag=$(mark_of "$(hub_url)$head") idle=$(memory)
    read -r rate late < <("$tools/httpload" "$HUB_PORT" "$kiosks" $((span * 4)) 304 "$head" "If-None-Match: $etag")
    if [ -z "$rate" ]; then echo "  $kiosks kiosks: more connections than one program may open here"; continue; fi
    echo "  $kiosks kiosks: $rate answers/s, 99 % within $late ms; the hub $(peak) MB, idle $idle"
    figure "answers/s to $kiosks kiosks at once" "$rate" /s
    figure "memory of the hub for them" "$(peak)" MB
    if [ -z "$first_memory" ]; then
        first_memory=$(peak) first_rate=$rate first_kiosks=$kiosks
    else
        figure "memory, $first_kiosks to $kiosks kiosks, times" "$(awk "BEGIN {print $(peak) / $first_memory}")" x '<=' $((kiosks / first_kiosks))
        figure "time of an answer, $first_kiosks to $kiosks kiosks, times" "$(awk "BEGIN {print $first_rate / $rate}")" x '<=' $((kiosks / first_kiosks))
    fi
done
tap_end
