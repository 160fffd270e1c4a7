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
    ).toEqual([
      "  replaces machine yard-prod-db-0, because of subnetId",
      "  deletes machine yard-prod-agent-0",
      "  deletes volume with data id of demo-volume-data-db-0",
    ]);
  });
});

describe("an existing machine, or a server that the program creates", () => {
  const machine = (name: string) => held("swarm:index:Machine", `${name}-machine`);
  const claim = (name: string, purge: boolean) =>
    held("swarm:index:Script", `${name}-claim`, { inputs: { delete: releaseScript(purge) } });
  const step = (op: string, oldState: Held) => ({ op, urn: oldState.urn ?? "", oldState });

  test("counts, and its Docker engine and data where they go too", () => {
    const state = [machine("db-0"), claim("db-0", true), machine("web-0"), claim("web-0", false)];
    expect(destroyedBy(state)).toEqual([
      "  2 machines: db-0 with its Docker engine and data, web-0",
    ]);
    expect(holdsSomething([machine("db-0")])).toBe(true);
    expect(holdsSomething([claim("db-0", true)])).toBe(true);
    expect(holdsSomething([claim("db-0", false)])).toBe(false);
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
      { ...step("replace", machine("own-0")), replaceReasons: ["connection"] },
    ];
    expect(destructiveSteps(steps)).toEqual([
      "  deletes machine db-0 with its Docker engine and data",
      "  takes away machine web-0",
      "  replaces machine agent-0 with its Docker engine and data",
      "  replaces machine own-0, because of connection",
    ]);
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
    expect(said.join("")).toContain("  replaces machine yard-prod-db-0, because of disk\n");
    await brakeUp(session(false, resources, [{ op: "update", urn: "u" }]), []);
    await brakeUp(session(true, resources, replaced), []);
    await brakeUp(session(false, [], replaced), []);
    await brakeUp(session(false, resources, replaced), ["--preview-only"]);
  });
});
