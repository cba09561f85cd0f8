#!/bin/bash
# Products of one tile-year from the Copernicus Data Space to the network drive: an array task a tile-year.
# docs/slurm.md tells how to use it.
#SBATCH --job-name=intake
#SBATCH --time=1-00:00:00
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
# The Data Space allows an account 4 connections and 2000 requests a minute in all: each task has its share.
connections=${DSLAB_CONNECTIONS:-1}
retries_later=yes
run_step intake s2-intake-year --tile_id "$TILE" --year_start "$YEAR" --year_end "$((YEAR + 1))" \
    --connections "$connections" --requests_per_minute "${DSLAB_REQUESTS_PER_MINUTE:-$((500 * connections))}"
