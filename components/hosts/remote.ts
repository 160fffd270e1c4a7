import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { folderHash } from "../local-engine/context-hash";
import { Script, Upload } from "../resources/machine";
import type { Machine, SshEndpoint, SshWay } from "./host";
import { readingAll, withDeadline } from "./scripts";

/** What to run on a host. Scripts are bash, must be idempotent and hold no secret. */
export interface RemoteCommandArgs {
  /** A machine brings its `ready` and its lifetime along; an endpoint brings neither. */
  readonly host: Machine | SshEndpoint | SshWay;
  /** Runs when the command is created, and again after a failure, so make it repeatable. */
  readonly create: pulumi.Input<string>;
  /** Runs when any input changes. @default nothing */
  readonly update?: pulumi.Input<string>;
  /** Run before the command goes; skipped when its machine goes with the stack too. @default nothing */
  readonly delete?: pulumi.Input<string>;
  /** Standard input of each of the three scripts: the place for values and secrets. */
  readonly stdin?: pulumi.Input<string>;
  /** Seconds that each script may take. @default 300 */
  readonly timeout?: number;
  /** Keeps dialing for about five minutes, for scripts that wait until a machine is up. @default false */
  readonly patient?: boolean;
}

/** A command on a host, with what its script printed. */
export type RemoteCommand = remote.Command | Script;

/** Seconds that a script may take where nothing else is said. */
const USUAL_SECONDS = 300;

/**
 * Runs a script as root on a host over SSH with a pinned host key.
 *
 * It is made after all of `host.ready`, and again on another machine. When a machine of the stack
 * goes, the command goes with it; on a machine that outlives the stack its `delete` runs.
 *
 * @example
 * const id = remoteCommand("init-id", { host, create: "docker info -f '{{.Swarm.NodeID}}'" }, { parent });
 * id.stdout; // one line
 */
export function remoteCommand(
  name: string,
  args: RemoteCommandArgs,
  opts: pulumi.CustomResourceOptions = {},
): RemoteCommand {
  const ssh = isMachine(args.host) ? args.host.ssh : args.host;
  if ("connection" in ssh) return script(name, ssh, args, opts);
  const { user } = ssh;
  const hasInput = args.stdin !== undefined;
  const wrap = (script: pulumi.Input<string>) =>
    pulumi
      .output(script)
      .apply((text) =>
        withDeadline(hasInput ? readingAll(text) : text, args.timeout ?? USUAL_SECONDS, user),
      );
  const nothing = hasInput ? "cat >/dev/null" : "true";
  return new remote.Command(
    name,
    {
      connection: connectionTo(ssh, args.patient ?? false),
      create: wrap(args.create),
      update: args.update === undefined ? nothing : wrap(args.update),
      ...(args.delete === undefined ? {} : { delete: wrap(args.delete) }),
      ...(args.stdin === undefined ? {} : { stdin: args.stdin }),
      addPreviousOutputInEnv: false,
      ...againOn(args.host),
    },
    optionsOf(args, opts),
  );
}

/** The same by our own provider, which knows jump hosts, the agent and the password of sudo. */
function script(
  name: string,
  { connection }: SshWay,
  args: RemoteCommandArgs,
  opts: pulumi.CustomResourceOptions,
): Script {
  const { create, update, delete: undo, stdin, timeout = USUAL_SECONDS, host } = args;
  return new Script(
    name,
    {
      connection: asJson(connection),
      create,
      ...(update === undefined ? {} : { update }),
      ...(undo === undefined ? {} : { delete: undo }),
      ...(stdin === undefined ? {} : { stdin }),
      timeout,
      ...againOn(host),
    },
    optionsOf(args, opts),
  );
}

function asJson(connection: SshWay["connection"]): pulumi.Output<string> {
  return connection.apply((way) => JSON.stringify(way));
}

function optionsOf(
  { host, delete: undo }: RemoteCommandArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  return pulumi.mergeOptions(
    {
      ...boundTo(host),
      // The other way round the old one's `delete` would undo what the new one's `create` did.
      ...(undo === undefined ? {} : { deleteBeforeReplace: true }),
    },
    opts,
  );
}

/** What to copy to a host. */
export interface RemoteCopyArgs {
  readonly host: Machine | SshEndpoint | SshWay;
  /** A FileAsset goes to the file `path`; a FileArchive's folder goes into the folder `path`. */
  readonly source: pulumi.asset.FileAsset | pulumi.asset.FileArchive;
  /** Absolute path on the host. */
  readonly path: pulumi.Input<string>;
}

/**
 * Copies a file or a folder to a host, and again when its content changes. The copy stays when
 * the resource is deleted.
 */
export function copyToRemote(
  name: string,
  args: RemoteCopyArgs,
  opts: pulumi.CustomResourceOptions = {},
): pulumi.Resource {
  const ssh = isMachine(args.host) ? args.host.ssh : args.host;
  if ("connection" in ssh) return upload(name, ssh, args, opts);
  return new remote.CopyToRemote(
    name,
    {
      connection: connectionTo(ssh, false),
      source: args.source,
      remotePath: args.path,
      ...againOn(args.host),
    },
    pulumi.mergeOptions(boundTo(args.host), opts),
  );
}

function upload(
  name: string,
  { connection }: SshWay,
  { host, source, path }: RemoteCopyArgs,
  opts: pulumi.CustomResourceOptions,
): Upload {
  const local = pulumi.output(source.path).apply((file) => resolve(file));
  return new Upload(
    name,
    {
      connection: asJson(connection),
      source: local,
      hash: local.apply(hashOf),
      target: path,
      ...againOn(host),
    },
    pulumi.mergeOptions(boundTo(host), opts),
  );
}

function hashOf(path: string): string {
  if (statSync(path).isDirectory()) return folderHash(path);
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function isMachine(host: Machine | SshEndpoint | SshWay): host is Machine {
  return "ssh" in host;
}

// `replaceWith` does not see a machine that a refresh has found gone, or one that is not a resource.
function againOn(host: Machine | SshEndpoint | SshWay): { triggers?: pulumi.Input<string>[] } {
  if (!isMachine(host)) return {};
  const { lifetime } = host;
  const same = lifetime.kind === "stack" ? lifetime.incarnation : lifetime.identity;
  return same === undefined ? {} : { triggers: [same] };
}

/** Options that tie a command to the life of its machine; none for a bare endpoint. */
function boundTo(host: Machine | SshEndpoint | SshWay): pulumi.CustomResourceOptions {
  if (!isMachine(host)) return {};
  return { dependsOn: [...host.ready], ...goesWith(host) };
}

/** Options of what is on a machine: it is recreated and goes with a machine of the stack. */
export function goesWith({ lifetime }: Pick<Machine, "lifetime">): {
  replaceWith?: pulumi.Resource[];
  deletedWith?: pulumi.Resource;
} {
  if (lifetime.kind === "outlives") return {};
  return { replaceWith: [lifetime.resource], deletedWith: lifetime.resource };
}

function connectionTo(ssh: SshEndpoint, patient: boolean) {
  return {
    host: ssh.host,
    port: ssh.port,
    user: ssh.user,
    hostKey: ssh.hostKey,
    privateKey: ssh.privateKey,
    // Refused connections return at once: 70 of them take about five minutes, 20 about one.
    dialErrorLimit: patient ? 70 : 20,
    perDialTimeout: 10,
  };
}
