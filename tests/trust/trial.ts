import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "vitest";
import { Yard } from "../e2e/yard";

/** Path of the trial platform in an environment file. */
export const trial = ["swarmyard:platforms", "trial"] as const;

const platform = `import type { PlatformSpec } from "../../components/model/platform/spec";

export const platform: PlatformSpec = {
  folder: __dirname,
  images: { tool: { context: "tool" } },
  services: {},
};
`;

// As in the demo's images, so that this machine's engine has the layer already.
const dockerfile = `FROM debian:13-slim
RUN apt-get update \\
 && apt-get install -y --no-install-recommends python3 \\
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
`;

/** The image of the trial platform: Debian with Python. */
export const tool = { build: "tool" } as const;

/** A service of the trial platform that only sleeps. */
export const sleeper = {
  image: tool,
  command: ["sleep", "infinity"],
  init: true,
  stopGracePeriod: "1s",
  restart: { condition: "any", delay: "1s" },
} as const;

/** Environment of a manager and a worker (`db`) with a platform `trial` without services yet. */
export function trialYard(stack: string, files: { readonly [name: string]: string } = {}): Yard {
  const yard = new Yard(stack);
  yard.set(["swarmyard:hosts", "groups", "agent"], undefined);
  yard.set(["swarmyard:hosts", "groups", "service"], undefined);
  yard.set(["swarmyard:share"], { kind: "none" });
  yard.set(["swarmyard:platforms"], { trial: { rollout: { timeout: "4m", steady: "3s" } } });
  const folder = path.join(yard.folder, "platforms/trial");
  fs.mkdirSync(path.join(folder, "tool"), { recursive: true });
  fs.writeFileSync(path.join(folder, "index.ts"), platform);
  fs.writeFileSync(path.join(folder, "tool/Dockerfile"), dockerfile);
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  yard.commit();
  return yard;
}

/** Runs `up`, which must work. */
export async function up(yard: Yard): Promise<string> {
  const { status, output } = await yard.run("up");
  expect(status, output).toBe(0);
  return output;
}

/** Runs `up`, which must fail. @returns what a person sees */
export async function failingUp(yard: Yard): Promise<string> {
  const { status, output } = await yard.run("up");
  expect(status, output).not.toBe(0);
  return output;
}

export async function expectNoChanges(yard: Yard): Promise<void> {
  const { status, output } = await yard.run("preview", ["--expect-no-changes", "--diff"]);
  expect(status, output).toBe(0);
}

/** What the output's diagnostics say about one service of the trial platform. */
export function about(output: string, service: string): string {
  const diagnostics = output.slice(output.lastIndexOf("Diagnostics:"));
  const start = diagnostics.indexOf(`service trial_${service} `);
  expect(start, `nothing about ${service} in:\n${diagnostics}`).toBeGreaterThanOrEqual(0);
  const rest = diagnostics.slice(start);
  return rest.slice(0, /\n\s*\n|\n\s*\* /.exec(rest)?.index);
}
