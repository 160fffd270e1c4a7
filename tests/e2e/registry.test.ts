import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { succeedIn, type Words } from "./succeed";
import { Yard } from "./yard";

const compose = `services:
  web:
    build: ./image
    deploy: { mode: global }
`;
const dockerfile = (mark: string) =>
  `FROM debian:12-slim\nRUN echo ${mark} > /mark\nCMD ["sleep", "infinity"]\n`;

let yard: Yard;

function write(file: string, text: string): void {
  const full = path.join(yard.folder, "platforms/shop", file);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  fs.writeFileSync(full, text);
}

beforeAll(() => {
  yard = new Yard("inswarm");
  for (const group of ["agent", "service"]) {
    yard.set(["swarmyard:hosts", "groups", group], undefined);
  }
  write("compose.yaml", compose);
  write("image/Dockerfile", dockerfile("first"));
  yard.set(["swarmyard:registry"], { kind: "swarm" });
  yard.set(["swarmyard:platforms"], { shop: {} });
});
afterAll(() => yard.close());

const succeed = (...words: Words) => succeedIn(yard, ...words);

const nodes = () => Object.keys(yard.machines()).filter((name) => name.includes("-yard-"));

function onNode(node: string, command: string): string {
  return yard.engine("exec", node, "bash", "-c", command).trim();
}

const marks = () =>
  nodes().map((node) => onNode(node, "docker exec $(docker ps -qf name=shop_web) cat /mark"));

test("images come from a registry in the swarm that only the nodes themselves reach", async () => {
  await succeed("up");
  expect(nodes()).toHaveLength(2);
  expect(marks()).toEqual(["first", "first"]);
  const image = await yard.docker(
    ...["service", "inspect", "shop_web", "--format"],
    "{{.Spec.TaskTemplate.ContainerSpec.Image}}",
  );
  expect(image).toMatch(/^127\.0\.0\.1:5000\/\S+@sha256:/);
  const [one = "", other = ""] = nodes();
  const catalog =
    "exec 3<>/dev/tcp/HOST/5000 && printf 'GET /v2/_catalog HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3";
  expect(onNode(one, catalog.replace("HOST", "127.0.0.1"))).toContain("shop/web");
  expect(onNode(one, `(${catalog.replace("HOST", other)}) 2>&1 || true`)).toMatch(/refused/);
  expect(yard.here("ps", "-a", "--format", "{{.Names}}").join()).not.toContain("registry");
  await succeed("preview", "--expect-no-changes");
});

test("a changed image is pushed and rolled out", async () => {
  write("image/Dockerfile", dockerfile("second"));
  await succeed("up");
  expect(marks()).toEqual(["second", "second"]);
});

test("down removes everything", async () => {
  await succeed("down");
  expect(yard.left()).toEqual([]);
});
