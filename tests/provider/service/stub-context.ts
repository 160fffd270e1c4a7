import { engineClient } from "../../../components/engine/client";
import { ownerLabels } from "../../../components/model/ownership";
import type { KindContext } from "../../../components/provider/context";
import { Leftovers } from "../../../components/provider/leftovers";

const urn = "urn:pulumi:dev::yard::swarm:index:Service::web";

/** Calls that a stubbed engine got, and what it said. */
export interface Said {
  readonly warnings: string[];
  readonly requests: { readonly path: string; readonly auth: unknown }[];
}

/** A context whose engine answers these paths (without their query) and fails all others. */
export function contextWith(
  answers: { readonly [path: string]: unknown },
  said: Said = { warnings: [], requests: [] },
): KindContext {
  const engine = engineClient(async ({ path, auth }) => {
    said.requests.push({ path, auth });
    if (path in answers) return answers[path];
    throw new Error(`nothing at ${path}`);
  });
  return {
    urn,
    stack: "dev",
    labels: ownerLabels(urn),
    salt: "salt",
    signal: new AbortController().signal,
    log: () => {},
    warn: (message) => said.warnings.push(message),
    manager: async () => engine,
    node: async () => engine,
    dial: async () => Promise.reject(new Error("Connection refused")),
    run: async () => "",
    nodes: [],
    leftovers: new Leftovers(),
    registryAuth: (image) => (image.startsWith("reg/") ? "header" : undefined),
  } as KindContext;
}
