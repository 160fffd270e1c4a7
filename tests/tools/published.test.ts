import { expect, test } from "vitest";
import type { Endpoint } from "../../components/engine/endpoints";
import type { NodeDescription } from "../../components/model/placement/constraints";
import { judgeAll } from "../../components/observe/converge";
import type { SwarmView } from "../../components/observe/swarm";
import { completeOutputs } from "../../tools/report/outputs";
import { atTheirNodes } from "../../tools/report/published";

const template = { ContainerSpec: { Image: "app:1" } };

const node = (id: string): NodeDescription => ({
  ...{ id, hostname: `node${id}`, state: "ready", role: "worker", labels: {}, engineLabels: {} },
  address: `10.0.0.${id}`,
});

/** Three nodes; tasks of `web`, which publishes its port 80, run on some of them. */
function swarm(mode: "host" | "ingress", on: readonly string[]) {
  const Ports = [{ Protocol: "tcp", TargetPort: 80, PublishedPort: 8000, PublishMode: mode }];
  const Mode = { Replicated: { Replicas: on.length } };
  const Spec = { Name: "web", TaskTemplate: template, Mode, EndpointSpec: { Mode: "vip", Ports } };
  const view: SwarmView = {
    services: new Map([["web", { ID: "s", Version: { Index: 1 }, Spec }]]),
    tasks: on.map((id, index) => ({
      ...{ ID: `t${id}`, ServiceID: "s", NodeID: id, Slot: index + 1, Spec: template },
      ...{ DesiredState: "running", Status: { State: "running" } },
    })),
    nodes: ["1", "2", "3"].map(node),
  };
  return { view, verdicts: judgeAll(["web"], view, 0) };
}

const endpoints = ["1", "2", "3"].map(
  (id) => ({ name: `node${id}`, host: `203.0.113.${id}` }) as Endpoint,
);

/** Addresses as the program and the report have them. */
function moved(host: string, mode: "host" | "ingress", on: readonly string[]) {
  const url = `http://${host}:8000/start`;
  const outputs = { urls: { "web:80": url, "api:80": "http://other/" }, pages: { app: url } };
  const { urls, pages } = atTheirNodes(completeOutputs({ ...outputs, endpoints }), swarm(mode, on));
  expect(urls["api:80"]).toBe("http://other/");
  expect(urls["web:80"]).toBe(pages.app);
  return pages.app;
}

test("a port in mode host is named at a node that runs a task", () => {
  expect(moved("203.0.113.1", "host", ["3"])).toBe("http://203.0.113.3:8000/start");
});

test("where the named node runs one, it stays", () => {
  expect(moved("203.0.113.3", "host", ["2", "3"])).toBe("http://203.0.113.3:8000/start");
});

test("every node answers for ingress, and the entry of this machine for all", () => {
  expect(moved("203.0.113.1", "ingress", ["3"])).toBe("http://203.0.113.1:8000/start");
  expect(moved("127.0.0.1", "host", ["3"])).toBe("http://127.0.0.1:8000/start");
});

test("while no task runs, the address is the program's", () => {
  expect(moved("203.0.113.1", "host", [])).toBe("http://203.0.113.1:8000/start");
});
