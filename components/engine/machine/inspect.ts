import { printable } from "../../model/printable";
import { quote } from "../../model/quote";
import type { Ran } from "../command";
import { within } from "../deadline";
import { type Connection, fingerprint, LoginError } from "../login";
import { rootShell } from "../root-shell";
import type { HostConnection } from "../ssh";
import {
  type Complaint,
  complaintOfLogin,
  complaintOfSudo,
  complaintsOf,
  type Wanted,
} from "./complaints";
import { type MachineFacts, privateAddressOf, readProbe } from "./facts";
import { memberOf } from "./membership";
import { rootProbe, userProbe } from "./probe";

/** What the first connection to a machine found. */
export interface Inspection {
  /** Undefined when it did not let us in. */
  readonly hostKey?: string;
  /** Host keys of its jump hosts, the nearest first. */
  readonly hopKeys: readonly string[];
  /** What distinguishes it from another machine at the same address. */
  readonly identity?: string;
  readonly facts?: MachineFacts;
  /** Address at which other machines reach it. */
  readonly privateAddress?: string;
  /** Id of the swarm that it is in; empty for none. */
  readonly member?: string;
  /** It belongs to the environment already. */
  readonly ours?: boolean;
  /** Everything that keeps it from becoming a node; empty when it can. */
  readonly complaints: readonly Complaint[];
  /** Its sshd does not answer, which may change when it has booted. */
  readonly silent?: boolean;
}

/** Longest time for one machine, so that all of them are reported within a minute. */
const PATIENCE_MS = 45_000;
const PROBE_SECONDS = 30;

/**
 * Looks at a machine over SSH, without changing anything on it. It never fails: what is wrong is
 * in the complaints. The connection stays open.
 */
export async function inspect(
  host: HostConnection<Connection>,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Inspection> {
  const late = `it did not answer all questions within ${PATIENCE_MS / 1000} s`;
  try {
    return await within(look(host, wanted, signal), PATIENCE_MS, late);
  } catch (error) {
    const silent = error instanceof LoginError && ["refused", "silent"].includes(error.trouble);
    return { hopKeys: [], complaints: [complaintOfLogin(error)], silent };
  }
}

async function look(
  host: HostConnection<Connection>,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Inspection> {
  const connection = host.endpoint;
  const { hostKey, hopKeys } = await host.keys();
  const known = { hostKey, hopKeys };
  const user = await host.run(`exec sh -c ${quote(userProbe)}`, [], signal);
  const asUser = readProbe(user.stdout);
  const needed = ["bash", "timeout", ...(connection.user === "root" ? [] : ["sudo"])];
  const missing = needed.filter((tool) => !asUser.has.includes(tool));
  if (missing.length > 0) return { ...known, complaints: withoutTools(asUser, missing, wanted) };
  const { command, head } = rootShell(rootProbe, PROBE_SECONDS, connection);
  const root = await host.run(command, [head], signal);
  if (root.status !== 0) return { ...known, complaints: [notRoot(root, connection)] };
  const probed = readProbe(`${user.stdout}\n${root.stdout}`);
  const { facts } = probed;
  const identity = facts.machineId || fingerprint(hostKey);
  const privateAddress = privateAddressOf(facts, connection.host, wanted.privateAddress);
  const complaints = complaintsOf(probed, wanted, Date.now() / 1000);
  const member = memberOf(probed.membership);
  const ours = probed.owner === wanted.owner;
  return { ...known, identity, facts, privateAddress, member, ours, complaints };
}

function withoutTools(
  probed: ReturnType<typeof readProbe>,
  missing: readonly string[],
  wanted: Wanted,
): readonly Complaint[] {
  const named = { ...probed.facts, hostname: wanted.nodeName, free: Number.POSITIVE_INFINITY };
  const now = Date.now() / 1000;
  const system = complaintsOf(
    { ...probed, facts: named, time: now },
    { ...wanted, privateAddress: undefined },
    now,
  );
  if (system.length > 0) return system;
  const found = `it has no ${missing.join(", ")}`;
  return [{ found, fix: `install ${missing.join(", ")} there` }];
}

function notRoot({ stderr, status }: Ran, connection: Connection): Complaint {
  const hasPassword = connection.sudoPassword !== undefined;
  const said = printable(stderr).trim();
  const sudo = complaintOfSudo(said, connection, hasPassword);
  if (sudo !== undefined) return sudo;
  const how = status === 124 ? `took more than ${PROBE_SECONDS} s` : `ended with ${status}`;
  return { found: `looking at it ${how}: ${said}`, fix: "`ssh` to it by hand shows more" };
}
