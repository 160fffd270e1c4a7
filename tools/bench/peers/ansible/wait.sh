#!/usr/bin/env bash
# Succeeds when all replicas run and no service exchanges its tasks any more.
set -euo pipefail
docker service ls --format '{{.Replicas}}' | awk -F/ '$1 != $2 { bad = 1 } END { exit bad }'
# shellcheck disable=SC2046
! docker service inspect --format '{{with .UpdateStatus}}{{.State}}{{end}}' $(docker service ls --quiet) | grep -q updating
