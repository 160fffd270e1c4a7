import type { ServiceError } from "@grpc/grpc-js";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, type Running, start } from "./provider-process";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: unknown) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });
const struct = (value: object) =>
  Struct.fromJavaScript(value as Parameters<typeof Struct.fromJavaScript>[0]);
const urn = (kind: string) => `urn:pulumi:dev::yard::swarm:index:${kind}::x`;

let provider: Running;

async function configure(args: object): Promise<pb.ConfigureResponse> {
  const { client } = provider;
  const request = new pb.ConfigureRequest().setArgs(struct(args));
  return await call(client.configure.bind(client), request);
}

async function check(kind: string, news: object): Promise<pb.CheckResponse> {
  const { client } = provider;
  const request = new pb.CheckRequest().setUrn(urn(kind)).setNews(struct(news));
  return await call(client.check.bind(client), request);
}

async function diff(kind: string, old: object, news: object): Promise<pb.DiffResponse> {
  const { client } = provider;
  const request = new pb.DiffRequest().setUrn(urn(kind)).setId("1").setNews(struct(news));
  request.setOlds(struct(old)).setOldInputs(struct(old));
  return await call(client.diff.bind(client), request);
}

beforeAll(async () => {
  provider = await start();
}, 20_000);
afterAll(() => {
  provider.client.close();
  provider.process.kill("SIGTERM");
});

describe("configuration", () => {
  test("takes secrets and previews, and dials nobody", async () => {
    const response = await configure({ endpoints: secret("[]"), salt: secret("pepper") });
    expect(response.getAcceptsecrets()).toBe(true);
    expect(response.getSupportspreview()).toBe(true);
    expect(response.getAcceptresources()).toBe(false);
  });

  test("names all that is wrong, without the private key", async () => {
    const endpoints = [{ name: "a", host: "h", port: 0, hostKey: "x", privateKey: "hush" }];
    const { client } = provider;
    const request = new pb.CheckRequest().setNews(struct({ endpoints: JSON.stringify(endpoints) }));
    const response: pb.CheckResponse = await call(client.checkConfig.bind(client), request);
    const failures = response.getFailuresList();
    expect(failures.map((failure) => failure.getProperty())).toEqual([
      "endpoints[0].port",
      "endpoints[0].user",
      "endpoints[0].hostKey",
      "endpoints[0].privateKey",
      "endpoints[0].role",
    ]);
    expect(failures.map((failure) => failure.getReason()).join()).not.toContain("hush");
    expect(response.getInputs()?.toJavaScript().endpoints).toHaveProperty(SIGNATURE);
  });

  test("never replaces for another address", async () => {
    const { client } = provider;
    const request = new pb.DiffRequest().setNews(struct({ endpoints: "[1]" }));
    request.setOldInputs(struct({ endpoints: "[]" }));
    const response: pb.DiffResponse = await call(client.diffConfig.bind(client), request);
    expect(response.getChanges()).toBe(pb.DiffResponse.DiffChanges.DIFF_SOME);
    expect(response.getReplacesList()).toEqual([]);
  });
});

describe("check", () => {
  test("keeps secrets and unknowns in place, and hides what the kind marks as secret", async () => {
    await configure({ endpoints: "[]", salt: "pepper" });
    const news = { base: "pw", data: "sesame", labels: { a: secret("b"), c: UNKNOWN } };
    const inputs = (await check("Secret", news)).getInputs()?.toJavaScript();
    expect(inputs).toMatchObject({ data: secret("sesame"), labels: news.labels });
    expect(inputs?.name).toMatch(/^pw-[0-9a-f]{12}$/);
  });

  test("gives no name while there is no salt", async () => {
    await configure({ endpoints: "[]" });
    const inputs = (await check("Secret", { base: "pw", data: "d" })).getInputs();
    expect(inputs?.toJavaScript().name).toBe(UNKNOWN);
  });

  test("names the known kinds when asked for another", async () => {
    await expect(check("Nonsense", {})).rejects.toThrow(/no resource swarm:index:Nonsense/);
  });
});

describe("diff", () => {
  const old = { node: "a", role: "worker", labels: { "x.y": "1" } };

  test("has a path, a kind and replaces for each field", async () => {
    const response = await diff("Node", old, { ...old, node: "b", labels: { z: "1" } });
    const details = response.getDetaileddiffMap();
    const { ADD, DELETE, UPDATE_REPLACE } = pb.PropertyDiff.Kind;
    expect(details.get("labels.z")?.getKind()).toBe(ADD);
    expect(details.get('labels["x.y"]')?.getKind()).toBe(DELETE);
    expect(details.get("node")?.getKind()).toBe(UPDATE_REPLACE);
    expect(details.get("node")?.getInputdiff()).toBe(true);
    expect(response.getReplacesList()).toEqual(["node"]);
    expect(response.getDiffsList()).toEqual(["labels", "node"]);
    expect(response.getHasdetaileddiff()).toBe(true);
  });

  test("is empty for equal inputs, secret on one side or not", async () => {
    const response = await diff("Node", { ...old, role: secret("worker") }, old);
    expect(response.getChanges()).toBe(pb.DiffResponse.DiffChanges.DIFF_NONE);
  });

  test("asks for an update when a value in the state has become secret", async () => {
    const response = await diff("Node", old, { ...old, labels: { "x.y": secret("1") } });
    expect(response.getDetaileddiffMap().has('labels["x.y"]')).toBe(true);
    expect(response.getReplacesList()).toEqual([]);
  });
});

describe("create and read", () => {
  test("previews with unknowns and without a swarm", async () => {
    await configure({ endpoints: "[]" });
    const { client } = provider;
    const request = new pb.CreateRequest().setUrn(urn("Network")).setPreview(true);
    request.setProperties(struct({ name: "net", labels: { a: secret("b") } }));
    const response: pb.CreateResponse = await call(client.create.bind(client), request);
    const planned = response.getProperties()?.toJavaScript();
    expect(planned).toMatchObject({ networkId: UNKNOWN, labels: { a: secret("b") } });
    expect(response.getId()).toBe("");
  });

  test("makes a Key, with its secrets wrapped", async () => {
    const { client } = provider;
    const request = new pb.CreateRequest().setUrn(urn("Key")).setProperties(struct({}));
    const response: pb.CreateResponse = await call(client.create.bind(client), request);
    const state = response.getProperties()?.toJavaScript();
    expect(state?.privateKey).toHaveProperty(SIGNATURE);
    expect(state?.salt).toHaveProperty(SIGNATURE);
    expect(state?.publicKey).toMatch(/^ssh-ed25519 /);
  });

  test("fails to read what cannot be reached, and never calls it gone", async () => {
    const endpoint = { name: "m0", host: "127.0.0.1", port: 1, user: "root", role: "manager" };
    const keys = { hostKey: "ssh-ed25519 AAAA", privateKey: "-----BEGIN PRIVATE KEY-----" };
    await configure({ endpoints: JSON.stringify([{ ...endpoint, ...keys }]) });
    const { client } = provider;
    const request = new pb.ReadRequest().setUrn(urn("Network")).setId("1");
    request.setProperties(struct({ name: "net" })).setInputs(struct({ name: "net" }));
    const error: ServiceError = await call(client.read.bind(client), request).then(
      () => expect.unreachable("the read must fail"),
      (failure) => failure,
    );
    expect(error.details).toContain("no manager of the swarm answers");
    expect(error.details).toContain("m0 (root@127.0.0.1:1)");
  });
});
