import { describe, expect, test } from "vitest";
import { NoManagerError } from "../../components/engine/managers";
import { configKind } from "../../components/provider/content/config";
import { secretKind } from "../../components/provider/content/secret";
import { networkKind } from "../../components/provider/network/kind";
import { serviceKind } from "../../components/provider/service/kind";
import { contextWith } from "./service/stub-context";

const salted = { urn: "u", salt: "salt" };

describe("what somebody made by hand is imported", () => {
  test("a config with its bytes; the next up gives it the name of its content", async () => {
    const Data = Buffer.from([0x30, 0xff]).toString("base64");
    const Spec = { Name: "settings", Data, Labels: { a: "b" } };
    const context = contextWith({ "/configs/c1": { ID: "c1", Version: { Index: 1 }, Spec } });
    const read = await configKind.read("c1", undefined, context);
    const inputs = { base: "settings", data: "MP8=", encoding: "base64", labels: { a: "b" } };
    const state = { ...inputs, name: "settings", configId: "c1" };
    expect(read).toEqual({ id: "c1", inputs, state });
    const { inputs: news, problems } = configKind.check(inputs, undefined, salted);
    expect(problems).toEqual([]);
    const old = { id: "c1", inputs: inputs as never, state: read?.state ?? {} };
    expect(configKind.diff(old, news as never)).toEqual([
      { path: "name", kind: "add", replace: true },
    ]);
  });

  test("a network by its name, with its id", async () => {
    const network = {
      ...{ Id: "n1", Name: "back", Scope: "swarm", Driver: "overlay", Labels: null },
      IPAM: { Config: [{ Subnet: "10.9.0.0/24", Gateway: "10.9.0.1" }] },
    };
    const context = contextWith({ "/networks/back": network });
    expect(await networkKind.read("back", undefined, context)).toMatchObject({
      id: "n1",
      inputs: { name: "back", subnet: "10.9.0.0/24", gateway: "10.9.0.1", attachable: false },
    });
  });

  test("a service by its name, with its id", async () => {
    const Spec = {
      ...{ Name: "web", Mode: { Replicated: { Replicas: 2 } } },
      TaskTemplate: { ContainerSpec: { Image: "redis:7" } },
    };
    const context = contextWith({ "/services/web": { ID: "s1", Version: { Index: 1 }, Spec } });
    expect(await serviceKind.read("web", undefined, context)).toMatchObject({
      id: "s1",
      inputs: { name: "web", image: "redis:7", replicas: 2 },
    });
  });
});

describe("what cannot be imported says what to do", () => {
  test("a secret, whose data swarm does not reveal", async () => {
    await expect(secretKind.read("s1", undefined, contextWith({}))).rejects.toThrow(
      "a Secret cannot be imported, because swarm does not reveal its data; use it as it is with " +
        "`external: <name>` in the platform's `secrets`",
    );
  });

  test("anything without the provider of the environment", () => {
    expect(new NoManagerError([]).message).toContain(
      "With pulumi import, add --provider swarm=<urn>",
    );
  });
});
