#!/bin/bash
# From the network drive to S3: an array task a tile-year.
# docs/slurm.md tells how to use it.
#SBATCH --job-name=mirror
#SBATCH --time=12:00:00
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=2
#SBATCH --mem=4G
#SBATCH --output=%x-%A_%a.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:TERM@120
set -euo pipefail
DSLAB_HOME=${DSLAB_HOME:-${SLURM_SUBMIT_DIR:-$PWD}}
. "$DSLAB_HOME/slurm/common.sh"
choose_tile_year
retries_later=yes
# shellcheck disable=SC2086
run_step mirror s3-mirror --tile_id "$TILE" --year "$YEAR" --formats ${DSLAB_FORMATS:-safe cog zarr}
