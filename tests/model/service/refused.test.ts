import { expect, test } from "vitest";
import { propertyPath } from "../../../components/model/paths";
import { serviceProblems } from "../../../components/model/service/problems";

const problems = (more: object) =>
  serviceProblems({ name: "web", image: "redis:7", ...more }).map(({ keys, found, fix }) => [
    propertyPath(keys),
    found,
    fix,
  ]);

test.each<[string, object, readonly string[]]>([
  [
    "less memory than a container gets",
    { resources: { limits: { memory: "4MiB" } } },
    ["resources.limits.memory", '"4MiB"', "`memory: 6MiB`, or more"],
  ],
  ["a relative folder", { workingDir: "app" }, ["workingDir", '"app"', "`workingDir: /app`"]],
  [
    "a volume with a space in its name",
    { mounts: { "/d": { type: "volume", source: "a b" } } },
    ['mounts["/d"].source', 'the volume "a b"', "another name"],
  ],
  [
    "a volume with a name of one letter",
    { mounts: { "/d": { type: "volume", source: "d" } } },
    ['mounts["/d"].source', 'the volume "d"', "another name"],
  ],
  [
    "a health check that runs nothing",
    { healthcheck: { test: ["CMD-SHELL", " "] } },
    ["healthcheck.test", "CMD-SHELL without a command", '`["CMD-SHELL", "<command>"]`'],
  ],
  [
    "a capability that is given and taken",
    { capAdd: ["NET_ADMIN"], capDrop: ["cap_net_admin"] },
    ["capDrop[0]", '"cap_net_admin", which `capAdd` gives', "remove one of them"],
  ],
  [
    "a size of logs in words",
    { logging: { driver: "json-file", options: { "max-size": "lots" } } },
    ["logging.options.max-size", '"lots"', "`max-size: 10m`"],
  ],
  [
    "no log file at all",
    { logging: { driver: "local", options: { "max-file": "0" } } },
    ["logging.options.max-file", '"0"', '`max-file: "3"`'],
  ],
  ["a NUL byte", { env: { A: "a\0b" } }, ["env.A", "text with a NUL byte", "remove it"]],
  [
    "a NUL byte in an argument",
    { command: ["a", "\0"] },
    ["command[1]", "text with a NUL byte", "remove it"],
  ],
  [
    "two mounts at one path, written in two ways",
    { mounts: { "/a/../b": { type: "tmpfs" }, "/b": { type: "tmpfs" } } },
    ['mounts["/b"]', "/b, where a mount is already", "another path"],
  ],
])("a task that could never start is refused at preview: %s", (_, more, problem) => {
  expect(problems(more)).toEqual([problem]);
});

test.each<[string, object]>([
  ["the least memory", { resources: { limits: { memory: "6MiB" } } }],
  [
    "a volume with a template",
    { mounts: { "/d": { type: "volume", source: "d-{{.Task.Slot}}" } } },
  ],
  ["a check that is switched off", { healthcheck: { test: ["NONE"] } }],
  [
    "sizes as Docker reads them",
    { logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "3" } } },
  ],
  ["other capabilities", { capAdd: ["NET_ADMIN"], capDrop: ["ALL"] }],
  ["a folder of Windows", { workingDir: "C:\\app" }],
])("what can start is taken: %s", (_, more) => {
  expect(problems(more)).toEqual([]);
});
