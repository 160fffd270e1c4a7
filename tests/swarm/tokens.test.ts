import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ShareSettings, SwarmSettings } from "../../components/config/environment/environment";
import type { Lifetime } from "../../components/hosts/host";
import { Swarm } from "../../components/swarm/swarm";
import { tokenFileScripts } from "../../components/swarm/tokens";
import { lintScripts } from "../lint-scripts";
import { localEnvironment, localHost } from "../local-environment";
import { Recorder, resolved } from "../recorder";
import { plainMaker } from "../swarm-of-hosts";

const command = "command:remote:Command";
const [rotation, ticket] = ["swarm:index:TokenRotation", "swarm:index:Ticket"];

describe("token files", () => {
  const { write, remove } = tokenFileScripts("/mnt/share", "blue_swarm");
  const plain = tokenFileScripts("/mnt/share", "");
  lintScripts({ write, remove, writePlain: plain.write, removePlain: plain.remove });

  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tokens-"));
    const docker = `case "$*" in
  *NodeAddr*) echo 10.0.0.1 ;;
  "swarm join-token --quiet manager") echo SWMTKN-m ;;
  "swarm join-token --quiet worker") echo SWMTKN-w ;;
esac`;
    writeFileSync(join(folder, "docker"), `#!/bin/bash\n${docker}\n`);
    chmodSync(join(folder, "docker"), 0o755);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function ran(script: string) {
    const text = `set -euo pipefail\n${script.replaceAll("/mnt/share", folder)}`;
    const env = { PATH: `${folder}:${process.env.PATH}` };
    const { status, stderr } = spawnSync("bash", ["--norc", "-c", text], { input: "n1\n", env });
    return { status, said: String(stderr) };
  }
  const run = (script: string) => expect(ran(script)).toEqual({ status: 0, said: "" });

  test("hold address and tokens, are readable by their owner only, and go again", () => {
    run(write);
    run(write);
    const below = join(folder, "blue_swarm");
    const content = (file: string) => readFileSync(join(below, file), "utf8");
    expect(readdirSync(below).sort()).toEqual([".manager.ip", ".manager.token", ".worker.token"]);
    expect([".manager.ip", ".manager.token", ".worker.token"].map(content)).toEqual([
      "10.0.0.1\n",
      "SWMTKN-m\n",
      "SWMTKN-w\n",
    ]);
    for (const file of readdirSync(below)) {
      expect((statSync(join(below, file)).mode & 0o777).toString(8)).toBe("600");
    }
    run(remove);
    expect(readdirSync(folder)).toEqual(["docker"]);
    run(remove);
  });

  test("go into no file or folder that a link in their place leads to", () => {
    const below = join(folder, "blue_swarm");
    mkdirSync(below);
    mkdirSync(join(folder, "outside"));
    writeFileSync(join(folder, "outside", "kept"), "as it was");
    symlinkSync(join(folder, "outside", "kept"), join(below, ".manager.token.new"));
    symlinkSync(join(folder, "outside", "kept"), join(below, ".worker.token"));
    symlinkSync(join(folder, "outside"), join(below, ".manager.token"));
    run(write);
    expect(readdirSync(join(folder, "outside"))).toEqual(["kept"]);
    expect(readFileSync(join(folder, "outside", "kept"), "utf8")).toBe("as it was");
    expect(readFileSync(join(below, ".manager.token"), "utf8")).toBe("SWMTKN-m\n");
    expect(readFileSync(join(below, ".worker.token"), "utf8")).toBe("SWMTKN-w\n");
    expect(readdirSync(below).filter((file) => file.startsWith(".new"))).toEqual([]);
  });

  test("are refused where their folder is a link, and go through a link to the share", () => {
    mkdirSync(join(folder, "outside"));
    symlinkSync("outside", join(folder, "blue_swarm"));
    const said = `${folder}/blue_swarm leads elsewhere through a symbolic link: remove the link\n`;
    expect(ran(write)).toEqual({ status: 1, said });
    expect(readdirSync(join(folder, "outside"))).toEqual([]);
    const real = `${folder}-real`;
    renameSync(folder, real);
    symlinkSync(real, folder);
    run(plain.write);
    expect(readFileSync(join(real, ".worker.token"), "utf8")).toBe("SWMTKN-w\n");
    rmSync(folder);
    renameSync(real, folder);
  });

  test("leave what else is in the folder, and the share itself", () => {
    run(write);
    writeFileSync(join(folder, "blue_swarm", "mine"), "");
    run(remove);
    expect(readdirSync(join(folder, "blue_swarm"))).toEqual(["mine"]);
    run(plain.write);
    run(plain.remove);
    expect(readdirSync(folder).sort()).toEqual(["blue_swarm", "docker"]);
  });
});

describe("a swarm", () => {
  const share: ShareSettings = { kind: "directory", path: "/mnt/share", data: "delete" };

  async function recorded(
    changes: Partial<SwarmSettings>,
    at: ShareSettings = share,
    kind: Lifetime["kind"] = "stack",
  ) {
    const recorder = new Recorder({
      computed: { [ticket]: () => ({ joinToken: "T", managers: "10.0.0.1:7777 10.0.0.9:2377" }) },
    });
    const m = localHost("m", { role: "manager" });
    const w = localHost("w", changes.dataPathPort === 1 ? { addresses: { dataPath: "eth0" } } : {});
    const hosts = [
      plainMaker(m, "10.64.1.1", recorder.opts, kind),
      plainMaker(w, "10.64.1.2", recorder.opts, kind),
    ];
    const { dataPathPort: _, ...own } = changes;
    const settings = { ...localEnvironment("x").swarm, firstManager: "m", ...own };
    new Swarm("s", { hosts, settings, share: at }, recorder.opts);
    await recorder.settle();
    return recorder;
  }

  test("without these settings has neither tickets nor rotation nor files", async () => {
    const list = (await recorded({})).list();
    expect(list.filter((name) => /Ticket|TokenRotation|token-files/.test(name))).toEqual([]);
  });

  test("that rotates tokens gives each join a ticket, and rotates after the last node", async () => {
    const recorder = await recorded({ rotateTokens: true });
    expect(recorder.inputs(ticket, "s-join-w-ticket")).toEqual({ host: "w", role: "worker" });
    expect(recorder.inputs(command, "s-join-w").stdin).toBe(
      "s-cluster-id\n10.64.1.2\n10.64.1.1\nT\n",
    );
    expect(recorder.secrets(command, "s-join-w")).toContain("stdin");
    const { opts } = recorder.declaration(rotation, "s-tokens");
    const after = await Promise.all(
      [opts.dependsOn].flat().map((one) => resolved((one as pulumi.Resource).urn)),
    );
    expect(after.map((urn) => String(urn).split("::").at(-1))).toEqual(["s-node-m", "s-node-w"]);
  });

  test("with addresses of its own learns from the ticket where managers answer", async () => {
    const recorder = await recorded({ dataPathPort: 1 });
    expect(recorder.inputs(command, "s-join-w").stdin).toBe(
      "s-cluster-id\n10.64.1.2\n10.0.0.1:7777 10.0.0.9:2377\nT\n",
    );
    expect(recorder.inputs(command, "s-join-w").create).toContain('"DataPathAddr":"eth0"');
    expect(recorder.list()).not.toContain(`${rotation} s-tokens`);
  });

  test("a machine that is recreated gets another ticket", async () => {
    const recorder = await recorded({ rotateTokens: true }, share, "outlives");
    expect(recorder.inputs(ticket, "s-join-w-ticket")).toEqual({
      host: "w",
      role: "worker",
      machine: "id of w",
    });
  });

  test("writes token files, and again when nodes change; no token is in an input", async () => {
    const recorder = await recorded({ tokenFiles: "blue_swarm", rotateTokens: true });
    const { create, update, delete: gone, ...inputs } = recorder.inputs(command, "s-token-files");
    expect(create).toContain("/mnt/share/blue_swarm");
    expect(update).toBe(create);
    expect(gone).toContain("rm -f");
    expect(JSON.stringify(inputs)).not.toContain("token");
    const { deletedWith } = recorder.declaration(command, "s-token-files").opts;
    expect(deletedWith).toBeDefined();
  });

  test("removes the files from a share that is kept before the machine goes", async () => {
    const recorder = await recorded({ tokenFiles: true }, { ...share, data: "keep" });
    expect(recorder.declaration(command, "s-token-files").opts.deletedWith).toBeUndefined();
  });

  test("writes none without a share", async () => {
    const list = (await recorded({ tokenFiles: true }, { kind: "none" })).list();
    expect(list).not.toContain(`${command} s-token-files`);
  });
});
