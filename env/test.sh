# shellcheck shell=bash disable=SC2034
# The cluster that scripts/slurm-up starts. Sizes are small, so that two machines' worth of tasks fit onto one.

site_needs_account=yes
site_options() {
    printf '%s\n' "--partition=${PARTITION:-small}" "--cpus-per-task=${TASK_CPUS:-1}" --mem=2G --time="${TASK_TIME:-00:15:00}"
    # Half of a node's "NVMe": tasks spread over the nodes.
    [[ $1 == report ]] || echo "--gres=nvme:${TASK_NVME:-7000}"
    # Where a test wants a job to run, or how early it is told to end.
    [[ -z ${TASK_OPTIONS:-} ]] || tr ' ' '\n' <<< "$TASK_OPTIONS"
}
site_prepare() {
    DSLAB_LOCAL_DISK=$LOCAL_SCRATCH
}
