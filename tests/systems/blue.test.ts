import { afterAll, beforeAll, expect, test } from "vitest";
import { addresses, eventually, json, System } from "./system";

let system: System;
let at: (port: number) => string;

const names = {
  platform: ["api", "frontend", "redis", "setup"].map((key) => `blue_platform_default_${key}`),
  agent: "blue_agent_default_openai_openai",
  service: "blue_service_default_openai",
};

beforeAll(() => {
  system = new System("blue");
});
afterAll(() => system.close());

/** What the Docker engine has of a service, as the template says. */
async function inspected(service: string, template: string): Promise<unknown> {
  const format = `{{json ${template}}}`;
  return JSON.parse(await system.docker("service", "inspect", service, "--format", format));
}

/** Ids of the tasks of a service. */
async function tasks(service: string): Promise<readonly string[]> {
  return (await system.tasks(service)).map(({ id }) => id).sort();
}

/** Lets blue's API create an agent, with the image of the one that is deployed. */
async function createAgent(name: string): Promise<string> {
  const image = await inspected(names.agent, ".Spec.TaskTemplate.ContainerSpec.Image");
  const body = JSON.stringify({ image, properties: { model: "gpt-4o", note: 'with "quotes"' } });
  const made = await json(`${at(5050)}/agents/${name}`, { method: "POST", body });
  expect(made).toEqual({ id: expect.stringMatching(/^[a-z0-9]{25}$/) });
  return String(made.id);
}

test("one command brings the platform, an agent and a service up", async () => {
  at = addresses(await system.succeed("up"), 3000);
  expect(await system.services()).toEqual([names.agent, ...names.platform, names.service].sort());
});

test("each runs on the nodes of its target", async () => {
  const places = (await system.tasks()).map(
    ({ service, node }) => `${service} ${node.split("-").at(-2)}`,
  );
  expect(places.sort()).toEqual([
    `${names.agent} agent`,
    "blue_platform_default_api platform",
    "blue_platform_default_frontend platform",
    "blue_platform_default_redis db",
    `${names.service} service`,
  ]);
});

test("the API started after setup had filled the volume, and reaches the database by its hostname", async () => {
  expect(await json(at(5050))).toMatchObject({
    platform: "default",
    redis: "+PONG",
    rules: 2,
    model: true,
  });
});

test("the page and the service answer, with their environment and what they reach", async () => {
  const ready = ({ ready }: Record<string, unknown>) => ready === true;
  expect(await eventually(() => json(at(3000)), ready)).toMatchObject({
    hostname: "blue_platform_frontend",
    reaches: ["blue_platform_api:5050"],
  });
  expect(await eventually(() => json(at(8001)), ready)).toMatchObject({
    hostname: "blue_service_OPENAI",
    arguments: ["--name", "OPENAI", "--platform", "default", "--properties", "{}"],
  });
});

test("names, labels, mounts and networks are what blue's API relies on", async () => {
  const container = ".Spec.TaskTemplate.ContainerSpec";
  expect(await inspected("blue_platform_default_redis", container)).toMatchObject({
    Hostname: "blue_db_redis",
    Labels: { "blue.platform": "default.redis" },
    Mounts: [{ Type: "volume", Source: "blue_default_data", Target: "/blue_data" }],
  });
  expect(await inspected(names.agent, container)).toMatchObject({
    Hostname: "blue_agent_default_OPENAI",
    Labels: { "blue.agent": "default.default.OPENAI" },
    Args: ["--serve", "OPENAI", "--properties", "{}"],
  });
  const networks = await system.docker("network", "ls", "--format", "{{.Name}}");
  expect(networks.split("\n")).toContain("blue_platform_default_network_overlay");
});

test("blue's API reads the hostname and the labels of every service of the swarm", async () => {
  const listed = (await (await fetch(`${at(5050)}/containers`)).json()) as { name: string }[];
  expect(listed.map(({ name }) => name).sort()).toEqual(await system.services());
});

test("an agent that the API creates runs: it finds the network, the volume and the database", async () => {
  const id = await createAgent("WRITER");
  const said = await eventually(
    () => system.docker("service", "logs", "--raw", id),
    (text) => text.includes("ready"),
  );
  expect(said).toContain("blue_db_redis:6379");
  expect(said).toContain("/blue_data/config/rbac/policy.csv");
  expect(await inspected(id, ".Spec.TaskTemplate.ContainerSpec")).toMatchObject({
    Hostname: "blue_agent_default_WRITER",
    Labels: { "blue.agent": "default.default.WRITER" },
  });
});

test("the same up again changes nothing, and leaves the agent alone", async () => {
  const before = await system.services();
  await system.succeed("preview", "--expect-no-changes");
  await system.succeed("up", "--expect-no-changes");
  expect(await system.services()).toEqual(before);
});

test("ten agents: the first one keeps running, and so does the platform", async () => {
  const [one, api] = [await tasks(names.agent), await tasks("blue_platform_default_api")];
  const platforms = ["swarmyard:platforms", "blue_agent_default_openai"];
  system.set([...platforms, "services"], { openai: { replicas: 10 } });
  await system.succeed("up");
  const ten = await tasks(names.agent);
  expect(ten).toHaveLength(10);
  expect(ten).toEqual(expect.arrayContaining([...one]));
  expect(await tasks("blue_platform_default_api")).toEqual(api);
  system.set([...platforms, "services"], undefined);
});

test("a new version rolls out what has it, and not the database", async () => {
  const redis = await tasks("blue_platform_default_redis");
  const api = await tasks("blue_platform_default_api");
  const variables = ["swarmyard:platforms", "blue_platform_default", "variables"];
  system.set(variables, { BLUE_DEPLOY_VERSION: "v1.0" });
  await system.succeed("up");
  expect(await tasks("blue_platform_default_redis")).toEqual(redis);
  expect(await json(at(5050))).toMatchObject({ tag: "v1.0" });
  expect(await tasks("blue_platform_default_api")).not.toEqual(api);
});

test("removing the platforms removes the agent that the API created, and the network", async () => {
  system.set(["swarmyard:platforms"], {});
  await system.succeed("up");
  expect(await system.services()).toEqual([]);
  const networks = await system.docker("network", "ls", "--format", "{{.Name}}");
  expect(networks).not.toContain("blue_platform");
});

test("down leaves nothing", async () => {
  await system.succeed("down");
  expect(system.left()).toEqual([]);
});
