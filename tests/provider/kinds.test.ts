import { createPrivateKey } from "node:crypto";
import { utils } from "ssh2";
import { describe, expect, test } from "vitest";
import { propertyPath } from "../../components/model/paths";
import { type Properties, UNKNOWN } from "../../components/model/values";
import { clusterKind } from "../../components/provider/cluster/kind";
import { ticketKind } from "../../components/provider/cluster/ticket";
import { configKind } from "../../components/provider/content/config";
import { contentName } from "../../components/provider/content/content";
import { secretKind } from "../../components/provider/content/secret";
import type { KindContext } from "../../components/provider/context";
import { keyKind, makeKeyPair } from "../../components/provider/key";
import type { Kind } from "../../components/provider/kind";
import { kinds } from "../../components/provider/kinds";
import { scriptKind } from "../../components/provider/machine/script";
import { networkKind } from "../../components/provider/network/kind";
import { nodeKind } from "../../components/provider/node/kind";
import { volumeKind } from "../../components/provider/volume";

type AnyKind = Kind<Properties, KindContext>;
const context = { urn: "urn:pulumi:dev::yard::swarm:index:Thing::x", salt: "pepper" };
const [key, cluster, ticket, node, network, volume, secret, config, script] = [
  ...[keyKind, clusterKind, ticketKind, nodeKind, networkKind],
  ...[volumeKind, secretKind, configKind, scriptKind],
] as unknown as [AnyKind, AnyKind, AnyKind, AnyKind, AnyKind, AnyKind, AnyKind, AnyKind, AnyKind];

function checked(kind: AnyKind, news: Properties): Properties {
  const { inputs, problems } = kind.check(news, undefined, context);
  expect(problems).toEqual([]);
  return inputs;
}

function changes(kind: AnyKind, old: Properties, news: Properties): string[] {
  const inputs = checked(kind, old);
  return kind
    .diff({ id: "1", inputs, state: inputs }, checked(kind, news))
    .map(({ path, kind: what, replace }) => `${what} ${path}${replace ? " replace" : ""}`);
}

function goesFirst(kind: AnyKind, old: Properties, news: Properties): boolean | undefined {
  const stored = { id: "1", inputs: checked(kind, old), state: {} };
  return kind.deleteBeforeReplace?.(stored, checked(kind, news));
}

function problems(kind: AnyKind, news: Properties): string[] {
  return kind.check(news, undefined, context).problems.map(({ keys }) => propertyPath(keys));
}

describe.each<[string, AnyKind, Properties]>([
  ["Key", key, {}],
  ["Cluster", cluster, { firstManager: "m0" }],
  ["Ticket", ticket, { host: "w0", role: "worker" }],
  ["Node", node, { node: "m0", role: "manager" }],
  ["Network", network, { name: "net" }],
  ["Volume", volume, { node: "m0", name: "data", onDelete: "keep" }],
  ["Script", script, { connection: "{}", create: "true", timeout: 9 }],
  ["Secret", secret, { base: "pw", data: "d" }],
  ["Config", config, { base: "conf", data: "d" }],
])("%s", (name, kind, news) => {
  test("has no difference from itself and is registered", () => {
    expect(changes(kind, news, news)).toEqual([]);
    expect(kinds.get(`swarm:index:${name}`)).toBe(kind);
  });
  test("refuses unknown keys", () => {
    expect(problems(kind, { ...news, nonsense: 1 })).toEqual(["nonsense"]);
  });
  test("plans without a swarm", () => {
    expect(Object.values(kind.plan(checked(kind, news), undefined))).toContain(UNKNOWN);
  });
});

describe("Key", () => {
  test("creates pairs of keys that ssh2 accepts", () => {
    for (let count = 0; count < 4; count += 1) {
      const { publicKey, privateKey } = makeKeyPair();
      const parsed = utils.parseKey(privateKey);
      const open = utils.parseKey(publicKey);
      if (parsed instanceof Error || open instanceof Error) {
        throw parsed instanceof Error ? parsed : open;
      }
      expect(parsed.getPublicSSH()).toEqual(open.getPublicSSH());
      expect(createPrivateKey(parsed.getPrivatePEM()).asymmetricKeyType).toBe("ed25519");
      expect(open.verify(Buffer.from("x"), parsed.sign(Buffer.from("x")) as Buffer)).toBe(true);
    }
  });
});

describe("Node", () => {
  test("updates in place, except for another host", () => {
    const old = { node: "a", role: "worker", labels: { "a.b": "1", db: "true" } };
    const news = { node: "b", role: "manager", labels: { db: "false" }, availability: "drain" };
    expect(changes(node, old, news)).toEqual([
      "update availability",
      'delete labels["a.b"]',
      "update labels.db",
      "update node replace",
      "update role",
    ]);
  });

  test("reports all problems at once", () => {
    const news = { role: "boss", labels: { "a b": "1" }, availability: "on", drainTimeout: "soon" };
    const label = 'labels["a b"]';
    const places = ["node", "role", label, "availability", "drainTimeout"];
    expect(problems(node, news)).toEqual(places);
  });
});

describe("Network", () => {
  const old = { name: "net", subnet: "10.1.0.0/24" };

  test("is replaced by every change, and deleted first when its name stays", () => {
    expect(changes(network, old, { ...old, labels: { a: "b" } })).toEqual(["add labels.a replace"]);
    expect(goesFirst(network, old, { name: "net" })).toBe(true);
    expect(goesFirst(network, old, { name: "b" })).toBe(false);
    expect(goesFirst(network, old, { name: UNKNOWN })).toBe(true);
  });

  test("checks the addresses", () => {
    expect(problems(network, { name: "n", gateway: "10.0.0.1" })).toEqual(["gateway"]);
    expect(problems(network, { ...old, gateway: "10.2.0.1" })).toEqual(["gateway"]);
    expect(problems(network, { name: "n", subnet: "10.300.0.0/24" })).toEqual(["subnet"]);
    expect(problems(network, { name: "n", subnet: UNKNOWN, gateway: UNKNOWN })).toEqual([]);
    const more = (...moreSubnets: string[]) => problems(network, { ...old, moreSubnets });
    expect(more("10.2.0.0/24", "10.3.0.0/24")).toEqual([]);
    expect(more("10.1.0.128/25", "10.300.0.0/24")).toEqual(["moreSubnets[0]", "moreSubnets[1]"]);
    expect(more("10.2.0.0/24", "10.2.0.0/16")).toEqual(["moreSubnets[1]"]);
    expect(problems(network, { name: "n", moreSubnets: ["10.2.0.0/24"] })).toEqual(["moreSubnets"]);
    expect(problems(network, { ...old, options: { encrypted: "" } })).toEqual([
      "options.encrypted",
    ]);
  });
});

describe("Volume", () => {
  const old = { node: "a", name: "data", onDelete: "keep" };

  test("changes onDelete in place and is replaced by any other change", () => {
    const news = { ...old, onDelete: "remove", driverOptions: { type: "nfs" } };
    expect(changes(volume, old, news)).toEqual([
      "add driverOptions.type replace",
      "update onDelete",
    ]);
  });

  test("is deleted first where node and name stay", () => {
    expect(goesFirst(volume, old, { ...old, driver: "x" })).toBe(true);
    expect(goesFirst(volume, old, { ...old, node: "b" })).toBe(false);
    expect(goesFirst(volume, old, { ...old, name: "other" })).toBe(false);
  });
});

describe("Secret and Config", () => {
  test("have a name for each content, base and salt", () => {
    const names = [
      contentName("a", "s", { data: "d" }),
      contentName("b", "s", { data: "d" }),
      contentName("a", "t", { data: "d" }),
      contentName("a", "s", { data: "e" }),
      contentName("a", "s", { data: "d", templateDriver: "golang" }),
    ];
    expect(new Set(names).size).toBe(5);
    expect(names[0]).toMatch(/^a-[0-9a-f]{12}$/);
    expect(contentName("a", "s", { data: "d", templateDriver: undefined })).toBe(names[0]);
  });

  test("have an unknown name while salt, base or data is unknown", () => {
    const unsalted = { ...context, salt: undefined };
    const noSalt = secret.check({ base: "a", data: "d" }, undefined, unsalted);
    expect(noSalt.inputs.name).toBe(UNKNOWN);
    const noData = config.check({ base: "a", data: UNKNOWN }, undefined, context);
    expect(noData.inputs.name).toBe(UNKNOWN);
  });

  test.each([secret, config])(
    "are replaced by new data, and keep their place for new labels",
    (kind) => {
      const old = { base: "a", data: "1" };
      const replaced = ["update data replace", "update name replace"];
      expect(changes(kind, old, { ...old, data: "2" })).toEqual(replaced);
      expect(changes(kind, old, { ...old, labels: { a: "b" } })).toEqual(["add labels.a"]);
    },
  );

  test("never say the data in a problem", () => {
    const long = { base: "a", data: "x".repeat(600_000) };
    const { problems: found } = secret.check(long, undefined, context);
    expect(found).toHaveLength(1);
    expect(JSON.stringify(found)).not.toContain("xxx");
    expect(problems(secret, { base: "a" })).toEqual(["data"]);
    expect(problems(secret, { base: "a", data: "d", random: 32 })).toEqual(["data"]);
    expect(problems(config, { base: "-", data: "" })).toEqual(["base", "data"]);
  });

  test("of random data are long enough when they are new, and existing ones stay as they are", () => {
    const short = { base: "pw", random: 8 };
    const { inputs, problems: found } = secret.check(short, undefined, context);
    expect(found).toEqual([
      {
        keys: ["random"],
        found: "8 random characters",
        allowed: "16 or more for a new secret",
        fix: "`random: 32`",
      },
    ]);
    expect(secret.check(short, inputs, context).problems).toEqual([]);
    expect(secret.check({ ...short, random: 15 }, inputs, context).problems).toHaveLength(1);
    expect(secret.check({ ...short, random: 16 }, undefined, context).problems).toEqual([]);
  });

  test("generate random data once and keep it while its length stays the same", () => {
    const news = { base: "pw", random: 24 };
    const first = secret.check(news, undefined, context).inputs;
    expect(first.data).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(secret.check(news, first, context).inputs).toEqual(first);
    const longer = secret.check({ base: "pw", random: 30 }, first, context).inputs;
    expect(longer.data).toMatch(/^[A-Za-z0-9]{30}$/);
    expect(secret.secrets).toContain("data");
  });
});
