import { describe, expect, test } from "vitest";
import { serviceBody } from "../../../components/model/service/body";
import { observe, sameTasks } from "../../../components/model/service/decode";
import type { ServiceInputs } from "../../../components/model/service/inputs";
import { normalise } from "../../../components/model/service/normalise";
import type { Resolved } from "../../../components/model/service/resolved";
import { UNKNOWN } from "../../../components/model/values";
import { asEngine } from "./engine-defaults";
import { everyField } from "./every-field";

const digest = `sha256:${"a".repeat(64)}`;

/** Every name resolves to `id-<name>`. */
function resolve(inputs: ServiceInputs, extra: Partial<Resolved> = {}): Resolved {
  const ids = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, `id-${name}`]));
  return {
    image: inputs.image,
    networks: ids(Object.values(inputs.networks ?? {}).map(({ name }) => name)),
    secrets: ids(Object.values(inputs.secrets ?? {}).map(({ source }) => source)),
    configs: ids(Object.values(inputs.configs ?? {}).map(({ source }) => source)),
    labels: { "swarmyard.stack": "p/s", "swarmyard.urn": "u" },
    ...extra,
  };
}

function roundTrip(inputs: ServiceInputs, extra: Partial<Resolved> = {}): ServiceInputs {
  const resolved = resolve(inputs, extra);
  const networks = Object.fromEntries(
    Object.entries(resolved.networks).map(([name, id]) => [id, name]),
  );
  return observe(asEngine(serviceBody(inputs, resolved)), {
    inputs,
    resolvedImage: resolved.image,
    networks,
  });
}

describe("what is read back equals what Check made", () => {
  test("for a service that sets every field", () => {
    const inputs = normalise(everyField as never);
    const { mode: _fallback, ...canonical } = everyField;
    expect(inputs).toEqual(canonical);
    expect(roundTrip(inputs)).toEqual(inputs);
  });

  const minimal = { name: "web", image: "redis:7" };
  const cases = Object.entries(everyField).map(([key, value]) => ({ ...minimal, [key]: value }));
  const variants: object[] = [
    {},
    { mode: "global" },
    { mode: "global-job" },
    { mode: "replicated-job", replicas: 5, maxConcurrent: 2 },
    { mode: "replicated-job" },
    { mode: "replicated-job", replicas: 4, maxConcurrent: 4 },
    { replicas: 0 },
    { init: false },
    { restart: { delay: "0s" } },
    { restart: { condition: "any", delay: "5s", maxAttempts: 0, window: "0s" } },
    { update: { parallelism: 0 } },
    { update: { parallelism: 1, delay: "0s", monitor: "5s", order: "stop-first" } },
    { update: { maxFailureRatio: 0.123456789 } },
    { stopGracePeriod: "10s" },
    { stopGracePeriod: "0s" },
    { stopGracePeriod: "90s" },
    { resources: { reservations: { memory: "1024m" } } },
    { resources: { limits: { cpus: 1 / 3 } } },
    { ports: [{ target: 2 }, { target: 1, published: 0, protocol: "tcp", mode: "ingress" }] },
    { networks: { a: { name: "n", aliases: ["b", "a", "b"] } } },
    { capAdd: ["net_admin", "CAP_CHOWN", "ALL"] },
    { healthcheck: { test: ["NONE"], retries: 0, interval: "0s" } },
    { env: {}, labels: {}, mounts: {}, command: [], placement: {}, dns: { search: [] } },
    { secrets: { a: { source: "b", uid: "0", gid: "0", mode: 0o444 } } },
  ];
  test.each([...cases, ...variants.map((extra) => ({ ...minimal, ...extra }))])("%j", (service) => {
    const inputs = normalise(service);
    expect(normalise(inputs as never)).toEqual(inputs);
    expect(roundTrip(inputs)).toEqual(inputs);
  });
});

test("leaves unknown values in place", () => {
  const inputs = normalise({
    ...everyField,
    image: UNKNOWN,
    env: { A: UNKNOWN, B: "b" },
    ports: UNKNOWN,
    stopGracePeriod: UNKNOWN,
  });
  expect(inputs.image).toBe(UNKNOWN);
  expect(inputs.env).toEqual({ A: UNKNOWN, B: "b" });
  expect(inputs.ports).toBe(UNKNOWN);
  expect(inputs.stopGracePeriod).toBe(UNKNOWN);
});

describe("drift", () => {
  const inputs = normalise(everyField as never);
  const live = asEngine(serviceBody(inputs, resolve(inputs)));
  const known = { inputs, resolvedImage: inputs.image, networks: {} };
  const changed = (change: (spec: Mutable) => void) => {
    const spec = structuredClone(live) as Mutable;
    change(spec);
    return observe(spec, known);
  };
  // biome-ignore lint/suspicious/noExplicitAny: bodies are changed as somebody with curl would.
  type Mutable = any;

  test("is shown field by field", () => {
    expect(
      changed((spec) => {
        spec.TaskTemplate.ContainerSpec.Env.push("C=3");
      }).env,
    ).toEqual({ ...inputs.env, C: "3" });
    expect(
      changed((spec) => {
        spec.Mode.Replicated.Replicas = 7;
      }).replicas,
    ).toBe(7);
    expect(
      changed((spec) => {
        spec.TaskTemplate.ContainerSpec.Image = `debian:12-slim@${digest}`;
      }).image,
    ).toBe(`debian:12-slim@${digest}`);
    expect(
      changed((spec) => {
        spec.TaskTemplate.Networks.pop();
      }).networks,
    ).not.toEqual(inputs.networks);
  });

  test("contains no forced restart and no digest", () => {
    expect(
      changed((spec) => {
        spec.TaskTemplate.ForceUpdate = 9;
      }).forceUpdate,
    ).toBe(3);
    const image = `debian:12-slim@${digest}`;
    const platforms = [{ Architecture: "amd64", OS: "linux" }];
    const plain = normalise({ name: "web", image: "debian:12-slim" });
    expect(roundTrip(plain, { image, platforms })).toEqual(plain);
  });
});

test("tells whether two bodies make the same tasks", () => {
  const inputs = normalise(everyField as never);
  const known = { networks: {}, resolvedImage: inputs.image };
  const body = serviceBody(inputs, resolve(inputs));
  const scaled = serviceBody({ ...inputs, replicas: 9, labels: {} }, resolve(inputs));
  expect(sameTasks(asEngine(body), scaled, known)).toBe(true);
  const other = serviceBody({ ...inputs, env: { A: "2" } }, resolve(inputs));
  expect(sameTasks(asEngine(body), other, known)).toBe(false);
  const newSecret = resolve(inputs, { secrets: { "every-secret": "another-id" } });
  expect(sameTasks(asEngine(body), serviceBody(inputs, newSecret), known)).toBe(false);
});

test("names what does not exist", () => {
  const inputs = normalise(everyField as never);
  expect(() => serviceBody(inputs, resolve(inputs, { secrets: {} }))).toThrow(/every-secret/);
});
