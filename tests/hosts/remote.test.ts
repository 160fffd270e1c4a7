import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { Lifetime, Machine, SshEndpoint } from "../../components/hosts/host";
import { copyToRemote, remoteCommand } from "../../components/hosts/remote";
import { readingAll, withDeadline } from "../../components/hosts/scripts";
import { Recorder } from "../recorder";
import { lifetimeOf } from "../swarm-of-hosts";

const COMMAND = "command:remote:Command";

class Thing extends pulumi.CustomResource {
  constructor(name: string) {
    super("test:index:Thing", name, {});
  }
}

function host(name: string, kind: Lifetime["kind"] = "stack"): Machine & { ssh: SshEndpoint } {
  return {
    ssh: {
      host: pulumi.output("127.0.0.1"),
      port: pulumi.output(20001),
      user: "root",
      hostKey: pulumi.output("ssh-ed25519 HOST"),
      privateKey: pulumi.secret("KEY"),
    },
    lifetime: lifetimeOf(kind, `${name}-machine`, {}),
    ready: [new Thing(`${name}-ready`)],
  };
}

test("a command repeats nothing, sends no environment and pins the host's key", async () => {
  const recorder = new Recorder();
  remoteCommand("a", { host: host("a"), create: "echo hi" }, recorder.opts);
  remoteCommand("b", { host: host("b").ssh, create: "echo hi" }, recorder.opts);
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

test("values go through standard input, and each script has a deadline", async () => {
  const recorder = new Recorder();
  remoteCommand(
    "token",
    {
      host: host("a"),
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

test("an update that does nothing reads its input too", async () => {
  const recorder = new Recorder();
  const target = host("a");
  remoteCommand("a", { host: target, create: "make", stdin: "value" }, recorder.opts);
  await recorder.settle();
  expect(recorder.inputs(COMMAND, "a").update).toBe("cat >/dev/null");
});

test("a command is tied to a machine of the stack; with a bare endpoint it is tied to nothing", async () => {
  const recorder = new Recorder();
  const [one, other] = [host("one"), host("other")];
  if (one.lifetime.kind !== "stack") throw new Error("a machine of the stack is needed");
  const after = new Thing("after");
  const opts = { ...recorder.opts, dependsOn: [after], replaceWith: [after] };
  remoteCommand("one", { host: one, create: "true", delete: "undo" }, opts);
  const incarnation = pulumi.output("i-1");
  const born = { ...other, lifetime: { ...one.lifetime, incarnation } };
  remoteCommand("other", { host: born, create: "true" }, recorder.opts);
  remoteCommand("bare", { host: one.ssh, create: "true" }, recorder.opts);
  await recorder.settle();
  expect(recorder.declaration(COMMAND, "one").opts).toMatchObject({
    dependsOn: [one.ready[0], after],
    replaceWith: [one.lifetime.resource, after],
    deletedWith: one.lifetime.resource,
    deleteBeforeReplace: true,
  });
  expect(recorder.inputs(COMMAND, "one")).not.toHaveProperty("triggers");
  expect(recorder.inputs(COMMAND, "other").triggers).toEqual(["i-1"]);
  expect(recorder.declaration(COMMAND, "other").opts).not.toHaveProperty("deleteBeforeReplace");
  const { opts: bare } = recorder.declaration(COMMAND, "bare");
  expect([bare.dependsOn, bare.replaceWith, bare.deletedWith]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("on a machine that outlives the stack a command's delete runs, and its identity runs it again", async () => {
  const recorder = new Recorder();
  const stays = host("stays", "outlives");
  remoteCommand("command", { host: stays, create: "make", delete: "undo" }, recorder.opts);
  const source = new pulumi.asset.FileAsset("package.json");
  copyToRemote("copy", { host: stays, source, path: "/mnt/share/x" }, recorder.opts);
  await recorder.settle();
  const { opts } = recorder.declaration(COMMAND, "command");
  expect(opts).toMatchObject({ dependsOn: stays.ready, deleteBeforeReplace: true });
  expect(opts).not.toHaveProperty("deletedWith");
  expect(opts).not.toHaveProperty("replaceWith");
  expect(recorder.inputs(COMMAND, "command")).toMatchObject({
    delete: withDeadline("undo", 300),
    triggers: ["id of stays-machine"],
  });
  const copy = "command:remote:CopyToRemote";
  expect(recorder.inputs(copy, "copy").triggers).toEqual(["id of stays-machine"]);
  expect(recorder.declaration(copy, "copy").opts).not.toHaveProperty("deletedWith");
});

test("files are copied after the host is ready", async () => {
  const recorder = new Recorder();
  const target = host("a");
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
