# The figures of benches that are scripts: the same lines as tests/support/figures.c writes. To be sourced.
# figure WHAT VALUE UNIT [SENSE GOAL]: SENSE is >= or <=
figure() {
    awk -v what="$1" -v v="$2" -v unit="$3" -v sense="${4:-}" -v goal="${5:-}" 'BEGIN {
        text = sprintf("%.*f %s", v < 10 ? 3 : v < 100 ? 2 : 0, v, unit)
        wanted = sense == "" ? "" : "goal " sense " " goal
        verdict = sense == "" ? "" : ((sense == ">=" ? v + 0 >= goal + 0 : v + 0 <= goal + 0) ? "reached" : "missed")
        printf "  %-62s %14s  %-14s %s\n", what, text, wanted, verdict
    }' | tee -a "${BENCH_TABLE:-/dev/null}"
}
