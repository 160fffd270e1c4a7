import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FindAlias, readAlias, UNSET } from "../../components/config/environment/ssh-aliases";
import { findAlias } from "../../components/config/file/ssh-config";
import type { PlainMap } from "../../components/model/merge";
import { brief, readChanged } from "./yard";

/** What ssh knows, by name. */
const known: { readonly [name: string]: ReturnType<FindAlias> } = {
  db: {
    hostName: "203.0.113.10",
    port: 2222,
    user: "ubuntu",
    identityFiles: ["~/.ssh/none", "~/.ssh/rack"],
    jumps: ["admin@bastion:2200", "inner"],
  },
  bastion: { hostName: "bastion.example.org", user: "me", identityFiles: [], jumps: ["outer"] },
  outer: { hostName: "192.0.2.1", identityFiles: ["/keys/outer"], jumps: [] },
  // Its own jump host does not count behind another one, as with ssh.
  inner: { hostName: "10.0.0.2", identityFiles: [], jumps: ["outer"] },
  plain: { hostName: "plain", identityFiles: [], jumps: [] },
  proxied: { hostName: "p", identityFiles: [], jumps: [], proxyCommand: "nc %h %p" },
  loop: { hostName: "l", identityFiles: [], jumps: ["circle"] },
  circle: { hostName: "c", identityFiles: [], jumps: ["loop"] },
  tokens: { hostName: "t", identityFiles: ["~/.ssh/%r"], jumps: [] },
};

const find: FindAlias = (name) => {
  const alias = known[name];
  if (alias === undefined) throw new Error(`no ${name}`);
  return alias;
};

function read(group: PlainMap, findAliasOf: FindAlias = find) {
  const world = {
    findAlias: findAliasOf,
    exists: (path: string) => !/none$/.test(path),
  };
  return readChanged({
    values: {
      hosts: { groups: { platform: null, db: null, agent: null, rack: { kind: "ssh", ...group } } },
      registry: { kind: "existing", address: "ghcr.io/me" },
      share: { kind: "none" },
      platforms: { app: null },
    },
    spec: { volumes: { data: null } },
    world,
  });
}

const role = { role: "manager" };

function machine(group: PlainMap): unknown {
  const { environment, problems } = read({ ...role, ...group });
  expect(problems).toEqual([]);
  const [host] = environment?.hosts ?? [];
  return host?.kind === "ssh" ? host.ssh : undefined;
}

describe("machines of a group with sshConfig", () => {
  test("have what ssh knows of their names, through the same jump hosts", () => {
    const outer = { address: "192.0.2.1", port: 22, user: "ubuntu" };
    expect(machine({ sshConfig: true, machines: { a: { address: "db" } } })).toMatchObject({
      machine: "a",
      address: "203.0.113.10",
      port: 2222,
      user: "ubuntu",
      key: { kind: "file", path: "~/.ssh/rack" },
      via: [
        { ...outer, key: { kind: "file", path: "/keys/outer" } },
        { address: "bastion.example.org", port: 2200, user: "admin" },
        { address: "10.0.0.2", port: 22, user: "ubuntu" },
      ],
    });
  });

  test("keep what the file says, of a machine or of the group", () => {
    const stated = { port: 22, key: "agent", via: [] };
    expect(
      machine({ sshConfig: true, user: "root", machines: { a: { address: "db", ...stated } } }),
    ).toMatchObject({
      address: "203.0.113.10",
      ...{ port: 22, user: "root", key: { kind: "agent" }, via: [] },
    });
    expect(machine({ sshConfig: true, machines: { a: { address: "plain" } } })).toMatchObject({
      ...{ address: "plain", port: 22, user: "root", key: { kind: "agent" }, via: [] },
    });
  });

  test("are looked up only where the group says so, and is part of the environment", () => {
    const asked: unknown[] = [];
    const noting: FindAlias = (name, file) => {
      asked.push([name, file]);
      return find(name, file);
    };
    const machines = { a: { address: "plain" } };
    read({ ...role, machines }, noting);
    read({ ...role, sshConfig: false, machines }, noting);
    read({ ...role, sshConfig: true, only: ["elsewhere"], machines }, noting);
    expect(asked).toEqual([]);
    read({ ...role, sshConfig: "~/.ssh/rack", machines }, noting);
    expect(asked).toEqual([["plain", "~/.ssh/rack"]]);
  });

  test("are refused with the reason, all at once", () => {
    const names = ["proxied", "loop", "tokens", "unknown"];
    const machines = Object.fromEntries(names.map((name) => [name, { address: name }]));
    const { problems } = read({ ...role, sshConfig: true, machines });
    const at = (name: string) => `swarmyard:hosts.groups.rack.machines.${name}.address`;
    const found = (name: string, reason: string) => [
      at(name),
      `${name}, which the settings of ssh do not lead to: ${reason}`,
    ];
    expect(problems.map(({ path, found: what }) => [path, what])).toEqual([
      found("proxied", "p has the ProxyCommand `nc %h %p`"),
      found("loop", "its ProxyJump leads back to loop"),
      found("tokens", "its IdentityFile is ~/.ssh/%r, which is not a whole path"),
      found("unknown", "no unknown"),
    ]);
    const missing = read({ ...role, sshConfig: "~/.ssh/none", machines });
    expect(missing.problems.map(brief)).toEqual([
      [
        "swarmyard:hosts.groups.rack.sshConfig",
        "~/.ssh/none, which does not exist on this machine",
        "a file with settings of ssh, or `true` for your own",
        "the path of the file, or `sshConfig: true`",
      ],
    ]);
  });
});

test("defaults that ssh prints are not what its settings say", () => {
  const printed = `user ${UNSET.user}\nhostname db\nport 22\nidentityfile ${UNSET.file}\n`;
  expect(readAlias(printed)).toEqual({ hostName: "db", identityFiles: [], jumps: [] });
  expect(readAlias("hostname db\nproxyjump none\nproxycommand none\n")).toEqual({
    ...{ hostName: "db", identityFiles: [], jumps: [] },
  });
});

describe("the ssh of this machine", () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ssh-config-"));
    file = join(folder, "a config");
    writeFileSync(
      file,
      `Host db
  HostName 203.0.113.10
  Port 2222
  ProxyJump admin@bastion:2200,inner
Host d*
  User ubuntu
  IdentityFile ~/.ssh/one
  IdentityFile ~/.ssh/two
Host web
  ProxyCommand nc %h %p
`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("says what its settings mean", () => {
    expect(findAlias("db", file)).toEqual({
      hostName: "203.0.113.10",
      port: 2222,
      user: "ubuntu",
      identityFiles: ["~/.ssh/one", "~/.ssh/two"],
      jumps: ["admin@bastion:2200", "inner"],
    });
    expect(findAlias("other", file)).toEqual({ hostName: "other", identityFiles: [], jumps: [] });
    expect(findAlias("web", file).proxyCommand).toBe("nc %h %p");
  });

  test("says what is wrong with them", () => {
    writeFileSync(file, "Host db\n  Prot 22\n");
    expect(() => findAlias("db", file)).toThrow(
      /Bad configuration option|bad configuration options/,
    );
  });
});
