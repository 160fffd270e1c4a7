import { environmentPath } from "../../components/config/file/find";
import { within } from "../../components/engine/deadline";
import { tokensHash } from "../../components/engine/tokens";
import { connect } from "../../components/engine/transport";
import { lazily } from "../../components/runtime/lazily";
import { readOutputs } from "../report/outputs";
import { root } from "./folders";
import type { Session } from "./session";
import type { Exported, Stack } from "./stack";

/** How long a manager may take to say which tokens the swarm has. One that takes longer is left to Pulumi. */
const ANSWER_MS = 20_000;

/** The join tokens that a state has. */
export interface KnownTokens {
  /** Resource that has them. */
  readonly urn: string;
  /** @default not known, as in a state of an earlier version */
  readonly hash?: string;
}

/** The tokens with which hosts of a state join; undefined where each of them has a ticket of its own. Pure. */
export function tokensIn({ deployment }: Exported): KnownTokens | undefined {
  const resources = deployment?.resources ?? [];
  if (resources.some(({ type }) => type === "swarm:index:Ticket")) return undefined;
  const cluster = resources.find(({ type }) => type === "swarm:index:Cluster");
  if (cluster?.urn === undefined) return undefined;
  const hash = cluster.outputs?.tokensHash;
  return { urn: cluster.urn, ...(typeof hash === "string" ? { hash } : {}) };
}

/** Hosts that are declared and are in no swarm yet. Pure. */
export function joining(hosts: readonly string[], { deployment }: Exported): readonly string[] {
  const nodes = (deployment?.resources ?? []).flatMap(({ type, inputs }) =>
    type === "swarm:index:Node" ? [String(inputs?.node)] : [],
  );
  return hosts.filter((host) => !nodes.includes(host));
}

/**
 * Has Pulumi read the join tokens again when hosts are about to join and somebody rotated the tokens since the
 * last run: the state's own would be refused.
 */
export async function readRotatedTokens(
  { stack, progress }: Session,
  options: readonly string[],
  state: Exported,
): Promise<void> {
  // These read the tokens, or leave the nodes out.
  if (options.some((word) => /^(--refresh|-r$|--target|-t$|--preview-only)/.test(word))) return;
  const known = tokensIn(state);
  if (known === undefined || joining(await declared(stack), state).length === 0) return;
  const current = known.hash === undefined ? undefined : await askForHash(stack);
  // Where no manager answers, the join says what is wrong.
  if (known.hash !== undefined && (current === undefined || current === known.hash)) return;
  progress.line("Hosts are about to join: reading the swarm's current join tokens.");
  const quiet = ["--yes", "--skip-preview", "--suppress-outputs"];
  await stack.show("reading the join tokens", ["refresh", ...quiet, "--target", known.urn]);
}

async function declared({ name }: Stack): Promise<readonly string[]> {
  const { readEnvironmentFile } = await lazily(
    () => import("../../components/config/file/environment-file.js"),
    () => require("../../components/config/file/environment-file"),
  );
  const { environment } = readEnvironmentFile(environmentPath(root, name));
  return (environment?.hosts ?? []).map((host) => host.name);
}

async function askForHash(stack: Stack): Promise<string | undefined> {
  const { endpoints } = await readOutputs(stack);
  const transport = connect(endpoints);
  const asked = transport.manager().then((manager) => manager.swarm());
  try {
    return tokensHash((await within(asked, ANSWER_MS, "late")).JoinTokens);
  } catch {
    return undefined;
  } finally {
    transport.close();
  }
}
