#!/bin/bash
# make bench: sign-ups at PostgreSQL with 32 clients, each in a transaction of its own: the hub's code (messages made, signed, checked,
# answered) beside pgbench running the very statements that the hub sent, as the server's log has them, prepared, in turns.
# usage: postgres.sh KIOSK_PROGRAM FOLDER
. "$(dirname "$0")/../e2e/lib.sh"
. "$(dirname "$0")/../support/postgres.sh"
. "$(dirname "$0")/../support/figures.sh"
trap 'pg_finish; finish' EXIT
clients=32 rounds=5 span=3
[ -z "${BENCH_SHORT:-}" ] || { clients=4 rounds=1 span=1; }
pgbench=$pg_bin/pgbench
[ -x "$pgbench" ] || pgbench=$(command -v pgbench)
if ! pg_home_new || [ -z "$pgbench" ]; then echo '  PostgreSQL is not installed: no ratios'; exit 0; fi
pg_new one 5003 || bail 'a server starts' "$work/initdb.log"
for s in fsync=on log_min_messages=log log_statement=all; do pg_sql 5003 "ALTER SYSTEM SET ${s%=*} = '${s#*=}'"; done
reload() { pg_sql 5003 'SELECT pg_reload_conf()' >/dev/null; }
reload
export SOSEDI_DATABASE=$(pg_url 5003)

# ---- the statements of one sign-up, as a script of pgbench: what must differ from one to the next is drawn or taken from an answer
"$tools/signups" one 2>/dev/null
pg_as cat "$pg_home/one.log" >"$work/log"
python3 - "$work/log" >"$work/script" <<'END'
import re, sys
entries = re.split(r'\n(?=\d{4}-\d\d-\d\d )', open(sys.argv[1]).read())
steps = []
for e in entries:
    m = re.search(r'LOG:  (?:statement|execute [^:]+): (.*)', e, re.S)
    d = re.search(r'DETAIL:  parameters: (.*)', e, re.S)
    if m:
        steps.append([m.group(1).strip(), {}])
    elif d:
        steps[-1][1] = {int(n): v for n, v in re.findall(r"\$(\d+) = (NULL|'(?:[^']|'')*')", d.group(1))}
ends = [i for i, s in enumerate(steps) if s[0].startswith('COMMIT')]
begins = [i for i, s in enumerate(steps) if s[0].startswith('BEGIN') and i < ends[-1]]
steps = steps[begins[-1]:ends[-1] + 1]
insert = next(s for s in steps if s[0].startswith('INSERT INTO signup'))
uuid, code, ev, kid = (insert[1][i] for i in (1, 2, 3, 4))
print('\\set r random(1, 1000000000000000)')
for text, values in steps:
    def value(m):
        v = values[int(m.group(1))].replace('\n', '').replace('\t', '')
        if v == uuid: return "lpad(:r::text, 36, '0')"
        if v == code: return "right(lpad(:r::text, 36, '0'), 10)"
        if v == ev: return "('%s' || lpad(:client_id::text, 3, '0'))" % ev[1:-4]
        if v == kid: return "('k' || :client_id::text)"
        if text.startswith('UPDATE signup') and m.group(1) == '4': return ':arrival'
        if text.startswith('INSERT INTO oplog') and m.group(1) == '3': return ':r'
        if text.startswith('INSERT INTO decision') and m.group(1) == '2': return ':dn'
        if text.startswith('UPDATE kiosk SET inbox') and m.group(1) == '1': return ':dn'
        if text.startswith('DELETE FROM decision') and m.group(1) == '2': return ':dn'
        return re.sub(r':(?=\w)', ': ', v)
    for part in (text.split('; ') if text.startswith('BEGIN') else [text]):
        line = re.sub(r'\$(\d+)', value, part)
        takes = ('INSERT INTO signup' not in line and 'FROM signup WHERE id' in line) or 'RETURNING dn' in line
        after = '\n' if not takes else ' '
        # the first look finds no sign-up, the second gives its number
        if 'FROM signup WHERE id' in line:
            seen = globals().get('seen', 0) + 1
            globals()['seen'] = seen
            takes = seen == 2
        print(line + (' \\gset' if takes else ';'))
END
grep -q 'INSERT INTO signup' "$work/script" && grep -q '^COMMIT' "$work/script" || bail 'the statements are found' "$work/script"
for s in log_min_messages=fatal log_statement=none; do pg_sql 5003 "ALTER SYSTEM SET ${s%=*} = '${s#*=}'"; done
reload
schema=$("$tools/signups" prepare "$clients" 2>/dev/null)

ours() { "$tools/signups" "$clients" $((span * 1000)) 2>/dev/null; }
bare() {
    PGOPTIONS="-csearch_path=$schema" "$pgbench" -n -M prepared -c "$clients" -j 1 -T "$span" -D dn=0 -f "$work/script" -h "$pg_home" -p 5003 -U sosedi \
        postgres 2>"$work/pgbench.err" | sed -nE 's/^tps = ([0-9.]+).*/\1/p'
}
echo "sign-ups at PostgreSQL, $clients clients, a transaction of $(grep -cE ';$|gset$' "$work/script") statements each"
for ((i = 0; i < rounds; i++)); do
    a=$(ours) b=$(bare)
    [ -n "$b" ] && [ "${b%.*}" -gt 0 ] || bail 'pgbench runs' "$work/pgbench.err"
    echo "$a $b" >>"$work/ratios"
done
echo "  the hub $a sign-ups/s, pgbench $b transactions/s (last round)"
figure "sign-ups at PostgreSQL, $clients clients : pgbench, same SQL" "$(awk '{print $1 / $2}' "$work/ratios" | sort -n | sed -n "$((rounds / 2 + 1))p")" x '>=' 0.9
tap_end
