import { expect, test } from "vitest";
import { requireEngine } from "../../../components/provider/service/engine-version";
import { contextWith } from "./stub-context";

const withEngine = (Version: string, ApiVersion: string, nodes: readonly object[] = []) =>
  contextWith({ "/version": { Version, ApiVersion }, "/nodes": nodes });
const service = { name: "web", image: "web:1" };
const watched = { ...service, healthcheck: { test: ["CMD", "true"], startInterval: "1s" } };

test("a field that the Docker engine would drop is refused, with a fix", async () => {
  await expect(requireEngine(watched, withEngine("20.10.24", "1.41"))).rejects.toThrow(
    "healthcheck.startInterval needs Docker engine 25 or newer, and the manager has 20.10.24: leave it out, or upgrade the Docker engines",
  );
});

test("a job is refused where swarm would make a service of it", async () => {
  const job = { ...service, mode: "replicated-job" } as const;
  await expect(requireEngine(job, withEngine("19.03.15", "1.40"))).rejects.toThrow(
    "mode needs Docker engine 20.10 or newer, and the manager has 19.03.15",
  );
  await expect(requireEngine(job, withEngine("20.10.24", "1.41"))).resolves.toBeUndefined();
});

test("a newer Docker engine accepts it, and its version is not read where nothing new is used", async () => {
  await expect(requireEngine(watched, withEngine("25.0.3", "1.44"))).resolves.toBeUndefined();
  const silent = { ...contextWith({}), manager: () => Promise.reject(new Error("asked")) };
  await expect(requireEngine(service, silent)).resolves.toBeUndefined();
});

test("a field that a node would drop is refused, unless no task of the service can run there", async () => {
  const node = (name: string, version: string, zone: string) => ({
    ID: name,
    Spec: { Role: "worker", Availability: "active", Labels: { zone } },
    Description: { Hostname: name, Engine: { EngineVersion: version } },
    Status: { State: "ready" },
  });
  const nodes = [node("new-0", "26.1.5+dfsg1", "a"), node("old-0", "20.10.24+dfsg1", "b")];
  const mixed = withEngine("26.1.5", "1.45", nodes);
  await expect(requireEngine(watched, mixed)).rejects.toThrow(
    "healthcheck.startInterval needs Docker engine 25 or newer, and the node old-0 has 20.10.24+dfsg1: leave it out, " +
      "upgrade that Docker engine, or keep the service off the node with a constraint",
  );
  const there = (zone: string) => ({
    ...watched,
    placement: { constraints: [`node.labels.zone == ${zone}`] },
  });
  await expect(requireEngine(there("a"), mixed)).resolves.toBeUndefined();
  await expect(requireEngine(there("b"), mixed)).rejects.toThrow("the node old-0 has");
  // 20.10 is the first one with jobs, and no number less than 20.1.
  const job = { ...service, mode: "replicated-job" } as const;
  await expect(requireEngine(job, mixed)).resolves.toBeUndefined();
});
