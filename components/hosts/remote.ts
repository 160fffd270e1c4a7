import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Host, SshEndpoint } from "./host";
import { readingAll, withDeadline } from "./quote";

/** What to run on a host. Scripts are bash, must be idempotent and hold no secret. */
export interface RemoteCommandArgs {
  /** A host brings its `ready` and its lifetime along; an endpoint brings neither. */
  readonly host: Host | SshEndpoint;
  /** Run when the command is made; run again after a failure, so write it to be repeatable. */
  readonly create: pulumi.Input<string>;
  /** Run when any input changed. @default nothing */
  readonly update?: pulumi.Input<string>;
  /** Run before the command goes. @default nothing; on a host that is `ephemeral` it is skipped when the machine goes too */
  readonly delete?: pulumi.Input<string>;
  /** Standard input of each of the three scripts: the place for values and secrets. */
  readonly stdin?: pulumi.Input<string>;
  /** Seconds that each script may take. @default 300 */
  readonly timeout?: number;
  /** Runs `create` anew when it changes. @default that of the host */
  readonly incarnation?: pulumi.Input<string>;
  /** Keeps dialling for about five minutes: for what waits until a machine is up. @default false */
  readonly patient?: boolean;
}

/**
 * Runs a script on a host over SSH with a pinned host key.
 *
 * It is made after all of `host.ready`, made again with a new machine, and not deleted
 * when an ephemeral machine goes.
 *
 * @example
 * const id = remoteCommand("init-id", { host, create: "docker info -f '{{.Swarm.NodeID}}'" }, { parent });
 * id.stdout; // one line
 */
export function remoteCommand(
  name: string,
  args: RemoteCommandArgs,
  opts: pulumi.CustomResourceOptions = {},
): remote.Command {
  const { user } = isHost(args.host) ? args.host.ssh : args.host;
  const hasInput = args.stdin !== undefined;
  const wrap = (script: pulumi.Input<string>) =>
    pulumi
      .output(script)
      .apply((text) => withDeadline(hasInput ? readingAll(text) : text, args.timeout ?? 300, user));
  const nothing = hasInput ? "cat >/dev/null" : "true";
  return new remote.Command(
    name,
    {
      connection: connectionTo(args.host, args.patient ?? false),
      create: wrap(args.create),
      update: args.update === undefined ? nothing : wrap(args.update),
      ...(args.delete === undefined ? {} : { delete: wrap(args.delete) }),
      ...(args.stdin === undefined ? {} : { stdin: args.stdin }),
      addPreviousOutputInEnv: false,
      ...anewWith(args.incarnation ?? incarnationOf(args.host)),
    },
    pulumi.mergeOptions(boundTo(args.host), opts),
  );
}

/** What to copy to a host. */
export interface RemoteCopyArgs {
  readonly host: Host | SshEndpoint;
  /** A FileAsset goes to the file `path`; a FileArchive's folder goes into the folder `path`. */
  readonly source: pulumi.asset.FileAsset | pulumi.asset.FileArchive;
  /** Absolute path on the host. */
  readonly path: pulumi.Input<string>;
}

/**
 * Copies a file or a folder to a host, and again when its content changes. What was copied
 * stays when the resource goes.
 */
export function copyToRemote(
  name: string,
  args: RemoteCopyArgs,
  opts: pulumi.CustomResourceOptions = {},
): remote.CopyToRemote {
  return new remote.CopyToRemote(
    name,
    {
      connection: connectionTo(args.host, false),
      source: args.source,
      remotePath: args.path,
      ...anewWith(incarnationOf(args.host)),
    },
    pulumi.mergeOptions(boundTo(args.host), opts),
  );
}

function isHost(host: Host | SshEndpoint): host is Host {
  return "ssh" in host;
}

function incarnationOf(host: Host | SshEndpoint): pulumi.Input<string> | undefined {
  return isHost(host) ? host.incarnation : undefined;
}

// A machine that a refresh has found gone is made, not replaced, so that `replaceWith` does not see it.
function anewWith(incarnation: pulumi.Input<string> | undefined) {
  return incarnation === undefined ? {} : { triggers: [incarnation] };
}

/** Options that tie a command to the life of its machine; none for a bare endpoint. */
function boundTo(host: Host | SshEndpoint): pulumi.CustomResourceOptions {
  if (!isHost(host)) return {};
  return {
    dependsOn: [...host.ready],
    replaceWith: [host.machine],
    ...(host.ephemeral ? { deletedWith: host.machine } : {}),
  };
}

function connectionTo(host: Host | SshEndpoint, patient: boolean) {
  const ssh = isHost(host) ? host.ssh : host;
  return {
    host: ssh.host,
    port: ssh.port,
    user: ssh.user,
    hostKey: ssh.hostKey,
    privateKey: ssh.privateKey,
    // Refused dials come back at once: 70 of them take about five minutes, 20 about one.
    dialErrorLimit: patient ? 70 : 20,
    perDialTimeout: 10,
  };
}
