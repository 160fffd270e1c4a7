import type { Endpoint } from "../../components/engine/endpoints";
import type { NodeSummary } from "../../components/services/outputs";
import { Failure } from "../setup/failure";
import type { Stack } from "../setup/stack";

/** The program's outputs. */
export interface Outputs {
  readonly nodes: { readonly [name: string]: NodeSummary };
  /** Services by platform. */
  readonly services: { readonly [platform: string]: readonly string[] };
  /** With private keys: never print them. */
  readonly endpoints: readonly Endpoint[];
  /** Addresses of published TCP ports, by service and target port: `demo_web:80`. */
  readonly urls: { readonly [port: string]: string };
  /** The page to open of each platform that has one. */
  readonly pages: { readonly [platform: string]: string };
  /** What the name of a page must resolve to, where Traefik passes it on. @default {} */
  readonly resolveTo?: { readonly [platform: string]: string };
  /** Ports, as keys of `urls`, that need not answer. */
  readonly quiet: readonly string[];
  /** Age from which unused images are removed from the nodes. @default they stay */
  readonly pruneImages?: string;
}

/** Reads a stack's outputs; what an interrupted `up` did not create is empty. */
export async function readOutputs(stack: Stack): Promise<Outputs> {
  return completeOutputs(stack.exists() ? await stack.outputs() : {});
}

/** Fills in what is missing. Pure. */
export function completeOutputs(found: { readonly [name: string]: unknown }): Outputs {
  const { nodes = {}, services = {}, endpoints = [] } = found as Partial<Outputs>;
  const { urls = {}, pages = {}, resolveTo, quiet = [], pruneImages } = found as Partial<Outputs>;
  const optional = {
    ...(resolveTo === undefined ? {} : { resolveTo }),
    ...(pruneImages === undefined ? {} : { pruneImages }),
  };
  return { nodes, services, endpoints, urls, pages, quiet, ...optional };
}

/** The last lines of `up`: each page, with its platform where there are several. Pure. */
export function pageLines({ pages, resolveTo = {} }: Pick<Outputs, "pages" | "resolveTo">) {
  const all = Object.entries(pages);
  return all.map(([platform, url]) => {
    const { hostname } = new URL(url);
    const to = resolveTo[platform];
    const name =
      to === undefined || isLocalName(hostname) ? [] : [`${hostname} must resolve to ${to}`];
    const said = [...(all.length > 1 ? [platform] : []), ...name];
    return `Open ${url}${said.length === 0 ? "" : `  (${said.join("; ")})`}`;
  });
}

/** Browsers know that these names are this machine. */
function isLocalName(name: string): boolean {
  return /(^|\.)localhost$/i.test(name);
}

/** @throws Failure when the environment has no hosts yet */
export function requireEndpoints(outputs: Outputs, stack: string): readonly Endpoint[] {
  if (outputs.endpoints.length === 0) {
    throw new Failure(`The environment ${stack} is not up.`, `Run: npm run up -- -s ${stack}`);
  }
  return outputs.endpoints;
}
