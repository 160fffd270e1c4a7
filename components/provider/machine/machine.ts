import type { Connection } from "../../engine/login";
import { trustedText, type Wanted } from "../../engine/machine/complaints";
import { type Inspection, inspect } from "../../engine/machine/inspect";
import { HostConnection } from "../../engine/ssh";
import { checkerOf } from "../../model/fields/check";
import { type MachineInputs, machineFields } from "../../model/kinds/machine";
import { changesBetween } from "../../model/paths";
import { type Change, type Properties, UNKNOWN } from "../../model/values";
import type { KindContext } from "../context";
import type { Kind, Outcome, Stored } from "../kind";
import { keep, readConnection } from "./connections";

/** What a first connection tells; all are known only then. */
const told = ["hostKey", "hopKeys", "identity", "privateAddress", "facts", "complaints"] as const;

/**
 * An existing machine. The first connection pins its host key and reads what the machine is; what
 * keeps it from becoming a node is an output, so that all machines are reported at once, and
 * makes the next run look again.
 */
export const machineKind: Kind<MachineInputs, KindContext> = {
  token: "swarm:index:Machine",
  secrets: ["connection"],
  check: checkerOf(machineFields),
  diff: (old, news) => {
    if (!isFine(old.state)) {
      return [...changesBetween(old.inputs, news, "", () => false), lookAgain];
    }
    // Which nodes there are counts only until the machine is taken over.
    const { adopts } = old.inputs;
    const same = adopts !== undefined && news.adopts !== undefined ? { adopts } : {};
    return changesBetween(old.inputs, { ...news, ...same }, "", () => false);
  },
  plan: (news, old) => ({
    ...news,
    ...Object.fromEntries(toldTo(news).map((key) => [key, known(news, old)[key] ?? UNKNOWN])),
    // It is looked at again, so nobody knows yet.
    complaints: UNKNOWN,
  }),
  create: (inputs, context) => look(inputs, {}, context),
  async read(id, old, context) {
    if (!old) throw new Error("a Machine cannot be imported; let Pulumi look at it");
    const { complaints } = (await look(old.inputs, old.state, context)).state;
    const texts = Array.isArray(complaints) ? complaints.map(String) : [];
    // Whoever answers with another key may be anybody.
    const otherKey = texts.find((text) => text.includes("host key"));
    if (otherKey !== undefined) throw new Error(`${id}: ${otherKey}`);
    for (const text of texts) context.warn(`${id}: ${text}`);
    return { id, inputs: old.inputs, state: old.state };
  },
  update: (old, news, context) => look(news, old.state, context),
  async delete() {},
};

function toldTo({ adopts }: MachineInputs): readonly string[] {
  return adopts === undefined ? told : [...told, "member"];
}

/** What is known of a machine; nothing at another address. */
function known(news: MachineInputs, old: Stored<MachineInputs> | undefined): Properties {
  if (old === undefined || typeof old.state.connection !== "string") return {};
  return samePlace(old.state.connection, news.connection) ? old.state : {};
}

function samePlace(before: string, now: unknown): boolean {
  // A preview may not know yet how a machine is reached.
  if (typeof now !== "string") return false;
  const [one, other] = [readConnection(before), readConnection(now)];
  return one.host === other.host && one.port === other.port;
}

const lookAgain: Change = { path: "complaints", kind: "update", replace: false, stored: true };

function isFine({ complaints }: Properties): boolean {
  return Array.isArray(complaints) && complaints.length === 0;
}

async function look(
  inputs: MachineInputs,
  before: Properties,
  context: KindContext,
): Promise<Outcome> {
  const given = readConnection(inputs.connection);
  const pinned = pin(given, before);
  const { nodeName, setHostname = false, privateAddress, enginePackages: packages } = inputs;
  const { owner, adopts } = inputs;
  const wanted = { nodeName, setHostname, privateAddress, packages, owner, adopts };
  const answered = await answer(pinned, wanted, inputs.patience ?? 0, context);
  const { silent: _, member: now, ours, ...found } = answered;
  if (found.hostKey !== undefined && pinned.hostKey === undefined) {
    context.warn(trustedText(nodeName, found.hostKey));
  }
  const kept = Object.fromEntries(told.map((key) => [key, before[key] ?? ""]));
  const { complaints, hopKeys, ...rest } = found;
  const seen = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const texts = complaints.map(({ found, fix }) => `${found}\n  fix: ${fix}`);
  const hops = hopKeys.length > 0 ? { hopKeys } : {};
  const member = adopts === undefined ? {} : { member: firstMember(before, now, ours) };
  return {
    id: nodeName,
    state: { ...inputs, ...kept, ...seen, ...hops, ...member, complaints: texts },
  };
}

/**
 * The swarm that the machine was in before it belonged to the environment. Without a state, a machine of
 * ours counts as one that was in it, so that it stays where it is.
 */
function firstMember(before: Properties, now: string | undefined, ours = false): unknown {
  const isNew = !ours || Object.keys(before).length === 0;
  return now !== undefined && isNew ? now : (before.member ?? "");
}

/** Looks again and again while the machine boots. */
async function answer(
  connection: Connection,
  wanted: Wanted,
  patience: number,
  context: KindContext,
): Promise<Inspection> {
  const end = Date.now() + patience * 1_000;
  for (;;) {
    const host = new HostConnection(connection);
    const found = await inspect(host, wanted, context.signal);
    const { hostKey, hopKeys, complaints } = found;
    if (hostKey !== undefined && complaints.length === 0) keep(host, { hostKey, hopKeys });
    else host.close();
    if (found.silent !== true || Date.now() > end || context.signal.aborted) return found;
    context.log("waiting until its sshd answers");
    await new Promise((resolve) => setTimeout(resolve, 3_000));
  }
}

/** Host keys of the file, else those that the first connection to the same address saw. */
function pin(given: Connection, before: Properties): Connection {
  const { connection } = before;
  if (typeof connection !== "string" || !samePlace(connection, JSON.stringify(given))) return given;
  const seen = typeof before.hostKey === "string" ? before.hostKey || undefined : undefined;
  const hops: readonly unknown[] = Array.isArray(before.hopKeys) ? before.hopKeys : [];
  const via = given.via?.map((hop, index) => {
    const hopKey = hops.length === given.via?.length ? hops[index] : undefined;
    return { ...hop, hostKey: hop.hostKey ?? (typeof hopKey === "string" ? hopKey : undefined) };
  });
  return { ...given, hostKey: given.hostKey ?? seen, ...(via === undefined ? {} : { via }) };
}
