#!/bin/bash
# One report of all results.
# docs/slurm.md tells how to use it.
#SBATCH --job-name=report
#SBATCH --time=00:15:00
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --mem=2G
#SBATCH --output=%x-%j.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:TERM@120
set -euo pipefail
DSLAB_HOME=${DSLAB_HOME:-${SLURM_SUBMIT_DIR:-$PWD}}
. "$DSLAB_HOME/slurm/common.sh"
step=report
shopt -s nullglob
results=("$DSLAB_LOG_FOLDER"/sentinel2_l1c_*.json)
((${#results[@]} > 0)) || stop 1 "there are no results in $DSLAB_LOG_FOLDER"
run patch-bench report "${results[@]}" --outcome_file "$outcomes/report"
finish "$outcomes/report"
