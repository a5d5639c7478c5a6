#!/bin/bash
# A whole day before the screen: the four programs, a keyboard, eyes that read the screen and the paper. The hub is away, the kiosk and
# its exchange are killed at random moments, and what the screen said was saved arrives all the same, once.
. "$(dirname "$0")/lib.sh"
RANDOM=${SOSEDI_SEED:-1973}

# person NUMBER: sets name and phone
names=('Анна Петрова' 'Фёдор Ёлкин' 'Мария-Луиза Ким' 'Щукин Яков' 'Зухра Ахметова' 'Ольга Д’Арк' 'Борис Съедин' 'Эмма Юрьева'
    'Цой Жанна' 'Тимур Хабибуллин' 'Иван Грушин' 'Вера Чайкина' 'Пётр Ильич' 'Нина Объездчикова' 'Глеб Выдрин' 'Рая Мышкина')
person() { name=${names[$1]} phone=$(printf '8 912 345-67-%02d' "$1"); }
hands() { "$tools/hands" "$work/a" ru 2>"$work/hands.err"; }
# to_form DOWN: the keys from the first screen to the sign-up of the event so many lines below the first
to_form() {
    echo 'press enter 1 right right right right' # the whole programme
    for ((i = 0; i < $1; i++)); do echo 'press down'; done
    echo 'press enter f5'
    echo 'wait Ваше имя'
}
# fill: the keys of the form, up to the review
fill() { printf '%s\n' "press '$name' enter" "press '$phone' enter enter enter" 'press enter enter' 'wait Всё верно?'; }

day=$(date -u -d '+20 days' +%F)
hub_init
hub_events "a,Чаепитие,$day 15:00,17:00,
b,Шахматы,$day 16:00,18:00,40
c,Хор,$day 17:00,19:00,1"
hub_start
kiosk_new b
kiosk_sync b once
kiosk_new a
kiosk_sync a once
is 'the events are here' "$(act a events | wc -l)" 3
ok 'with seats of its own' test "$(act a stock "$(occurrence a Шахматы)")" -gt 4
hub_stop

"$tools/fakeprinter" --listen 127.0.0.1:0 --papers "$work/papers" >"$work/printer.log" 2>&1 </dev/null &
started+=("$!")
within 60 grep -q '^listening on' "$work/printer.log" || bail 'the printer listens' "$work/printer.log"
printer=tcp://$(sed -n 's/^listening on //p' "$work/printer.log")
"$build/kiosk-print" --data "$work/a" --printer "$printer" run >"$work/print.log" 2>&1 </dev/null &
started+=("$!")
printer_known() { [ -n "$(sqlite3 -cmd '.timeout 5000' "$work/a/ledger.db" "SELECT value FROM meta WHERE name = 'printer'")" ]; }
ok 'the printer answers' within 60 printer_known

sync_start() {
    "$build/kiosk-sync" --data "$work/a" run 2>>"$work/a.log" </dev/null & sync_pid=$!
    started+=("$sync_pid")
}
sync_start

# ---- a whole visit, with no hub
papers() { find "$work/papers" -name 'paper-*.png' | sort; }
# paper_says CODE: one of the newest papers does, read by a camera
paper_says() {
    local paper
    for paper in $(papers | tail -n 3); do "$tools/hands" --paper "$paper" 2>/dev/null | grep -qE "(^|/)$1(\$|[^0-9A-Z])" && return; done
    return 1
}
# ticket WORDS NUMBER DOWN: signs person NUMBER up; the screen must say WORDS, and the paper what the screen says
ticket() {
    person "$2"
    { to_form "$3"; fill; echo 'press space'; echo "wait $1"; echo 'wait Билет напечатан'; echo code; echo 'press esc'; } | hands >"$work/said"
    [ $? = 0 ] || bail "$1: $name signs up by the keys" "$work/hands.err"
    code=$(sed -n 's,^HTTPS://HUB.EXAMPLE/T/,,p' "$work/said")
    like 'the code on the screen is read' "$code" '^[0-9A-Z]{10}$'
    saved+=("$code $name")
    ok 'the paper says the same one' within 60 paper_says "$code"
}
saved=()
begin=$(date +%s%3N)
ticket 'Вы записаны' 0 0
visit_ms=$(($(date +%s%3N) - begin)) # the moments below are spread over that much
ticket 'Вы записаны' 1 1
like 'its seat is one of its own' "$(state a "$code")" '^confirmed$'
ticket 'Ваша запись сохранена' 2 2
is 'it waits for the hub' "$(state a "$code")" waiting
waited=$code

# ---- killed at random moments
# A visit that may be cut off; what the screen said before that is written down.
visit() {
    person "$1"
    { to_form $((RANDOM % 3)); [ "$2" = early ] && echo "kill-in $((RANDOM % (2 * visit_ms)))"; fill
      [ "$2" = late ] && echo "kill-in $((RANDOM % (visit_ms / 3)))"
      echo 'press space'; echo "wait апис"; echo code; echo 'press esc'; } | hands >"$work/said"
    local how=$?
    [ $how = 0 ] || grep -q 'ended with status 9' "$work/hands.err" || bail "$name before a kiosk that is killed" "$work/hands.err"
    [ $how = 0 ] || cut=$((cut + 1))
    code=$(sed -n 's,^HTTPS://HUB.EXAMPLE/T/,,p' "$work/said")
    [ -z "$code" ] || saved+=("$code $name")
}
cut=0
for number in 3 4 5 6 7 8 9 10 11 12; do
    case $number in 6) hub_start ;; 9) hub_stop -9 ;; esac
    { moment $((RANDOM % visit_ms)); kill -9 "$sync_pid"; } & killer=$!
    visit $number "$( ((number % 2)) && echo early || echo late)"
    { wait $killer; wait "$sync_pid"; } 2>/dev/null
    sync_start
done
echo "# $cut of 10 visits were cut off; a whole one took $visit_ms ms"
ticket 'Вы записаны' 13 0

# ---- the hub is there again
hub_start
nothing_waits() { act a status | grep -q 'unsent=0 '; }
ok 'all is sent' within 120 nothing_waits
hub signups --format csv 2>/dev/null >"$work/list.csv"
lost=''
for entry in "${saved[@]}"; do [ "$(grep -c "${entry%% *}.*${entry#* }" "$work/list.csv")" = 1 ] || lost+="$entry; "; done
is "each of ${#saved[@]} that the screen called saved is there once, with the name as typed" "$lost" ''
twice=''
for number in {0..13}; do person $number; [ "$(grep -c -- "$name" "$work/list.csv")" -le 1 ] || twice+="$name; "; done
is 'nobody is there twice' "$twice" ''
like 'the phone is the one that was typed' "$(grep "${saved[0]%% *}" "$work/list.csv")" '79123456700'
is 'what waited knows where it stands' "$(state a "$waited")" confirmed
kill -TERM "$sync_pid"; wait "$sync_pid"; is 'the exchange ends well' $? 0
is 'no log holds a name' "$(cat "$work"/*.log | grep -cE "$(IFS='|'; echo "${names[*]}")")" 0
is 'no file of the kiosk holds one' "$(cat "$work"/a/* | grep -acE "$(IFS='|'; echo "${names[*]}")")" 0
tap_end
