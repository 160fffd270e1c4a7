import { expect, test } from "vitest";
import { readCompose } from "../../../components/compose/read-compose";
import { problemsAlone } from "../../../components/config/alone";

const problemsOf = (text: string) =>
  problemsAlone(
    "shop",
    readCompose({
      files: ["compose.yaml"],
      folder: "/srv/shop",
      read: (path) => (path === "/srv/shop/compose.yaml" ? text : undefined),
      name: "shop",
      variables: {},
    }),
  ).map(({ line, path, found, fix }) => `${line} ${path}: ${found} → ${fix}`);

test("a platform without faults has none, whatever its environment will be", () => {
  expect(problemsOf("services: { web: { image: nginx, ports: ['80:80'] } }")).toEqual([]);
});

test("faults of the file, of values and of services come together, each with its place", () => {
  const web = [
    "init: maybe",
    "working_dir: app",
    "healthcheck: { test: [curl, x] }",
    "ports: ['80:80', '80:81']",
    "deploy: { resources: { limits: { memory: 512k } } }",
  ];
  expect(problemsOf(`services: { web: { image: nginx, ${web.join(", ")} } }`)).toEqual([
    'compose.yaml:1:40 compose.yaml: services.web.init: "maybe" → `true`',
    'compose.yaml:1:86 compose.yaml: services.web.healthcheck.test: a list that starts with "curl" → ["CMD", ...]',
    'compose.yaml:1:167 compose.yaml: services.web.deploy.resources.limits.memory: "512k" → `memory: 512MiB`',
    "compose.yaml:1:116 compose.yaml: services.web.ports[1].published: 80/tcp, which ports[0] publishes too → another port",
    'compose.yaml:1:60 compose.yaml: services.web.working_dir: "app" → `working_dir: /app`',
  ]);
});

test("a file that cannot be read at all is reported once", () => {
  expect(problemsOf("services: [")).toHaveLength(1);
});
