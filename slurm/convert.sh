#!/bin/bash
# SAFE to another format, `convert.sh FORMAT`: an array task a tile-year.
# docs/slurm.md tells how to use it.
#SBATCH --job-name=convert
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
step=${1:-convert}
case ${1:-} in
    '') stop 64 "say which format, as in convert.sh zarr" ;;
    cog) tool=(safe2cog) ;;
    *) tool=(safe2zarr --layout "$1") ;;
esac
choose_tile_year
run_step "$1" "${tool[@]}" --tile_id "$TILE" --year "$YEAR"
