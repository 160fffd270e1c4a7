import { isMap } from "../paths";
import { describe, type Finding, type Keys } from "../problem";
import { escapedTemplate, knownFields, templateFault } from "./template";

/** Places of a service that swarm fills templates into: those that it would fail on when a task starts. */
export function templateProblems(inputs: unknown): Finding[] {
  if (!isMap(inputs)) return [];
  const labels = isMap(inputs.labels) ? inputs.labels : {};
  return textsOf(inputs).flatMap(({ keys, text, isKey }) => {
    const fault = templateFault(text, labels);
    if (fault === undefined) return [];
    const escaped = escapedTemplate(text);
    return [
      {
        keys,
        found: `${describe(text)}, which swarm fills in as a template: ${fault}`,
        allowed: `text without {{, or with ${knownFields}`,
        fix: `\`${isKey ? escaped : `${keys.at(-1)}: '${escaped}'`}\` where {{ is for the program`,
      },
    ];
  });
}

interface Templated {
  readonly keys: Keys;
  readonly text: string;
  /** It is the name of something. */
  readonly isKey?: boolean;
}

function textsOf({ env, hostname, mounts, networks }: { readonly [key: string]: unknown }) {
  const found: Templated[] = [];
  const add = (keys: Keys, text: unknown) => {
    if (typeof text === "string") found.push({ keys, text });
  };
  const addAll = (keys: Keys, texts: unknown) => {
    const entries = Array.isArray(texts)
      ? texts.entries()
      : Object.entries(isMap(texts) ? texts : {});
    for (const [key, text] of entries) add([...keys, key], text);
  };
  addAll(["env"], env);
  add(["hostname"], hostname);
  for (const [target, mount] of Object.entries(isMap(mounts) ? mounts : {})) {
    const keys = ["mounts", target];
    found.push({ keys, text: target, isKey: true });
    if (!isMap(mount)) continue;
    add([...keys, "source"], mount.source);
    if (!isMap(mount.volume)) continue;
    addAll([...keys, "volume", "labels"], mount.volume.labels);
    addAll([...keys, "volume", "driverOptions"], mount.volume.driverOptions);
  }
  for (const [key, network] of Object.entries(isMap(networks) ? networks : {})) {
    if (!isMap(network)) continue;
    addAll(["networks", key, "aliases"], network.aliases);
    addAll(["networks", key, "driverOptions"], network.driverOptions);
  }
  return found;
}
