import type { ServicePlan } from "../../../model/platform/plan";
import type { Finding, Keys } from "../../../model/problem";
import { UNSEEN } from "../../../model/service/drift/unseen";
import { isPlugin } from "../../../model/service/known-words";
import { hiddenPaths } from "../../../model/service/start/container-paths";
import { platformProblem } from "../../platforms/platforms";
import type { Check, Flight } from "../flight";
import { describeNodes } from "../known-nodes";
import { nodesFor } from "../placement";
import { asInShells } from "./shells";

/** What works in a service, but most likely not as it is meant. */
export const warnServices: Check = (flight) =>
  flight.drafts.flatMap((draft) =>
    Object.entries(draft.plan.services).flatMap(([service, spec]) =>
      [
        ...[...hiddenPaths(spec), ...spreads(spec, flight), ...logPlugin(spec)],
        ...[...unfilled(spec), ...withoutEffect(spec), ...asInShells(spec)],
      ].map(({ keys, ...about }) => platformProblem(draft, ["services", service, ...keys], about)),
    ),
  );

const LABEL = "node.labels.";

function spreads(spec: ServicePlan, { environment, known }: Flight): readonly Finding[] {
  if (!known.labels) return [];
  const nodes = nodesFor(spec, describeNodes(environment));
  return (spec.placement?.spread ?? []).flatMap((key, index) => {
    const keys = ["placement", "spread", index];
    const lower = key.toLowerCase();
    if (!/^(node|engine)\.labels\../.test(lower)) {
      const found = `"${key}", which swarm passes over: it spreads over labels only`;
      const fix = "remove it: without labels, tasks are shared out evenly over all nodes";
      return [{ keys, found, allowed: "node.labels.<name> or engine.labels.<name>", fix }];
    }
    if (!lower.startsWith(LABEL) || nodes.length === 0) return [];
    const label = key.slice(LABEL.length);
    const values = nodes.map(({ labels }) => labels[label]);
    const having = values.filter((value) => value !== undefined).length;
    if (having === nodes.length) return [];
    const groups = new Set(values).size;
    const found =
      having === 0
        ? `"${key}", a label that none of its nodes has: all of them count as one group`
        : `"${key}", a label that ${having} of ${nodes.length} nodes have: the others are one of ${groups} groups that get the same number of tasks`;
    const allowed = "a label that every node of the service has";
    return [{ keys, found, allowed, fix: `\`${label}\` in the \`labels\` of each group of hosts` }];
  });
}

/** Options of mounts that Docker takes and forgets. */
function withoutEffect({ mounts = {} }: ServicePlan): readonly Finding[] {
  return Object.entries(mounts).flatMap(([path, { bind = {} }]) =>
    Object.entries(bind).flatMap(([option, value]) => {
      const fix = UNSEEN[option];
      if (fix === undefined || value !== true) return [];
      const found = `${option}, which no Docker engine hands on to swarm: it has no effect`;
      const allowed = "what a service's mounts have in swarm";
      return [{ keys: ["mounts", path, "bind", option], found, allowed, fix }];
    }),
  );
}

function logPlugin({ logging }: ServicePlan): readonly Finding[] {
  if (logging?.driver === undefined || !isPlugin(logging.driver)) return [];
  const found = `"${logging.driver}", which Docker engines have only as a plugin`;
  const allowed = "a driver that every node has";
  const fix = "docker plugin install on every node, or `driver: json-file`";
  return [{ keys: ["logging", "driver"], found, allowed, fix }];
}

/** What swarm fills in, and what nobody else means by it. */
const TEMPLATE =
  /\{\{[^{}]*\.(Service\.(ID|Name|Labels)|Node\.(ID|Hostname|Platform)|Task\.(ID|Name|Slot))\b[^{}]*\}\}/;

/** Templates where swarm fills none in: the program gets them as they are. */
function unfilled(spec: ServicePlan): readonly Finding[] {
  const { command = [], entrypoint = [], healthcheck, user = "", workingDir = "" } = spec;
  const texts: readonly (readonly [Keys, string])[] = [
    ...entrypoint.map((word, index) => [["entrypoint", index], word] as const),
    ...command.map((word, index) => [["command", index], word] as const),
    ...(healthcheck?.test ?? []).map(
      (word, index) => [["healthcheck", "test", index], word] as const,
    ),
    ...Object.entries(spec.labels).map(([name, value]) => [["labels", name], value] as const),
    ...Object.entries(spec.containerLabels).map(
      ([name, value]) => [["containerLabels", name], value] as const,
    ),
    [["user"], user],
    [["workingDir"], workingDir],
  ];
  return texts.flatMap(([keys, text]) => {
    const [template] = TEMPLATE.exec(text) ?? [];
    if (template === undefined) return [];
    const found = `${template}, which swarm does not fill in here: the program gets it as it is`;
    const allowed = "templates in `hostname`, `env` and `mounts`";
    const fix = `\`env: { NAME: "${template}" }\`, and $NAME where a shell or the program reads it`;
    return [{ keys, found, allowed, fix }];
  });
}
