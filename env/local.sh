# shellcheck shell=bash disable=SC2034
# One machine without Slurm: the job scripts run in the shell, one after the other (bash slurm/convert.sh cog).

site_needs_account=
site_options() { :; }
site_prepare() {
    DSLAB_LOCAL_DISK=${LOCAL_SCRATCH:-${TMPDIR:-/tmp}}
}
