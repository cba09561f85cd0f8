# shellcheck shell=bash disable=SC2034
# Any cluster: the default partition, an account if you name one, the node's own disk as Slurm tells it.
#
# A site file is sourced twice: by scripts/submit on the login node, and by each job on its node. It sets
#   site_needs_account   yes where jobs without ACCOUNT are refused
#   site_options STEP    prints sbatch options, one a line; STEP is intake, a format (cog, zarr, …), mirror, bench or report
#   site_prepare         loads modules and sets DSLAB_LOCAL_DISK, the folder on the node's own disk
#   site_quotas          says by lines such as `quota NETWORK FILES 500000` what storages take, where the site has limits:
#                        of NETWORK and TEMP the FILES and BYTES, of S3 the OBJECTS of a bucket and the BYTES of all
# Copy this file to env/mysite.sh and submit with SITE=mysite.

site_needs_account=
site_options() {
    [[ -z ${PARTITION:-} ]] || echo "--partition=$PARTITION"
}
site_prepare() {
    DSLAB_LOCAL_DISK=${LOCAL_SCRATCH:-${TMPDIR:-/tmp}}
}
