import { portsToAnswer } from "../../components/observe/answers/published";
import type { Outputs } from "./outputs";
import type { Seen } from "./running";

/**
 * The outputs with each port that only the nodes of its tasks answer for at one of these nodes. The program
 * names a node that may run the service, because it ends before anybody knows where tasks are. Pure.
 */
export function atTheirNodes(
  outputs: Outputs,
  { view, verdicts }: Pick<Seen, "view" | "verdicts">,
): Outputs {
  const hosts = new Map(outputs.endpoints.map(({ name, host }) => [name, host]));
  const moved = portsToAnswer(view, verdicts).flatMap(({ service, target, mode, nodes }) => {
    const stated = outputs.urls[`${service}:${target}`];
    if (mode !== "host" || stated === undefined) return [];
    const url = new URL(stated);
    const answering = nodes.flatMap(({ hostname }) => hosts.get(hostname) ?? []);
    const [first] = answering;
    // On this machine the entry knows where tasks are.
    if (first === undefined || url.hostname === "127.0.0.1" || answering.includes(url.hostname)) {
      return [];
    }
    url.hostname = first;
    return [[stated, url.href] as const];
  });
  const place = new Map(moved);
  const all = (found: { readonly [key: string]: string }) =>
    Object.fromEntries(Object.entries(found).map(([key, url]) => [key, place.get(url) ?? url]));
  return { ...outputs, urls: all(outputs.urls), pages: all(outputs.pages) };
}
