#!/bin/bash
# The real kiosk-print and a printer on the loopback: tickets put into the ledger come out as paper; the printer's troubles are waited out;
# a program killed in the middle leaves the truth behind; an idle one sleeps. SOSEDI_BUILD: the build folder.
set -u
build=${SOSEDI_BUILD:-build}
tools=$(ls -d "$build"/*/tests/tools 2>/dev/null | head -n 1)
dir=$(mktemp -d)
data=$dir/data papers=$dir/papers control=$dir/control
mkdir "$data"
count=0 bad=0 pids=()

finish() {
    for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$dir"
}
trap finish EXIT

# result NAME CODE
result() {
    count=$((count + 1))
    if [ "$2" = 0 ]; then echo "ok $count - $1"; else echo "not ok $count - $1"; bad=1; tail -n 5 "$dir"/*.log | sed 's/^/    /'; fi
}
# until_true SECONDS COMMAND...: looks again until it holds
until_true() {
    local end=$((SECONDS + $1)); shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        read -rt 0.05 <> <(:) || true
    done
}
sql() { sqlite3 -cmd '.timeout 5000' "$data/ledger.db" "$1"; }
# commits are told by the file's time (kiosk/base/sql.h); what this script writes is told so too
change() { sql "$1" && touch "$data/ledger.db"; }
job_is() { [ "$(sql "SELECT state || ':' || fault FROM job WHERE id = $1")" = "$2" ]; }
paper_count() { find "$papers" -name 'paper-*.png' | wc -l; }
papers_are() { [ "$(paper_count)" = "$1" ]; }
printer_is() { [ "$(sql "SELECT value FROM meta WHERE name = 'printer'")" = "$1" ]; }
said() { [ "$(grep -c '^ok' "$dir/printer.log")" -gt "$1" ]; }
# say WORDS: the printer has heard when it returns
say() { local before; before=$(grep -c '^ok' "$dir/printer.log"); echo "$1" >"$control"; until_true 60 said "$before"; }

# ticket N TITLE: a sign-up and its print job, as the kiosk commits them
ticket() {
    change "BEGIN;
        INSERT INTO signup VALUES ('id$1', '4DXF92RV7L', 'ev', 'confirmed', 2, '19,20', 7, 0, 1,
            json_object('title', '$2', 'place', 'Библиотека', 'address', 'Садовая, 14', 'start', 1778860800, 'end', 1778868000,
                        'allDay', json('false'), 'tz', 'Europe/Moscow', 'organizer', 'Соседи'),
            NULL, 'ru', 1, 1778260000, 'ok', 1778868000);
        INSERT INTO job (id, kind, signup, state, fault, hold_ms, lang, made_at) VALUES ($1, 'ticket', 'id$1', 'queued', '', 0, 'ru', 1778260000);
        COMMIT"
}

: >"$dir/printer.log"
"$tools/fakeprinter" --listen 127.0.0.1:0 --papers "$papers" --control "$control" >"$dir/printer.log" 2>&1 &
pids+=($!)
until_true 60 grep -q 'listening on' "$dir/printer.log"
result "the printer is there" $?
url=tcp://$(grep -o '127\.0\.0\.1:[0-9]*' "$dir/printer.log" | head -n 1)
print=("$build/kiosk-print" --data "$data" --printer "$url")

"${print[@]}" once >"$dir/once.log" 2>&1
result "nothing to print: once ends well" $?

ticket 1 'Вечер игр'
"${print[@]}" once >>"$dir/once.log" 2>&1 && job_is 1 printed: && until_true 60 papers_are 1
result "once prints what waits" $?

say 'state cover'
ticket 2 'Чтения'
"${print[@]}" once >"$dir/cover.log" 2>&1
[ $? = 1 ] && grep -q cover "$dir/cover.log" && job_is 2 queued:cover && until_true 60 papers_are 1
result "once says why a ticket waits, exit 1" $?

"${print[@]}" run >"$dir/run.log" 2>&1 &
run=$!
pids+=($run)
until_true 60 printer_is cover && until_true 60 grep -q 'job' "$dir/run.log"
say 'state ok'
until_true 60 job_is 2 printed: && until_true 60 papers_are 2
result "run prints the ticket when the cover is shut" $?

ticket 3 'Хор'
until_true 60 job_is 3 printed:
result "run notices a new ticket" $?

"${print[@]}" run >"$dir/second.log" 2>&1
[ $? = 1 ] && grep -q print.lock "$dir/second.log"
result "a second one on the same folder is refused" $?

switches() { awk '/^(non)?voluntary_ctxt_switches/ {n += $2} END {print n}' "/proc/$run/status"; }
still() { local n; n=$(switches); read -rt 2 <> <(:); [ "$(switches)" = "$n" ]; }
until_true 90 still
result "idle means asleep: not one wake-up in 2 s" $?

say 'state stalled'
ticket 4 'Каток'
until_true 60 job_is 4 printing:
kill -9 $run
wait $run 2>/dev/null
say 'state ok'
"${print[@]}" run >"$dir/run2.log" 2>&1 &
run=$!
pids+=($run)
until_true 60 job_is 4 unsure:
result "killed in the middle of a ticket: it is unsure, not printed" $?

change "INSERT INTO job (id, kind, signup, state, fault, hold_ms, lang, made_at) VALUES (5, 'ticket', 'id4', 'queued', '', 0, 'en', 1778260000)"
until_true 60 job_is 5 printed:
result "asked for again it is printed" $?

change "INSERT INTO job (id, kind, state, fault, hold_ms, lang, made_at, slip) VALUES (7, 'slip', 'queued', '', 0, 'ru', 1778260000,
    json_object('kind', 'article', 'title', 'Не упасть на льду', 'body', '- Ходите медленно.'))"
until_true 60 job_is 7 printed: && [ -z "$(sql "SELECT slip FROM job WHERE id = 7")" ]
result "an article is printed, and forgotten" $?
change "INSERT INTO job (id, kind, state, fault, hold_ms, lang, made_at, slip) VALUES (8, 'slip', 'queued', '', 0, 'ru', 1778260000, 'no slip')"
until_true 60 job_is 8 cancelled:error
result "one that cannot be read holds nothing up" $?

say 'state stalled'
ticket 6 'Лото'
until_true 60 job_is 6 printing:
kill -TERM $run
wait $run
[ $? = 0 ] && job_is 6 queued:
result "asked to end in the middle it ends at once and keeps the ticket" $?

say 'state ok'
printf '[printer]\nurl = %s\nmode = text\ncut = partial\n' "$url" >"$data/kiosk.conf"
"$build/kiosk-print" --data "$data" once >"$dir/text.log" 2>&1 && job_is 6 printed:
result "settings from kiosk.conf: typed letters and a cutter" $?
"$build/kiosk-print" --data "$data" test-page >"$dir/test.log" 2>&1
result "a test page" $?

printf '[printer]\nmode = braille\n' >"$data/kiosk.conf"
"$build/kiosk-print" --data "$data" once >"$dir/usage.log" 2>&1
[ $? = 2 ] && grep -q braille "$dir/usage.log"
result "a wrong setting is named, exit 2" $?

[ -z "$(find "$papers" -name '*.fault' -newer "$dir/text.log")" ] && [ -s "$(find "$papers" -name '*.png' | head -n 1)" ]
result "no paper of a whole ticket had a fault" $?
[ -z "${SOSEDI_KEEP_PAPERS:-}" ] || cp "$papers"/* "$SOSEDI_KEEP_PAPERS"
exit $bad
