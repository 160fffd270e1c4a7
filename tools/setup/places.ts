import { within } from "../../components/engine/deadline";
import { connect } from "../../components/engine/transport";
import { misplacedHosts } from "../../components/observe/misplaced";
import { observer } from "../report/running";
import { readEndpoints } from "../report/ssh-files";
import type { Session } from "./session";
import type { Exported } from "./stack";

/** How long the swarm may take to say who is in it. A swarm that takes longer is left to Pulumi. */
const ANSWER_MS = 20_000;

/**
 * Has Pulumi read the nodes that lost their place in the swarm, so that this `up` gives it back: without a
 * refresh Pulumi takes a node that left for a living one. Asks nothing while no node is known.
 */
export async function readLostPlaces(
  { stack, folders, progress }: Session,
  options: readonly string[],
): Promise<void> {
  // These read or leave out the nodes themselves.
  if (options.some((word) => /^(--refresh|-r$|--target|-t$|--preview-only)/.test(word))) return;
  const endpoints = readEndpoints(folders, stack.name);
  if (endpoints.length === 0) return;
  const transport = connect(endpoints);
  const quiet = observer(transport, stack.name, () => undefined);
  const asked = misplacedHosts(endpoints, quiet);
  const lost = await within(asked, ANSWER_MS, "late").catch(() => new Map<string, string>());
  transport.close();
  const urns = nodeUrns(await (lost.size === 0 ? {} : stack.peek()), [...lost.keys()]);
  if (urns.length === 0) return;
  for (const [name, why] of lost) progress.line(`${name} lost its place in the swarm: ${why}.`);
  const targets = urns.flatMap((urn) => ["--target", urn]);
  const args = ["refresh", "--yes", "--skip-preview", "--suppress-outputs", ...targets];
  await stack.show("reading the nodes that lost their place", args);
}

/** Resources of these nodes. Pure. */
export function nodeUrns({ deployment }: Exported, names: readonly string[]): readonly string[] {
  return (deployment?.resources ?? []).flatMap(({ urn, type, inputs }) => {
    const isLost = type === "swarm:index:Node" && names.includes(String(inputs?.node));
    return isLost && urn !== undefined ? [urn] : [];
  });
}
