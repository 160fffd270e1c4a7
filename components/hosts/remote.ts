import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { Machine, SshEndpoint } from "./host";
import { readingAll, withDeadline } from "./scripts";

/** What to run on a host. Scripts are bash, must be idempotent and hold no secret. */
export interface RemoteCommandArgs {
  /** A machine brings its `ready` and its lifetime along; an endpoint brings neither. */
  readonly host: Machine | SshEndpoint;
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

/**
 * Runs a script on a host over SSH with a pinned host key.
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
): remote.Command {
  const { user } = isMachine(args.host) ? args.host.ssh : args.host;
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
      ...againOn(args.host),
    },
    pulumi.mergeOptions(
      {
        ...boundTo(args.host),
        // The other way round the old one's `delete` would undo what the new one's `create` did.
        ...(args.delete === undefined ? {} : { deleteBeforeReplace: true }),
      },
      opts,
    ),
  );
}

/** What to copy to a host. */
export interface RemoteCopyArgs {
  readonly host: Machine | SshEndpoint;
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
): remote.CopyToRemote {
  return new remote.CopyToRemote(
    name,
    {
      connection: connectionTo(args.host, false),
      source: args.source,
      remotePath: args.path,
      ...againOn(args.host),
    },
    pulumi.mergeOptions(boundTo(args.host), opts),
  );
}

function isMachine(host: Machine | SshEndpoint): host is Machine {
  return "ssh" in host;
}

// `replaceWith` does not see a machine that a refresh has found gone, or one that is not a resource.
function againOn(host: Machine | SshEndpoint): { triggers?: pulumi.Input<string>[] } {
  if (!isMachine(host)) return {};
  const { lifetime } = host;
  const same = lifetime.kind === "stack" ? lifetime.incarnation : lifetime.identity;
  return same === undefined ? {} : { triggers: [same] };
}

/** Options that tie a command to the life of its machine; none for a bare endpoint. */
function boundTo(host: Machine | SshEndpoint): pulumi.CustomResourceOptions {
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

function connectionTo(host: Machine | SshEndpoint, patient: boolean) {
  const ssh = isMachine(host) ? host.ssh : host;
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
