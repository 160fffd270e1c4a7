import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { type Run, Yard } from "../e2e/yard";

/**
 * A system of platforms/ in a checkout of its own, under another name than people use for it, so
 * that a test never touches theirs. Its images are the small ones.
 */
export class System extends Yard {
  constructor(name: string) {
    super(`test-${name}`);
    const own = path.join(this.place, `Pulumi.${name}.yaml`);
    fs.renameSync(own, this.settings);
    this.commit();
  }

  /** Its folder in platforms/, which also has its file for servers (`<name>-ssh`). */
  get place(): string {
    return path.join(this.folder, "platforms", this.stack.replace(/^test-|-ssh$/g, ""));
  }

  override get settings(): string {
    return path.join(this.place, `Pulumi.${this.stack}.yaml`);
  }

  /** Runs a command that has to succeed, with the small images. */
  async succeed(command: "up" | "preview" | "down", ...args: string[]): Promise<string> {
    const small = command === "down" ? [] : ["--stand-ins"];
    const { status, output }: Run = await this.run(command, [...small, ...args]);
    expect(status, output).toBe(0);
    return output;
  }

  /** Ids of the running tasks of a platform, by the key of their service. */
  async tasksByKey(platform: string): Promise<{ readonly [key: string]: readonly string[] }> {
    const found: { [key: string]: string[] } = {};
    for (const { service, id } of await this.tasks()) {
      if (!service.startsWith(`${platform}_`)) continue;
      const key = service.slice(platform.length + 1);
      found[key] = [...(found[key] ?? []), id].sort();
    }
    return found;
  }

  /** Names of all services of the swarm. */
  async services(): Promise<readonly string[]> {
    const listed = await this.docker("service", "ls", "--format", "{{.Name}}");
    return listed
      .trim()
      .split("\n")
      .filter((name) => name !== "")
      .sort();
  }
}

/** The address that `up` ends with, and another port of the same environment. */
export function addresses(output: string, published: number): (port: number) => string {
  const [, open] = /Open http:\/\/127\.0\.0\.1:(\d+)/.exec(output) ?? [];
  if (open === undefined) throw new Error(`no address in: ${output}`);
  const offset = Number(open) - published;
  return (port) => `http://127.0.0.1:${port + offset}`;
}

/** Asks until an answer satisfies a condition, for a minute. */
export async function eventually<T>(
  ask: () => Promise<T>,
  wanted: (answer: T) => boolean,
): Promise<T> {
  const until = Date.now() + 60_000;
  for (;;) {
    const answer = await ask().catch((error: unknown) => error);
    if (!(answer instanceof Error) && wanted(answer as T)) return answer as T;
    if (Date.now() > until) throw new Error(`not within a minute: ${JSON.stringify(answer)}`);
    await sleep(500);
  }
}

/** What an address answers, as JSON. */
export async function json(url: string, init?: RequestInit): Promise<Record<string, unknown>> {
  return (await (await fetch(url, init)).json()) as Record<string, unknown>;
}
