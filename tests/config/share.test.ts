import { describe, expect, test } from "vitest";
import { shareDefaults } from "../../components/config/environment/defaults";
import { brief, readChanged } from "./yard";

/** Groups of the good environment that are not there. */
const without = { platform: null, db: null, agent: null };
const machines = { "db-0": { address: "203.0.113.10" }, "web-0": { address: "203.0.113.11" } };
const rack = (share: object, timeToLive?: string, more: { group?: object; swarm?: object } = {}) =>
  readChanged({
    values: {
      hosts: {
        groups: {
          ...without,
          rack: { kind: "ssh", role: "manager", labels: ["db"], machines, ...more.group },
        },
      },
      ...(more.swarm === undefined ? {} : { swarm: more.swarm }),
      registry: { kind: "existing", address: "ghcr.io/me" },
      share,
      ...(timeToLive === undefined ? {} : { timeToLive }),
    },
    spec: { volumes: { data: { shared: true } } },
  });
const problems = (share: object) =>
  rack(share)
    .problems.map(brief)
    .filter(([path = ""]) => path.startsWith("swarmyard:share"));

const hosts = [{ kind: "ssh", name: "db-0" }] as const;

describe("a share on NFS", () => {
  test("is warned of where containers reach its server, and what token files on it give away", () => {
    const warned = (more: object, share: object = { kind: "nfs", server: "db-0" }) =>
      rack(share, undefined, more)
        .warnings.map(brief)
        .filter(([path]) => path === "swarmyard:share.kind");
    const found =
      "nfs, and no firewall in rack: whoever is root in a container there reads and writes the whole share";
    const rest = [
      "a share that only the machines themselves reach",
      "`firewall: true` in these groups, or keep containers from TCP port 2049 yourself",
    ];
    expect(warned({})).toEqual([["swarmyard:share.kind", found, ...rest]]);
    expect(warned({ swarm: { tokenFiles: true } })[0]?.[1]).toBe(
      `${found}, and with the join tokens on it makes itself a manager`,
    );
    expect(warned({ group: { firewall: true } })).toEqual([]);
    expect(warned({}, { kind: "existing", path: "/data" })).toEqual([]);
  });

  test("is a folder of a server outside, hard unless the file says otherwise, and its data stays", () => {
    const stated = { kind: "nfs", server: "10.0.0.5", export: "/exports/yard" } as const;
    const share = { kind: "nfs", path: "/mnt/share", data: "keep", server: "10.0.0.5" };
    const whole = { ...share, served: false, exported: "/exports/yard" };
    expect(shareDefaults(stated, hosts)).toEqual({ ...whole, options: "hard" });
    const options = "nfsvers=4.1,hard";
    expect(shareDefaults({ ...stated, options }, hosts)).toEqual({ ...whole, options });
    expect(problems(stated)).toEqual([]);
  });

  test("is the folder of a host whose name is that of the server", () => {
    expect(shareDefaults({ kind: "nfs", server: "db-0", path: "/data" }, hosts)).toEqual({
      ...{ kind: "nfs", path: "/data", data: "keep", server: "db-0", served: true },
      ...{ exported: "/data", options: "hard" },
    });
    expect(problems({ kind: "nfs", server: "db-0" })).toEqual([]);
  });

  test.each([
    [
      { kind: "nfs" },
      [
        "swarmyard:share.server",
        "no server",
        "the address of an NFS server, or the name of the host that is to be one",
        "`server: nas.example.org`",
      ],
    ],
    [
      { kind: "nfs", server: "nas" },
      [
        "swarmyard:share.export",
        "no folder of nas, which is not a host of this environment",
        "the folder that it exports",
        "`export: /exports/yard`",
      ],
    ],
    [
      { kind: "nfs", server: "db-0", export: "/exports" },
      [
        "swarmyard:share.export",
        "/exports, but db-0 is a host, which serves /mnt/share",
        "only with a server outside",
        "remove `export`",
      ],
    ],
    [
      { kind: "nfs", server: "db-0", data: "delete" },
      [
        "swarmyard:share.data",
        "delete next to kind nfs",
        "keep: what is on it stays",
        "remove `data`",
      ],
    ],
    [
      { kind: "existing", options: "hard" },
      [
        "swarmyard:share.options",
        "hard next to kind existing",
        "only with kind nfs",
        "`kind: nfs`",
      ],
    ],
  ])("%j is refused", (share, problem) => {
    expect(problems(share)).toEqual([problem]);
  });

  test("of a host is refused next to machines on AWS, which it does not know; one outside is not", () => {
    const values = (share: object) => ({
      hosts: { kind: "aws", groups: { rack: { kind: "ssh", machines } } },
      aws: { region: "eu-west-1", adminCidrs: ["203.0.113.0/24"] },
      share,
    });
    const about = (share: object) =>
      readChanged({ values: values(share) })
        .problems.map(brief)
        .filter(([path = ""]) => path.startsWith("swarmyard:share"));
    expect(about({ kind: "nfs", server: "db-0" })).toEqual([
      [
        "swarmyard:share.kind",
        "a folder of db-0, which only existing machines can see; there are hosts of kind aws",
        "nfs, none",
        "`kind: none`",
      ],
    ]);
    expect(about({ kind: "nfs", server: "nas", export: "/yard" })).toEqual([]);
  });

  test("takes no text that a shell or a file system table would read as something else", () => {
    const wrong = { kind: "nfs", server: "nas; reboot", export: "/a b", options: "hard $(x)" };
    const keys = problems(wrong).map(([path]) => path);
    expect(keys).toEqual([
      "swarmyard:share.server",
      "swarmyard:share.export",
      "swarmyard:share.options",
      "swarmyard:share.server",
    ]);
  });
});

test("an environment that is destroyed on time may use a share whose data is not its own", () => {
  const { problems: found } = rack({ kind: "existing" }, "12h");
  expect(found.map(brief)).toEqual([]);
});

test("a volume without its share is helped to one that the machines can have", () => {
  const { problems } = rack({ kind: "none" });
  expect(problems.map(brief)).toContainEqual([
    "platforms/app: volumes.data.shared",
    "shared: true, but the environment has no share (swarmyard:share.kind is none)",
    "a share, or a volume that is not shared",
    "`{ kind: nfs, server: db-0 }` at swarmyard:share, or `shared: false`",
  ]);
});
