import type * as pulumi from "@pulumi/pulumi";
import type { RemoteMount } from "../../share/share";
import type { Machine } from "../host";
import { remoteCommand } from "../remote";
import { type EngineArgs, engineScript, engineSettings } from "./engine";
import { installScript } from "./install";

/** What a machine gets over SSH before it can become a node. */
export interface PreparationArgs {
  /** Its hostname. */
  readonly hostname: string;
  readonly engine: EngineArgs;
  /** NVIDIA GPUs that it must have. @default 0 */
  readonly gpus?: number;
  /** The folder that every host sees. @default none, or it is mounted already */
  readonly share?: RemoteMount | undefined;
  /** Installs the Docker engine when it is missing. @default false, for machines that boot with one */
  readonly install?: boolean;
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
  const ready = args.install === true ? [install(name, machine, opts)] : machine.ready;
  const { text, stdin } = engineScript(args.gpus ?? 0);
  const engine = remoteCommand(
    `${name}-engine`,
    {
      host: { ...machine, ready },
      create: text,
      update: text,
      stdin: stdin({ name: args.hostname, settings: engineSettings(args.engine) }),
    },
    opts,
  );
  if (args.share === undefined) return [engine];
  const { script, stdin: mounted, after } = args.share;
  const share = remoteCommand(
    `${name}-share`,
    {
      host: { ...machine, ready: [engine, ...after] },
      create: script,
      update: script,
      stdin: mounted,
      timeout: 600,
    },
    opts,
  );
  return [engine, share];
}

function install(
  name: string,
  machine: Machine,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const script = installScript();
  return remoteCommand(
    `${name}-install`,
    { host: machine, create: script, update: script, timeout: 900 },
    opts,
  );
}
