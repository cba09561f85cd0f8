# shellcheck shell=bash disable=SC2034
# LUMI. https://docs.lumi-supercomputer.eu/runjobs/scheduled-jobs/partitions/
#
# LUMI-C nodes have no disk: /tmp is memory, and what is staged there counts against the job's --mem. Set BENCH_MEM to
# the size of the working set and 16 GB more; partition small gives up to 224 GB, largemem more.

site_needs_account=yes
site_options() {
    echo "--partition=${PARTITION:-small}"
    [[ $1 != bench ]] || echo "--mem=${BENCH_MEM:-112G}"
}
site_prepare() {
    DSLAB_LOCAL_DISK=${LOCAL_SCRATCH:-/tmp/${SLURM_JOB_ID:-$USER}}
    mkdir -p "$DSLAB_LOCAL_DISK"
    # Nobody clears /tmp for the next job.
    trap 'rm -rf "$DSLAB_LOCAL_DISK"' EXIT
}
