import type { AttachmentSpec } from "../../model/platform/service-spec";
import type { NetworkSpec } from "../../model/platform/spec";
import type { Keys } from "../../model/problem";
import { entriesOf, itemsOf, member, type Node } from "../tree";
import type { Context } from "./context";
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
  const { values, findings } = context;
  const keys = ["networks", key];
  const at = (name: string) => member(node, name);
  const name = values.text(at("name"), [...keys, "name"]);
  if (values.flag(at("external"), [...keys, "external"]) === true)
    return { external: true, name: name ?? key };
  const { encrypted, ...options } = values.map(at("driver_opts"), [...keys, "driver_opts"]) ?? {};
  const blocks = itemsOf(member(at("ipam"), "config"));
  const [block, second] = blocks;
  if (second !== undefined) {
    findings.impossible(second.at, [...keys, "ipam", "config", 1], {
      found: "a second block of addresses, which has no field yet; `docker stack deploy` takes it",
      allowed: "one block",
      fix: "one `subnet` that is large enough",
    });
  }
  const within = [...keys, "ipam", "config", 0];
  return given({
    name,
    driver: values.text(at("driver"), [...keys, "driver"]),
    subnet: values.text(member(block, "subnet"), [...within, "subnet"]),
    gateway: values.text(member(block, "gateway"), [...within, "gateway"]),
    attachable: values.flag(at("attachable"), [...keys, "attachable"]),
    internal: values.flag(at("internal"), [...keys, "internal"]),
    // Docker takes any value of the option, also an empty one, as yes.
    encrypted: encrypted === undefined ? undefined : true,
    options: filled(options),
    labels: values.map(at("labels"), [...keys, "labels"]),
  });
}
