import { stateFailureAmong } from "../setup/shared-state";
import { awsHints } from "./aws-hints";

/** What Docker says when a port of this machine is in use. */
const TAKEN =
  /127\.0\.0\.1:(\d+)(?:: bind: address already in use| failed: port is already allocated)/g;

/** A fix, in one line each, for errors that only an expert can read. Pure. */
export function hintsFor(said: string, stack: string): readonly string[] {
  const state = stateFailureAmong(said, stack);
  return [
    ...takenPorts(said, stack),
    ...takenSubnet(said, stack),
    ...protectedOnes(said, stack),
    ...rotatedTokens(said, stack),
    ...joining(said, stack),
    ...brokenState(said, stack),
    ...(isSlowRemoval(said)
      ? [`This machine took more than a minute to remove a volume. To go on, run: ${again(stack)}`]
      : []),
    ...awsHints(said),
    ...(state === undefined ? [] : [state.message]),
  ];
}

function takenPorts(said: string, stack: string): readonly string[] {
  const ports = [...new Set([...said.matchAll(TAKEN)].map(([, port]) => port))];
  return ports.map(
    (port) =>
      `Port ${port} of this machine is in use by another program; to see which, run: ss -ltnp 'sport = :${port}'\n` +
      "Stop that program, or set in swarmyard:hosts another `local: { portOffset: … }` (for published ports) " +
      `or \`sshPortBase\` (for SSH and the registry). Then run: ${again(stack)}`,
  );
}

function takenSubnet(said: string, stack: string): readonly string[] {
  if (!said.includes("Pool overlaps with other one on this address space")) return [];
  return [
    "Another Docker network of this machine overlaps with this environment's subnet; to see which, run: " +
      "docker network inspect --format '{{.Name}} {{range .IPAM.Config}}{{.Subnet}}{{end}}' $(docker network ls -q)\n" +
      "Remove that network, or set another subnet in swarmyard:hosts, such as `local: { subnet: 10.77.0.0/16 }`. " +
      `Then run: ${again(stack)}`,
  ];
}

function protectedOnes(said: string, stack: string): readonly string[] {
  if (!said.includes("currently marked for protection")) return [];
  return [
    `${stack} is protected: nothing that holds data is deleted or replaced. If you mean it, set swarmyard:protected to false in Pulumi.${stack}.yaml, run ${again(stack)}, and then make this change.`,
  ];
}

function rotatedTokens(said: string, stack: string): readonly string[] {
  if (!/could not join the swarm.*join token/.test(said)) return [];
  return [
    `The join tokens were rotated since Pulumi last read them. To read them and go on: ${again(stack, "--refresh")}`,
  ];
}

function brokenState(said: string, stack: string): readonly string[] {
  if (!said.includes("snapshot integrity")) return [];
  const env = `eval "$(npm run --silent env -- -s ${stack})"`;
  return [
    `The Pulumi engine wrote its state in a wrong order. To put it in order: ${env} && pulumi state repair --yes --stack ${stack}\nThen run: ${again(stack)}`,
  ];
}

/** What keeps a machine from becoming a node, by what Docker says; the first match counts. */
const JOINING: readonly (readonly [RegExp, string])[] = [
  [
    /x509: certificate has expired or is not yet valid/,
    "The clocks of two machines differ, or a node was off for longer than its certificate counts (90 days, or `certificateExpiry` in swarmyard:swarm). " +
      "Compare `date -u` on the machines and set the clocks (chrony or systemd-timesyncd); a node whose certificate has expired has to leave with `docker swarm leave --force` before it joins again.",
  ],
  [
    /could not connect to prospective new cluster member|advertised address/,
    "A manager could not reach the new one at the address that it advertises. Open 2377/tcp between the machines, or set `advertise` of its group in swarmyard:hosts to an address that the managers reach.",
  ],
  [
    /Timeout was reached before node|context deadline exceeded|connection refused|no route to host|i\/o timeout/,
    "The machine does not reach a manager. Open 2377/tcp, 7946/tcp, 7946/udp and 4789/udp between all machines (a firewall, a security group), and see that a manager runs.",
  ],
];

function joining(said: string, stack: string): readonly string[] {
  const failed = said.split("\n").filter((line) => line.includes("could not join the swarm"));
  const found = JOINING.find(([pattern]) => failed.some((line) => pattern.test(line)));
  return found === undefined ? [] : [`${found[1]}\nThen run: ${again(stack)}`];
}

/** Whether Pulumi stopped waiting for this machine's Docker engine to remove a volume, which goes on with it. Pure. */
export function isSlowRemoval(said: string): boolean {
  return said.includes("timeout while waiting for state to become 'removed'");
}

/** What to do about images that cannot be pulled, where the environment names small ones. Pure. */
export function standInHints(said: string, stack: string): readonly string[] {
  if (!/cannot be pulled|No such image/.test(said)) return [];
  return [
    `Where no image registry can be reached, ${stack} also runs with small images that are built here: ${again(stack, "--stand-ins")}`,
  ];
}

function again(stack: string, ...options: readonly string[]): string {
  const words = [...(stack === "local" ? [] : ["-s", stack]), ...options];
  return words.length === 0 ? "npm run up" : `npm run up -- ${words.join(" ")}`;
}
