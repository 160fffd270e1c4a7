import { entriesOf, itemsOf, member, type Node } from "../tree";
import type { Context } from "./context";

/** Fields of the spec, and the keys that they come from, where their names differ. */
const FIELDS: { readonly [key: string]: readonly (readonly string[])[] } = {
  environment: [["env"]],
  labels: [["containerLabels"]],
  group_add: [["groups"]],
  working_dir: [["workingDir"]],
  stdin_open: [["openStdin"]],
  read_only: [["readOnly"]],
  stop_signal: [["stopSignal"]],
  stop_grace_period: [["stopGracePeriod"]],
  extra_hosts: [["extraHosts"]],
  cap_add: [["capAdd"]],
  cap_drop: [["capDrop"]],
  dns: [["dns", "nameservers"]],
  dns_search: [["dns", "search"]],
  depends_on: [["dependsOn"]],
  volumes: [["mounts"]],
  restart: [["restart"]],
  "x-route": [["route"]],
};

const DEPLOY: { readonly [key: string]: string } = {
  endpoint_mode: "endpointMode",
  restart_policy: "restart",
  rollback_config: "rollback",
  update_config: "update",
};

const BUILD: { readonly [key: string]: string } = {
  additional_contexts: "contexts",
  cache_from: "cacheFrom",
  cache_to: "cacheTo",
  dockerfile_inline: "dockerfileText",
};

/** Remembers where each field of a service stands. */
export function remember(name: string, node: Node, { places }: Context): void {
  const keys = ["services", name];
  places.add(keys, node);
  for (const [key, { value }] of entriesOf(node)) {
    for (const field of FIELDS[key] ?? [[key]]) places.add([...keys, ...field], value);
  }
  for (const [key, { value }] of entriesOf(member(node, "deploy")))
    places.add([...keys, DEPLOY[key] ?? key], value);
  const build = member(node, "build");
  places.add(["images", name], build);
  for (const [key, { value }] of entriesOf(build))
    places.add(["images", name, BUILD[key] ?? key], value);
  for (const item of itemsOf(member(node, "volumes"))) {
    const target = member(item, "target");
    if (target?.kind === "scalar") places.add([...keys, "mounts", target.text], item);
  }
}
