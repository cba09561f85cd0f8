# shellcheck shell=bash
# Sourced by the job scripts beside it: from array index to tile and year, to the tool, to the last line of the log.

say() { printf '%s %s\n' "$(date -u +%FT%TZ)" "$*"; }
stop() { # STATUS TEXT…
    say "$step failed: ${*:2}; exit $1"
    exit "$1"
}

step=${SLURM_JOB_NAME:-dslab}
# shellcheck source=slurm/tasks.sh
. "$DSLAB_HOME/slurm/tasks.sh"
# Built here or installed.
if [[ -z ${DSLAB_BIN:-} ]]; then
    DSLAB_BIN=$DSLAB_HOME/.build/release
    [[ -d $DSLAB_BIN ]] || DSLAB_BIN=$DSLAB_HOME/../bin
fi
SITE=${SITE:-generic}
[[ -f $DSLAB_HOME/env/$SITE.sh ]] || stop 64 "there is no site file $DSLAB_HOME/env/$SITE.sh; SITE=generic works anywhere"
# shellcheck source=env/generic.sh
. "$DSLAB_HOME/env/$SITE.sh"
# quota STORAGE MEASURE VALUE: what the site grants, for the tools to know, unless the user says otherwise, be it in .env.
quota() {
    local name=DSLAB_$1_QUOTA_$2
    "$DSLAB_BIN/s2-status" --quiet --print_setting "$name" > /dev/null 2>&1 || export "$name=$3"
}
site_prepare
# Copies of older site files do not have it.
if declare -F site_quotas > /dev/null; then site_quotas; fi
# Settings may name the node's own disk as ${LOCAL_SCRATCH}.
export LOCAL_SCRATCH=$DSLAB_LOCAL_DISK
# The tools are the only readers of .env.
DSLAB_LOG_FOLDER=$("$DSLAB_BIN/s2-status" --quiet --print_setting DSLAB_LOG_FOLDER) || stop 1 "the settings cannot be read"
[[ $DSLAB_LOG_FOLDER == /* ]] || DSLAB_LOG_FOLDER=$PWD/${DSLAB_LOG_FOLDER#./}
export DSLAB_LOG_FOLDER
outcomes=$DSLAB_LOG_FOLDER/outcomes
mkdir -p "$outcomes"

# Sets TILE and YEAR: those of this task of the array.
choose_tile_year() {
    local index=${SLURM_ARRAY_TASK_ID:-0}
    local -a tasks=()
    read_tasks || stop 64 "there is no tile-year to work on"
    ((index < ${#tasks[@]})) || stop 64 "array index $index, but there are only ${#tasks[@]} tile-years; submit with --array=0-$((${#tasks[@]} - 1))"
    read -r TILE YEAR _ <<< "${tasks[index]}"
    export TILE YEAR
}

# When Slurm ends this job, in seconds since 1970; nothing outside Slurm.
job_end() {
    [[ -n ${SLURM_JOB_ID:-} ]] || return 0
    if [[ -n ${SLURM_JOB_END_TIME:-} ]]; then
        echo "$SLURM_JOB_END_TIME"
    else
        date -d "$(squeue -h -j "$SLURM_JOB_ID" -o %e)" +%s 2> /dev/null || true
    fi
}

# run TOOL OPTIONS…: with a SIGTERM of Slurm passed on, so that the tool ends tidily. Sets status, and terminated when
# the signal came.
run() {
    local tool=$1 interrupted
    shift
    say "$step: $tool $*"
    # In the background, so that bash need not wait for the tool before it looks at the signal.
    "$DSLAB_BIN/$tool" "$@" &
    local child=$!
    terminated=
    trap 'interrupted=1 terminated=1; say "$step: SIGTERM; telling the tool to end"; kill -TERM "$child" 2> /dev/null || true' TERM
    # A signal ends `wait` early; then the tool has to be waited for again.
    while true; do
        interrupted=
        wait "$child" && status=0 || status=$?
        [[ -n $interrupted ]] || break
    done
    trap - TERM
}

# run_step NAME TOOL OPTIONS…: one tool on one tile-year, and the last line of the log.
run_step() {
    step=$1
    local outcome=$outcomes/$step-$TILE-$YEAR
    run "${@:2}" --outcome_file "$outcome"
    finish "$outcome"
}

# finish FILE: says how the tool ended, starts the job again where that helps, and exits with the tool's status.
finish() {
    local word again='' counts
    counts=$(head -n 1 "$1" 2> /dev/null || true)
    case $status in
        0) word="done" ;;
        3) word="partial" ;;
        75) word="failed for now" ;;
        130 | 143) word="partial (interrupted)" ;;
        *) word="failed" ;;
    esac
    if [[ -n $terminated && $status != 0 && $status != 3 ]] || [[ $status == 75 && -n ${retries_later:-} ]]; then
        if may_restart; then again="; starting again"; fi
    fi
    local where
    where="$SECONDS s on $(hostname), job ${SLURM_ARRAY_JOB_ID:-${SLURM_JOB_ID:-none}}${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}, start $((${SLURM_RESTART_COUNT:-0} + 1))"
    say "$step${TILE:+ $TILE $YEAR} $word: ${counts:-the tool told nothing}; exit $status ($where)$again"
    # Ends this script too. A job that was cancelled, or is not Slurm's, is left alone.
    [[ -z $again ]] || { scontrol requeue "$SLURM_JOB_ID" && sleep 60; }
    exit "$status"
}

# Whether Slurm still counts the job as running: one that was cancelled must stay so.
may_restart() {
    [[ -n ${SLURM_JOB_ID:-} ]] || return 1
    ((${SLURM_RESTART_COUNT:-0} < ${DSLAB_MAX_RESTARTS:-20})) || return 1
    [[ $(squeue -h -j "$SLURM_JOB_ID" -o %T 2> /dev/null) == RUNNING ]]
}
