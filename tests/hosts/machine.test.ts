import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { claimScript, releaseScript } from "../../components/hosts/machine/claim";
import { engineScript, existingSettings } from "../../components/hosts/machine/engine";
import { settleScript, unsettleScript } from "../../components/hosts/machine/existing";
import { prepareExisting, prepareMachine } from "../../components/hosts/machine/machine";
import { readingAll, withDeadline } from "../../components/hosts/scripts";
import { localHost } from "../local-environment";
import { Recorder, resolved } from "../recorder";
import { plainHost } from "../swarm-of-hosts";

const COMMAND = "command:remote:Command";
const engine = { taken: ["192.0.2.0/24"], resources: { FPGA: 1 } };

async function names(resources: unknown): Promise<readonly (string | undefined)[]> {
  const urns = (resources as pulumi.Resource[]).map(({ urn }) => resolved(urn));
  return (await Promise.all(urns)).map((urn) => urn.split("::").at(-1));
}

test("an existing machine is claimed, gets its settings and the share, in that order, and gives all back", async () => {
  const recorder = new Recorder();
  const machines = ["one", "two"].map((name) =>
    plainHost(localHost(name), "192.0.2.1", recorder.opts, "outlives"),
  );
  const share = { script: "mount it", stdin: pulumi.output("fs\n"), after: [] };
  const packages = { source: "distribution" } as const;
  const existing = { setHostname: true, owner: "swarmyard/test", packages, purge: false };
  const ready = machines.map((machine) =>
    prepareExisting(
      machine.name,
      machine,
      { hostname: `name-of-${machine.name}`, engine, share, ...existing },
      recorder.opts,
    ),
  );
  await recorder.settle();
  expect(recorder.list().filter((entry) => entry.startsWith(COMMAND))).toEqual([
    `${COMMAND} one-claim`,
    `${COMMAND} one-engine`,
    `${COMMAND} one-share`,
    `${COMMAND} two-claim`,
    `${COMMAND} two-engine`,
    `${COMMAND} two-share`,
  ]);
  const waits = (name: string) => names(recorder.declaration(COMMAND, name).opts.dependsOn);
  expect(await waits("one-claim")).toEqual(["one-ready"]);
  expect(await waits("one-engine")).toEqual(["one-claim"]);
  expect(await waits("one-share")).toEqual(["one-engine"]);
  expect(await names(ready[1])).toEqual(["two-engine", "two-share"]);
  const claim = recorder.inputs(COMMAND, "one-claim");
  expect(claim.create).toBe(withDeadline(readingAll(claimScript(packages).text), 900));
  expect(claim.delete).toBe(withDeadline(readingAll(releaseScript(false)), 900));
  expect([claim.triggers, claim.stdin]).toEqual([["id of one"], "swarmyard/test\n"]);
  const settled = recorder.inputs(COMMAND, "one-engine");
  const settle = settleScript({ gpus: 0, setHostname: true }).text;
  expect(settled.create).toBe(withDeadline(readingAll(settle), 300));
  expect(settled.delete).toBe(withDeadline(readingAll(unsettleScript()), 300));
  expect(settled.stdin).toBe(`name-of-one\n${existingSettings(engine)}\n`);
  expect(recorder.inputs(COMMAND, "one-share").stdin).toBe("fs\n");
});

test("a machine that boots with a Docker engine gets only its settings", async () => {
  const recorder = new Recorder();
  const machine = plainHost(localHost("one"), "10.0.0.1", recorder.opts);
  const ready = prepareMachine("one", machine, { hostname: "one", engine, gpus: 2 }, recorder.opts);
  await recorder.settle();
  expect(recorder.list().filter((entry) => entry.startsWith(COMMAND))).toEqual([
    `${COMMAND} one-engine`,
  ]);
  expect(await names(ready)).toEqual(["one-engine"]);
  const { create, update, triggers } = recorder.inputs(COMMAND, "one-engine");
  expect(String(create)).toContain("nvidia-smi");
  expect([update, triggers]).toEqual([create, undefined]);
  expect(engineScript(0).text).not.toContain("nvidia-smi");
  expect(await names(recorder.declaration(COMMAND, "one-engine").opts.dependsOn)).toEqual([
    "one-ready",
  ]);
});
