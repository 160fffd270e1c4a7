import { describe, expect, test } from "vitest";
import { serviceBody } from "../../../components/model/service/body";
import { observe } from "../../../components/model/service/decode";
import { keepStated } from "../../../components/model/service/drift/stated";
import { type Properties, UNKNOWN } from "../../../components/model/values";
import {
  forcedUpdate,
  imageOf,
  mergedBody,
  observeService,
} from "../../../components/provider/service/apply";
import { type CheckedService, serviceKind } from "../../../components/provider/service/kind";
import { resolveImage } from "../../../components/provider/service/resolve";
import { revisionOf } from "../../../components/provider/service/revision";
import { rolloutKind } from "../../../components/provider/service/rollout";
import { asEngine } from "../../model/service/engine-defaults";
import { contextWith, type Said } from "./stub-context";

const minimal = { name: "web", image: "redis:7" };
const check = (inputs: Properties, salt: string | undefined = "salt") =>
  serviceKind.check(inputs, undefined, { urn: "u", salt });
const checked = (extra: object = {}) =>
  check({ ...minimal, ...extra }).inputs as unknown as CheckedService;
const stored = (inputs: CheckedService, state: object = {}) => ({
  id: "id",
  inputs,
  state: { ...inputs, resolvedImage: "redis:7@sha256:1", ...state },
});
const diff = (old: object, news: object) => serviceKind.diff(stored(checked(old)), checked(news));

describe("check", () => {
  test("turns inputs into their canonical form and marks them", () => {
    const { inputs, problems } = check({ ...minimal, stopGracePeriod: "90s", replicas: 1 });
    expect(problems).toEqual([]);
    expect(inputs).toEqual({
      ...minimal,
      stopGracePeriod: "1m30s",
      revision: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  test("leaves inputs with problems unchanged", () => {
    const { inputs, problems } = check({ name: "web", stopGracePeriod: "90" });
    expect(problems.map(({ keys }) => keys)).toEqual([["image"], ["stopGracePeriod"]]);
    expect(inputs).toEqual({ name: "web", stopGracePeriod: "90" });
  });
});

describe("the revision", () => {
  test("changes when tasks must be checked again, not with labels", () => {
    const { revision } = checked({ env: { A: "1", B: "2" } });
    expect(checked({ env: { B: "2", A: "1" }, labels: { a: "b" }, wait: true }).revision).toBe(
      revision,
    );
    expect(checked({ env: { A: "1", B: "3" } }).revision).not.toBe(revision);
    expect(checked({ env: { A: "1", B: "2" }, replicas: 2 }).revision).not.toBe(revision);
    expect(check({ ...minimal, env: { A: "1", B: "2" } }, "other").inputs.revision).not.toBe(
      revision,
    );
  });

  test("is unknown while an input or the salt is unknown", () => {
    expect(revisionOf(minimal, undefined)).toBe(UNKNOWN);
    expect(checked({ env: { A: UNKNOWN } }).revision).toBe(UNKNOWN);
    expect(checked({ labels: { a: UNKNOWN } }).revision).not.toBe(UNKNOWN);
  });
});

describe("diff", () => {
  test("names each field, to the member of a map", () => {
    const old = {
      env: { A: "1", B: "2" },
      labels: { "a.b": "c" },
      ports: [{ target: 1, published: 2 }],
    };
    const news = {
      env: { A: "2", C: "3" },
      ports: [{ target: 1, published: 3 }],
      placement: { constraints: ["node.role == manager"] },
    };
    expect(diff(old, news).map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      "update env.A",
      "delete env.B",
      "add env.C",
      'delete labels["a.b"]',
      "add placement.constraints",
      "update ports[0].published",
    ]);
    expect(diff(news, news)).toEqual([]);
  });

  test("replaces for another name or mode only, and then deletes first", () => {
    const replaced = (old: object, news: object) =>
      diff(old, news)
        .filter(({ replace }) => replace)
        .map(({ path }) => path);
    expect(replaced({}, { name: "other" })).toEqual(["name"]);
    expect(replaced({ replicas: 2 }, { mode: "global" })).toEqual(["mode"]);
    expect(replaced({}, { image: "redis:8", replicas: 3, endpointMode: "dnsrr" })).toEqual([]);
    const first = serviceKind.deleteBeforeReplace;
    expect(first?.(stored(checked()), checked({ mode: "global" }))).toBe(true);
    expect(first?.(stored(checked()), checked({ name: "other" }))).toBe(false);
    expect(first?.(stored(checked({ ports: [{ target: 1 }] })), checked({ name: "b" }))).toBe(true);
  });
});

describe("a value that nobody writes any more", () => {
  const following = (olds: CheckedService, extra: object = {}) =>
    serviceKind.check({ ...minimal, ...extra }, { ...olds }, { urn: "u", salt: "salt" })
      .inputs as unknown as CheckedService;

  test("is shown beside the default that takes its place", () => {
    const news = following(checked({ replicas: 3, stopGracePeriod: "1m", labels: { a: "b" } }));
    expect(news).toMatchObject({ replicas: 1, stopGracePeriod: "10s" });
    expect(news).not.toHaveProperty("labels");
    expect(news.revision).toBe(checked().revision);
    const old = stored(checked({ replicas: 3 }));
    expect(serviceKind.diff(old, following(old.inputs))).toEqual([
      { path: "replicas", kind: "update", replace: false },
    ]);
  });

  test("changes nothing from then on", () => {
    const stated = following(checked({ replicas: 3 }));
    const next = following(stated);
    expect(next).toEqual(checked());
    expect(serviceKind.diff(stored(stated), next)).toEqual([]);
    expect(serviceKind.diff(stored(next), stated)).toEqual([]);
    expect(keepStated(checked(), stated)).toEqual(stated);
  });

  test("names no default that the new mode does not take", () => {
    const news = following(checked({ replicas: 3 }), { mode: "global" });
    expect(news).not.toHaveProperty("replicas");
  });
});

test("a refresh says of a changed default what was found and what the program wants", async () => {
  const old = checked();
  const live = (inputs: CheckedService) =>
    asEngine(
      serviceBody(inputs, { networks: {}, secrets: {}, configs: {}, labels: {}, image: "i" }),
    );
  const warningsFor = async (inputs: CheckedService, before: CheckedService) => {
    const said: Said = { warnings: [], requests: [] };
    const service = { ID: "id", Version: { Index: 1 }, Spec: live(inputs) };
    const context = contextWith({ "/services/id": service }, said);
    expect((await serviceKind.read("id", stored(before), context))?.inputs).toMatchObject({
      name: "web",
    });
    return said.warnings;
  };
  expect(await warningsFor(checked({ replicas: 3 }), old)).toEqual([
    "found replicas: 3; the program wants 1, the default",
  ]);
  expect(await warningsFor(old, old)).toEqual([]);
  expect(await warningsFor(checked({ replicas: 3 }), checked({ replicas: 2 }))).toEqual([]);
});

describe("a hostname that an earlier version gave to a service without one", () => {
  const web = { name: "yard_web", image: "redis:7" };
  const named = (inputs: object, olds?: Properties) =>
    serviceKind.check({ ...web, ...inputs }, olds, { urn: "u", salt: "salt" }).inputs;
  const old = named({ hostname: "web" }) as unknown as CheckedService;
  const seenFrom = (inputs: CheckedService, hostname: string) =>
    observe(asEngine(serviceBody({ ...inputs, hostname }, { ...noNames, image: inputs.image })), {
      inputs,
      networks: {},
    }).hostname;
  const noNames = { networks: {}, secrets: {}, configs: {}, labels: {} };

  test("is not a change, and keeps the mark", () => {
    const news = named({}, { ...old }) as unknown as CheckedService;
    expect(news.revision).toBe(old.revision);
    expect(serviceKind.diff(stored(old), news)).toEqual([]);
    expect(seenFrom(news, "web")).toBeUndefined();
  });

  test("goes when something else changes the tasks", () => {
    const news = named({ env: { A: "1" } }, { ...old }) as unknown as CheckedService;
    expect(news.revision).not.toBe(old.revision);
    const live = asEngine(serviceBody(old, { ...noNames, image: "redis:7" }));
    const resolved = { ...noNames, image: "redis:7" };
    expect(mergedBody(live, news, resolved, {}).TaskTemplate?.ContainerSpec).not.toHaveProperty(
      "Hostname",
    );
    const scaled = named({ replicas: 2 }, { ...old }) as unknown as CheckedService;
    expect(mergedBody(live, scaled, resolved, {}).TaskTemplate).toBe(live.TaskTemplate);
  });

  test("is a change when it was anything else", () => {
    const other = named({ hostname: "other" }) as unknown as CheckedService;
    const news = named({}, { ...other }) as unknown as CheckedService;
    expect(serviceKind.diff(stored(other), news)).toEqual([
      { path: "hostname", kind: "delete", replace: false },
    ]);
    expect(seenFrom(news, "other")).toBe("other");
    expect(serviceKind.diff(stored(news), old)).toEqual([
      { path: "hostname", kind: "add", replace: false },
    ]);
  });
});

test("plans the image's digest only where it is known", () => {
  const planned = (news: CheckedService, old?: CheckedService) =>
    serviceKind.plan(news, old && stored(old)).resolvedImage;
  expect(planned(checked())).toBe(UNKNOWN);
  expect(planned(checked({ replicas: 2 }), checked())).toBe("redis:7@sha256:1");
  expect(planned(checked({ image: "redis:8" }), checked())).toBe(UNKNOWN);
  const image = `redis:7@sha256:${"a".repeat(64)}`;
  expect(planned(checked({ image }))).toBe(image);
});

test("after a failed update the image is the one that was written, whatever the inputs say", async () => {
  const bad = checked({ image: "registry.invalid/nope:1" });
  // The Pulumi engine keeps the inputs of before, beside the state of the failed update.
  const failed = stored(checked(), { image: bad.image, resolvedImage: bad.image });
  expect(imageOf(failed)).toBe("registry.invalid/nope:1");
  expect(serviceKind.plan(checked(), failed).resolvedImage).toBe(UNKNOWN);
  const body = serviceBody(bad, { ...noObjects, image: bad.image });
  const live = { ID: "id", Version: { Index: 1 }, Spec: asEngine(body) };
  const found = await observeService(live, failed, contextWith({ "/networks": [] }));
  expect(found.image).toBe("registry.invalid/nope:1");
});

const noObjects = { networks: {}, secrets: {}, configs: {}, labels: {} };

describe("an update", () => {
  const resolved = {
    image: "redis:7@sha256:1",
    ...{ networks: {}, secrets: {}, configs: {}, labels: { "swarmyard.urn": "u" } },
  };
  const live = asEngine(serviceBody(checked({ env: { B: "1", A: "2" } }), resolved));

  test("leaves the template alone for replicas and labels", () => {
    const news = checked({ env: { A: "2", B: "1" }, replicas: 3, labels: { a: "b" } });
    const body = mergedBody(live, news, resolved, {});
    expect(body.TaskTemplate).toBe(live.TaskTemplate);
    expect(body.Mode).toEqual({ Replicated: { Replicas: 3 } });
    expect(body.Labels).toEqual({ a: "b", "swarmyard.urn": "u" });
  });

  test("writes a new one when a task changes", () => {
    const body = mergedBody(live, checked({ env: { A: "3" } }), resolved, {});
    expect(body.TaskTemplate?.ContainerSpec?.Env).toEqual(["A=3"]);
    const moved = mergedBody(live, checked(), { ...resolved, image: "redis:7@sha256:2" }, {});
    expect(moved.TaskTemplate?.ContainerSpec?.Image).toBe("redis:7@sha256:2");
  });

  test("keeps a forced restart unless the inputs ask for another", () => {
    const forced = { TaskTemplate: { ForceUpdate: 4 } };
    expect(forcedUpdate(forced, checked(), checked())).toBe(4);
    expect(forcedUpdate(forced, checked({ forceUpdate: 1 }), checked({ forceUpdate: 1 }))).toBe(4);
    expect(forcedUpdate(forced, checked({ forceUpdate: 2 }), checked({ forceUpdate: 1 }))).toBe(2);
    expect(forcedUpdate(forced, checked({ forceUpdate: 4 }), checked())).toBe(5);
  });
});

describe("an image", () => {
  const digest = `sha256:${"b".repeat(64)}`;
  const distribution = {
    Descriptor: { digest },
    Platforms: [
      { os: "linux", architecture: "amd64" },
      { os: "unknown", architecture: "unknown" },
    ],
  };

  test("is pinned by the registry, asked with its credentials", async () => {
    const said: Said = { warnings: [], requests: [] };
    const context = contextWith({ "/distribution/reg/app:1/json": distribution }, said);
    expect(await resolveImage("reg/app:1", context)).toEqual({
      image: `reg/app:1@${digest}`,
      platforms: [{ OS: "linux", Architecture: "amd64" }],
    });
    expect(said.requests[0]?.auth).toBe("header");
    expect(said.warnings).toEqual([]);
  });

  test("keeps its tag with a warning when the registry does not answer", async () => {
    const said: Said = { warnings: [], requests: [] };
    expect(await resolveImage("redis:7", contextWith({}, said))).toEqual({ image: "redis:7" });
    expect(said.warnings[0]).toContain("redis:7 keeps its tag");
    expect(said.requests[0]?.auth).toBeUndefined();
  });

  test("with a digest needs no registry", async () => {
    const said: Said = { warnings: [], requests: [] };
    await resolveImage(`redis:7@${digest}`, contextWith({}, said));
    expect(said.requests).toEqual([]);
  });
});

test("a rollout differs by service, and not by how long it waits", () => {
  const inputs = (revision: string, timeout = "5m") =>
    rolloutKind.check(
      {
        services: { web: { name: "yard_web", revision }, db: { name: "yard_db", revision: "1" } },
        timeout,
      },
      undefined,
      { urn: "u", salt: "salt" },
    ).inputs as never;
  const old = { id: "id", inputs: inputs("1"), state: {} };
  expect(rolloutKind.diff(old, inputs("1", "9m"))).toEqual([]);
  expect(rolloutKind.diff(old, inputs("2"))).toEqual([
    { path: "services.web.revision", kind: "update", replace: false },
  ]);
});

test("a rollout that failed differs by the services it waits for again", async () => {
  const { inputs } = rolloutKind.check(
    { services: { web: { name: "yard_web", revision: "1" } }, timeout: "1s", steady: "0s" },
    undefined,
    { urn: "u", salt: "salt" },
  );
  const context = contextWith({ "/services": [], "/nodes": [], "/tasks": [] });
  const { id, state, problems } = await rolloutKind.create(inputs as never, context);
  expect(problems).toHaveLength(1);
  expect(state.notRunning).toEqual(["yard_web"]);
  expect(rolloutKind.diff({ id, inputs: inputs as never, state }, inputs as never)).toEqual([
    { path: "notRunning", kind: "delete", replace: false, stored: true },
  ]);
});
