# shellcheck shell=bash disable=SC2034
# CSC's Puhti, whose compute nodes were switched off on 31 July 2026; kept because sites have copied it. Use roihu.

site_needs_account=yes
site_options() {
    echo "--partition=${PARTITION:-small}"
    [[ $1 != bench ]] || echo "--gres=nvme:${NVME_GB:-750}"
}
site_prepare() {
    DSLAB_LOCAL_DISK=${LOCAL_SCRATCH:-${TMPDIR:-/tmp}}
}
# What a project gets on scratch and on Allas unless it asks for more.
site_quotas() {
    quota NETWORK FILES 1000000
    quota NETWORK BYTES 1TiB
    quota TEMP BYTES "${NVME_GB:-750}GB"
    quota S3 OBJECTS 500000
    quota S3 BYTES 10TiB
}
