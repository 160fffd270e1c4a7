import { isSpreadKey } from "../../model/placement/constraints";
import type { ServiceSpec } from "../../model/platform/service-spec";
import type { Keys } from "../../model/problem";
import { bytesIn } from "../../model/quantities";
import { isNothing, itemsOf, member, type Node } from "../tree";
import type { Context } from "./context";
import { filled } from "./values";

type RestartPolicy = NonNullable<ServiceSpec["restart"]>;
type UpdatePolicy = NonNullable<ServiceSpec["update"]>;
type Resources = NonNullable<ServiceSpec["resources"]>;

const ACTIONS = ["pause", "continue", "rollback"] as const;
const ORDERS = ["stop-first", "start-first"] as const;
const CONDITIONS = ["any", "on-failure", "none"] as const;
/** Words of `restart` that people write for a condition. */
const OF_RESTART = { always: "any", "unless-stopped": "any", no: "none", never: "none" } as const;
const MODES = ["replicated", "global", "replicated-job", "global-job"] as const;

type Scheduling = Pick<
  ServiceSpec,
  "mode" | "replicas" | "labels" | "endpointMode" | "update" | "rollback" | "restart" | "placement"
>;

/** What `deploy`, and the older keys beside it, say about tasks. */
export function deployOf(service: Node, above: Keys, context: Context): Scheduling {
  const { values } = context;
  const deploy = member(service, "deploy");
  const keys = [...above, "deploy"];
  const at = (key: string) => member(deploy, key);
  return {
    mode: values.word(at("mode"), [...keys, "mode"], MODES),
    replicas:
      values.whole(at("replicas"), [...keys, "replicas"]) ??
      values.whole(member(service, "scale"), [...above, "scale"]),
    labels: values.map(at("labels"), [...keys, "labels"]),
    endpointMode: values.word(at("endpoint_mode"), [...keys, "endpoint_mode"], ["vip", "dnsrr"]),
    update: policy(at("update_config"), [...keys, "update_config"], ACTIONS, context),
    rollback: policy(
      at("rollback_config"),
      [...keys, "rollback_config"],
      ["pause", "continue"],
      context,
    ),
    restart: isNothing(at("restart_policy"))
      ? restart(service, above, context)
      : restartPolicy(at("restart_policy"), [...keys, "restart_policy"], context),
    placement: placement(service, at("placement"), [...keys, "placement"], context),
  };
}

function policy<Action extends string>(
  node: Node | undefined,
  keys: Keys,
  actions: readonly Action[],
  { values }: Context,
): (Omit<UpdatePolicy, "failureAction"> & { readonly failureAction?: Action }) | undefined {
  const at = (key: string) => member(node, key);
  return filled({
    parallelism: values.whole(at("parallelism"), [...keys, "parallelism"]),
    delay: values.duration(at("delay"), [...keys, "delay"]),
    failureAction: values.word(at("failure_action"), [...keys, "failure_action"], actions),
    monitor: values.duration(at("monitor"), [...keys, "monitor"]),
    maxFailureRatio: values.number(at("max_failure_ratio"), [...keys, "max_failure_ratio"]),
    order: values.word(at("order"), [...keys, "order"], ORDERS),
  });
}

function restartPolicy(
  node: Node | undefined,
  keys: Keys,
  { values }: Context,
): RestartPolicy | undefined {
  const at = (key: string) => member(node, key);
  return filled({
    condition: values.word(at("condition"), [...keys, "condition"], CONDITIONS, OF_RESTART),
    delay: values.duration(at("delay"), [...keys, "delay"]),
    maxAttempts: values.whole(at("max_attempts"), [...keys, "max_attempts"]),
    window: values.duration(at("window"), [...keys, "window"]),
  });
}

/** `restart`, which counts only when `deploy.restart_policy` says nothing. */
function restart(service: Node, keys: Keys, { values }: Context): RestartPolicy | undefined {
  const node = member(service, "restart");
  const text = values.name(node, [...keys, "restart"]);
  if (text === undefined || node === undefined) return undefined;
  if (text === "always" || text === "unless-stopped") return { condition: "any" };
  // YAML may have read `no` as a truth value.
  if (text === "no" || text === "false") return { condition: "none" };
  const failure = /^on-failure(?::(\d+))?$/.exec(text);
  if (failure === null)
    return values.wrong(
      node,
      [...keys, "restart"],
      "no, always, on-failure, on-failure:<attempts>, unless-stopped",
      "`always`",
    );
  return failure[1] === undefined
    ? { condition: "on-failure" }
    : { condition: "on-failure", maxAttempts: Number(failure[1]) };
}

function placement(
  service: Node,
  node: Node | undefined,
  keys: Keys,
  context: Context,
): ServiceSpec["placement"] {
  const { values, findings } = context;
  const spread = itemsOf(member(node, "preferences")).flatMap((item, index) => {
    const where = [...keys, "preferences", index, "spread"];
    const key = values.text(member(item, "spread"), where);
    if (key === undefined || isSpreadKey(key)) return key ?? [];
    findings.impossible(item.at, where, {
      found: `${JSON.stringify(key)}; swarm spreads over labels only, and leaves anything else out`,
      allowed: "node.labels.<name> or engine.labels.<name>",
      fix: "`node.labels.zone`, with that label on the nodes",
    });
    return [];
  });
  const platform =
    values.text(member(service, "platform"), [...keys.slice(0, 2), "platform"]) || undefined;
  const constraints = values.texts(member(node, "constraints"), [...keys, "constraints"]);
  return filled({
    constraints: constraints?.length === 0 ? undefined : constraints,
    spread: spread.length === 0 ? undefined : spread,
    maxReplicasPerNode:
      values.whole(member(node, "max_replicas_per_node"), [...keys, "max_replicas_per_node"]) ||
      undefined,
    platforms:
      platform === undefined
        ? undefined
        : [
            platform.includes("/")
              ? platform.split("/").slice(0, 2).join("/")
              : `linux/${platform}`,
          ],
  });
}

/** Limits and reservations, and how many GPUs. */
export function resourcesOf(
  service: Node,
  above: Keys,
  context: Context,
): { readonly resources?: Resources; readonly gpus?: number } {
  const { values } = context;
  const keys = [...above, "deploy", "resources"];
  const resources = member(member(service, "deploy"), "resources");
  const limits = member(resources, "limits");
  const reservations = member(resources, "reservations");
  const old = (key: string) => member(service, key);
  const at = (part: string, key: string) => [...keys, part, key];
  const gpus =
    gpusOf(member(reservations, "devices"), at("reservations", "devices"), context) +
    gpusOf(old("gpus"), [...above, "gpus"], context);
  return {
    resources: filled({
      limits: filled({
        cpus: unlessZero(
          cpus(member(limits, "cpus"), at("limits", "cpus"), context) ??
            cpus(old("cpus"), [...above, "cpus"], context),
        ),
        memory: unlessZero(
          values.size(member(limits, "memory"), at("limits", "memory")) ??
            values.size(old("mem_limit"), [...above, "mem_limit"]),
        ),
        pids:
          values.whole(member(limits, "pids"), at("limits", "pids")) ??
          values.whole(old("pids_limit"), [...above, "pids_limit"], -1),
      }),
      reservations: filled({
        cpus: unlessZero(cpus(member(reservations, "cpus"), at("reservations", "cpus"), context)),
        memory: unlessZero(
          values.size(member(reservations, "memory"), at("reservations", "memory")) ??
            values.size(old("mem_reservation"), [...above, "mem_reservation"]),
        ),
        generic: generic(
          member(reservations, "generic_resources"),
          at("reservations", "generic_resources"),
          context,
        ),
      }),
    }),
    ...(gpus === 0 ? {} : { gpus }),
  };
}

/** A number of CPUs; Docker takes empty text as none. */
function cpus(node: Node | undefined, keys: Keys, { values }: Context): number | undefined {
  return values.name(node, keys) === undefined ? undefined : values.number(node, keys);
}

/** Docker takes 0 as no limit, and as nothing reserved. */
function unlessZero<T extends number | string>(amount: T | undefined): T | undefined {
  return bytesIn(amount) === 0 ? undefined : amount;
}

function generic(
  node: Node | undefined,
  keys: Keys,
  { values, findings }: Context,
): { readonly [kind: string]: number } | undefined {
  const entries = itemsOf(node).flatMap((item, index) => {
    const spec = member(item, "discrete_resource_spec");
    const where = [...keys, index, "discrete_resource_spec"];
    const kind = values.text(member(spec, "kind"), [...where, "kind"]);
    const value = values.whole(member(spec, "value"), [...where, "value"]);
    if (isNothing(spec) || isNothing(member(spec, "kind")) || isNothing(member(spec, "value"))) {
      const allowed = "a map with `discrete_resource_spec`, which has `kind` and `value`";
      const fix = "`discrete_resource_spec: { kind: NVIDIA-GPU, value: 1 }`";
      values.wrong(item, where, allowed, fix);
    }
    if (kind === undefined || value === undefined) return [];
    if (value > 0) return [[kind, value] as const];
    findings.warn(item.at, where, {
      found: `a reservation of 0 ${kind}`,
      allowed: "1 or more",
      fix: "remove it",
    });
    return [];
  });
  return filled(Object.fromEntries(entries));
}

function gpusOf(node: Node | undefined, keys: Keys, { values, findings }: Context): number {
  const counts = itemsOf(node).map((item, index) => {
    const where = [...keys, index];
    const capabilities = values.texts(member(item, "capabilities"), [...where, "capabilities"]) ?? [
      "gpu",
    ];
    const count = member(item, "count");
    const text = values.text(count, [...where, "count"]);
    const impossible = (found: string, fix: string) =>
      findings.impossible(item.at, where, { found, allowed: "a number of GPUs", fix });
    if (!capabilities.includes("gpu"))
      impossible(
        `a device with ${capabilities.join(", ")}, which swarm cannot give`,
        "`capabilities: [gpu]`",
      );
    else if (text === undefined || text === "all")
      impossible(`${text ?? "no"} count of GPUs; swarm reserves a number of them`, "`count: 1`");
    else return values.whole(count, [...where, "count"], 1) ?? 0;
    return 0;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}
