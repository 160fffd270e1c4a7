import { describe, expect, test } from "vitest";
import { serviceProblems } from "../../../components/model/service/problems";
import { hiddenPaths } from "../../../components/model/service/start/container-paths";
import { UNKNOWN } from "../../../components/model/values";

const found = (extra: object) =>
  serviceProblems({ name: "a", image: "a:1", ...extra }).map(({ keys, found: text, fix }) => [
    keys.join(" "),
    text,
    fix,
  ]);

describe("a word that the kernel or the Docker engine does not know is refused", () => {
  test.each([
    [{ capAdd: ["NET_ADMN"] }, "capAdd 0", '"NET_ADMN"', "did you mean `NET_ADMIN`?"],
    [{ capDrop: ["cap_chwon"] }, "capDrop 0", '"cap_chwon"', "did you mean `CHOWN`?"],
    [{ stopSignal: "SIGFOO" }, "stopSignal", '"SIGFOO"', "`SIGTERM`"],
    [{ stopSignal: "SIGTREM" }, "stopSignal", '"SIGTREM"', "did you mean `SIGTERM`?"],
    [{ stopSignal: "65" }, "stopSignal", '"65"', "`SIGTERM`"],
    [
      { sysctls: { "vm.max_map_count": "262144" } },
      "sysctls vm.max_map_count",
      'the name "vm.max_map_count"',
      "leave it out, or set it on the nodes",
    ],
    [
      { sysctls: { "kernel.shmax": "1" } },
      "sysctls kernel.shmax",
      'the name "kernel.shmax"',
      "did you mean `kernel.shmmax`?",
    ],
    [
      { ulimits: { nofiles: { soft: 1, hard: 1 } } },
      "ulimits nofiles",
      'the name "nofiles"',
      "did you mean `nofile`?",
    ],
    [
      { logging: { driver: "jsonfile" } },
      "logging driver",
      '"jsonfile"',
      "did you mean `json-file`?",
    ],
    [
      { logging: { driver: "json-file", options: { "max-sise": "1m" } } },
      "logging options max-sise",
      'the name "max-sise"',
      "did you mean `max-size`?",
    ],
    [
      { logging: { driver: "local", options: { labels: "a" } } },
      "logging options labels",
      'the name "labels"',
      "leave it out",
    ],
  ])("%j", (extra, place, text, fix) => {
    expect(found(extra)).toEqual([[place, text, fix]]);
  });

  test.each([
    { capAdd: ["ALL", "net_admin", "CAP_SYS_PTRACE", "BPF"] },
    { stopSignal: "SIGTERM" },
    { stopSignal: "int" },
    { stopSignal: "9" },
    { stopSignal: "SIGRTMIN+3" },
    { stopSignal: UNKNOWN },
    { sysctls: { "net.core.somaxconn": "1", "net/ipv4/ip_forward": "1", "kernel.sem": "1" } },
    { sysctls: { "fs.mqueue.msg_max": "10" } },
    { logging: { driver: "loki", options: { "loki-url": "x" } } },
    { logging: { driver: "grafana/loki-docker-driver:latest" } },
    { logging: { driver: "json-file", options: { "max-size": "1m", mode: "non-blocking" } } },
    { logging: { driver: "none" } },
  ])("and what they know is taken: %j", (extra) => {
    expect(found(extra)).toEqual([]);
  });
});

describe("what contradicts itself is refused", () => {
  test.each([
    [
      { resources: { limits: { memory: "256MiB" }, reservations: { memory: "1GiB" } } },
      ["resources limits memory", '"256MiB", below the reservation of "1GiB"', "`memory: 1GiB`"],
    ],
    [
      { resources: { limits: { cpus: 0.5 }, reservations: { cpus: 2 } } },
      ["resources limits cpus", "0.5, below the reservation of 2", "`cpus: 2`"],
    ],
    [
      { hostname: "h".repeat(65) },
      ["hostname", `"${"h".repeat(56)}…", which has 65 bytes`, "a shorter name"],
    ],
  ])("%j", (extra, problem) => {
    expect(found(extra)).toEqual([problem]);
  });

  test.each([
    { resources: { limits: { memory: "1GiB" }, reservations: { memory: "1024MiB" } } },
    { resources: { limits: { cpus: 2 }, reservations: { memory: "1GiB" } } },
    { resources: { limits: { memory: UNKNOWN }, reservations: { memory: "1GiB" } } },
    { hostname: "h".repeat(64) },
    { hostname: `{{.Node.Hostname}}-${"h".repeat(60)}` },
  ])("and what does not is taken: %j", (extra) => {
    expect(found(extra)).toEqual([]);
  });
});

describe("two things at one path of the container", () => {
  const volume = { type: "volume", source: "vol" };
  test.each([
    [
      { mounts: { "/data": volume, "/data/": volume } },
      ["mounts /data/", "/data, where a mount is already", "another path"],
    ],
    [
      { mounts: { "/etc/a": volume }, configs: { "/etc/a": { source: "a" } } },
      ["configs /etc/a", "/etc/a, where a mount is already", "another path"],
    ],
    [
      { mounts: { "/run/secrets/a": volume }, secrets: { a: { source: "a" } } },
      ["secrets a", "/run/secrets/a, where a mount is already", "another path"],
    ],
    [
      { secrets: { a: { source: "a" }, "/run/secrets/a": { source: "b" } } },
      ["secrets /run/secrets/a", "/run/secrets/a, where a secret is already", "another path"],
    ],
    [
      { secrets: { "/etc/a": { source: "a" } }, configs: { "/etc//a": { source: "a" } } },
      ["configs /etc//a", "/etc/a, where a secret is already", "another path"],
    ],
    [{ mounts: { "/": volume } }, ["mounts /", 'the name "/"', "another path"]],
    [
      { mounts: { "/proc/sys": volume } },
      ["mounts /proc/sys", "/proc/sys, where the kernel's own files are", "another path"],
    ],
  ])("are refused: %j", (extra, problem) => {
    expect(found(extra)).toEqual([problem]);
  });

  test("the node's own /proc can be mounted at /proc", () => {
    const proc = { type: "bind", source: "/proc", readOnly: true };
    expect(found({ mounts: { "/proc": proc } })).toEqual([]);
  });

  test("below a read-only mount they are found, whatever they are", () => {
    const paths = (inputs: object) =>
      hiddenPaths(inputs).map(({ keys, found: text }) => [keys.join(" "), text]);
    const readOnly = { ...volume, readOnly: true };
    expect(
      paths({
        mounts: { "/srv": readOnly, "/srv/a": volume, "/srv/a/b": volume, "/srvx": volume },
        secrets: { "/srv/key": { source: "a" }, "/srv/a/key": { source: "b" }, c: { source: "c" } },
        configs: { "/srv/deep/a": { source: "a" }, "/etc/a": { source: "a" } },
      }),
    ).toEqual([
      ["mounts /srv/a", "a mount at /srv/a, below /srv, which is mounted read-only"],
      ["mounts /srv/a/b", "a mount at /srv/a/b, below /srv, which is mounted read-only"],
      ["secrets /srv/key", "a secret at /srv/key, below /srv, which is mounted read-only"],
      ["secrets /srv/a/key", "a secret at /srv/a/key, below /srv, which is mounted read-only"],
      ["configs /srv/deep/a", "a config at /srv/deep/a, below /srv, which is mounted read-only"],
    ]);
    expect(paths({ mounts: { "/run": readOnly }, secrets: { c: { source: "c" } } })).toEqual([
      ["secrets c", "a secret at /run/secrets/c, below /run, which is mounted read-only"],
    ]);
  });
});

describe("options of log drivers that no task starts with are refused", () => {
  const logs = (driver: string, options: object) => found({ logging: { driver, options } });

  test.each([
    [
      "json-file",
      { mode: "non-block" },
      "logging options mode",
      '"non-block"',
      "`mode: non-blocking`",
    ],
    [
      "local",
      { mode: "blocking", "max-buffer-size": "4m" },
      "logging options max-buffer-size",
      '"4m" with mode blocking',
      "`mode: non-blocking`",
    ],
    [
      "journald",
      { mode: "non-blocking", "max-buffer-size": "4xb" },
      "logging options max-buffer-size",
      '"4xb"',
      "`max-buffer-size: 4m`",
    ],
    [
      "fluentd",
      { "fluentd-address": "http://logs:24224" },
      "logging options fluentd-address",
      '"http://logs:24224"',
      "`fluentd-address: tcp://logs:24224`",
    ],
    [
      "json-file",
      { compress: "true", "max-size": "1m", "max-file": "1" },
      "logging options compress",
      "true, with one file only",
      '`max-file: "3"`',
    ],
  ])("%s %j", (driver, options, place, text, fix) => {
    expect(logs(driver, options)).toEqual([[place, text, fix]]);
  });

  test.each([
    ["json-file", { mode: "non-blocking", "max-buffer-size": "4m" }],
    ["json-file", { "max-buffer-size": "4MB" }],
    ["json-file", { compress: "true", "max-size": "1m", "max-file": "3" }],
    ["json-file", { compress: "true" }],
    ["fluentd", { "fluentd-address": "logs.example.org:24224" }],
    ["fluentd", { "fluentd-address": "unix:///run/fluentd.sock" }],
    ["awslogs", { tag: "web" }],
  ])("and others taken: %s %j", (driver, options) => {
    expect(logs(driver, options)).toEqual([]);
  });
});

test("a part of a core that the kernel does not give is refused", () => {
  const limited = (cpus: number) => found({ resources: { limits: { cpus } } });
  expect(limited(0.005)).toEqual([["resources limits cpus", "0.005", "`cpus: 0.01`, or more"]]);
  expect(limited(0.01)).toEqual([]);
});

test("a part of a volume that is outside of it is refused", () => {
  const mounted = (subpath: string) =>
    found({ mounts: { "/a": { type: "volume", source: "data", volume: { subpath } } } });
  expect(mounted("a/../../b")).toEqual([
    ["mounts /a volume subpath", '"a/../../b"', "a path without `..`"],
  ]);
  expect(mounted("a/..b/c")).toEqual([]);
});
