import { expect, test } from "vitest";
import { parse } from "yaml";
import { planFor } from "../plan";
import { secretName, stackFile } from "../stack-file";
import { secretUsers, stepsOf } from "../steps";
import { namesOf } from "../subjects/peer";

const size = { services: 12, nodes: 4 };

test("each step changes one thing of the one before", () => {
  const steps = stepsOf(size);
  const changes = steps.slice(1).map(({ variation }, index) => {
    const before = steps[index]?.variation as typeof variation;
    return Object.keys(variation).filter(
      (key) => variation[key as keyof typeof variation] !== before[key as keyof typeof variation],
    );
  });
  expect(changes).toEqual([[], ["version"], [], ["replicas"], ["secret"], []]);
});

test("an update replaces each task once, a scale none, a rotation those that read the secret", () => {
  const least = Object.fromEntries(stepsOf(size).map((step) => [step.name, step.leastReplaced]));
  expect(least).toMatchObject({
    "no change": 0,
    "update all": 12,
    "scale all": 0,
    "rotate a secret": 6,
  });
  expect(secretUsers(size)).toBe(3);
});

test("the stack file has what ours has: replicas, the variable, the secret for one of five", () => {
  const variation = { ...size, replicas: 2, version: "7", secret: "s" };
  const { services, secrets } = parse(stackFile("registry:5000/x", variation));
  expect(Object.keys(services)).toHaveLength(12);
  const users = Object.keys(services).filter((key) => services[key].secrets !== undefined);
  expect(users).toEqual(["s0", "s5", "s10"]);
  expect(services.s1).toMatchObject({ environment: { VERSION: "7" }, deploy: { replicas: 2 } });
  expect(secrets.token.name).toBe(secretName("s"));
  expect(secretName("t")).not.toBe(secretName("s"));
});

test("peers have networks and ports of their own, a machine for each node", () => {
  const prepared = {
    images: { node: "n", registry: "r", app: "a" },
    daemon: "{}",
    missingCapabilities: [],
    pulumi: { command: "pulumi", home: "/home" },
  };
  const plans = (["script", "docker", "ansible"] as const).map((peer) =>
    planFor(peer, { services: 5, nodes: 16 }, prepared),
  );
  expect(plans.map(({ hosts }) => hosts.length)).toEqual([16, 16, 16]);
  const ports = plans.flatMap((plan) => [plan.registryPort, ...plan.hosts.map((h) => h.port)]);
  expect(new Set(ports).size).toBe(51);
  expect(new Set(plans.map(({ subnet }) => subnet)).size).toBe(3);
});

test("a sweep takes exactly the names that a plan gives, whatever else begins the same", () => {
  const plan = planFor("docker", size, {
    images: { node: "", registry: "", app: "" },
    daemon: "",
    missingCapabilities: [],
    pulumi: { command: "", home: "" },
  });
  const pattern = new RegExp(namesOf(plan.name));
  const own = [plan.name, `${plan.name}-registry`, ...plan.hosts.map(({ name }) => name)];
  expect(own.filter((name) => !pattern.test(name))).toEqual([]);
  const others = [
    "bench-dockerhub",
    "bench-docker-cache",
    "my-bench-docker-0",
    "bench-docker-0-old",
  ];
  expect(others.filter((name) => pattern.test(name))).toEqual([]);
});
