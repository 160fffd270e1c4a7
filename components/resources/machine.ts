import * as pulumi from "@pulumi/pulumi";
import type { MachineFacts } from "../engine/machine/facts";
import type { Given } from "../model/fields/field";
import type { machineFields, scriptFields, uploadFields } from "../model/kinds/machine";
import type { Args } from "./args";

/** Arguments of a {@link Machine}. */
export type MachineArgs = Args<Given<typeof machineFields>>;

/** An existing machine: its host key, pinned at the first connection, and what it is. Changes nothing on it. */
export class Machine extends pulumi.CustomResource {
  /** As in authorized_keys. */
  declare readonly hostKey: pulumi.Output<string>;
  /** Host keys of its jump hosts, the nearest first. */
  declare readonly hopKeys: pulumi.Output<readonly string[]>;
  /** What distinguishes it from another machine at the same address. */
  declare readonly identity: pulumi.Output<string>;
  /** Address at which other machines reach it. */
  declare readonly privateAddress: pulumi.Output<string>;
  /** Id of the swarm that it was in before the environment; empty for none. */
  declare readonly member: pulumi.Output<string | undefined>;
  declare readonly facts: pulumi.Output<MachineFacts>;
  /** What keeps it from becoming a node, each with a fix; empty when it can. */
  declare readonly complaints: pulumi.Output<readonly string[]>;

  constructor(name: string, args: MachineArgs, opts?: pulumi.CustomResourceOptions) {
    const keys = { hostKey: undefined, hopKeys: undefined, identity: undefined };
    const seen = { facts: undefined, complaints: undefined, member: undefined };
    const told = { ...seen, privateAddress: args.privateAddress };
    const additionalSecretOutputs = ["connection"];
    const props = { ...args, ...keys, ...told, connection: pulumi.secret(args.connection) };
    super("swarm:index:Machine", name, props, { ...opts, additionalSecretOutputs });
  }
}

/** Arguments of a {@link Script}. */
export type ScriptArgs = Args<Given<typeof scriptFields>>;

/** Bash scripts that run as root on a machine, over SSH through any jump hosts. */
export class Script extends pulumi.CustomResource {
  /** What the script that ran last printed. */
  declare readonly stdout: pulumi.Output<string>;

  constructor(name: string, args: ScriptArgs, opts?: pulumi.CustomResourceOptions) {
    const additionalSecretOutputs = ["connection", "stdin"];
    const stdin = args.stdin === undefined ? {} : { stdin: pulumi.secret(args.stdin) };
    const secrets = { connection: pulumi.secret(args.connection), ...stdin };
    const props = { ...args, ...secrets, stdout: undefined };
    super("swarm:index:Script", name, props, { ...opts, additionalSecretOutputs });
  }
}

/** Arguments of an {@link Upload}. */
export type UploadArgs = Args<Given<typeof uploadFields>>;

/** A file or folder on a machine, copied again when its content changes. It stays when the resource goes. */
export class Upload extends pulumi.CustomResource {
  constructor(name: string, args: UploadArgs, opts?: pulumi.CustomResourceOptions) {
    const additionalSecretOutputs = ["connection"];
    const props = { ...args, connection: pulumi.secret(args.connection) };
    super("swarm:index:Upload", name, props, { ...opts, additionalSecretOutputs });
  }
}
