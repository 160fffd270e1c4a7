import * as pulumi from "@pulumi/pulumi";
import type { EnginePackages } from "../../config/environment/ssh";
import type { RemoteMount } from "../../share/share";
import type { Machine } from "../host";
import type { MeshPlace } from "../mesh/mesh";
import { leaveMeshScript, meshScript } from "../mesh/scripts";
import { type RemoteCommand, remoteCommand } from "../remote";
import { claimScript, releaseScript } from "./claim";
import { type EngineArgs, engineScript, engineSettings, existingSettings } from "./engine";
import { settleScript, unsettleScript } from "./existing";

/** What a machine gets over SSH before it can become a node. */
export interface PreparationArgs {
  /** Its hostname. */
  readonly hostname: string;
  readonly engine: EngineArgs;
  /** NVIDIA GPUs that it must have. @default 0 */
  readonly gpus?: number;
  /** The folder that every host sees. @default none, or it is mounted already */
  readonly share?: RemoteMount | undefined;
}

/** What an existing machine gets, and gives back when it leaves. */
export interface ExistingArgs extends PreparationArgs {
  /** Gives it the hostname; otherwise it has it already. */
  readonly setHostname: boolean;
  /** The environment that it belongs to: `<project>/<stack>`. */
  readonly owner: string;
  /** Where a missing Docker engine comes from. */
  readonly packages: EnginePackages;
  /** Its Docker engine and that engine's data are removed when it leaves. */
  readonly purge: boolean;
  /** Pulumi refuses to give it back. @default false */
  readonly protect?: boolean;
  /** Its place in the mesh. @default none */
  readonly mesh?: MeshPlace | undefined;
  /** It stays in its swarm when it is given back. @default false */
  readonly stays?: boolean;
}

/**
 * Prepares a machine over SSH, whoever created it: its Docker engine and that engine's settings, its
 * hostname and the share. Each step runs again when what it sets changes.
 *
 * @example
 * this.ready = prepareMachine(name, machine, { hostname: "db-0", engine: { taken, resources: {} } }, { parent: this });
 * @returns wait for these before the machine becomes a node
 */
export function prepareMachine(
  name: string,
  machine: Machine,
  args: PreparationArgs,
  opts: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  const { text, stdin } = engineScript(args.gpus ?? 0);
  const engine = remoteCommand(
    `${name}-engine`,
    {
      host: machine,
      create: text,
      update: text,
      stdin: stdin({ name: args.hostname, settings: engineSettings(args.engine) }),
    },
    opts,
  );
  return [engine, ...mounted(name, { ...machine, ready: [engine] }, args.share, opts)];
}

/**
 * Prepares a machine that exists before and after the stack: marks it as the environment's, installs
 * a missing Docker engine, and gives it its settings. Each step is undone when the machine leaves.
 *
 * @returns wait for these before the machine becomes a node; the last one mounts the share, if there is one
 */
export function prepareExisting(
  name: string,
  machine: Machine,
  args: ExistingArgs,
  opts: pulumi.CustomResourceOptions,
): readonly RemoteCommand[] {
  const claim = claimScript(args.packages);
  const claimed = remoteCommand(
    `${name}-claim`,
    {
      host: machine,
      create: claim.text,
      update: claim.text,
      delete: releaseScript(args.purge),
      stdin: claim.stdin({ owner: args.owner }),
      timeout: 900,
    },
    args.protect === true ? pulumi.mergeOptions(opts, { protect: true }) : opts,
  );
  const { hostname, gpus = 0, setHostname, stays = false } = args;
  const settle = settleScript({ gpus, setHostname });
  const settled = remoteCommand(
    `${name}-engine`,
    {
      host: { ...machine, ready: [claimed] },
      create: settle.text,
      update: settle.text,
      delete: unsettleScript({ stays }),
      stdin: settle.stdin({ name: hostname, settings: existingSettings(args.engine) }),
    },
    opts,
  );
  const meshed = joined(name, { ...machine, ready: [settled] }, args.mesh, opts);
  const ready = [settled, ...meshed];
  return [...ready, ...mounted(name, { ...machine, ready }, args.share, opts)];
}

function joined(
  name: string,
  machine: Machine,
  mesh: MeshPlace | undefined,
  opts: pulumi.CustomResourceOptions,
): readonly RemoteCommand[] {
  if (mesh === undefined) return [];
  const { text } = meshScript;
  const scripts = { create: text, update: text, delete: leaveMeshScript };
  return [remoteCommand(`${name}-mesh`, { host: machine, ...scripts, stdin: mesh.stdin }, opts)];
}

function mounted(
  name: string,
  machine: Machine,
  share: RemoteMount | undefined,
  opts: pulumi.CustomResourceOptions,
): readonly RemoteCommand[] {
  if (share === undefined) return [];
  const { script, stdin, after, undo } = share;
  const mount = remoteCommand(
    `${name}-share`,
    {
      host: { ...machine, ready: [...machine.ready, ...after] },
      create: script,
      update: script,
      ...(undo === undefined ? {} : { delete: undo }),
      stdin,
      timeout: 600,
    },
    opts,
  );
  return [mount];
}
