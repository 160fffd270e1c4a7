import { createHash, createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { carried } from "../../components/model/bytes";
import { configKind } from "../../components/provider/content/config";
import { secretKind } from "../../components/provider/content/secret";
import { contextWith } from "./service/stub-context";

const salted = { urn: "urn:pulumi:dev::yard::swarm:index:Secret::key", salt: "salt" };

const contents: readonly [string, Buffer][] = [
  ["every byte", Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
  ["a gz file", gzipSync("hello")],
  ["half a character", Buffer.from([0xe2, 0x82])],
  ["Windows lines", Buffer.from("a\r\nb\r\n")],
  ["a mark of the byte order", Buffer.from([0xef, 0xbb, 0xbf, 0x61])],
  ["a last newline", Buffer.from("a\n")],
  ["no last newline", Buffer.from("a")],
  ["a zero byte", Buffer.from("a\0b")],
  ["UTF-16", Buffer.from("pässword", "utf16le")],
];

/** What the Docker engine is sent, and the inputs that Check made. */
async function sent(kind: typeof secretKind | typeof configKind, news: object) {
  const bodies: { Name: string; Data: string }[] = [];
  const shelf = {
    list: async () => [],
    create: async (body: { Name: string; Data: string }) => {
      bodies.push(body);
      return "id";
    },
  };
  const manager = async () => ({ secrets: shelf, configs: shelf }) as never;
  const { inputs, problems } = kind.check({ base: "key", ...news }, undefined, salted);
  expect(problems).toEqual([]);
  await kind.create({ labels: {}, ...inputs } as never, { ...contextWith({}), manager });
  return { body: bodies[0], inputs };
}

describe.each([
  ["secret", secretKind],
  ["config", configKind],
] as const)("the bytes of a %s", (_, kind) => {
  test.each(contents)("equal those of the file: %s", async (_name, bytes) => {
    const { body, inputs } = await sent(kind, carried(bytes));
    const digest = (data: Buffer) => createHash("sha256").update(data).digest("hex");
    expect(digest(Buffer.from(body?.Data ?? "", "base64"))).toBe(digest(bytes));
    const mark = createHmac("sha256", "salt").update(bytes).digest("hex").slice(0, 12);
    expect(body?.Name).toBe(`key-${mark}`);
    expect(inputs.name).toBe(`key-${mark}`);
  });

  test("that are text keep the name that they have had so far", () => {
    const name = (text: string) => createHmac("sha256", "salt").update(text).digest("hex");
    const check = (news: object) => kind.check({ base: "key", ...news }, undefined, salted).inputs;
    expect(check({ data: "pässword\r\n" }).name).toBe(`key-${name("pässword\r\n").slice(0, 12)}`);
    if (kind === secretKind) return;
    const templated = check({ data: "{{.Task.ID}}", templateDriver: "golang" });
    expect(templated.name).toBe(`key-${name("{{.Task.ID}}\0golang").slice(0, 12)}`);
  });

  test("are replaced when they change, and only then", () => {
    const check = (bytes: Buffer) => {
      const news = { base: "key", labels: {}, ...carried(bytes) };
      return kind.check(news, undefined, salted).inputs as never;
    };
    const stored = (bytes: Buffer) => ({ id: "id", inputs: check(bytes), state: {} });
    const [one, other] = [Buffer.from([0xff]), Buffer.from([0xfe])];
    expect(kind.diff(stored(one), check(one))).toEqual([]);
    expect(kind.diff(stored(one), check(other))).toMatchObject([
      { path: "data", replace: true },
      { path: "name", replace: true },
    ]);
  });

  test("are text in the state where they are text, as before", () => {
    expect(carried(Buffer.from("pässword\r\n"))).toEqual({ data: "pässword\r\n" });
    expect(carried(Buffer.from([0xff]))).toEqual({ data: "/w==", encoding: "base64" });
  });

  test("are never shown when they do not fit", () => {
    const noun = kind === secretKind ? "secret" : "config";
    const most = noun === "secret" ? 511_999 : 1_023_999;
    const wrong = (news: object) =>
      kind.check({ base: "key", ...news }, undefined, salted).problems;
    expect(wrong(carried(Buffer.alloc(most, 0xff)))).toEqual([]);
    expect(wrong(carried(Buffer.alloc(most + 1, 0xff)))).toEqual([
      {
        keys: ["data"],
        found: `${(most + 1).toLocaleString("en")} bytes`,
        allowed: `1 to ${most.toLocaleString("en")} bytes in a ${noun}`,
        fix: "less data",
      },
    ]);
    const broken = wrong({ data: "hunter2!", encoding: "base64" });
    expect(broken).toMatchObject([{ keys: ["data"], found: "text that is not base64" }]);
    expect(JSON.stringify(broken)).not.toContain("hunter2");
    expect(wrong({ data: "" })).toMatchObject([
      { keys: ["data"], found: "a secret value that does not fit" },
    ]);
  });
});
