#!/bin/bash
# Submits the whole chain for tiles and years: intake, then the conversions, then the mirror and the benchmark, then a
# report. Each task waits for the one of the same tile-year before it; the report waits for all benchmarks, however
# they end. Called by `make submit`; docs/slurm.md tells more.
#
#   TILES="35VLH 35VMH" YEARS="2023 2024" or DSLAB_TASKS=FILE ("TILE YEAR" lines)    SITE=roihu    ACCOUNT=project_…
#   DSLAB_FORMATS="safe cog zarr" (with which to work; others: shardzarr zipzarr)
#   STEPS="intake cog zarr mirror bench report" (default: with the formats in the middle)    CONNECTIONS=4 (of the whole intake array)    LOGS=logs
#   submit.sh --dry-run prints the commands; --test-only asks Slurm whether it would take them
set -euo pipefail
DSLAB_HOME=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
mode=${1:-}
SITE=${SITE:-generic} CONNECTIONS=${CONNECTIONS:-4} LOGS=${LOGS:-logs}
fail() { echo "submit: $1" >&2; exit 64; }

[[ -z $mode || $mode == --dry-run || $mode == --test-only ]] || fail "$mode is neither --dry-run nor --test-only"
[[ -f $DSLAB_HOME/env/$SITE.sh ]] || fail "no site $SITE; there are $(cd "$DSLAB_HOME/env" && echo *.sh | sed 's/\.sh//g')"
# shellcheck source=env/generic.sh
. "$DSLAB_HOME/env/$SITE.sh"
ACCOUNT=${ACCOUNT:-${SBATCH_ACCOUNT:-${SLURM_ACCOUNT:-}}}
# shellcheck disable=SC2154
[[ -n $ACCOUNT || -z $site_needs_account ]] || fail "$SITE wants to know whom to bill: say ACCOUNT=<project>"
[[ -z ${DSLAB_TASKS:-} ]] || DSLAB_TASKS=$(readlink -f "$DSLAB_TASKS")
# shellcheck source=slurm/tasks.sh
. "$DSLAB_HOME/slurm/tasks.sh"
tasks=()
read_tasks || fail "there is nothing to submit"
count=${#tasks[@]}

# Tasks of the intake share the account's connections: as many at once as have one each, and each has its share.
at_once=$((count < CONNECTIONS ? count : CONNECTIONS))
# Jobs see what they need to know through the environment.
export DSLAB_HOME SITE TILES YEARS DSLAB_TASKS
export DSLAB_FORMATS=${DSLAB_FORMATS:-safe cog zarr}
export DSLAB_CONNECTIONS=$((CONNECTIONS / at_once))
export DSLAB_REQUESTS_PER_MINUTE=${DSLAB_REQUESTS_PER_MINUTE:-$((2000 * DSLAB_CONNECTIONS / CONNECTIONS))}
declare -A jobs=()

# submit STEP SCRIPT OPTIONS…: notes the job's number. The script of a conversion is told the format, which names the step.
submit() {
    local step=$1 listed
    local -a command=("$DSLAB_HOME/slurm/$2")
    [[ $2 != convert.sh ]] || command+=("$step")
    shift 2
    listed=$(site_options "$step")
    local -a options=(--parsable --chdir="$PWD" "$@")
    [[ -z $listed ]] || { mapfile -t site < <(printf '%s\n' "$listed"); options+=("${site[@]}"); }
    [[ -z $ACCOUNT ]] || options+=(--account="$ACCOUNT")
    case $mode in
        --dry-run) jobs[$step]="<$step>"; echo "sbatch$(printf ' %q' "${options[@]}") ${command[*]}" ;;
        --test-only) jobs[$step]=; sbatch --test-only "${options[@]}" "${command[@]}" ;;
        *)
            jobs[$step]=$(sbatch "${options[@]}" "${command[@]}")
            jobs[$step]=${jobs[$step]%%;*}
            printf '%-7s %s\n' "$step" "${jobs[$step]}"
            ;;
    esac
}

# after KIND STEP…: the option that makes a job wait for those of the steps that are submitted.
after() {
    local kind=$1 list='' step
    shift
    for step in "$@"; do [[ -z ${jobs[$step]:-} ]] || list+=":${jobs[$step]}"; done
    # A task whose predecessor failed can never run; it must not stay in the queue.
    [[ -z $list ]] || printf '%s\n' "--dependency=$kind$list" --kill-on-invalid-dep=yes
}

# array STEP SCRIPT THROTTLE STEP…: a task for each tile-year, after the task of the same tile-year of the steps.
array() {
    local step=$1 script=$2 throttle=$3
    shift 3
    mapfile -t waits < <(after aftercorr "$@")
    submit "$step" "$script" --job-name="$step" --array="0-$((count - 1))$throttle" --output="$LOGS/%x-%A_%a.log" "${waits[@]}"
}

[[ $mode == --dry-run ]] || mkdir -p "$LOGS"
# What products are converted to.
conversions=(cog zarr shardzarr zipzarr)
for step in ${STEPS:-intake ${DSLAB_FORMATS/safe/} mirror bench report}; do
    case $step in
        intake) array intake intake.sh "%$at_once" ;;
        mirror) array mirror mirror.sh "" intake "${conversions[@]}" ;;
        bench) array bench stage-and-bench.sh "" "${conversions[@]}" mirror ;;
        report)
            mapfile -t waits < <(after afterany bench)
            submit report report.sh --output="$LOGS/%x-%j.log" "${waits[@]}"
            ;;
        *)
            [[ " ${conversions[*]} " == *" $step "* ]] || fail "step $step is none of intake ${conversions[*]} mirror bench report"
            array "$step" convert.sh "" intake
            ;;
    esac
done
[[ -z $mode ]] || exit 0
numbers=$(IFS=,; echo "${jobs[*]}")
cat << NEXT

$count tile-years; intake: $at_once tasks at once with $DSLAB_CONNECTIONS connection(s) each
follow them:   squeue -j $numbers
how they end:  tail -qn 1 $LOGS/*.log
what is there: make status
cancel all:    scancel ${numbers//,/ }
NEXT
