# shellcheck shell=bash disable=SC2034
# CSC's Mahti, whose compute nodes were switched off on 31 August 2026; kept because sites have copied it. Use roihu.
#
# Its CPU nodes were given away whole and had no disk of their own; `interactive` shared nodes with local NVMe.

site_needs_account=yes
site_options() {
    case $1 in
        bench) printf '%s\n' "--partition=${PARTITION:-interactive}" "--gres=nvme:${NVME_GB:-640}" ;;
        *) echo "--partition=${PARTITION:-interactive}" ;;
    esac
}
site_prepare() {
    DSLAB_LOCAL_DISK=${LOCAL_SCRATCH:-${TMPDIR:-/tmp}}
}
# What a project gets on Allas unless it asks for more.
site_quotas() {
    quota TEMP BYTES "${NVME_GB:-640}GB"
    quota S3 OBJECTS 500000
    quota S3 BYTES 10TiB
}
