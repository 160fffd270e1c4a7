import { below } from "../fields/field";
import { checked, matching, quantity, sizeThat, whole } from "../fields/rules";
import * as t from "../fields/types";
import { valueAt } from "../merge";
import { isSpreadKey, parseConstraint } from "../placement/constraints";

const constraint = checked("a placement constraint such as `node.labels.db == true`", (value) => {
  const parsed = parseConstraint(value);
  return "wrong" in parsed
    ? { ...parsed, found: `${JSON.stringify(value)}: ${parsed.wrong}` }
    : undefined;
});

const spread = checked(
  "node.labels.<name> or engine.labels.<name>, such as `node.labels.zone`",
  (value) => (isSpreadKey(value) ? undefined : {}),
);

const spreadKey = t.text(spread).by({
  encode: (value) => ({ Spread: { SpreadDescriptor: value } }),
  decode: (live) => valueAt(live, ["Spread", "SpreadDescriptor"]),
});

const platform = t
  .text(matching(/^[a-z0-9]+\/[\w.-]+$/i, "os/architecture such as `linux/amd64`"))
  .by({
    encode: (value) => {
      const [os, architecture] = String(value).split("/");
      return { Architecture: architecture, OS: os };
    },
    decode: (live) => `${valueAt(live, ["OS"]) ?? ""}/${valueAt(live, ["Architecture"]) ?? ""}`,
  });

/** Cores; the Engine API counts in billionths of a core. */
const cpus = () =>
  t
    .number(quantity(0.001, 0.5))
    .by({
      canon: (value) => Math.round(Number(value) * 1e9) / 1e9,
      encode: (value) => Math.round(Number(value) * 1e9),
      decode: (live) => Number(live) / 1e9,
    })
    .unless(0)
    .to("NanoCPUs");

const memory = () =>
  t.size(sizeThat((bytes) => bytes >= 4 * 2 ** 20, "; the smallest is 4MiB")).to("MemoryBytes");

const generic = t.map(t.number(whole(1)), {
  allowed: "a map of kind to number such as `{ NVIDIA-GPU: 1 }`",
  asList: {
    encode: (kind, count) => ({ DiscreteResourceSpec: { Kind: kind, Value: count } }),
    decode: (live) => {
      const spec = valueAt(live, ["DiscreteResourceSpec"]);
      return [[String(valueAt(spec, ["Kind"])), valueAt(spec, ["Value"]) ?? 0]];
    },
  },
});

/** Where tasks run and what they may use. */
export const placingFields = below("TaskTemplate", {
  /** What a task may use at most, and what a node must have free for it. @default no limit, nothing reserved */
  resources: t
    .record({
      /** What a task may use at most. @default no limit */
      limits: t
        .record({
          /** Cores. @default no limit @example 0.5 */
          cpus: cpus(),
          /** A task that takes more is killed. @default no limit @example 512MiB */
          memory: memory(),
          /** Processes and threads. @default no limit @example 100 */
          pids: t.count(100).to("Pids"),
        })
        .to("Limits"),
      /** What a node must have free for the task. @default nothing */
      reservations: t
        .record({
          /** Cores. @default 0 @example 0.5 */
          cpus: cpus(),
          /** @default none @example 256MiB */
          memory: memory(),
          /** Generic resources that nodes declare. @default none @example { NVIDIA-GPU: 1 } */
          generic: generic.to("GenericResources"),
        })
        .to("Reservations"),
    })
    .to("Resources"),
  /** Nodes that tasks may run on. @default all that are active */
  placement: t
    .record({
      /** All must hold. @default none @example ["node.labels.db == true"] */
      constraints: t
        .list(t.trimmed(constraint), 'a list such as `["node.labels.db == true"]`')
        .to("Constraints"),
      /** Spreads tasks evenly over the values of these. @default none @example [node.labels.zone] */
      spread: t.list(spreadKey, 'a list such as `["node.labels.zone"]`').to("Preferences"),
      /** Maximum number of tasks of the service on one node. @default no limit @example 1 */
      maxReplicasPerNode: t.count().to("MaxReplicas"),
      /** Platforms of nodes. @default what the image offers @example [linux/amd64] */
      platforms: t.list(platform, 'a list such as `["linux/amd64"]`').to("Platforms"),
    })
    .to("Placement"),
});
