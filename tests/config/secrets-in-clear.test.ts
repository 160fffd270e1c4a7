import { expect, test } from "vitest";
import { brief, readChanged } from "./yard";

const usual = readChanged().warnings.map(({ path }) => path);
const CLEAR = "in clear in the state, in previews and on the nodes";

test("a token of a log driver is warned of, without its value", () => {
  const options = { "splunk-token": "hush", "splunk-url": "https://splunk.example.org" };
  const web = { logging: { driver: "splunk", options } };
  const { problems, warnings } = readChanged({ spec: { services: { web } } });
  expect(problems).toEqual([]);
  const found = warnings.filter(({ path }) => !usual.includes(path));
  expect(found.map(brief)).toEqual([
    [
      "platforms/app: services.web.logging.options.splunk-token",
      `a secret, which is ${CLEAR}`,
      "settings without a secret",
      "a collector on the nodes that has the secret, or a file that the nodes have",
    ],
  ]);
  expect(JSON.stringify(warnings)).not.toContain("hush");
});

test("so are those of a group's Docker engines, and a login in an address", () => {
  const daemon = {
    "log-driver": "splunk",
    "log-opts": { "splunk-token": "hush", "splunk-format": "raw" },
    proxies: { "http-proxy": "http://me:hush@proxy.example.org:3128", "no-proxy": "a@b" },
    "registry-mirrors": ["https://mirror.example.org"],
  };
  const { warnings } = readChanged({ values: { hosts: { groups: { web: { daemon } } } } });
  const found = warnings.filter(({ found }) => found.includes(CLEAR));
  expect(found.map(({ path, found }) => [path, found])).toEqual([
    ["swarmyard:hosts.groups.web.daemon.log-opts.splunk-token", `a secret, which is ${CLEAR}`],
    [
      "swarmyard:hosts.groups.web.daemon.proxies.http-proxy",
      `an address with a login, which is ${CLEAR}`,
    ],
  ]);
  expect(JSON.stringify(warnings)).not.toContain("hush");
});
