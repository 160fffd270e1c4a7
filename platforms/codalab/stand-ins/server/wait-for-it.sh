#!/bin/bash
# Waits until an address accepts connections: wait-for-it.sh --timeout=<seconds> <host>:<port>
seconds=${1#--timeout=}
host=${2%:*} port=${2##*:}
for _ in $(seq "$seconds"); do
  (: <"/dev/tcp/$host/$port") 2>/dev/null && exit 0
  sleep 1
done
echo "$2 does not answer" >&2
exit 1
