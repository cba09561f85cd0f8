#!/bin/bash
# SAFE to Zarr: an array task a tile-year.
# docs/slurm.md tells how to use it.
#SBATCH --job-name=zarr
#SBATCH --time=12:00:00
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
#SBATCH --mem=12G
#SBATCH --output=%x-%A_%a.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:TERM@120
set -euo pipefail
DSLAB_HOME=${DSLAB_HOME:-${SLURM_SUBMIT_DIR:-$PWD}}
. "$DSLAB_HOME/slurm/common.sh"
choose_tile_year
run_step zarr safe2zarr --tile_id "$TILE" --year "$YEAR"
