import { createServer as createPage } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NodeDescription } from "../../components/model/placement/constraints";
import type { ObserveContext } from "../../components/observe/context";
import { judgeAll } from "../../components/observe/converge";
import type { SwarmView } from "../../components/observe/swarm";
import { tryAddresses } from "../../tools/report/answers";

const template = { ContainerSpec: { Image: "app:1" } };
const ports = { page: 0, mute: 0, closing: 0 };
const stops: (() => void)[] = [];

beforeAll(async () => {
  const page = createPage((_, response) => response.writeHead(503).end());
  const servers = {
    page,
    mute: createServer((socket) => socket.on("error", () => {}).on("data", () => socket.end())),
    closing: createServer((socket) => socket.destroy()),
  };
  for (const [name, server] of Object.entries(servers)) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ports[name as keyof typeof ports] = (server.address() as AddressInfo).port;
    stops.push(() => server.close());
  }
});
afterAll(() => {
  for (const stop of stops) stop();
});

const node: NodeDescription = {
  ...{ id: "1", hostname: "a", state: "ready", role: "worker", labels: {}, engineLabels: {} },
  address: "10.0.0.1",
};

/** A swarm in which a task of `web` runs, which publishes its port 80. */
function swarm() {
  const Ports = [
    { Protocol: "tcp", TargetPort: 80, PublishedPort: 8080, PublishMode: "host" },
    { Protocol: "tcp", TargetPort: 81, PublishedPort: 8081, PublishMode: "host" },
  ];
  const Spec = { Name: "web", TaskTemplate: template, EndpointSpec: { Mode: "dnsrr", Ports } };
  const view: SwarmView = {
    services: new Map([["web", { ID: "s", Version: { Index: 1 }, Spec }]]),
    tasks: [
      {
        ...{ ID: "t", ServiceID: "s", NodeID: "1", Slot: 1, Spec: template },
        ...{ DesiredState: "running", Status: { State: "running" } },
      },
    ],
    nodes: [node],
  };
  return { view, verdicts: judgeAll(["web"], view, 0) };
}

/** The swarm's node answers, or not. */
function context(answers: boolean): ObserveContext {
  return {
    ...{ stack: "dev", signal: new AbortController().signal, log: () => {}, nodes: ["a"] },
    dial: async () => (answers ? new PassThrough() : Promise.reject(new Error("refused"))),
  } as unknown as ObserveContext;
}

const urls = (port: number, host = "127.0.0.1") => ({ "web:80": `http://${host}:${port}/` });

async function tried(
  port: number,
  { isPage = false, answers = true, quiet = [] as string[], host = "127.0.0.1" } = {},
) {
  const all = urls(port, host);
  const pages: { [platform: string]: string } = isPage ? { app: all["web:80"] } : {};
  const outputs = { urls: all, pages, quiet };
  return await tryAddresses(outputs, swarm(), context(answers), 0);
}

const nothing = { problems: [], notes: [] };

test("a port that holds a connection is well, and so is a page with any answer", async () => {
  expect(await tried(ports.mute)).toEqual(nothing);
  expect(await tried(ports.page, { isPage: true })).toEqual(nothing);
});

test("a page that gives no answer is not, nor a port that hangs up", async () => {
  const silent = await tried(ports.mute, { isPage: true });
  expect(silent.notes).toEqual([]);
  expect(silent.problems).toHaveLength(1);
  expect(silent.problems[0]).toContain(
    `http://127.0.0.1:${ports.mute}/ does not answer (it gives no answer to HTTP`,
  );
  const hungUp = await tried(ports.closing);
  expect(hungUp.problems[0]).toBe(
    `http://127.0.0.1:${ports.closing}/ does not answer (it closes connections at once), although its nodes do.\n` +
      "  what to do: docker ps --filter label=swarmyard.kind=entry, then docker restart of the one of dev",
  );
});

test("where its nodes do not answer either, they say why", async () => {
  const { problems } = await tried(ports.closing, { answers: false });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain("service web runs, but its published port 8080 does not answer:");
});

test("an address outside this machine that its nodes answer for is only noted", async () => {
  const { problems, notes } = await tried(ports.closing, { host: "127.0.0.2" });
  expect(problems).toEqual([]);
  expect(notes[0]).toContain("answers on its nodes, but not to this machine");
});

test("quiet ports, and those of services that do not run, are not tried", async () => {
  expect(await tried(ports.closing, { quiet: ["web:80"] })).toEqual(nothing);
  const outputs = { urls: { "gone:80": "http://127.0.0.1:1/" }, pages: {}, quiet: [] };
  expect(await tryAddresses(outputs, swarm(), context(true), 0)).toEqual(nothing);
});
