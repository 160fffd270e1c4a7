import { PassThrough } from "node:stream";
import { describe, expect, test, vi } from "vitest";
import type { KindContext } from "../../../components/provider/context";
import { rolloutKind } from "../../../components/provider/service/rollout";
import { contextWith } from "./stub-context";

describe("a rollout whose services publish ports", () => {
  const spec = {
    Name: "yard_web",
    TaskTemplate: {},
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: {
      Mode: "dnsrr",
      Ports: [{ Protocol: "tcp", TargetPort: 80, PublishedPort: 8080, PublishMode: "host" }],
    },
  };
  const swarm = {
    "/services": [{ ID: "s", Version: { Index: 1 }, Spec: spec }],
    "/tasks": [
      {
        ...{ ID: "t", ServiceID: "s", NodeID: "n", Slot: 1, Spec: {}, DesiredState: "running" },
        Status: { State: "running", Timestamp: "2026-01-01T00:00:00Z" },
      },
    ],
    "/nodes": [
      {
        ...{ ID: "n", CreatedAt: "", Version: { Index: 1 }, Description: { Hostname: "vm-0" } },
        ...{ Spec: { Role: "worker" }, Status: { State: "ready", Addr: "10.0.0.1" } },
      },
    ],
  };
  const context = (answers: boolean): KindContext => ({
    ...contextWith(swarm),
    nodes: ["vm-0"],
    dial: async () => (answers ? new PassThrough() : Promise.reject(new Error("refused"))),
    run: async () => "0: 00000000:0BB8 00000000:0000 0A",
  });
  const checked = (quietPorts?: number[]) =>
    rolloutKind.check(
      {
        services: { web: { name: "yard_web", revision: "1" } },
        ...{ timeout: "1s", steady: "0s", ...(quietPorts && { quietPorts }) },
      },
      undefined,
      { urn: "u", salt: "salt" },
    ).inputs as never;

  test("ends well when they answer, or need not", async () => {
    const made = await rolloutKind.create(checked(), context(true));
    expect(made.problems).toEqual([]);
    expect(made.state).not.toHaveProperty("notRunning");
    expect((await rolloutKind.create(checked([8080]), context(false))).problems).toEqual([]);
  });

  test("fails when they do not, and waits again with the next up", async () => {
    vi.useFakeTimers();
    const making = rolloutKind.create(checked(), context(false));
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    const { id, state, problems } = await making;
    expect(problems?.[0]).toContain(
      "service yard_web runs, but its published port 8080 does not answer:\n  vm-0:8080: it refuses connections",
    );
    expect(state.notRunning).toEqual(["yard_web"]);
    const old = { id, inputs: checked(), state };
    expect(rolloutKind.diff(old, checked()).map(({ path }) => path)).toEqual(["notRunning"]);
    expect((await rolloutKind.read(id, old, context(false)))?.state.notRunning).toEqual([
      "yard_web",
    ]);
    const well = await rolloutKind.read(id, old, context(true));
    expect(well?.state).not.toHaveProperty("notRunning");
  });
});
