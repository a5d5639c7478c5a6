#!/bin/bash
# Planted mistakes, each built into a program of its own and run until a seed catches it.
# usage: tests/sim/mistakes.sh BUILD VARIANT [SEEDS [--keep] [NAME..]]
# --keep: the programs with the mistakes stay, BUILD/mistakes/NAME/sim
# The first line of mistakes/NAME.patch says the mistake in words. What is printed: the number of seeds it took, the mistake, what broke.
# A patch that no longer fits, or a mistake that SEEDS seeds (2000) do not catch, is a failure.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$1 variant=$2 seeds=${3:-2000}
shift $(($# < 3 ? $# : 3))
keep=
if [ "${1:-}" = --keep ]; then keep=1; shift; fi
out=$build/$variant top=$build/mistakes

# plant NAME: the sources of a mistake, patched and compiled as their own were; then linked before the library
plant() {
    local dir=$top/$1 patch=tests/sim/mistakes/$1.patch file objects=()
    rm -rf "$dir" && mkdir -p "$dir" || return 1
    for file in $(sed -n 's|^+++ b/||p' "$patch"); do
        mkdir -p "$dir/$(dirname "$file")" && cp "$file" "$dir/$file" || return 1
        objects+=("$dir/${file%.c}.o")
    done
    patch -s -p1 --no-backup-if-mismatch -d "$dir" <"$patch" >"$dir/patch.out" 2>&1 || { cat "$dir/patch.out"; return 1; }
    make --no-print-directory -s BUILD="$build" VARIANT="$variant" MISTAKE="$dir" OBJECTS="${objects[*]}" "$dir/sim" >"$dir/make.out" 2>&1 ||
        { cat "$dir/make.out"; return 1; }
}

# try NUMBER NAME: one row of the table
try() {
    local number=$1 words said
    shift
    local dir=$top/$1
    words=$(head -n 1 "tests/sim/mistakes/$1.patch")
    mkdir -p "$dir"
    if ! plant "$1" >"$top/$1.fault" 2>&1; then
        echo "not ok $number - $words: it cannot be planted"; sed 's/^/    /' "$top/$1.fault"
        return
    fi
    said=$("$dir/sim" --seeds "$seeds" --no-shrink)
    local seed=$(echo "$said" | sed -n 's/^seed \([0-9]*\) breaks: .*/\1/p') broke=$(echo "$said" | sed -n 's/^seed [0-9]* breaks: //p')
    if [ -z "$seed" ]; then
        echo "not ok $number - $words: not caught by $seeds seeds"; echo "$said" | sed 's/^/    /'
    else
        printf 'ok %d - %4d seeds: %s [%s]\n' "$number" "$seed" "$words" "$broke"
    fi
    [ -n "$keep" ] || rm -f "$dir/sim"
}
export -f plant try
export build variant seeds top out keep

[ $# -gt 0 ] || set -- $(cd tests/sim/mistakes && ls *.patch | sed 's/\.patch$//')
mkdir -p "$top"
# what all of them are linked with, before several want to make it at once
make --no-print-directory -s BUILD="$build" VARIANT="$variant" "$out/tests/sim/sim" "$out/libsosedi.a" "$out/libsupport.a" || exit 1
number=0
for name in "$@"; do echo "$((++number)) $name"; done | xargs -P "${SOSEDI_TEST_JOBS:-2}" -L 1 bash -c 'try "$@"' try | tee "$top/table.$$"
caught=$(grep -c '^ok' "$top/table.$$")
rm -f "$top/table.$$"
echo "$caught of $# planted mistakes caught"
[ "$caught" = $# ]
