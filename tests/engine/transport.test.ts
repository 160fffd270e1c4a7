import { existsSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { NoManagerError } from "../../components/engine/managers";
import { agentOver, connect, type Transport } from "../../components/engine/transport";
import { makeKeyPair } from "../../components/provider/key";
import { engineOf, startHost, type TestHost } from "./ssh-host";

const MANAGER = { LocalNodeState: "active", ControlAvailable: true };
const OUTSIDE = { LocalNodeState: "inactive", ControlAvailable: false };
const open: { stop(): void }[] = [];

async function host(name: string, swarm: object, accept = true): Promise<TestHost> {
  const started = await startHost(name, engineOf(name, swarm), accept);
  open.push(started);
  return started;
}

function over(...hosts: readonly Pick<TestHost, "endpoint">[]): Transport {
  const transport = connect(hosts.map(({ endpoint }) => endpoint));
  open.push({ stop: () => transport.close() });
  return transport;
}

async function answerer(transport: Transport): Promise<string> {
  const docker = await transport.manager();
  return (await docker.version()).Version;
}

afterEach(() => {
  for (const thing of open.splice(0).reverse()) {
    thing.stop();
  }
});

describe("manager", () => {
  test("is the one that speaks for the swarm, over one connection for many requests", async () => {
    const good = await host("good", MANAGER);
    const transport = over(await host("out", OUTSIDE), good);
    const names = await Promise.all(Array.from({ length: 50 }, () => answerer(transport)));
    expect(new Set(names)).toEqual(new Set(["good"]));
    expect(good.logins()).toBe(1);
  });

  test("costs no text of all that is open with every request", async () => {
    const agent = agentOver(async () => new PassThrough());
    const asked = Array.from({ length: 20 }, () => request({ agent, host: "docker" }));
    for (const one of asked) one.on("error", () => undefined).end();
    await new Promise((resolve) => setTimeout(resolve, 10));
    // As docker-modem does with the options of each request.
    const text = inspect({ agent }, { showHidden: true, depth: null });
    for (const one of asked) one.destroy();
    expect(text.length).toBeLessThan(200);
  });

  test("is a different one when the first fails", async () => {
    const hosts = new Map([
      ["a", await host("a", MANAGER)],
      ["b", await host("b", MANAGER)],
    ]);
    const transport = over(...hosts.values());
    const first = await answerer(transport);
    hosts.get(first)?.stop();
    expect(await answerer(transport)).toBe(first === "a" ? "b" : "a");
  });

  test("is not found at a host with another key than the pinned one", async () => {
    const { endpoint, logins } = await host("m0", MANAGER);
    const { publicKey } = makeKeyPair();
    const transport = over({ endpoint: { ...endpoint, hostKey: publicKey } });
    await expect(transport.manager()).rejects.toThrow(/m0 .*host key does not match the pinned/);
    expect(logins()).toBe(0);
  });

  test("is not waited for at a host that hangs", { timeout: 60_000 }, async () => {
    const transport = over(await host("hangs", MANAGER, false));
    await expect(transport.manager()).rejects.toThrow(/hangs .*took too long/);
    const both = over(await host("hangs", MANAGER, false), await host("good", MANAGER));
    expect(await answerer(both)).toBe("good");
  });
});

describe("no manager", () => {
  test("is explained with a reason for each endpoint", async () => {
    const out = await host("out", OUTSIDE);
    const worker = await host("worker", { LocalNodeState: "active", ControlAvailable: false });
    const gone = await host("gone", MANAGER);
    gone.stop();
    const failure = await over(out, worker, gone)
      .manager()
      .catch((error) => error);
    expect(failure).toBeInstanceOf(NoManagerError);
    expect(failure.outside).toBe(false);
    expect(failure.message).toMatch(
      /out \(root@127\.0\.0\.1:\d+\): its Docker engine answers but is not in a swarm/,
    );
    expect(failure.message).toMatch(/worker .*is a worker/);
    expect(failure.message).toMatch(/gone .*ECONNREFUSED/);
  });

  test("is known to be gone only when every manager says so", async () => {
    const failure = await over(await host("a", OUTSIDE), await host("b", OUTSIDE))
      .manager()
      .catch((error) => error);
    expect(failure.outside).toBe(true);
    expect(
      (
        await over()
          .manager()
          .catch((error) => error)
      ).outside,
    ).toBe(false);
  });
});

describe("node", () => {
  test("is the Docker engine of that host", async () => {
    const transport = over(await host("a", OUTSIDE), await host("b", OUTSIDE));
    expect((await (await transport.node("b")).version()).Version).toBe("b");
    await expect(transport.node("c")).rejects.toThrow(/no host c .* there are a, b/);
  });

  test("is named when it does not answer", async () => {
    const gone = await host("gone", OUTSIDE);
    gone.stop();
    await expect(over(gone).node("gone")).rejects.toThrow(/engine of gone .*ECONNREFUSED/);
  });
});

describe("forwardSocket", () => {
  test("serves a manager's engine to this user alone, until closed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "swarmyard-socket-"));
    const socketPath = join(folder, "docker.sock");
    const close = await over(await host("m0", MANAGER)).forwardSocket(socketPath);
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
    const body = await new Promise<string>((resolve, reject) => {
      const sent = request({ socketPath, path: "/info" }, (response) => {
        response.once("data", (chunk: Buffer) => resolve(chunk.toString()));
      });
      sent.once("error", reject).end();
    });
    expect(JSON.parse(body).Name).toBe("m0");
    await close();
    expect(existsSync(socketPath)).toBe(false);
    await rm(folder, { recursive: true });
  });
});
