import { STATE_FOLDER } from "../hosts/machine/engine";

/**
 * States of a Docker engine that end a script, with what to do about them. `all`: on machines that somebody may
 * have put into a swarm of their own. `locked`: on machines of the stack, whose swarm is the stack's, with
 * autolock. `none`: on machines of the stack, where every earlier swarm is the stack's. `adopt`: on a machine whose
 * swarm is taken over.
 */
export type Answers = "all" | "locked" | "none" | "adopt";

/** The Docker engine's own state; a node that only lost its connection is still "active". */
export const localState = "docker info --format '{{.Swarm.LocalNodeState}}'";

/** File on a machine that says which stack made the swarm that it is in, and the swarm's id. */
const MARK = `${STATE_FOLDER}/swarm`;

const ofInit = `if [ "$state" = active ]; then exit 0; fi
if [ "$state" != inactive ]; then docker swarm leave --force >/dev/null; fi
`;

const ofJoin = `if [ "$state" = active ] && openssl x509 -noout -subject -in "$certificate" | grep -qw "$swarm"; then exit 0; fi
if [ "$state" != inactive ]; then docker swarm leave --force >/dev/null; fi
`;

/**
 * Beginning of an init or join: it ends the script when the Docker engine is where it belongs, and otherwise makes
 * sure that it is in no swarm. It never leaves a swarm that the stack did not make, where that is possible.
 */
export function lookFirst(answers: Answers, script: "init" | "join"): string {
  if (answers === "adopt")
    return script === "init" ? `${ownSwarm(script)}${takeOver}` : lookFirst("all", script);
  if (answers === "all") return `${ownSwarm(script)}${carefully(script)}`;
  const locked = answers === "locked" ? `${refuseLocked}\n` : "";
  if (script === "init") return `state=$(${localState})\n${locked}${ofInit}`;
  const certificate = "certificate=/var/lib/docker/swarm/certificates/swarm-node.crt";
  return `${certificate}\nstate=$(${localState})\n${locked}${ofJoin}`;
}

const refuseLocked = `if [ "$state" = locked ]; then
  echo "$(hostname) is in a swarm that is locked: its Docker engine restarted and waits for the unlock key." >&2
  echo "To unlock it with the key of this environment: npm run up. With another key: docker swarm unlock" >&2
  exit 1
fi`;

/** Finds out whose swarm the Docker engine is in: `$state`, `$ours` (yes or no), `$whose`. */
export function ownSwarm(script: "init" | "join"): string {
  const isOurs =
    script === "init"
      ? `mark=${MARK}
made=$(cat "$mark" 2>/dev/null || true)
if [ -n "$whose" ] && { [ "$made" = "$owner $whose" ] || [ "$made" = "$owner" ]; }; then ours=yes; fi`
      : `if [ "$whose" = "$swarm" ]; then ours=yes; fi`;
  // The certificate is readable in every state, also while the swarm is locked.
  return `root=$(docker info --format '{{.DockerRootDir}}')
for _ in $(seq 30); do
  state=$(${localState})
  [ "$state" = pending ] || break
  sleep 1
done
whose=$(openssl x509 -noout -subject -nameopt multiline -in "$root/swarm/certificates/swarm-node.crt" 2>/dev/null | sed -n 's/^ *organizationName *= *//p' || true)
ours=no
${isOurs}
`;
}

/** A node of ours that lost its place may join again; a swarm of ours that has trouble is never started over. */
const inTrouble = {
  init: `yes*) refuse "made this environment's swarm and cannot take part in it (state $state)\${trouble:+: }$trouble." "docker swarm leave --force, which ends that swarm when it is the only manager; before that, see the log of dockerd" ;;`,
  join: "yes*) docker swarm leave --force >/dev/null ;;",
} as const;

const carefully = (script: "init" | "join") => `trouble=$(docker info --format '{{.Swarm.Error}}')
refuse() {
  printf '%s\\n' "$(hostname) $1" "To take it into this environment, run on it: $2" "To leave it as it is, take it out of the environment's settings." >&2
  exit 1
}
case "$ours $state" in
  *' inactive') ;;
  'yes active') exit 0 ;;
  'yes locked') refuse "is locked: its Docker engine restarted and waits for the swarm's unlock key." "docker swarm unlock, or run up, which has the key" ;;
  ${inTrouble[script]}
  *' active') refuse "is in another swarm ($whose)." "docker swarm leave --force" ;;
  *' locked') refuse "is in another swarm ($whose), which is locked." "docker swarm unlock to see what it is, docker swarm leave --force to leave it" ;;
  *' pending') refuse "has been joining another swarm for more than 30 seconds\${trouble:+: }$trouble." "docker swarm leave --force" ;;
  *) refuse "cannot take part in its swarm\${whose:+ }$whose (state $state)\${trouble:+: }$trouble." "docker swarm leave --force, or see the log of dockerd" ;;
esac
`;

/** Nothing of the swarm changes: the mark says that this environment may be in it. */
const takeOver = `refuse() {
  printf '%s\\n' "$(hostname) $1" "$2" >&2
  exit 1
}
case "$state" in
  active)
    mkdir -p "\${mark%/*}"
    echo "$owner $whose" >"$mark"
    exit 0
    ;;
  inactive) refuse "is no longer in the swarm that was to be taken over." "Join it again, or remove swarmyard:swarm.adopt to make a new swarm." ;;
  *) refuse "cannot take part in its swarm (state $state)." "See docker info and the log of dockerd there." ;;
esac
`;

/** What an init writes to know its swarm again: a killed run may have made one without recording it. */
export const markSwarm = {
  before: `mkdir -p "\${mark%/*}"
echo "$owner" >"$mark"
`,
  after: `echo "$owner $(docker info --format '{{.Swarm.Cluster.ID}}')" >"$mark"
`,
} as const;
