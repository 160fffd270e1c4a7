#!/usr/bin/env bash
# What a careful person writes to have the same environment: docker commands, one after the other.
# Run again it makes what is missing and deploys again. Usage: swarm.sh up|down
set -euo pipefail

# What is made comes from two files: plan.env, and hosts with lines of <name> <address> <port>.
# shellcheck source=/dev/null
source ./plan.env
: "${name:?}" "${subnet:?}" "${gateway:?}" "${registry:?}" "${port:?}" "${overlay:?}" "${secret:?}"
: "${registry_image:?}" "${app_image:?}" "${node_image:?}" "${missing?}"
names() { cut -d' ' -f1 hosts; }
first=$(names | head -1)
on() { ssh -F ssh_config "$@"; }

make_keys() {
  local host ssh_port
  [ -f operator ] && return
  ssh-keygen -q -t ed25519 -N '' -C '' -f operator
  printf 'Host *\n  User root\n  HostName 127.0.0.1\n  IdentityFile %s\n  IdentitiesOnly yes\n  UserKnownHostsFile %s\n  ControlMaster auto\n  ControlPath %s\n  ControlPersist 10\n  LogLevel ERROR\n' \
    "$PWD/operator" "$PWD/known_hosts" "$PWD/%n.sock" > ssh_config
  while read -r host _ ssh_port; do
    ssh-keygen -q -t ed25519 -N '' -C '' -f "key-$host"
    echo "[127.0.0.1]:$ssh_port $(cat "key-$host.pub")" >> known_hosts
    printf 'Host %s\n  Port %s\n' "$host" "$ssh_port" >> ssh_config
  done < hosts
}

make_registry() {
  docker network inspect "$name" >/dev/null 2>&1 ||
    docker network create --label swarmyard.bench=peer --subnet "$subnet" --gateway "$gateway" "$name" >/dev/null
  docker inspect "$name-registry" >/dev/null 2>&1 ||
    docker run --detach --init --label swarmyard.bench=peer --name "$name-registry" --network "$name" \
      --ip "$registry" --network-alias registry --publish "127.0.0.1:$port:5000" \
      --volume "$name-registry:/var/lib/registry" --restart unless-stopped "$registry_image" >/dev/null
  docker tag "$app_image" "127.0.0.1:$port/bench/app:1"
  for _ in $(seq 60); do
    docker push --quiet "127.0.0.1:$port/bench/app:1" >/dev/null 2>push.log && return
    sleep 0.2
  done
  cat push.log >&2
  return 1
}

make_host() {
  local host=$1 address=$2 ssh_port=$3 drop=()
  docker inspect "$host" >/dev/null 2>&1 && return
  for capability in $missing; do drop+=(--cap-drop "$capability"); done
  docker create --init --label swarmyard.bench=peer --name "$host" --hostname "$host" \
    --cap-add ALL "${drop[@]}" --security-opt seccomp=unconfined --security-opt apparmor=unconfined \
    --security-opt systempaths=unconfined --network "$name" --ip "$address" \
    --publish "127.0.0.1:$ssh_port:22" --volume "$host:/var/lib/docker" \
    --restart unless-stopped --stop-timeout 30 "$node_image" >/dev/null
  mkdir -p files/etc/docker files/etc/swarmyard
  cp daemon.json files/etc/docker/
  cp operator.pub files/etc/swarmyard/authorized_keys
  cp "key-$host" files/etc/swarmyard/host_key
  chmod 600 files/etc/swarmyard/*
  docker cp files/etc "$host:/"
  docker start "$host" >/dev/null
}

await_engine() {
  for _ in $(seq 300); do
    on "$1" docker info >/dev/null 2>&1 && return
    sleep 0.1
  done
  echo "$1 did not answer" >&2
  return 1
}

make_swarm() {
  local address token state
  address=$(awk 'NR == 1 { print $2 }' hosts)
  [ "$(on "$first" docker info --format '{{.Swarm.LocalNodeState}}')" = active ] ||
    on "$first" docker swarm init --advertise-addr "$address" >/dev/null
  token=$(on "$first" docker swarm join-token --quiet worker)
  while read -r host own _ <&3; do
    state=$(on "$host" docker info --format '{{.Swarm.LocalNodeState}}')
    [ "$state" = active ] || on "$host" docker swarm join --advertise-addr "$own" --token "$token" "$address:2377" >/dev/null
    on "$first" docker node update --label-add bench=true "$host" >/dev/null
  done 3< hosts
}

deploy() {
  on "$first" docker network inspect bench_default >/dev/null 2>&1 ||
    on "$first" docker network create --driver overlay --subnet "$overlay" bench_default >/dev/null
  on "$first" docker secret inspect "$secret" >/dev/null 2>&1 ||
    on "$first" docker secret create "$secret" - < token.txt >/dev/null
  on "$first" docker stack deploy --compose-file - bench < stack.yml >/dev/null
}

# Until all replicas run and no service exchanges its tasks any more.
await_services() {
  sleep 1
  while true; do
    # shellcheck disable=SC2016 # expanded there, not here
    if ! on "$first" docker service ls --format '{{.Replicas}}' | awk -F/ '$1 != $2 { bad = 1 } END { exit !bad }' &&
      ! on "$first" 'docker service inspect --format "{{with .UpdateStatus}}{{.State}}{{end}}" $(docker service ls --quiet)' | grep -q updating; then
      return
    fi
    sleep 1
  done
}

remove_old_secrets() {
  on "$first" docker secret ls --quiet --filter name=bench_token_ --format '{{.Name}}' | while read -r other; do
    [ "$other" = "$secret" ] || on "$first" docker secret rm "$other" </dev/null >/dev/null
  done
}

up() {
  make_keys
  make_registry
  while read -r host address ssh_port <&3; do make_host "$host" "$address" "$ssh_port"; done 3< hosts
  while read -r host _ <&3; do await_engine "$host"; done 3< hosts
  make_swarm
  deploy
  await_services
  remove_old_secrets
}

down() {
  # shellcheck disable=SC2046
  docker rm --force --volumes $(names) "$name-registry" >/dev/null
  # shellcheck disable=SC2046
  docker volume rm $(names) "$name-registry" >/dev/null
  docker network rm "$name" >/dev/null
}

"$1"
