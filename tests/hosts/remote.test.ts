import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { Host } from "../../components/hosts";
import { copyToRemote, remoteCommand } from "../../components/hosts";
import { readingAll, withDeadline } from "../../components/hosts/quote";
import { localHost } from "../local-environment";
import { Recorder } from "../recorder";

const COMMAND = "command:remote:Command";

class Thing extends pulumi.CustomResource {
  constructor(name: string) {
    super("test:index:Thing", name, {});
  }
}

function host(name: string, ephemeral: boolean): Host {
  return {
    settings: localHost(name),
    name,
    privateAddress: pulumi.output("10.64.1.1"),
    ssh: {
      host: pulumi.output("127.0.0.1"),
      port: pulumi.output(20001),
      user: "root",
      hostKey: pulumi.output("ssh-ed25519 HOST"),
      privateKey: pulumi.secret("KEY"),
    },
    machine: new Thing(`${name}-machine`),
    ready: [new Thing(`${name}-ready`)],
    store: "/var/lib/docker",
    ephemeral,
  };
}

test("a command repeats nothing, sends no environment and pins the host's key", async () => {
  const recorder = new Recorder();
  remoteCommand("a", { host: host("a", true), create: "echo hi" }, recorder.opts);
  remoteCommand("b", { host: host("b", true).ssh, create: "echo hi" }, recorder.opts);
  await recorder.settle();
  expect(recorder.inputs(COMMAND, "a")).toEqual({
    connection: {
      host: "127.0.0.1",
      port: 20001,
      user: "root",
      hostKey: "ssh-ed25519 HOST",
      privateKey: "KEY",
      dialErrorLimit: 20,
      perDialTimeout: 10,
    },
    create: withDeadline("echo hi", 300),
    update: "true",
    addPreviousOutputInEnv: false,
  });
  expect(recorder.secrets(COMMAND, "a")).toEqual(["connection"]);
});

test("values go by standard input, and each script has its time", async () => {
  const recorder = new Recorder();
  remoteCommand(
    "token",
    {
      host: host("a", true),
      create: "make",
      update: "change",
      delete: "undo",
      stdin: "value",
      timeout: 20,
      patient: true,
    },
    recorder.opts,
  );
  await recorder.settle();
  expect(recorder.inputs(COMMAND, "token")).toMatchObject({
    create: withDeadline(readingAll("make"), 20),
    update: withDeadline(readingAll("change"), 20),
    delete: withDeadline(readingAll("undo"), 20),
    stdin: "value",
    connection: { dialErrorLimit: 70 },
  });
});

test("an update that does nothing takes its input too", async () => {
  const recorder = new Recorder();
  const target = host("a", true);
  remoteCommand("a", { host: target, create: "make", stdin: "value" }, recorder.opts);
  await recorder.settle();
  expect(recorder.inputs(COMMAND, "a").update).toBe("cat >/dev/null");
});

test("a command lives as long as its machine; only an ephemeral one spares its delete", async () => {
  const recorder = new Recorder();
  const [short, long] = [host("short", true), host("long", false)];
  const after = new Thing("after");
  const opts = { ...recorder.opts, dependsOn: [after], replaceWith: [after] };
  remoteCommand("short", { host: short, create: "true" }, opts);
  remoteCommand("long", { host: long, create: "true" }, opts);
  remoteCommand("bare", { host: long.ssh, create: "true" }, recorder.opts);
  await recorder.settle();
  expect(recorder.declaration(COMMAND, "short").opts).toMatchObject({
    dependsOn: [short.ready[0], after],
    replaceWith: [short.machine, after],
    deletedWith: short.machine,
  });
  expect(recorder.declaration(COMMAND, "long").opts.deletedWith).toBeUndefined();
  expect(recorder.declaration(COMMAND, "bare").opts.replaceWith).toBeUndefined();
});

test("files are copied after the host is ready", async () => {
  const recorder = new Recorder();
  const target = host("a", true);
  const source = new pulumi.asset.FileAsset("package.json");
  copyToRemote("seed", { host: target, source, path: "/mnt/share/x" }, recorder.opts);
  await recorder.settle();
  const inputs = recorder.inputs("command:remote:CopyToRemote", "seed");
  expect(inputs).toMatchObject({ remotePath: "/mnt/share/x" });
  expect(inputs).not.toHaveProperty("triggers");
  expect(recorder.declaration("command:remote:CopyToRemote", "seed").opts.dependsOn).toEqual(
    target.ready,
  );
});
