import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { releaseScript } from "../../components/hosts/machine/claim";
import { brakeDown, brakeUp } from "../../tools/commands/brake";
import {
  destroyedBy,
  destructiveSteps,
  type Held,
  holdsSomething,
  protectedOnes,
} from "../../tools/report/destruction";
import { requireName, type Terminal } from "../../tools/setup/ask";
import { Progress } from "../../tools/setup/progress";
import type { Session } from "../../tools/setup/session";

const urn = (type: string, name: string) => `urn:pulumi:prod::swarmyard::${type}::${name}`;
const held = (type: string, name: string, more: Partial<Held> = {}): Held => ({
  urn: urn(type, name),
  type,
  id: `id of ${name}`,
  ...more,
});
const instance = (name: string, more: Partial<Held> = {}) =>
  held("aws:ec2/instance:Instance", `${name}-machine`, more);
const service = held("swarm:index:Service", "demo-services-redis", {
  inputs: {
    mounts: {
      "/data": { type: "volume", source: "demo_redis" },
      "/mnt": { type: "bind", source: "/mnt/share/demo" },
    },
  },
});
const share = (more: Partial<Held>) => held("aws:efs/fileSystem:FileSystem", "share-files", more);
const resources = [instance("yard-prod-db-0"), instance("yard-prod-agent-0"), service];

describe("what is destroyed", () => {
  test("down counts machines, shares and volumes with data, and names what stays", () => {
    expect(destroyedBy([...resources, share({ id: "fs-1" })])).toEqual([
      "  2 machines: yard-prod-db-0, yard-prod-agent-0",
      "  1 share: fs-1",
      "  1 volume with data: demo_redis",
    ]);
    expect(destroyedBy([share({ id: "fs-1", retainOnDelete: true })])).toEqual([
      "  stays: share fs-1",
    ]);
    expect(destroyedBy([share({ id: "fs-1", external: true })])).toEqual(["  stays: share fs-1"]);
  });

  test("up names each thing that is replaced or deleted once, with the reason", () => {
    const of = (op: string, oldState: Held, more = {}) => ({
      op,
      urn: oldState.urn ?? "",
      oldState,
      ...more,
    });
    const db = instance("yard-prod-db-0");
    const volume = held("swarm:index:Volume", "demo-volume-data-db-0");
    expect(
      destructiveSteps([
        of("delete-replaced", db),
        of("replace", db, { replaceReasons: ["subnetId"] }),
        of("create-replacement", db),
        of("delete", instance("yard-prod-agent-0")),
        of("delete", { ...volume, inputs: { onDelete: "remove" } }),
        of("delete", { ...held("swarm:index:Volume", "kept"), inputs: { onDelete: "keep" } }),
        of("delete", share({ retainOnDelete: true })),
        of("update", instance("yard-prod-platform-0")),
        of("delete", service),
      ]),
    ).toEqual({
      destroyed: [
        "  replaces machine yard-prod-db-0, because of subnetId",
        "  deletes machine yard-prod-agent-0",
        "  deletes volume with data id of demo-volume-data-db-0",
      ],
      givenBack: [],
    });
  });
});

describe("an existing machine, or a server that the program creates", () => {
  const machine = (name: string, inputs = {}) =>
    held("swarm:index:Machine", `${name}-machine`, { inputs });
  const own = (name: string) => machine(name, { patience: 300 });
  const node = (name: string, stays: boolean) =>
    held("swarm:index:Node", `${name}-node`, {
      inputs: { node: name, ...(stays ? { stays } : {}) },
    });
  const claim = (name: string, purge: boolean) =>
    held("swarm:index:Script", `${name}-claim`, { inputs: { delete: releaseScript(purge) } });
  const step = (op: string, oldState: Held) => ({ op, urn: oldState.urn ?? "", oldState });

  test("counts, and its Docker engine and data where they go too", () => {
    const state = [machine("db-0"), claim("db-0", true), machine("web-0"), claim("web-0", false)];
    expect(destroyedBy([...state, own("new-0"), service])).toEqual([
      "  2 machines: db-0 with its Docker engine and data, new-0",
      "  1 volume with data: demo_redis",
      "  stays: machine web-0, which leaves the swarm",
    ]);
    expect(holdsSomething([machine("db-0")])).toBe(true);
    expect(holdsSomething([claim("db-0", true)])).toBe(true);
    expect(holdsSomething([claim("db-0", false)])).toBe(false);
  });

  test("stays with what is on it, in the swarm where that is older than the environment", () => {
    const cluster = held("swarm:index:Cluster", "swarm-cluster");
    const state = [cluster, machine("a"), claim("a", false), node("a", false), service];
    expect(destroyedBy(state)).toEqual([
      "  1 swarm: swarm-cluster",
      "  stays: machine a, which leaves the swarm",
      "  stays: volume with data demo_redis, on its machine",
    ]);
    const kept = { ...cluster, inputs: { stays: true } };
    expect(destroyedBy([kept, machine("a"), node("a", true), machine("b")])).toEqual([
      "  stays: swarm swarm-cluster",
      "  stays: machine a, which stays in its swarm",
      "  stays: machine b, which leaves the swarm",
    ]);
    const steps = [machine("a"), node("a", true), machine("b"), node("b", false)];
    expect(destructiveSteps(steps.map((one) => step("delete", one)))).toEqual({
      destroyed: [],
      givenBack: ["  a stays in its swarm", "  b leaves the swarm"],
    });
  });

  test("is named once when it is deleted or replaced", () => {
    const steps = [
      step("delete", claim("db-0", true)),
      step("delete", machine("db-0")),
      step("delete", machine("web-0")),
      step("delete", claim("web-0", false)),
      step("update", machine("agent-0")),
      step("replace", claim("agent-0", true)),
      step("update", claim("agent-1", true)),
      { ...step("replace", own("own-0")), replaceReasons: ["connection"] },
      step("delete", own("own-1")),
    ];
    expect(destructiveSteps(steps)).toEqual({
      destroyed: [
        "  deletes the Docker engine and data of machine db-0",
        "  deletes the Docker engine and data of machine agent-0",
        "  replaces machine own-0, because of connection",
        "  deletes machine own-1",
      ],
      givenBack: ["  web-0 leaves the swarm"],
    });
  });

  test("is named when it is protected", () => {
    expect(protectedOnes([{ ...claim("db-0", false), protect: true }])).toEqual(["db-0-claim"]);
  });
});

function terminal(answer: string | undefined, isTTY = true) {
  const output = new PassThrough();
  const input: Terminal["input"] = Object.assign(new PassThrough(), { isTTY });
  if (answer !== undefined) (input as unknown as PassThrough).end(answer);
  return { input, output, asked: () => String(output.read() ?? "") };
}

describe("the question", () => {
  test("is answered by the environment's name and nothing else", async () => {
    const right = terminal("prod\n");
    await requireName("prod", "npm run down -- -s prod --yes", right);
    expect(right.asked()).toBe("To go on, enter the environment's name (prod): ");
    for (const answer of ["y\n", "dev\n", ""]) {
      const asked = requireName("prod", "npm run down -- -s prod --yes", terminal(answer));
      await expect(asked).rejects.toThrow("Nothing was destroyed: the answer was not prod.");
    }
  });

  test("without a terminal nothing is destroyed, and the message says what a script runs", async () => {
    const asked = requireName("prod", "npm run down -- -s prod --yes", terminal("prod\n", false));
    await expect(asked).rejects.toThrow("run: npm run down -- -s prod --yes");
  });
});

describe("the brake", () => {
  const said: string[] = [];
  const session = (local: boolean, state: readonly Held[], steps: readonly object[] = []) => {
    const exported = async () => ({ deployment: { resources: state } });
    const previewJson = async () => ({ status: 0, stdout: JSON.stringify({ steps }), stderr: "" });
    const stack = { name: "prod", local, peek: exported, export: exported, previewJson };
    const progress = new Progress({ write: (text) => said.push(text) });
    return { stack, progress } as unknown as Session;
  };
  const replaced = [
    { op: "replace", urn: resources[0]?.urn, oldState: resources[0], diffReasons: ["disk"] },
  ];

  test("down without --yes lists and refuses; with --yes, or locally, it goes on", async () => {
    said.length = 0;
    await expect(brakeDown(session(false, resources), { yes: false, whole: true })).rejects.toThrow(
      "--yes",
    );
    expect(said.join("")).toMatch(/^This destroys prod for good:\n/);
    expect(said.join("")).toContain("2 machines: yard-prod-db-0, yard-prod-agent-0\n");
    await brakeDown(session(false, resources), { yes: true, whole: true });
    await brakeDown(session(true, resources), { yes: false, whole: true });
  });

  test("down refuses what is protected, also with --yes and locally, and says what to change", async () => {
    const kept = [instance("yard-prod-db-0", { protect: true })];
    for (const local of [true, false]) {
      await expect(brakeDown(session(local, kept), { yes: true, whole: true })).rejects.toThrow(
        "set swarmyard:protected to false in Pulumi.prod.yaml",
      );
    }
  });

  test("up refuses a replaced machine, and goes on with anything else", async () => {
    said.length = 0;
    await expect(brakeUp(session(false, resources, replaced), [])).rejects.toThrow(
      "npm run up -- -s prod --yes",
    );
    expect(said.join("")).toContain(
      "This up of prod destroys what cannot be brought back:\n  replaces machine yard-prod-db-0, because of disk\n",
    );
    expect(said.join("")).not.toContain("gives machines back");
    said.length = 0;
    const leaving = held("swarm:index:Machine", "web-0-machine");
    const left = [{ op: "delete", urn: leaving.urn, oldState: leaving }];
    await expect(brakeUp(session(false, [leaving], left), [])).rejects.toThrow("--yes");
    expect(said.join("")).toContain(
      "This up of prod gives machines back, whose Docker engines and data stay:\n  web-0 leaves the swarm\n",
    );
    expect(said.join("")).not.toContain("destroys");
    await brakeUp(session(false, resources, [{ op: "update", urn: "u" }]), []);
    await brakeUp(session(true, resources, replaced), []);
    await brakeUp(session(false, [], replaced), []);
    await brakeUp(session(false, resources, replaced), ["--preview-only"]);
  });
});
