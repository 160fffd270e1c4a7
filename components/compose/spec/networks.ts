import type { AttachmentSpec } from "../../model/platform/service-spec";
import type { NetworkSpec, OwnNetworkSpec } from "../../model/platform/spec";
import type { Keys } from "../../model/problem";
import { entriesOf, itemsOf, member, type Node } from "../tree";
import type { Context } from "./context";
import { isExternal } from "./external";
import { declares, undeclared } from "./references";
import { filled, given } from "./values";

/** How a service joins its networks; undefined when it names none. */
export function attachmentsOf(
  service: Node,
  keys: Keys,
  context: Context,
): { readonly [key: string]: AttachmentSpec } | undefined {
  const { values } = context;
  const entries = entriesOf(member(service, "networks")).flatMap(([key, { at, value }]) => {
    const where = [...keys, "networks", key];
    if (key !== "default" && !declares(context, "networks", key)) {
      undeclared(at, where, key, "networks", context);
      return [];
    }
    const aliases = values.texts(member(value, "aliases"), [...where, "aliases"]);
    const driverOptions = values.map(member(value, "driver_opts"), [...where, "driver_opts"]);
    return [[key, given({ aliases, driverOptions })] as const];
  });
  return filled(Object.fromEntries(entries));
}

/** A network of the file. */
export function networkOf(key: string, node: Node, context: Context): NetworkSpec {
  const { values } = context;
  const keys = ["networks", key];
  const at = (name: string) => member(node, name);
  const name = values.name(at("name"), [...keys, "name"]);
  if (isExternal(node, keys, context)) return { external: true, name: name ?? key };
  const { encrypted, ...options } = values.map(at("driver_opts"), [...keys, "driver_opts"]) ?? {};
  if (/^(false|no|off|0)$/i.test(encrypted ?? "")) {
    context.findings.warn(node.at, [...keys, "driver_opts", "encrypted"], {
      found: `"${encrypted}"; Docker takes any value of it as yes, and encrypts`,
      allowed: "the option, or no such option",
      fix: "remove `encrypted`",
    });
  }
  return given({
    name,
    driver: values.name(at("driver"), [...keys, "driver"]),
    ...blocksOf(itemsOf(member(at("ipam"), "config")), [...keys, "ipam", "config"], context),
    attachable: values.flag(at("attachable"), [...keys, "attachable"]),
    internal: values.flag(at("internal"), [...keys, "internal"]),
    // Docker takes any value of the option, also an empty one, as yes.
    encrypted: encrypted === undefined ? undefined : true,
    options: filled(options),
    labels: values.map(at("labels"), [...keys, "labels"]),
  });
}

type Blocks = Pick<OwnNetworkSpec, "subnet" | "gateway" | "moreSubnets">;

/** The blocks of addresses: the first one with its gateway, and further ones. */
function blocksOf(blocks: readonly Node[], keys: Keys, { values, findings }: Context): Blocks {
  const subnets: string[] = [];
  let first: string | undefined;
  for (const [index, block] of blocks.entries()) {
    const at = (key: string) => [member(block, key), [...keys, index, key]] as const;
    const subnet = values.name(...at("subnet"));
    const gateway = values.name(...at("gateway"));
    const impossible = (found: string, allowed: string, fix: string) =>
      findings.impossible(block.at, [...keys, index], { found, allowed, fix });
    if (subnet?.includes(":") === true) {
      const found = `${JSON.stringify(subnet)}; swarm gives its overlay networks IPv4 addresses only`;
      impossible(found, "IPv4 networks such as 10.64.1.0/24", "remove this block");
    } else {
      if (subnets.length === 0) first ??= gateway;
      else if (gateway !== undefined) {
        const found = "a gateway of a further block; networks here have one, and Docker refuses it";
        impossible(found, "a gateway in the first block", "remove this `gateway`");
      }
      if (subnet !== undefined) subnets.push(subnet);
    }
  }
  const [subnet, ...more] = subnets;
  return given({ subnet, gateway: first, moreSubnets: more.length === 0 ? undefined : more });
}

/** Further names and their addresses, in their long form; several addresses of one name have commas between them. */
export function hostsOf(
  node: Node | undefined,
  keys: Keys,
  { values }: Context,
): { readonly [name: string]: string } | undefined {
  const entries = entriesOf(node).flatMap(([name, { value }]) => {
    const addresses = values.texts(value, [...keys, name]) ?? [];
    return addresses.length === 0 ? [] : [[name, addresses.join(", ")] as const];
  });
  return filled(Object.fromEntries(entries));
}
