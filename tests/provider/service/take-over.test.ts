import { expect, test } from "vitest";
import { engineClient, type Request } from "../../../components/engine/client";
import { normalise } from "../../../components/model/service/normalise";
import type { WireSpec } from "../../../components/model/service/wire";
import type { KindContext } from "../../../components/provider/context";
import { serviceKind } from "../../../components/provider/service/kind";
import { isImage, takeOver } from "../../../components/provider/service/take-over";
import { contextWith } from "./stub-context";

const spec: WireSpec = {
  Name: "web",
  Labels: { team: "a" },
  Mode: { Replicated: { Replicas: 2 } },
  TaskTemplate: {
    ContainerSpec: { Image: "redis:7@sha256:aa", Env: ["A=1"], Isolation: "default" } as never,
    ForceUpdate: 3,
  },
};

/** A swarm that runs the service; what is sent to it is kept. */
function swarm(live: WireSpec, adopts: boolean) {
  const sent: WireSpec[] = [];
  const service = { ID: "s1", Version: { Index: 4 }, Spec: live };
  const engine = engineClient(async ({ method, path, body }: Request) => {
    if (path === "/services") return [service];
    if (path === "/services/s1") return service;
    if (path === "/nodes") return [];
    if (path === "/version") return { Version: "26.1", ApiVersion: "1.45" };
    if (method === "POST" && path === "/services/s1/update") return sent.push(body as WireSpec);
    throw new Error(`nothing at ${path}`);
  });
  const context: KindContext = { ...contextWith({}), adopts, manager: async () => engine };
  return { sent, context };
}

const inputs = (changes: object = {}) => ({
  ...normalise({
    name: "web",
    image: "redis:7",
    env: { A: "1" },
    labels: { team: "a" },
    ...changes,
  }),
  revision: "r",
});

test("its tasks go on with the image and the template that they have; labels and replicas may change", async () => {
  const { sent, context } = swarm(spec, true);
  const news = inputs({ replicas: 3, labels: { team: "b" } });
  const { id, state } = await serviceKind.create(news, context);
  expect(id).toBe("s1");
  expect(state).toEqual({ ...news, resolvedImage: "redis:7@sha256:aa" });
  expect(sent).toHaveLength(1);
  expect(sent[0]?.TaskTemplate).toEqual(spec.TaskTemplate);
  expect(sent[0]?.Labels).toEqual({ team: "b", ...context.labels });
  expect(sent[0]?.Mode).toEqual({ Replicated: { Replicas: 3 } });
});

test("a change of its tasks is refused by name, and nothing is written", async () => {
  const { sent, context } = swarm(spec, true);
  const news = inputs({ image: "redis:8", env: { A: "2" }, user: "1000" });
  await expect(serviceKind.create(news, context)).rejects.toThrow(
    "the service web cannot be taken over as it is, because its tasks would restart: image (it runs redis:7@sha256:aa), env.A, user differs from what runs; write the service as it is, which `npm run adopt` does, run up, and change it afterwards",
  );
  expect(sent).toEqual([]);
});

test("a job is not written, since it would run again; a change of its labels is refused too", async () => {
  const job: WireSpec = {
    ...spec,
    Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
  };
  const known = swarm(job, true);
  const { context } = known;
  const live = { ID: "s1", Version: { Index: 4 }, Spec: job } as never;
  const taken = await takeOver(live, inputs({ mode: "replicated-job" }), context);
  expect(taken).toEqual({ resolvedImage: "redis:7@sha256:aa" });
  const other = inputs({ mode: "replicated-job", labels: { team: "b" } });
  await expect(takeOver(live, other, context)).rejects.toThrow(
    "would restart: labels.team differs",
  );
  expect(known.sent).toEqual([]);
});

test("without adopt it is refused, and with it a service of another environment is", async () => {
  const said = "a service web exists already:";
  await expect(serviceKind.create(inputs(), swarm(spec, false).context)).rejects.toThrow(said);
  const owned = { ...spec, Labels: { "swarmyard.stack": "yard/prod" } };
  await expect(serviceKind.create(inputs(), swarm(owned, true).context)).rejects.toThrow(
    `${said} it belongs to the stack yard/prod`,
  );
});

test("an image is what runs when its tag or its digest is", () => {
  expect(isImage("redis:7@sha256:aa", "redis:7")).toBe(true);
  expect(isImage("redis:7@sha256:aa", "redis:7@sha256:aa")).toBe(true);
  expect(isImage("redis:latest@sha256:aa", "redis")).toBe(true);
  expect(isImage("redis:7@sha256:aa", "redis:8")).toBe(false);
  expect(isImage("redis:7@sha256:aa", "redis:7@sha256:bb")).toBe(false);
});
