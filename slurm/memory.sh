# shellcheck shell=bash
# Sourced by stage-and-bench.sh: how the bytes of a tile-year compare with the memory that may keep them.

# Bytes that this job may have, files that were read among them: the least of what the machine has and what Slurm and the
# control groups grant.
granted_memory() {
    local least limit
    least=$(awk '/^MemTotal:/ { printf "%.0f", $2 * 1024 }' /proc/meminfo)
    for limit in $(slurm_memory) $(group_memory /proc/self/cgroup); do
        ((limit <= 0 || limit >= least)) || least=$limit
    done
    echo "$least"
}

# Slurm counts in MiB, and 0 is all that the node has.
slurm_memory() {
    echo $((${SLURM_MEM_PER_NODE:-0} << 20)) $(((${SLURM_MEM_PER_CPU:-0} * ${SLURM_CPUS_ON_NODE:-0}) << 20))
}

# group_memory LIST: the limits of the control groups that a process is listed with, from the innermost up, of version 2 or 1; `max` is none.
group_memory() {
    local hierarchy controllers path file
    while IFS=: read -r hierarchy controllers path; do
        case $hierarchy:$controllers in
            0:) file=/sys/fs/cgroup%s/memory.max ;;
            *:memory) file=/sys/fs/cgroup/memory%s/memory.limit_in_bytes ;;
            *) continue ;;
        esac
        path=${path%/}
        while true; do
            # shellcheck disable=SC2059
            grep -xE '[0-9]{1,18}' "$(printf "$file" "$path")" 2> /dev/null || true
            [[ -n $path ]] || break
            path=${path%/*}
        done
    done < "$1"
}

gibibytes() { awk -v bytes="$1" 'BEGIN { printf "%.1f GiB", bytes / 2^30 }'; }

# compare_with_memory RECORD: says whether loads may be answered from memory, by what nvme-stage recorded of the copies.
compare_with_memory() {
    local bytes there memory sizes limit
    bytes=$(recorded bytes "$1") there=$(recorded already_there "$1") memory=$(granted_memory)
    sizes="the data ($(gibibytes "$bytes"))"
    limit="the memory ($(gibibytes "$memory"))"
    if ((there > 0)); then
        say "warning: $there of the files were there before this run; whether all are larger than $limit is not known"
    elif ((bytes > memory)); then
        say "$sizes are larger than $limit"
    else
        say "warning: $sizes are not larger than $limit; repeated loads may come from memory"
    fi
}

# recorded KEY FILE: the sum of a number over all formats of a record.
recorded() { awk -F: -v key="\"$1\"" '$1 ~ key "[ ]*$" { sum += $2 } END { printf "%.0f", sum }' "$2"; }
