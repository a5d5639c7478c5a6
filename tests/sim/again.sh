#!/bin/bash
# The same seed is the same story: in another process, after other seeds, shrunk and replayed.
# usage: tests/sim/again.sh BUILD VARIANT
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$1 variant=$2 failed=0
sim=$build/$variant/tests/sim/sim

say() { # OK NUMBER WORDS
    if [ "$1" = yes ]; then echo "ok $2 - $3"; else echo "not ok $2 - $3"; failed=1; fi
}

# Seeds 1 to 6 in one process, the last three again in another one: the trace (everything drawn, written and said) is the same.
long=$("$sim" --first 1 --seeds 6 --trace | grep '^seed ')
short=$("$sim" --first 4 --seeds 3 --trace | grep '^seed ')
[ "$(echo "$short" | wc -l)" = 3 ] && [ "$(echo "$long" | tail -n 3)" = "$short" ] && same=yes || same=no
say $same 1 "a seed is the same story in another process"
[ "$(echo "$long" | cut -d: -f2 | sort -u | wc -l)" = 6 ] && differ=yes || differ=no
say $differ 2 "another seed is another story"

# A mistake is planted; the first seed that breaks is shrunk, and the line that it prints breaks in the same way with fewer steps.
tests/sim/mistakes.sh "$build" "$variant" 20 --keep sold-stays >"$build/again.out" 2>&1
wrong=$build/mistakes/sold-stays/sim
said=$("$wrong" --seeds 20)
seed=$(echo "$said" | sed -n 's/^shrunk to: SEED=\([0-9]*\) STEPS=.*/\1/p') steps=$(echo "$said" | sed -n 's/^shrunk to: .* STEPS=//p')
broke=$(echo "$said" | sed -n 's/^breaks: //p')
[ -n "$seed" ] && [ -n "$broke" ] && [ "$(echo "$steps" | tr ',' '\n' | wc -l)" -le 40 ] && shrunk=yes || { shrunk=no; cat "$build/again.out"; echo "$said"; }
say $shrunk 3 "a seed that breaks is shrunk"
replayed=$("$wrong" --first "$seed" --seeds 1 --steps "$steps" | sed -n 's/^seed [0-9]* breaks: //p')
[ -n "$broke" ] && [ "$replayed" = "$broke" ] && again=yes || { again=no; echo "$replayed"; }
say $again 4 "what it shrank to breaks in the same way when it is replayed"
rm -f "$wrong"
exit $failed
