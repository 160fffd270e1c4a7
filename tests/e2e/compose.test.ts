import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { portOffsets } from "../../components/config/environment/defaults";
import { succeedIn, type Words } from "./succeed";
import { Yard } from "./yard";

/** A compose file as people have it: an image to build, a port, a volume, a config, variables. */
const compose = `services:
  web:
    build: ./web
    ports: ["8095:8000"]
    environment:
      GREETING: hello
      MODE: \${MODE:-quiet}
    volumes: [data:/data]
    configs:
      - source: motd
        target: /srv/motd
  idle:
    image: ghost
    profiles: [never]
configs:
  motd: { content: "from compose\\n" }
volumes:
  data: {}
`;

const dockerfile = `FROM debian:13-slim
RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
CMD ["python3", "-m", "http.server", "8000", "--directory", "/srv"]
`;

let yard: Yard;
const file = () => path.join(yard.folder, "platforms/shop/compose.yaml");

beforeAll(() => {
  yard = new Yard("compose");
  fs.mkdirSync(path.join(yard.folder, "platforms/shop/web"), { recursive: true });
  fs.writeFileSync(file(), compose);
  fs.writeFileSync(path.join(yard.folder, "platforms/shop/web/Dockerfile"), dockerfile);
  yard.set(["swarmyard:platforms"], { shop: {} });
});
afterAll(() => yard.close());

const succeed = (...words: Words) => succeedIn(yard, ...words);

test("a folder with a compose file comes up as a platform and answers", async () => {
  await succeed("up");
  const port = 8095 + portOffsets("compose")[0];
  expect(await (await fetch(`http://127.0.0.1:${port}/motd`)).text()).toBe("from compose\n");
});

test("services are what docker stack deploy would make of the file", async () => {
  const names = await yard.docker("service", "ls", "--format", "{{.Name}}");
  expect(names.trim()).toBe("shop_web");
  const format = "{{json .Spec.TaskTemplate.ContainerSpec}}";
  const inspected = await yard.docker("service", "inspect", "shop_web", "--format", format);
  const { Env, Hostname, Mounts, Labels } = JSON.parse(inspected);
  expect(Env).toEqual(["GREETING=hello", "MODE=quiet"]);
  expect(Hostname).toBeUndefined();
  expect(Mounts).toMatchObject([{ Type: "volume", Source: "shop_data", Target: "/data" }]);
  expect(Labels).toMatchObject({ "com.docker.stack.namespace": "shop" });
  expect((await yard.docker("stack", "ls", "--format", "{{.Name}}")).trim()).toBe("shop");
});

test("a second preview is empty", async () => {
  await succeed("preview", "--expect-no-changes");
});

test("a changed value is shown by field", async () => {
  fs.writeFileSync(file(), compose.replace("GREETING: hello", "GREETING: hi"));
  const output = await succeed("preview", "--diff");
  expect(output).toMatch(/GREETING: "hello" => "hi"/);
  expect(output).toContain("2 to update");
});

test("what swarm cannot do is refused with file, line and column", async () => {
  fs.writeFileSync(file(), compose.replace("    volumes:", "    privileged: true\n    volumes:"));
  const { status, output } = await yard.run("preview");
  expect(status).not.toBe(0);
  expect(output).toMatch(/compose\.yaml:8:\d+/);
  expect(output).toContain("privileged");
});

test("down leaves nothing", async () => {
  await succeed("down");
  expect(yard.left()).toEqual([]);
});
