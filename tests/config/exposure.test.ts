import { expect, test } from "vitest";
import type { PlainMap } from "../../components/model/merge";
import { brief, readChanged } from "./yard";

/** What is warned about a service with these fields, without the warnings of the good environment. */
function warnings(web: PlainMap, rest: PlainMap = {}): readonly (readonly string[])[] {
  const usual = readChanged().warnings.map(({ path }) => path);
  const { problems, warnings: found } = readChanged({ spec: { services: { web }, ...rest } });
  expect(problems).toEqual([]);
  return found.filter(({ path }) => !usual.includes(path)).map(brief);
}

const bind = (source: string, more: PlainMap = {}) => ({
  mounts: { "/in": { type: "bind", source, ...more } },
});
const SOURCE = 'platforms/app: services.web.mounts["/in"].source';
const PLACE = "a volume, or a folder of your own";

test("the socket of a Docker engine is root on the node, read-only or not", () => {
  const allowed = "no socket of the node's Docker engine";
  const fix = "a proxy that passes on only the calls which the service needs";
  const who = "who may use it is root on the node";
  for (const socket of ["/var/run/docker.sock", "/run/docker.sock"]) {
    expect(warnings(bind(socket))).toEqual([[SOURCE, `${socket}: ${who}`, allowed, fix]]);
  }
  const found = `/run/containerd/containerd.sock: ${who}, read-only or not`;
  expect(warnings(bind("/run/containerd/containerd.sock", { readOnly: true }))).toEqual([
    [SOURCE, found, allowed, fix],
  ]);
});

test("folders of the node's system: some always, the others only when the service may write", () => {
  const writable = (path: string, fix: string) => [
    [SOURCE, `${path}, a folder of the node's system, writable`, PLACE, fix],
  ];
  expect(warnings(bind("/"))).toEqual(writable("/", "the one file that is needed"));
  expect(warnings(bind("/etc/cron.d"))).toEqual(writable("/etc/cron.d", "`readOnly: true`"));
  expect(warnings(bind("/var/lib/docker", { readOnly: true }))).toEqual([
    [
      SOURCE,
      "/var/lib/docker, a folder of the node's system",
      PLACE,
      "the one file that is needed",
    ],
  ]);
  for (const source of ["/etc/localtime", "/proc", "/sys"]) {
    expect(warnings(bind(source, { readOnly: true }))).toEqual([]);
  }
  for (const source of ["/srv/data", "/mnt/share/app", "/etcetera", "/run/app"]) {
    expect(warnings(bind(source))).toEqual([]);
  }
});

test("capabilities that amount to root on the node", () => {
  expect(warnings({ capAdd: ["CAP_SYS_ADMIN", "NET_BIND_SERVICE", "SYS_MODULE"] })).toEqual([
    [
      "platforms/app: services.web.capAdd[0]",
      "CAP_SYS_ADMIN: mounting the node's disks, and so root on the node",
      "the capabilities that the program needs",
      "remove it, or take a narrower one",
    ],
    [
      "platforms/app: services.web.capAdd[2]",
      "SYS_MODULE: loading code into the node's kernel",
      "the capabilities that the program needs",
      "remove it, or take a narrower one",
    ],
  ]);
});

test("mounts that reach the node, and profiles that are switched off", () => {
  const shared = bind("/srv/data", { bind: { propagation: "rshared" } });
  expect(warnings(shared)).toEqual([
    [
      'platforms/app: services.web.mounts["/in"].bind.propagation',
      "rshared: what the container mounts appears on the node",
      "private, rprivate, slave, rslave",
      "`propagation: rslave`",
    ],
  ]);
  const privileges = { seccomp: { mode: "unconfined" }, appArmor: { mode: "disabled" } };
  expect(warnings({ privileges }).map(([path, found]) => [path, found])).toEqual([
    [
      "platforms/app: services.web.privileges.seccomp.mode",
      "unconfined: every system call is open",
    ],
    [
      "platforms/app: services.web.privileges.appArmor.mode",
      "disabled: no file of the kernel is closed",
    ],
  ]);
});

test("the network of the node", () => {
  const networks = { node: { external: true, name: "host" } };
  const web = { networks: { node: {}, default: null }, ports: null };
  expect(warnings(web, { networks, open: null }).map(([path, found]) => [path, found])).toEqual([
    [
      "platforms/app: services.web.networks.node",
      "the network host: its programs reach the ports of the swarm, and in a cloud the rights of the machine",
    ],
  ]);
});
