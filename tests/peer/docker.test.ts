import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { obstacle, Peer, type PeerStack } from "./peer";

// These tests are the reasons for a provider of our own. A failing test means that
// @pulumi/docker has changed, not that something is broken.

const IMAGE = "debian:13-slim";
const reason = obstacle();
const minutes = 60_000;

let peer: Peer;

/** Expects the peer's behavior unchanged; the sentence says what to do when it is gone. */
function stillSo(observed: boolean, now: string, kind: string): void {
  expect(observed, `@pulumi/docker now ${now}; ${kind} can go back to it`).toBe(true);
}

/** Four variables: with one alone there is only one order to send them in. */
const FOUR = { A: "1", B: "2", C: "3", D: "4" };

interface Wanted {
  readonly name: string;
  readonly replicas?: number;
  readonly env?: { readonly [name: string]: string };
  readonly stopGracePeriod?: string;
  readonly constraint?: string;
  readonly converge?: docker.ServiceArgs["convergeConfig"];
}

function service(wanted: Wanted, opts: pulumi.CustomResourceOptions): docker.Service {
  const { name, replicas = 1, constraint, stopGracePeriod } = wanted;
  return new docker.Service(
    name,
    {
      name,
      mode: { replicated: { replicas } },
      ...(wanted.converge === undefined ? {} : { convergeConfig: wanted.converge }),
      taskSpec: {
        containerSpec: {
          image: IMAGE,
          commands: ["sleep"],
          args: ["3600"],
          ...(wanted.env === undefined ? {} : { env: wanted.env }),
          ...(stopGracePeriod === undefined ? {} : { stopGracePeriod }),
        },
        ...(constraint === undefined ? {} : { placement: { constraints: [constraint] } }),
      },
    },
    opts,
  );
}

async function made(stack: PeerStack): Promise<void> {
  expect(await stack.up()).toBeUndefined();
}

/** Ids of a service's tasks, once its update has ended and this many run. */
async function running(name: string, count: number): Promise<readonly string[]> {
  const ids = () => {
    const format = "{{.ID}} {{.CurrentState}}";
    const filter = ["--filter", "desired-state=running", "--no-trunc", "--format", format];
    const lines = peer.engine.docker("service", "ps", ...filter, name).split("\n");
    return lines
      .filter((line) => line.split(" ")[1] === "Running")
      .map((line) => line.split(" ")[0] ?? "");
  };
  const state = [
    "service",
    "inspect",
    "--format",
    "{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}",
  ];
  const updating = () => peer.engine.docker(...state, name).trim() === "updating";
  await expect
    .poll(() => (updating() ? "updating" : ids().length), { timeout: 2 * minutes, interval: 500 })
    .toBe(count);
  return ids();
}

const suffix = reason === undefined ? "" : ` (skipped: ${reason})`;
describe.skipIf(reason !== undefined)(`plain @pulumi/docker on a swarm${suffix}`, () => {
  beforeAll(async () => {
    peer = await Peer.open(IMAGE);
  }, 5 * minutes);
  afterAll(() => peer?.close());

  test("restarts the tasks of a service that is only scaled", {
    timeout: 5 * minutes,
  }, async () => {
    const program = (replicas: number) => (opts: pulumi.CustomResourceOptions) =>
      void service({ name: "scaled", replicas, env: FOUR }, opts);
    const stack = await peer.stack("scaled", program(1));
    await made(stack);
    let before = await running("scaled", 1);
    let restarted = false;
    // The order of the variables is random: sometimes it is the same as before.
    for (let replicas = 2; replicas <= 9 && !restarted; replicas += 1) {
      expect(await stack.up(program(replicas))).toBeUndefined();
      const after = await running("scaled", replicas);
      restarted = before.some((id) => !after.includes(id));
      before = after;
    }
    stillSo(restarted, "keeps the tasks of a service that is scaled", "Service");
  });

  test("replaces a network with options on every run", async () => {
    const stack = await peer.stack("network", (opts) => {
      const options = { "com.docker.network.driver.mtu": "1400" };
      new docker.Network("options", { name: "options", driver: "overlay", options }, opts);
    });
    await made(stack);
    const { replace = 0 } = await stack.preview();
    stillSo(replace > 0, "leaves a network with options as it is", "Network");
  });

  test("replaces a network with a subnet after a refresh", async () => {
    const stack = await peer.stack("subnet", (opts) => {
      const ipamConfigs = [{ subnet: "10.66.1.0/24" }];
      new docker.Network("subnet", { name: "subnet", driver: "overlay", ipamConfigs }, opts);
    });
    await made(stack);
    await stack.refresh();
    const { replace = 0 } = await stack.preview();
    stillSo(replace > 0, "leaves a network with a subnet as it is after a refresh", "Network");
  });

  test("plans to forget what it cannot see when the manager goes away", async () => {
    const stack = await peer.stack("gone", (opts) => {
      new docker.Network("kept", { name: "kept", driver: "overlay" }, opts);
      new docker.Secret("kept", { name: "kept", data: "a2VwdA==" }, opts);
      new docker.ServiceConfig("kept", { name: "kept", data: "a2VwdA==" }, opts);
    });
    await made(stack);
    peer.gate.open = false;
    const steps = await stack.refreshPreview();
    peer.gate.open = true;
    const forgotten = steps?.delete ?? 0;
    stillSo(forgotten > 0, "tells gone from unreachable", "Network, Secret or Config");
    expect(peer.engine.docker("secret", "ls", "--format", "{{.Name}}")).toContain("kept");
  });

  test("deletes a service that does not converge, and its reason with it", async () => {
    const converge = { delay: "1s", timeout: "6s" };
    const wanted = { name: "nowhere", constraint: "node.labels.none == true", converge };
    const stack = await peer.stack("nowhere", (opts) => void service(wanted, opts));
    const shown = (await stack.up()) ?? "";
    expect(shown).toContain("nowhere");
    stillSo(!shown.includes("no suitable node"), "says why a service does not converge", "Service");
    const left = peer.engine.docker("service", "ls", "--format", "{{.Name}}");
    stillSo(!left.includes("nowhere"), "keeps a service that does not converge", "Service");
  });

  test("shows a change forever for a duration that is not in its shortest form", async () => {
    const wanted = { name: "minute", stopGracePeriod: "60s" };
    const stack = await peer.stack("minute", (opts) => void service(wanted, opts));
    await made(stack);
    await made(stack);
    const { update = 0 } = await stack.preview();
    stillSo(update > 0, "knows that 60s is 1m0s", "Service");
  });
});
