import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const checkout = resolve(__dirname, "../../..");

/** Rooms of the provider that are loaded once it can serve. */
function loaded(): readonly string[] {
  const script = `require("./components/provider/protocol/server.ts");
    const at = /components.provider.(.*)$/;
    console.log(JSON.stringify(Object.keys(require.cache).flatMap((name) => at.exec(name)?.[1] ?? [])));`;
  const args = ["--require", "./components/runtime/typescript.cjs", "--eval", script];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: checkout, encoding: "utf8" }));
}

test("the provider starts with the kind of keys alone: the default provider makes nothing else", () => {
  const kinds = loaded().filter((name) => !name.startsWith("protocol"));
  expect(kinds).toEqual(["key.ts"]);
}, 60_000);
