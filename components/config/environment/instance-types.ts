/** Architecture of a machine, as AWS writes it. */
export type Architecture = "x86_64" | "arm64";

/** Generic resource by which GPUs are reserved. */
export const GPU_RESOURCE = "NVIDIA-GPU";

/** NVIDIA GPUs of each instance type that has some. */
const GPUS: { readonly [family: string]: { readonly [size: string]: number } } = {
  g4dn: {
    ...{ xlarge: 1, "2xlarge": 1, "4xlarge": 1, "8xlarge": 1, "16xlarge": 1 },
    ...{ "12xlarge": 4, metal: 8 },
  },
  g5: {
    ...{ xlarge: 1, "2xlarge": 1, "4xlarge": 1, "8xlarge": 1, "16xlarge": 1 },
    ...{ "12xlarge": 4, "24xlarge": 4, "48xlarge": 8 },
  },
  g5g: { xlarge: 1, "2xlarge": 1, "4xlarge": 1, "8xlarge": 1, "16xlarge": 2, metal: 2 },
  g6: {
    ...{ xlarge: 1, "2xlarge": 1, "4xlarge": 1, "8xlarge": 1, "16xlarge": 1 },
    ...{ "12xlarge": 4, "24xlarge": 4, "48xlarge": 8 },
  },
  g6e: {
    ...{ xlarge: 1, "2xlarge": 1, "4xlarge": 1, "8xlarge": 1, "16xlarge": 1 },
    ...{ "12xlarge": 4, "24xlarge": 4, "48xlarge": 8 },
  },
  gr6: { "4xlarge": 1, "8xlarge": 1 },
  p3: { "2xlarge": 1, "8xlarge": 4, "16xlarge": 8 },
  p3dn: { "24xlarge": 8 },
  p4d: { "24xlarge": 8 },
  p4de: { "24xlarge": 8 },
  p5: { "4xlarge": 1, "48xlarge": 8 },
  p5e: { "48xlarge": 8 },
  p5en: { "48xlarge": 8 },
  "p6-b200": { "48xlarge": 8 },
};

/** Number of NVIDIA GPUs of an instance type, by its name; 0 for types without. */
export function gpusOf(instanceType: string): number {
  const [family = "", size = ""] = instanceType.split(".");
  return GPUS[family]?.[size] ?? 0;
}

/**
 * Architecture of an instance type, by its name: a `g` after the generation means Graviton.
 *
 * @example architectureOf("m7gd.large") // "arm64"
 */
export function architectureOf(instanceType: string): Architecture {
  const family = instanceType.split(".")[0] ?? "";
  const attributes = /^[a-z]+\d+(.*)$/.exec(family)?.[1] ?? "";
  return family === "a1" || attributes.includes("g") ? "arm64" : "x86_64";
}

/** Virtual cores of an instance type, by its size; undefined where the size does not say it. */
export function coresOf(instanceType: string): number | undefined {
  const size = instanceType.split(".")[1] ?? "";
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  if (times !== undefined) return 4 * Number(times === "" ? 1 : times);
  return size === "large" ? 2 : undefined;
}

/** Names of GPU types, smallest first, for messages. */
export const gpuTypeExamples = ["g4dn.xlarge", "g5.xlarge", "g6.xlarge"] as const;
