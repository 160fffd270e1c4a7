import { describe, expect, test } from "vitest";
import { parseImage } from "../../../components/model/image";
import { serviceProblems } from "../../../components/model/service/problems";

const found = (extra: object) =>
  serviceProblems({ name: "a", image: "a:1", ...extra }).map(({ keys, found: text, fix }) => [
    keys.join(" "),
    text,
    fix,
  ]);

describe("what no node ever fits or starts is refused", () => {
  test.each([
    [
      { placement: { constraints: ["node.platform.arch == amd64"] } },
      "placement constraints 0",
      '"node.platform.arch == amd64": no node reports amd64, but x86_64',
      "node.platform.arch == x86_64",
    ],
    [
      { placement: { constraints: ["node.platform.arch!=ARM64"] } },
      "placement constraints 0",
      '"node.platform.arch!=ARM64": no node reports ARM64, but aarch64',
      "node.platform.arch != aarch64",
    ],
    [
      { placement: { platforms: ["linux/linux-amd64"] } },
      "placement platforms 0",
      '"linux/linux-amd64"',
      "`linux/amd64`",
    ],
    [
      { placement: { platforms: ["linux/arm"] } },
      "placement platforms 0",
      '"linux/arm", which no node reports',
      "`linux/armv7l`",
    ],
    [
      { placement: { platforms: ["linux/arm/v6"] } },
      "placement platforms 0",
      '"linux/arm/v6", which no node reports',
      "`linux/armv6l`",
    ],
    [
      { placement: { platforms: ["linux/arch64"] } },
      "placement platforms 0",
      '"linux/arch64"',
      "`linux/aarch64`",
    ],
    [
      { placement: { constraints: ["node.platform.arch == armhf"] } },
      "placement constraints 0",
      '"node.platform.arch == armhf": no node reports armhf, but armv7l',
      "node.platform.arch == armv7l",
    ],
    [
      { ulimits: { nofile: { soft: 1024, hard: -1 } } },
      "ulimits nofile",
      "-1, which the kernel refuses for open files",
      "`nofile: { soft: 1048576, hard: 1048576 }`",
    ],
    [
      { healthcheck: { test: ["CMD-SHELL", "NONE"] } },
      "healthcheck test",
      "NONE as a command of the shell",
      "`[NONE]`",
    ],
    [{ hostname: "my web/1" }, "hostname", '"my web/1"', "`hostname: my-web-1`"],
    [
      { secrets: { "/etc/": { source: "s" } } },
      "secrets /etc/",
      "/etc/, which is a folder",
      "another path",
    ],
    [
      { secrets: { x: { source: "s" }, "x/y": { source: "t" } } },
      "secrets x/y",
      "/run/secrets/x/y, below /run/secrets/x, where a secret is a file",
      "another path",
    ],
    [
      { configs: { "/etc/a": { source: "s" } }, mounts: { "/etc/a/b": { type: "volume" } } },
      "mounts /etc/a/b",
      "/etc/a/b, below /etc/a, where a config is a file",
      "another path",
    ],
    [
      { logging: { driver: "gelf" } },
      "logging options gelf-address",
      "nothing",
      "`gelf-address: udp://logs.example.org:12201`",
    ],
    [
      { logging: { driver: "syslog", options: { "syslog-address": "logs:514" } } },
      "logging options syslog-address",
      '"logs:514"',
      "`syslog-address: udp://logs:514`",
    ],
    [
      { logging: { driver: "fluentd", options: { "fluentd-adress": "logs:24224" } } },
      "logging options fluentd-adress",
      'the name "fluentd-adress"',
      "did you mean `fluentd-address`?",
    ],
  ])("%j", (extra, place, text, fix) => {
    expect(found(extra)).toEqual([[place, text, fix]]);
  });

  test.each([
    { placement: { constraints: ["node.platform.arch == x86_64", "node.platform.os == linux"] } },
    { placement: { platforms: ["linux/amd64", "Linux/x86_64", "linux/s390x", "windows/amd64"] } },
    { ulimits: { nofile: { soft: 1024, hard: 4096 }, memlock: { soft: -1, hard: -1 } } },
    { hostname: "a_b.c" },
    { healthcheck: { test: ["CMD-SHELL", "NONE=1 true"] } },
    { secrets: { x: { source: "s" }, xy: { source: "t" } }, configs: { "/x/y": { source: "c" } } },
    { logging: { driver: "gelf", options: { "gelf-address": "udp://logs:12201", tag: "a" } } },
    { logging: { driver: "syslog", options: { "syslog-format": "rfc5424" } } },
  ])("is taken: %j", (extra) => {
    expect(found(extra)).toEqual([]);
  });

  test("an image named by its id", () => {
    expect(parseImage("a".repeat(64))).toEqual({
      wrong: "is the id of an image, which registries do not know",
      fix: "`repository:tag`, for example `redis:7`",
    });
    expect(parseImage("a".repeat(63))).toEqual({ repository: "a".repeat(63) });
  });
});
