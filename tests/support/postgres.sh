# For the scripts in tests/e2e: a PostgreSQL 15 of its own on a socket in a temporary folder. To be sourced after lib.sh.
pg_bin=$(ls -d /usr/lib/postgresql/15/bin 2>/dev/null)
pg_home=''
pg_user=''

# The server refuses to run as root.
pg_as() {
    if [ "$(id -u)" != 0 ]; then "$@"; else (cd "$pg_home" && setpriv --reuid="$pg_user" --regid="$(id -g "$pg_user")" --clear-groups "$@"); fi
}
pg_finish() {
    local dir
    for dir in "$pg_home"/*/; do [ ! -f "$dir/postmaster.pid" ] || pg_as "$pg_bin/pg_ctl" -D "$dir" -m immediate -w stop; done >/dev/null 2>&1
    rm -rf "$pg_home"
}
# pg_home_new: the folder of all servers of this script; fails when PostgreSQL is not installed
pg_home_new() {
    [ -n "$pg_bin" ] || return 1
    pg_home=$(mktemp -d)
    [ "$(id -u)" != 0 ] || { pg_user=$(id -un postgres 2>/dev/null || echo nobody); chown "$pg_user" "$pg_home"; chmod 711 "$pg_home"; }
}
pg_settings() {
    cat <<END
listen_addresses = ''
unix_socket_directories = '$pg_home'
port = $1
fsync = off
max_connections = 60
shared_buffers = 32MB
max_wal_senders = 4
hot_standby = on
log_min_messages = fatal
END
}
# pg_new NAME PORT: makes and starts a server; the port is a part of its socket's name only
pg_new() {
    pg_as "$pg_bin/initdb" -D "$pg_home/$1" -A trust -U sosedi -E UTF8 --locale=C --no-sync >"$work/initdb.log" 2>&1 || return 1
    pg_settings "$2" | pg_as tee -a "$pg_home/$1/postgresql.conf" >/dev/null
    pg_start "$1"
}
pg_start() { pg_as "$pg_bin/pg_ctl" -D "$pg_home/$1" -l "$pg_home/$1.log" -w start >/dev/null 2>&1; }
pg_stop() { pg_as "$pg_bin/pg_ctl" -D "$pg_home/$1" -m "${2:-fast}" -w stop >/dev/null 2>&1; }
# pg_standby NAME OF PORT OFPORT: a streaming standby
pg_standby() {
    pg_as "$pg_bin/pg_basebackup" -h "$pg_home" -p "$4" -U sosedi -D "$pg_home/$1" -R -X stream -c fast --no-sync >"$work/basebackup.log" 2>&1 || return 1
    pg_settings "$3" | pg_as tee -a "$pg_home/$1/postgresql.conf" >/dev/null
    pg_start "$1"
}
# pg_sql PORT SQL [DATABASE]
pg_sql() { "$pg_bin/psql" -h "$pg_home" -p "$1" -U sosedi -d "${3:-postgres}" -qAtX -c "$2"; }
pg_url() { echo "postgres://sosedi@/${2:-postgres}?host=$pg_home&port=$1"; }
