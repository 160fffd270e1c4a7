import type { Problem } from "../../../model/problem";
import { isPredefined } from "../../platforms/plan-services";
import { type Draft, platformProblem } from "../../platforms/platforms";
import type { Check } from "../flight";

/** A service on a network, with all names that lead to it there. */
interface Attached {
  readonly draft: Draft;
  readonly service: string;
  /** Key of the network in the platform. */
  readonly key: string;
  /** Real name of the network. */
  readonly network: string;
  readonly names: readonly string[];
}

/** Names that lead to several services in one network: who asks for one gets any of them. */
export const warnNames: Check = ({ drafts }) => {
  const all = drafts.flatMap(attachedIn);
  const networks = new Map<string, Joined>();
  const twice = all.flatMap((one) => {
    const joined: Joined = networks.get(one.network) ?? { services: [], owners: new Map() };
    networks.set(one.network, joined);
    joined.services.push(one);
    return one.names.flatMap((name) => {
      const other = joined.owners.get(name);
      if (other !== undefined) return [{ name, one, other, together: joined.services }];
      joined.owners.set(name, one);
      return [];
    });
  });
  return twice.flatMap(({ name, one, other, together }): readonly Problem[] => {
    if (!isAsked(name, [one, other], together)) return [];
    const owner = `service ${other.service} of platform ${other.draft.name}`;
    const found = `the name "${name}" in the network ${one.network}, which ${owner} has there too: whoever asks for it gets one or the other`;
    const allowed = "a name that leads to one service in each network";
    const keys = ["services", one.service, "networks", one.key];
    return [platformProblem(one.draft, keys, { found, allowed, fix: fixFor(one, other, name) })];
  });
};

/** What joins a network. */
interface Joined {
  readonly services: Attached[];
  /** The first service with each name. */
  readonly owners: Map<string, Attached>;
}

/** Whether somebody may ask for a name: other platforms ask for aliases, and for real names rather than keys. */
function isAsked(name: string, both: readonly Attached[], together: readonly Attached[]): boolean {
  if (both.some(({ service }) => service !== name)) return true;
  return both.some((one) => together.some((other) => other !== one && other.draft === one.draft));
}

function fixFor(one: Attached, other: Attached, name: string): string {
  const { service, draft } = one;
  if (name !== service) return "another alias";
  const real = draft.plan.services[service]?.name ?? service;
  return one.draft === other.draft
    ? "another alias of the other service"
    : `\`${real}\` where it is meant, a network of its own for what only this platform needs, or another key`;
}

function attachedIn(draft: Draft): readonly Attached[] {
  return Object.entries(draft.plan.services).flatMap(([service, { name, networks }]) =>
    Object.entries(networks).flatMap(([key, { name: network, aliases = [] }]) => {
      if (isPredefined(network)) return [];
      const names = [...new Set([name, ...aliases])];
      return [{ draft, service, key, network, names }];
    }),
  );
}
