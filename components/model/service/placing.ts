import { z } from "zod";
import { below } from "../fields/field";
import { checked, sizeThat, whole } from "../fields/rules";
import * as t from "../fields/types";
import { valueAt } from "../merge";
import { nearest } from "../nearest";
import { nodePlatform, reportedName } from "../placement/architectures";
import { isSpreadKey, parseConstraint } from "../placement/constraints";
import { describe } from "../problem";

const constraint = checked("a placement constraint such as `node.labels.db == true`", (value) => {
  const parsed = parseConstraint(value);
  if ("wrong" in parsed) return { ...parsed, found: `${JSON.stringify(value)}: ${parsed.wrong}` };
  const { key, operator, value: wanted } = parsed;
  const reported = key.toLowerCase() === "node.platform.arch" ? reportedName(wanted) : undefined;
  if (reported === undefined) return undefined;
  const found = `${JSON.stringify(value)}: no node reports ${wanted}, but ${reported}`;
  return { found, fix: `${key} ${operator} ${reported}` };
});

const spread = checked(
  "node.labels.<name> or engine.labels.<name>, such as `node.labels.zone`",
  (value) => (isSpreadKey(value) ? undefined : {}),
);

const spreadKey = t.text(spread).by({
  encode: (value) => ({ Spread: { SpreadDescriptor: value } }),
  decode: (live) => valueAt(live, ["Spread", "SpreadDescriptor"]),
});

const ARCHITECTURES =
  "amd64 x86_64 arm64 aarch64 armv5l armv6l armv7l armv8l 386 i386 i686 ppc64le s390x riscv64 mips64 mips64le loong64 loongarch64";

/** An architecture that a node can report; swarm compares names, and knows amd64 and arm64 by two each. */
const platformOf = checked("os/architecture such as `linux/amd64`", (value) => {
  const [os = "", architecture = "", ...more] = value.toLowerCase().split("/");
  const known = ARCHITECTURES.split(" ");
  const isOs = ["linux", "windows"].includes(os);
  if (isOs && more.length === 0 && known.includes(architecture)) return undefined;
  const meant = nodePlatform(value.toLowerCase());
  const near = nearest(isOs ? architecture : os, known);
  if (known.includes(meant.split("/")[1] ?? "")) {
    return { found: `${describe(value)}, which no node reports`, fix: `\`${meant}\`` };
  }
  return { fix: near === undefined ? "`linux/amd64`" : `\`${isOs ? os : "linux"}/${near}\`` };
});

const platform = t.text(platformOf).by({
  encode: (value) => {
    const [os, architecture] = String(value).split("/");
    return { Architecture: architecture, OS: os };
  },
  decode: (live) => `${valueAt(live, ["OS"]) ?? ""}/${valueAt(live, ["Architecture"]) ?? ""}`,
});

const CORES = "a number of at least 0.001 such as `0.5`, or 0 for none";
const someCores = z
  .number({ error: CORES })
  .min(0, { error: CORES })
  .refine((value) => value === 0 || value >= 0.001, { error: CORES });

/** Cores, of which 0 means no limit; the Engine API counts in billionths of a core. */
const cpus = () =>
  t
    .number(someCores)
    .by({
      canon: (value) => Math.round(Number(value) * 1e9) / 1e9,
      encode: (value) => Math.round(Number(value) * 1e9),
      decode: (live) => Number(live) / 1e9,
    })
    .unless(0)
    .to("NanoCPUs");

const someMemory = sizeThat(
  (bytes) => bytes === 0 || bytes >= 4 * 2 ** 20,
  "; the smallest is 4MiB, and 0 means no limit",
);

/** As with Docker, 0 means no limit, and nothing reserved; a file may write it as a number. */
const memory = () =>
  t
    .size(someMemory)
    .by({
      written: z
        .preprocess((value) => (value === 0 ? "0" : value), someMemory)
        .meta({ type: ["string", "integer"] }),
    })
    .to("MemoryBytes");

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
          /** Cores; 0 means no limit. @default no limit @example 0.5 */
          cpus: cpus(),
          /** A task that takes more is killed; 0 means no limit. @default no limit @example 512MiB */
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
