import { readFileSync } from "node:fs";
import { join } from "node:path";
import { measure } from "../measure";
import type { Command } from "../processes";
import { during } from "../progress";
import { checkout } from "../subjects/ours";
import type { Case } from "./cases";

/** How long one way to read all cases took. */
export interface Reading {
  readonly by: string;
  readonly files: number;
  /** Cases that it refused. */
  readonly refused: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Reads all cases with our command and with Docker's, one process for each case, in turn. */
export async function readCases(cases: readonly Case[]): Promise<readonly Reading[]> {
  const ways = [
    { by: "swarmyard convert", command: convert },
    { by: "docker stack config", command: stackConfig },
  ];
  const sums = ways.map(({ by }) => ({ by, files: 0, refused: 0, seconds: 0, cpuSeconds: 0 }));
  await during(`reading ${cases.length} cases`, async () => {
    for (const one of cases) {
      for (const [index, { command }] of ways.entries()) {
        const { status, seconds, cpuSeconds } = await measure(command(one));
        const sum = sums[index];
        if (sum === undefined) continue;
        sum.files += one.files.length;
        sum.refused += status === 0 ? 0 : 1;
        sum.seconds += seconds;
        sum.cpuSeconds += cpuSeconds;
      }
    }
  });
  return sums;
}

function convert({ folder, files, envFiles }: Case): Command {
  const variables = envFiles.flatMap((file) => ["--env-file", join(folder, file)]);
  const paths = files.map((file) => join(folder, file));
  // Without npm, whose start would be half of what is measured.
  const { scripts } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
  const [, ...words] = String(scripts.convert).split(" ");
  return { command: process.execPath, args: [...words, ...paths, ...variables], cwd: checkout };
}

function stackConfig({ folder, files, envFiles }: Case): Command {
  const named = files.flatMap((file) => ["-c", file]);
  const docker = ["docker", "stack", "config", ...named].join(" ");
  const before = envFiles.length === 0 ? "" : `set -a; . ./${envFiles.join("; . ./")}; `;
  return { command: "sh", args: ["-c", `${before}exec ${docker}`], cwd: folder };
}
