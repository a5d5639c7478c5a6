#!/bin/bash
# That the benches run, each with little to do. What they measure is seen by `make bench`.
. "$(dirname "$0")/lib.sh"
bin=$(dirname "$tools")
BENCH_SHORT=1 tests/bench/run "$bin" "$build" 2000 >"$work/bench" 2>"$work/bench.err"
is 'every bench runs' "$(sed -n '/^====/,$p' "$work/bench" | grep -c 'does not run')" 0
for source in tests/bench/*.c tests/bench/*.sh; do
    name=$(basename "${source%.*}")
    case $name in postgres) command -v pgbench >/dev/null || [ -x "${pg_bin:-/usr/lib/postgresql/15/bin}/pgbench" ] || continue ;; esac
    figures=$(sed -n '/^====/,$p' "$work/bench" | awk -v n="$name" '/^[a-z]/ {on = $1 == n} on && /^ / {c++} END {print c + 0}')
    ok "$name prints figures" test "$figures" -gt 0
done
[ "$tap_bad" = 0 ] || tail -n 40 "$work/bench" "$work/bench.err" | sed 's/^/    /'
tap_end
