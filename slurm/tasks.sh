# shellcheck shell=bash
# Sourced by submit.sh and common.sh: which tile-years there are.

# read_tasks: sets the array tasks to "TILE YEAR" lines: those of the file DSLAB_TASKS, or TILES x YEARS.
# The file may be written on Windows, and have comments and empty lines.
read_tasks() {
    local tile year line
    tasks=()
    if [[ -n ${DSLAB_TASKS:-} ]]; then
        [[ -r $DSLAB_TASKS ]] || { echo "the file of tile-years, DSLAB_TASKS=$DSLAB_TASKS, cannot be read" >&2; return 64; }
        while read -r tile year _; do
            [[ -n $tile && $tile != \#* ]] || continue
            line="$tile $year"
            [[ $line =~ ^[0-9]{2}[A-Z]{3}\ [0-9]{4}$ ]] || {
                printf '%s: "TILE YEAR" is expected, as in 35VLH 2024, and not %q\n' "$DSLAB_TASKS" "$line" >&2
                return 64
            }
            tasks+=("$line")
        done < <(sed $'1s/^\xef\xbb\xbf//' "$DSLAB_TASKS" | tr '\r' '\n'; echo)
        ((${#tasks[@]} > 0)) || { echo "there is no tile-year in $DSLAB_TASKS" >&2; return 64; }
    else
        [[ -n ${TILES:-} && -n ${YEARS:-} ]] || {
            echo 'say which: TILES="35VLH 35VMH" YEARS="2023 2024", or a file of "TILE YEAR" lines in DSLAB_TASKS' >&2
            return 64
        }
        for tile in $TILES; do for year in $YEARS; do tasks+=("$tile $year"); done; done
    fi
}
