import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { Environment, SshHostSettings } from "../../components/config/environment/environment";
import { createHosts } from "../../components/hosts";
import { createShare } from "../../components/share";
import { nfsMountScript, nfsServerScript } from "../../components/share/nfs-scripts";
import { seenScript } from "../../components/share/seen-script";
import { localEnvironment } from "../local-environment";
import { Recorder, resolved } from "../recorder";

const SCRIPT = "swarm:index:Script";

const addresses: { readonly [machine: string]: string } = {
  "db-0-machine": "10.0.0.10",
  "web-0-machine": "10.0.0.11",
  "web-1-machine": "10.0.0.9",
};

function machine(name: string): SshHostSettings {
  return {
    ...{ name, group: "rack", kind: "ssh", role: "manager", labels: {}, resources: {} },
    ssh: {
      ...{ machine: name, address: "203.0.113.10", port: 22, user: "root", via: [] },
      ...{ key: { kind: "agent" }, setHostname: false, purge: false },
      engine: { source: "distribution" },
    },
  };
}

async function made(share: Environment["share"], names = ["web-0", "db-0", "web-1"]) {
  const { local: _, ...rest } = localEnvironment("one");
  const environment: Environment = { ...rest, hosts: names.map(machine), share };
  const recorder = new Recorder({
    stack: "one",
    preview: false,
    computed: {
      "swarm:index:Machine": (name) => ({
        ...{ hostKey: "ssh-ed25519 SEEN", identity: name, complaints: [] },
        privateAddress: addresses[name],
      }),
      [SCRIPT]: (name) => ({ stdout: `said by ${name}\n` }),
    },
  });
  const created = await createShare(environment, { network: {} }, recorder.opts);
  const makers = await createHosts(environment, { network: {}, share: created }, recorder.opts);
  for (const maker of makers) maker.make();
  await recorder.settle();
  return { recorder, created, inputs: (name: string) => recorder.inputs(SCRIPT, `${name}-share`) };
}

const nfs = { kind: "nfs", path: "/mnt/share", data: "keep", options: "hard" } as const;

test("a server outside is mounted by every machine, with the options of the file", async () => {
  const outside = { ...nfs, server: "nas.example.org", served: false, exported: "/exports/yard" };
  const { inputs, created, recorder } = await made({ ...outside, options: "nfsvers=4.1,soft" });
  for (const name of ["web-0", "db-0", "web-1"]) {
    expect(inputs(name)).toMatchObject({
      create: nfsMountScript.text,
      update: nfsMountScript.text,
      stdin: "nas.example.org:/exports/yard\nnfsvers=4.1,soft\n/mnt/share\n",
      timeout: 600,
    });
    expect(inputs(name).delete).toContain("umount");
  }
  expect(created?.path).toBe("/mnt/share");
  expect(recorder.list()).toContain("swarm:share:Nfs share");
});

test("a host as the server exports its folder to the addresses of the others, and goes first", async () => {
  const served = { ...nfs, server: "db-0", served: true, exported: "/mnt/share" };
  const { inputs } = await made(served);
  expect(inputs("db-0")).toMatchObject({
    create: nfsServerScript.text,
    stdin: "/mnt/share\n10.0.0.11 10.0.0.9\n",
  });
  for (const name of ["web-0", "web-1"]) {
    expect(inputs(name)).toMatchObject({
      create: nfsMountScript.text,
      stdin: "10.0.0.10:/mnt/share\nhard\n/mnt/share\n",
    });
  }
});

test("the others wait until the server has said that it serves", async () => {
  const served = { ...nfs, server: "db-0", served: true, exported: "/mnt/share" };
  const share = await createShare(localEnvironment("one", { share: served }), { network: {} });
  const unfinished = new Promise<string>(() => {});
  const mount = share?.among?.mountOn({
    name: "web-0",
    others: pulumi.output([]),
    first: { address: pulumi.output("10.0.0.10"), said: pulumi.output(unfinished) },
  });
  if (mount === undefined) throw new Error("no mount");
  const later = new Promise((resolve) => setTimeout(() => resolve("nothing yet"), 50));
  expect(await Promise.race([resolved(mount.stdin), later])).toBe("nothing yet");
});

test("of a folder that all have already, the first machine of the file writes what the others look for", async () => {
  const { inputs } = await made({ kind: "existing", path: "/data", data: "keep" });
  expect(inputs("web-0")).toMatchObject({
    create: seenScript.text,
    stdin: "/data\nweb-0\nweb-0\n\n",
  });
  expect(inputs("db-0").stdin).toBe("/data\ndb-0\nweb-0\nsaid by web-0-share\n");
  expect(inputs("web-1").stdin).toBe("/data\nweb-1\nweb-0\nsaid by web-0-share\n");
});
