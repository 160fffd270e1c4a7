import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "vitest";
import type { Yard } from "../e2e/yard";
import { small } from "./small";

/** Expects that nothing of the environment is left here. */
export function expectNothing(yard: Yard): void {
  expect(yard.left()).toEqual([]);
}

/** Expects one of each of what {@link small} names, here and on the swarm, as the program says; `said` is shown where it is not so. */
export async function expectWhole(yard: Yard, said = ""): Promise<void> {
  const here = Object.keys(yard.machines()).map((name) => name.split("-").slice(-2).join("-"));
  const own = [...small.hosts, `${yard.stack}-registry`].sort();
  expect(here.sort(), said).toEqual(own);
  expect(yard.here("network", "ls", "-q")).toHaveLength(1);
  expect(yard.here("volume", "ls", "-q").length).toBeGreaterThanOrEqual(small.hosts.length + 1);
  const list = async (kind: string, field: string) =>
    (await yard.docker(kind, "ls", "--format", `{{.${field}}}`)).trim().split("\n").sort();
  const withoutHash = (name: string) => name.replace(/-[0-9a-f]{12}$/, "");
  const nodes = await list("node", "Hostname");
  expect(nodes.map((name) => name.split("-").slice(-2).join("-"))).toEqual([...small.hosts]);
  expect(await list("service", "Name"), said).toEqual([...small.services]);
  expect((await list("secret", "Name")).map(withoutHash), said).toEqual([...small.secrets]);
  expect((await list("config", "Name")).map(withoutHash), said).toEqual([...small.configs]);
  const networks = (await list("network", "Name")).filter((name) => name.startsWith("small_"));
  expect(networks).toEqual([...small.networks]);
  const { status, output } = await yard.run("preview", ["--refresh", "--expect-no-changes"]);
  expect(status, output).toBe(0);
  expectUnlocked(yard);
}

/** Expects that neither a lock nor an operation under way is in the state. */
export function expectUnlocked(yard: Yard): void {
  const locks = path.join(
    yard.environment.SWARMYARD_STATE ?? "",
    yard.stack,
    "backend/.pulumi/locks",
  );
  const files = fs.existsSync(locks)
    ? fs.readdirSync(locks, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    : [];
  expect(files.map(({ name }) => name)).toEqual([]);
  const { pending_operations: pending } = JSON.parse(yard.stateText()).checkpoint.latest;
  expect(pending ?? []).toEqual([]);
}
