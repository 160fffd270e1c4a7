#!/usr/bin/env bash
# Runs the program: run.sh up|preview|down
set -euo pipefail
options=(--stack bench --non-interactive --yes --skip-preview)
mkdir -p state
case "$1" in
  up)
    [ -f Pulumi.bench.yaml ] || pulumi stack init bench --non-interactive --no-select
    exec pulumi up "${options[@]}"
    ;;
  preview) exec pulumi preview --stack bench --non-interactive --diff ;;
  down) exec pulumi destroy "${options[@]}" ;;
esac
