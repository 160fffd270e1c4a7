import type { EngineClient } from "./client";
import { within } from "./deadline";
import type { Endpoint } from "./endpoints";
import { cause } from "./errors";
import type { EngineInfo } from "./live";
import type { HostConnection } from "./ssh";

/** A connection to a host of the swarm. */
export type NamedConnection = HostConnection<Endpoint>;

/**
 * How long managers that answer may be without a leader: they notice a silent one after 10 to 20
 * s, and then vote.
 */
const LEADER_TIMEOUT_MS = 40_000;

/** How long a reachable Docker engine may take to report its swarm state. */
const SILENCE_MS = 10_000;

type Standing =
  | "unreachable"
  | "outside"
  | "worker"
  | "leaderless"
  | "locked"
  /** It is still joining, or looks for the others. */
  | "pending"
  /** It cannot take part in its swarm. */
  | "failed";

/** What may pass within seconds. */
const passing: readonly Standing[] = ["leaderless", "pending", "failed"];

/** Why one endpoint cannot speak for the swarm. */
export interface Refusal {
  readonly endpoint: Endpoint;
  readonly standing: Standing;
  readonly reason: string;
}

/** No endpoint can speak for the swarm. */
export class NoManagerError extends Error {
  constructor(readonly refusals: readonly Refusal[]) {
    super(describe(refusals));
  }

  /** True when every manager answered that it is not in a swarm: the swarm no longer exists. */
  get outside(): boolean {
    return (
      this.refusals.length > 0 && this.refusals.every((refusal) => refusal.standing === "outside")
    );
  }

  /** Managers that only wait for the swarm's unlock key. */
  get locked(): readonly Endpoint[] {
    return this.refusals
      .filter(({ standing }) => standing === "locked")
      .map(({ endpoint }) => endpoint);
  }
}

class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.reason);
  }
}

/**
 * The first host that answers as a manager of a swarm with a leader; all are asked at once, and
 * those without a leader are asked again until there is one.
 * @throws NoManagerError when none does
 */
export async function electManager(
  hosts: readonly NamedConnection[],
  engine: (host: NamedConnection) => EngineClient,
): Promise<NamedConnection> {
  const managers = hosts.filter((host) => host.endpoint.role === "manager");
  const end = Date.now() + LEADER_TIMEOUT_MS;
  const election = new AbortController();
  const asked = managers.map((host) =>
    askForLeader(host, engine, () => election.signal.aborted || Date.now() > end),
  );
  try {
    return await Promise.any(asked);
  } catch (error) {
    const reasons: readonly unknown[] = (error as AggregateError).errors;
    const unexpected = reasons.find((reason) => !(reason instanceof Refused));
    if (unexpected !== undefined) throw unexpected;
    throw new NoManagerError((reasons as readonly Refused[]).map(({ refusal }) => refusal));
  } finally {
    election.abort();
  }
}

/** Keeps asking one host while it has no leader and `over` does not stop it. */
async function askForLeader(
  host: NamedConnection,
  engine: (host: NamedConnection) => EngineClient,
  over: () => boolean,
): Promise<NamedConnection> {
  for (;;) {
    try {
      return await ask(host, engine(host));
    } catch (error) {
      const waits = error instanceof Refused && passing.includes(error.refusal.standing);
      if (!waits || over()) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function ask(host: NamedConnection, engine: EngineClient): Promise<NamedConnection> {
  const { endpoint } = host;
  const refuse = (standing: Standing, reason: string) =>
    new Refused({ endpoint, standing, reason });
  try {
    (await host.open()).destroy();
  } catch (error) {
    throw refuse("unreachable", cause(error));
  }
  let swarm: NonNullable<EngineInfo["Swarm"]>;
  const late = "its Docker engine was silent for 10 s, as managers without a leader are";
  try {
    swarm = (await within(engine.info(), SILENCE_MS, late)).Swarm ?? {};
  } catch (error) {
    const reason = cause(error);
    throw refuse(reason === late ? "leaderless" : "unreachable", reason);
  }
  const { LocalNodeState: state = "unknown", ControlAvailable: control, Error: trouble } = swarm;
  if (state === "inactive" || /was removed from swarm/.test(trouble ?? "")) {
    throw refuse("outside", "its Docker engine answers but is not in a swarm");
  }
  if (state === "locked") throw refuse("locked", "its swarm is locked");
  if (state === "pending") {
    throw refuse("pending", trouble || "its Docker engine still looks for its swarm");
  }
  if (state === "error") throw refuse("failed", trouble || "it cannot take part in its swarm");
  if (state !== "active" || (trouble ?? "") !== "") {
    throw refuse("leaderless", trouble || `its Docker engine's swarm state is ${state}`);
  }
  if (control !== true) throw refuse("worker", "its Docker engine is a worker");
  return host;
}

function describe(refusals: readonly Refusal[]): string {
  if (refusals.length === 0) {
    return (
      "the provider has no endpoint with role manager; pass the managers' endpoints to SwarmProvider. " +
      "With pulumi import, add --provider swarm=<urn>, with the URN of swarm-provider from pulumi stack --show-urns"
    );
  }
  const lines = refusals.map(
    ({ endpoint, standing, reason }) => `  ${describeEndpoint(endpoint, reason, standing)}`,
  );
  return `no manager of the swarm answers:\n${lines.join("\n")}`;
}

/** Where the endpoint is, why it cannot be used, and what to check. */
export function describeEndpoint(
  { name, user, host, port }: Endpoint,
  reason: string,
  standing: Standing = "unreachable",
): string {
  return `${name} (${user}@${host}:${port}): ${reason}; ${hint(standing, reason)}`;
}

function hint(standing: Standing, reason: string): string {
  if (standing === "outside") return "if the swarm is lost, run refresh, then up";
  if (standing === "worker") return "promote it, or give it the role worker";
  if (standing === "locked")
    return "run npm run up, which has the key, or docker swarm unlock on it";
  if (standing === "pending") {
    return "wait a minute; if it stays so, start the other managers, and see journalctl -u docker on it";
  }
  if (standing === "failed") {
    return "see docker info and journalctl -u docker on it, correct what they say, then run systemctl restart docker";
  }
  if (standing === "leaderless") {
    return "start the other managers: more than half of them must run; if they are gone for good, run npm run recover, which goes on with the newest of those that are left";
  }
  if (/host key/.test(reason)) {
    return "if the machine was recreated on purpose, refresh its host key in the program";
  }
  if (/authentication/i.test(reason))
    return "check that the user's authorized_keys contains the key";
  if (/engine does not answer/.test(reason)) {
    return "check that dockerd runs and that the user may use its socket";
  }
  return "check that the machine and its sshd are running and that no firewall blocks this machine";
}
