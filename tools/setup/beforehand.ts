import { environmentPath } from "../../components/config/file/find";
import { within } from "../../components/engine/deadline";
import type { Endpoint } from "../../components/engine/endpoints";
import { tokensHash } from "../../components/engine/tokens";
import { misplacedHosts } from "../../components/observe/misplaced";
import { lazily } from "../../components/runtime/lazily";
import { readOutputs } from "../report/outputs";
import { observer } from "../report/running";
import { readEndpoints } from "../report/ssh-files";
import { root } from "./folders";
import type { KeptTransport } from "./kept-transport";
import type { Session } from "./session";
import type { Exported, Stack } from "./stack";
import { joining, type KnownTokens, tokensIn } from "./tokens";

/** How long the swarm may take to answer. One that takes longer is left to Pulumi. */
const ANSWER_MS = 20_000;

/** These read what is asked about here, or leave it out. */
const readsItself = /^(--refresh|-r$|--target|-t$|--preview-only)/;

/**
 * Has Pulumi read what is no longer as the state says and what this `up` would stumble over: nodes that lost their
 * place, since without a refresh Pulumi takes a node that left for a living one, and join tokens that somebody
 * rotated, when hosts are about to join. While all is well it asks the swarm twice, over one connection.
 */
export async function readBeforehand(
  { stack, folders, progress }: Session,
  options: readonly string[],
  state: Exported,
  kept: KeptTransport,
): Promise<void> {
  if (options.some((word) => readsItself.test(word))) return;
  const written = readEndpoints(folders, stack.name);
  // A machine that runs a workflow keeps no file of them: there the state has to be asked, which takes longer.
  const isNowhere = written.length === 0 && isUp(state);
  const endpoints = isNowhere ? (await readOutputs(stack)).endpoints : written;
  const seen = await ask(endpoints, stack.name, kept);
  const nodes = nodeUrns(state, [...seen.lost.keys()]);
  for (const [name, why] of nodes.length === 0 ? [] : seen.lost) {
    progress.line(`${name} lost its place in the swarm: ${why}.`);
  }
  const known = tokensIn(state);
  const isOld = known !== undefined && (await areOld(known, seen, { stack, state }));
  if (isOld) progress.line("Hosts are about to join: reading the swarm's current join tokens.");
  const urns = [...nodes, ...(isOld ? [known.urn] : [])];
  if (urns.length === 0) return;
  const targets = urns.flatMap((urn) => ["--target", urn]);
  const args = ["refresh", "--yes", "--skip-preview", "--suppress-outputs", ...targets];
  await stack.show("reading what changed in the swarm", args);
}

const isNode = ({ type }: { readonly type?: string | undefined }) => type === "swarm:index:Node";

function isUp({ deployment }: Exported): boolean {
  return (deployment?.resources ?? []).some(isNode);
}

/** Resources of these nodes. Pure. */
export function nodeUrns({ deployment }: Exported, names: readonly string[]): readonly string[] {
  return (deployment?.resources ?? []).flatMap((resource) => {
    const { urn, inputs } = resource;
    const isLost = isNode(resource) && names.includes(String(inputs?.node));
    return isLost && urn !== undefined ? [urn] : [];
  });
}

/** What the swarm says. */
interface Seen {
  /** Hosts that lost their place, each with the reason. */
  readonly lost: ReadonlyMap<string, string>;
  /** Of its join tokens; undefined when no manager answers, or nobody was asked. */
  readonly hash: string | undefined;
}

async function ask(
  endpoints: readonly Endpoint[],
  stack: string,
  kept: KeptTransport,
): Promise<Seen> {
  if (endpoints.length === 0) return { lost: new Map(), hash: undefined };
  const transport = kept.to(endpoints);
  const quiet = observer(transport, stack, () => undefined);
  const inTime = <T>(answer: Promise<T>) =>
    within(answer, ANSWER_MS, "late").catch(() => undefined);
  const [lost, swarm] = await Promise.all([
    inTime(misplacedHosts(endpoints, quiet)),
    inTime(transport.manager().then((manager) => manager.swarm())),
  ]);
  return { lost: lost ?? new Map(), hash: swarm && tokensHash(swarm.JoinTokens) };
}

/** Whether hosts would join with tokens that the swarm no longer takes. */
async function areOld(
  known: KnownTokens,
  seen: Seen,
  { stack, state }: { readonly stack: Stack; readonly state: Exported },
): Promise<boolean> {
  // First what is nearly always so: to know which hosts are declared, all platforms are loaded. Where no manager
  // answers, the join says what is wrong.
  const isOther = seen.hash !== undefined && seen.hash !== known.hash;
  if (known.hash !== undefined && !isOther) return false;
  return joining(await declared(stack), state).length > 0;
}

async function declared({ name }: Stack): Promise<readonly string[]> {
  const { readEnvironmentFile } = await lazily(
    () => import("../../components/config/file/environment-file.js"),
    () => require("../../components/config/file/environment-file"),
  );
  const { environment } = readEnvironmentFile(environmentPath(root, name));
  return (environment?.hosts ?? []).map((host) => host.name);
}
