import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { readEnvironmentFile } from "../../components/config/file/environment-file";
import { formatProblem } from "../../components/model/problem";
import { asThePageSays, files, page } from "../platform-page";

const root = path.resolve(__dirname, "../..");
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true });
});

/** Follows the page in an empty project, with some of its files. */
function follow(names: readonly (keyof typeof files)[]) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "swarmyard-platform-page-"));
  folders.push(folder);
  for (const name of names) {
    const file = path.join(folder, "platforms/shop", name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, files[name]);
  }
  fs.mkdirSync(path.join(folder, "platforms/stand-ins/postgres"), { recursive: true });
  const local = fs.readFileSync(path.join(root, "Pulumi.local.yaml"), "utf8");
  const file = path.join(folder, "Pulumi.local.yaml");
  fs.writeFileSync(file, asThePageSays(local));
  const { environment, problems, warnings } = readEnvironmentFile(file);
  expect([...problems, ...warnings].map(formatProblem)).toEqual([]);
  return environment?.platforms[0]?.plan;
}

describe("the page about a platform of your own", () => {
  test("both forms are accepted, and become the same services, volumes and secrets", () => {
    const composed = follow(["app/Dockerfile", "app/shop.py", "compose.yaml", "db_password.txt"]);
    const typed = follow(["app/Dockerfile", "app/shop.py", "index.ts", "db_password.txt"]);
    expect(Object.keys(typed?.services ?? {})).toEqual(["db", "migrate", "web", "worker"]);
    // A compose file has one image for each service with a `build`, and the labels of `docker stack`.
    const same = (plan: typeof typed) =>
      Object.entries(plan?.services ?? {}).map(
        ([key, { image, labels, mounts = {}, ...service }]) => ({
          key,
          kind: image.kind,
          labels: { ...labels, "com.docker.stack.image": undefined },
          mounts: Object.entries(mounts).map(([target, { type, source }]) => [
            target,
            type,
            source,
          ]),
          service,
        }),
      );
    expect(same(composed)).toEqual(same(typed));
    expect(composed?.secrets).toEqual(typed?.secrets);
    expect(composed?.networks).toEqual(typed?.networks);
  });

  test("each row of its table is what the table of keys says", () => {
    const keys = fs.readFileSync(path.join(root, "docs/compose.md"), "utf8").split("\n");
    const table = page.slice(page.indexOf("## Compose keys and fields"));
    const rows = [...table.matchAll(/^\| `([\w.]+)` +\| `([\w.]+)`/gm)].map(
      ([, key = "", field = ""]) => ({ key, field }),
    );
    expect(rows.length).toBeGreaterThan(10);
    const wrong = rows.filter(({ key, field }) => {
      const last = field.split(".").at(-1);
      const row = (one: string) => one.startsWith(`| \`${key}\` | `) && one.includes(`\`${last}\``);
      return !keys.some(row);
    });
    expect(wrong).toEqual([]);
  });

  test("each key of its compose file has a row", () => {
    const table = page.slice(page.indexOf("## Compose keys and fields"));
    const services = files["compose.yaml"].slice(0, files["compose.yaml"].indexOf("\nsecrets:"));
    const used = [...services.matchAll(/^ {4}(\w+):/gm)].map(([, key = ""]) => key);
    const missing = [...new Set(used)].filter((key) => !table.includes(`\`${key}`));
    expect(missing).toEqual([]);
  });
});
