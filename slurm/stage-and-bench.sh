#!/bin/bash
# A tile-year to the node's own disk, and a benchmark of all storages, cold and warm: an array task a tile-year.
# docs/slurm.md tells how to use it.
#SBATCH --job-name=bench
#SBATCH --time=04:00:00
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
#SBATCH --mem=24G
#SBATCH --output=%x-%A_%a.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:TERM@120
set -euo pipefail
DSLAB_HOME=${DSLAB_HOME:-${SLURM_SUBMIT_DIR:-$PWD}}
. "$DSLAB_HOME/slurm/common.sh"
# shellcheck source=slurm/memory.sh
. "$DSLAB_HOME/slurm/memory.sh"
choose_tile_year
formats=${DSLAB_FORMATS:-safe cog zarr}
resolutions=${DSLAB_RESOLUTIONS:+--resolution $DSLAB_RESOLUTIONS}
deadline=$(job_end)
# shellcheck disable=SC2086
options="--tile_id $TILE --year $YEAR --formats $formats $resolutions ${deadline:+--deadline $deadline}"
record=$DSLAB_LOG_FOLDER/staging_$TILE-$YEAR.json
results=$DSLAB_LOG_FOLDER/sentinel2_l1c_$TILE-$YEAR

step=stage
# shellcheck disable=SC2086
run nvme-stage $options --from "${DSLAB_STAGE_FROM:-network}" --record "$record" --outcome_file "$outcomes/stage-$TILE-$YEAR"
((status == 0)) || finish "$outcomes/stage-$TILE-$YEAR"
say "stage $TILE $YEAR done: $(head -n 1 "$outcomes/stage-$TILE-$YEAR")"

step=bench
compare_with_memory "$record"
# What is copied pays back by loads that are faster than those from where it was; cold ones, as a first epoch has them.
# shellcheck disable=SC2086
options="--tile $TILE --year $YEAR --formats $formats $resolutions ${DSLAB_STORAGES:+--storages $DSLAB_STORAGES}"
# shellcheck disable=SC2086
run patch-bench run $options --num_repeats "${DSLAB_REPEATS:-10}" --cache cold --staging "$record" \
    --output "${results}_cold.json" --outcome_file "$outcomes/bench-$TILE-$YEAR"
((status == 0)) || finish "$outcomes/bench-$TILE-$YEAR"
say "bench $TILE $YEAR, cold, done: $(head -n 1 "$outcomes/bench-$TILE-$YEAR")"
# shellcheck disable=SC2086
run_step bench patch-bench run $options --num_repeats "${DSLAB_REPEATS:-10}" --cache warm --output "${results}_warm.json"
