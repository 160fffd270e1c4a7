import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { readEnvironmentFile } from "../../../components/config/file/environment-file";
import { formatProblem } from "../../../components/model/problem";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const hosts = `encryptionsalt: v1:0B6YilAcCBw=:v1:DsFuM46yYxqWKOWR:GawG4vuxibzyEvkg4tROt0MkMxCGsg==
config:
  swarmyard:hosts:
    kind: local
    groups: { platform: { role: manager } }
  swarmyard:swarm: { discovery: dnsrr, publish: host }
  swarmyard:platforms:
`;

/** Reads an environment file with these platforms, beside these files. */
function read(platforms: string, files: { readonly [path: string]: string }) {
  const root = mkdtempSync(join(tmpdir(), "yard-compose-"));
  folders.push(root);
  const all = { "Pulumi.dev.yaml": `${hosts}    ${platforms}\n`, ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { environment, problems, warnings } = readEnvironmentFile(join(root, "Pulumi.dev.yaml"));
  return {
    root,
    plans: environment?.platforms,
    said: [...problems, ...warnings].map(formatProblem),
  };
}

const shop = `services:
  web:
    image: nginx:1.27
    deploy: { replicas: 2 }
    environment: { GREETING: "hello" }
`;

test.each(["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"])(
  "a folder with %s and no index.ts is a platform",
  (file) => {
    const { root, plans, said } = read("shop: {}", { [`platforms/shop/${file}`]: shop });
    expect(said).toEqual([]);
    const [platform] = plans ?? [];
    expect(platform).toMatchObject({ name: "shop", from: "shop" });
    expect(platform?.plan.folder).toBe(join(root, "platforms/shop"));
    expect(platform?.plan.services.web).toMatchObject({
      name: "shop_web",
      replicas: 2,
      env: { GREETING: "hello" },
      image: { kind: "reference", reference: "nginx:1.27" },
      endpointMode: "dnsrr",
    });
  },
);

test("an index.ts comes before a compose file", () => {
  const index = `export const platform = { folder: __dirname, services: { own: { image: "own:1" } } };`;
  const { plans } = read("shop: {}", {
    "platforms/shop/index.ts": index,
    "platforms/shop/compose.yaml": shop,
  });
  expect(Object.keys(plans?.[0]?.plan.services ?? {})).toEqual(["own"]);
});

test("an environment file names compose files, variables and changes", () => {
  const over = `services:
  web: { image: "nginx:\${TAG}", environment: { REGION: "\${REGION:-north}" } }
  extra: { image: "extra:1", profiles: [debug] }
`;
  const { plans, said } = read(
    "shop: { compose: [apps/shop.yml, apps/prod.yml], variables: { TAG: 1.28-a }, envFiles: [apps/.env], profiles: [debug], services: { web: { replicas: 3 } } }",
    { "apps/shop.yml": shop, "apps/prod.yml": over, "apps/.env": "REGION=south\nTAG=1.1\n" },
  );
  expect(said).toEqual([]);
  expect(Object.keys(plans?.[0]?.plan.services ?? {}).sort()).toEqual(["extra", "web"]);
  expect(plans?.[0]?.plan.services.web).toMatchObject({
    replicas: 3,
    env: { GREETING: "hello", REGION: "south" },
    image: { kind: "reference", reference: "nginx:1.28-a" },
  });
});

test("two platforms come from the same file under their own names", () => {
  const { plans } = read("{ blue: { compose: [shop.yml] }, green: { compose: [shop.yml] } }", {
    "shop.yml": shop,
  });
  expect(plans?.map(({ plan }) => plan.services.web?.name)).toEqual(["blue_web", "green_web"]);
});

test("what swarm cannot do is refused with file, line and column, and is a warning with lenient", () => {
  const files = { "platforms/shop/compose.yaml": `${shop}    privileged: true\n` };
  const strict = read("shop: {}", files);
  expect(strict.plans).toBeUndefined();
  expect(strict.said).toEqual([expect.stringMatching(/compose\.yaml:6:\d+[\s\S]*privileged/)]);
  const lenient = read("shop: { lenient: true }", files);
  expect(lenient.plans).toHaveLength(1);
  expect(lenient.said).toEqual([expect.stringContaining("privileged")]);
});

test("a compose file that is missing is named", () => {
  const { plans, said } = read("shop: { compose: [apps/shop.yml] }", {});
  expect(plans).toBeUndefined();
  expect(said).toEqual([expect.stringContaining("apps/shop.yml")]);
});
