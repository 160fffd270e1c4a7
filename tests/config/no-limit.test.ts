import { expect, test } from "vitest";
import { normalise } from "../../components/model/service/normalise";
import { serviceOf } from "../compose/read";
import { readChanged } from "./yard";

// Docker takes 0 as no limit, and as nothing reserved, on the command line and in compose files.
const ZERO = [0, "0", "0B"] as const;

const none = { limits: { cpus: 0, memory: "0" }, reservations: { cpus: 0, memory: "0" } };

/** What the service of a platform sends to swarm. */
function sent(resources: object | undefined, values = {}) {
  const spec = { services: { web: { resources } } };
  const { environment, problems } = readChanged({ spec, values });
  expect(problems).toEqual([]);
  const web = environment?.platforms[0]?.plan.services.web;
  return normalise({ name: "app_web", image: "a", resources: web?.resources }).resources;
}

test.each(ZERO)("memory of %j in a platform is none", (memory) => {
  const resources = { limits: { memory, cpus: 0, pids: 10 }, reservations: { memory, cpus: 0 } };
  expect(sent(resources)).toEqual({ limits: { pids: 10 } });
});

test.each(ZERO)("memory of %j in an environment file takes a limit away", (memory) => {
  const resources = { limits: { cpus: 2, memory: "1GiB" }, reservations: { memory: "64MiB" } };
  const less = { limits: { cpus: 0, memory }, reservations: { memory } };
  const values = { platforms: { app: { services: { web: { resources: less } } } } };
  expect(sent(resources, values)).toBeUndefined();
});

test.each([0, "'0'", "0B", "0.0"])("%s in a compose file is none", (zero) => {
  const cpus = zero === "0B" ? 0 : zero;
  const part = `{ cpus: ${cpus}, memory: ${zero === "0.0" ? 0 : zero} }`;
  const deploy = `deploy: { resources: { limits: ${part}, reservations: ${part} } }`;
  expect(serviceOf(deploy)).toEqual({});
  // `docker stack deploy` looks at `deploy` alone.
  expect(serviceOf(`${deploy}\ncpus: 2\nmem_limit: 1g\nmem_reservation: 1g`)).toEqual({});
});

test("0 changes nothing in a service that has no limit", () => {
  const service = { name: "a", image: "a" };
  expect(normalise({ ...service, resources: none })).toEqual(normalise(service));
});

test.each([
  [{ cpus: 0.0005 }, "a number of at least 0.001 such as `0.5`, or 0 for none", "`cpus: 0.5`"],
  [{ cpus: -1 }, "a number of at least 0.001 such as `0.5`, or 0 for none", "`cpus: 0.5`"],
  [
    { memory: "1MiB" },
    "a size such as `512MiB`, with a unit (KiB, MiB, GiB, MB, GB); the smallest is 4MiB, and 0 means no limit",
    "`memory: 512MiB`",
  ],
])("less than swarm takes stays refused: %j", (limits, allowed, fix) => {
  const { problems } = readChanged({ spec: { services: { web: { resources: { limits } } } } });
  expect(problems.map((one) => [one.allowed, one.fix])).toEqual([[allowed, fix]]);
});
