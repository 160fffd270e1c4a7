import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { succeedIn, type Words } from "../e2e/succeed";
import { Yard } from "../e2e/yard";
import { asThePageSays, files } from "../platform-page";
import { addresses, eventually } from "./system";

// docs/platform.md, step by step, as somebody who reads it for the first time.

let yard: Yard;
let at: (port: number) => string;
const shop = (file: string) => path.join(yard.folder, "platforms/shop", file);

beforeAll(() => {
  yard = new Yard("test-shop");
  for (const [name, text] of Object.entries(files)) {
    if (name === "index.ts") continue;
    fs.mkdirSync(path.dirname(shop(name)), { recursive: true });
    fs.writeFileSync(shop(name), text);
  }
  fs.writeFileSync(yard.settings, asThePageSays(fs.readFileSync(yard.settings, "utf8")));
});
afterAll(() => yard.close());

const succeed = (...words: Words) => succeedIn(yard, ...words);

const orders = async (method: "GET" | "POST") =>
  (await (await fetch(at(8090), { method })).text()).trim().split("\n");

test("the compose file comes up: database, then the job, then the rest", async () => {
  at = addresses(await succeed("up", "--stand-ins"), 8090);
  const running = (await yard.tasks()).map(({ service }) => service).sort();
  expect(running).toEqual(["shop_db", "shop_web", "shop_worker", "shop_worker"]);
});

test("an order is shipped by the worker", async () => {
  expect(await orders("POST")).toEqual(["1|new"]);
  await eventually(
    () => orders("GET"),
    ([first]) => first === "1|shipped",
  );
});

test("the TypeScript form keeps the database's data, and changes nothing after that", async () => {
  fs.writeFileSync(shop("index.ts"), files["index.ts"]);
  await succeed("up", "--stand-ins");
  expect(
    await eventually(
      () => orders("GET"),
      (all) => all[0] !== "",
    ),
  ).toEqual(["1|shipped"]);
  await succeed("preview", "--stand-ins", "--expect-no-changes");
});

test("a job that fails ends up with its last lines, and runs again when it is corrected", async () => {
  const program = files["app/shop.py"];
  fs.writeFileSync(shop("app/shop.py"), program.replace("CREATE TABLE IF", "CREATE TABEL IF"));
  const { status, output } = await yard.run("up", ["--stand-ins"]);
  expect(status).not.toBe(0);
  expect(output).toContain("migrate");
  expect(output).toContain("CREATE TABEL");
  fs.writeFileSync(shop("app/shop.py"), program.replace("state text", "note text, state text"));
  await succeed("up", "--stand-ins");
  expect(
    await eventually(
      () => orders("GET"),
      (all) => all[0] !== "",
    ),
  ).toEqual(["1|shipped"]);
});

test("down leaves nothing", async () => {
  await succeed("down");
  expect(yard.left()).toEqual([]);
});
