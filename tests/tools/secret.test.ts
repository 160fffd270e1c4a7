import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { secretKey } from "../../tools/commands/secret";
import { afterKeys, readHidden } from "../../tools/setup/hidden-input";
import { withSecret } from "../../tools/setup/secret-text";

const secure = "v1:abc/+=:def==";
const put = (text: string, key = "swarmyard:token", top = {}) =>
  withSecret(text, { key, secure, top });

const written = `# Mine.
encryptionsalt: v1:kept
config:
  swarmyard:hosts:
    kind: local   # here
    groups:
      platform: { role: manager,   labels: [ platform ] }
  swarmyard:prefix: "yard"

  # The last one.
`;

describe("a secret in an environment file", () => {
  test("is added, and every other line stays as it is written", () => {
    expect(put(written)).toBe(
      written.replace('"yard"\n', `"yard"\n  swarmyard:token:\n    secure: ${secure}\n`),
    );
  });

  test("takes the place of its old value, in the form in which that stands", () => {
    const with_ = (value: string) => `config:\n  swarmyard:token:${value} # mine\n  other: 1\n`;
    expect(put(with_("\n    secure: old"))).toBe(with_(`\n    secure: ${secure}`));
    expect(put(with_(" { secure: 'old' }"))).toBe(with_(` { secure: '${secure}' }`));
    expect(put(with_(' { secure: "old" }'))).toBe(with_(` { secure: "${secure}" }`));
    expect(put(with_(" in-clear"))).toBe(with_(` { secure: "${secure}" }`));
  });

  test.each([
    ["", `config:\n  swarmyard:token:\n    secure: ${secure}\n`],
    ["config:\n", `config:\n  swarmyard:token:\n    secure: ${secure}\n`],
    ["config: {}\n", `config:\n  swarmyard:token:\n    secure: ${secure}\n`],
    ["config:\n    a: 1", `config:\n    a: 1\n    swarmyard:token:\n        secure: ${secure}\n`],
    [
      "config:\n  a:\n    - 1\nsecretsprovider: x\n",
      `config:\n  a:\n    - 1\n  swarmyard:token:\n    secure: ${secure}\nsecretsprovider: x\n`,
    ],
  ])("is added to %j", (text, expected) => {
    expect(put(text)).toBe(expected);
  });

  test("brings the salt that it needs, once, behind the start of the document", () => {
    const top = { encryptionsalt: "v1:new" };
    expect(put(written, undefined, top)).toBe(put(written));
    expect(put("---\nconfig:\n  a: 1\n", undefined, top)).toBe(
      `---\nencryptionsalt: v1:new\nconfig:\n  a: 1\n  swarmyard:token:\n    secure: ${secure}\n`,
    );
    expect(parse(put("", undefined, top)).encryptionsalt).toBe("v1:new");
  });

  test("is not forced into a form that would break the file", () => {
    expect(() => put("config: { a: 1 }\n")).toThrow(
      'on lines of its own: swarmyard:token: { secure: "v1:abc/+=:def==" }',
    );
  });
});

describe("the words of the command", () => {
  test("are set and a key, with or without our namespace", () => {
    expect(secretKey(["set", "apiToken"])).toBe("apiToken");
    expect(secretKey(["set", "swarmyard:apiToken"])).toBe("apiToken");
    // A platform may name it: `secrets: { seed: { config: 2fa.seed } }`.
    expect(secretKey(["set", "2fa.seed"])).toBe("2fa.seed");
  });

  test.each([
    [[], "`secret` needs the word `set` and a key."],
    [["get", "a"], "`secret` needs the word `set` and a key."],
    [["set"], "`secret` needs the word `set` and a key."],
    [["set", "a", "value"], "The value is not an argument"],
    [["set", "-a"], '"-a" is not a valid key.'],
    [["set", "a b"], '"a b" is not a valid key.'],
    [["set", "hosts"], "hosts is a setting"],
  ])("are not %j", (words, said) => {
    expect(() => secretKey(words)).toThrow(said);
  });
});

describe("a hidden value", () => {
  test("ends with Enter, and takes keys back", () => {
    expect(afterKeys("", "abc")).toEqual({ text: "abc" });
    expect(afterKeys("ab", "\u007fc\rmore")).toEqual({ text: "ac", ended: "done" });
    expect(afterKeys("ab", "\u0015x\n")).toEqual({ text: "x", ended: "done" });
    expect(afterKeys("ab", "\u0003")).toEqual({ text: "", ended: "cancelled" });
    expect(afterKeys("", "ü🙂\u007f")).toEqual({ text: "ü" });
  });

  test("comes whole through a pipe, without the last line's end", async () => {
    const pipe = (...chunks: string[]) =>
      (async function* () {
        for (const chunk of chunks) yield Buffer.from(chunk);
      })() as unknown as NodeJS.ReadStream;
    expect(await readHidden("value", "a", pipe("one\ntw", "o\n"))).toBe("one\ntwo");
    await expect(readHidden("value", "a", pipe("\n"))).rejects.toThrow(
      "No value was given.\nType it, or pipe it: … | a",
    );
  });
});
