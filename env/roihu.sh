# shellcheck shell=bash disable=SC2034
# CSC's Roihu. https://docs.csc.fi/computing/running/creating-job-scripts-roihu/
#
# NODE chooses what the benchmark runs on, and with it how large the node's own disk is:
#   shared   a part of a CPU node; 20 GiB of $TMPDIR for all jobs of a user on the node (default)
#   full     a whole CPU node, 384 cores; 600 GiB of $TMPDIR
#   pool     a part of a CPU node with POOL_GB (default 500) of the storage pool, mounted for the job
#   xl       a part of a node with 6 TiB of memory and NVME_GB (default 2000, at most 13000) of NVMe
#   gpu      one GH200, which is aarch64: DSLAB_BIN_AARCH64 names tools built there; 150 GiB of $TMPDIR
# The quota of $TMPDIR is not visible as free space; staging that exceeds it ends with "no space", status 75.

site_needs_account=yes
site_options() {
    if [[ $1 != bench ]]; then
        echo "--partition=${PARTITION:-small}"
        return
    fi
    case ${NODE:-shared} in
        shared) printf '%s\n' "--partition=${PARTITION:-small}" ;;
        full) printf '%s\n' "--partition=${PARTITION:-medium}" --exclusive --cpus-per-task=384 --mem=0 ;;
        pool) printf '%s\n' "--partition=${PARTITION:-small}" "--bb=#BB_LUA SBF storagesize=${POOL_GB:-500}G path=/sbf/dslab" ;;
        xl) printf '%s\n' "--partition=${PARTITION:-hugemem}" "--gres=nvme:${NVME_GB:-2000}" ;;
        gpu) printf '%s\n' "--partition=${PARTITION:-gpumedium}" --gres=gpu:gh200:1 --cpus-per-task=72 ;;
        *) echo "roihu: NODE=$NODE is none of shared, full, pool, xl, gpu" >&2; return 64 ;;
    esac
}
site_prepare() {
    if [[ $(uname -m) == aarch64 ]]; then DSLAB_BIN=${DSLAB_BIN_AARCH64:-$DSLAB_BIN}; fi
    DSLAB_LOCAL_DISK=${LOCAL_SCRATCH:-${TMPDIR:-/tmp}}
    [[ ! -d /sbf/dslab ]] || DSLAB_LOCAL_DISK=/sbf/dslab
}
# What a project gets on scratch and on Allas unless it asks for more, and a job of the node's own disk.
site_quotas() {
    quota NETWORK FILES 500000
    quota NETWORK BYTES 250GiB
    case ${NODE:-shared} in
        shared) quota TEMP BYTES 20GiB ;;
        full) quota TEMP BYTES 600GiB ;;
        pool) quota TEMP BYTES "${POOL_GB:-500}GB" ;;
        xl) quota TEMP BYTES "${NVME_GB:-2000}GB" ;;
        gpu) quota TEMP BYTES 150GiB ;;
    esac
    quota S3 OBJECTS 500000
    quota S3 BYTES 10TiB
}
