import * as pulumi from "@pulumi/pulumi";
import type { NfsShareSettings } from "../config/environment/environment";
import {
  nfsMountScript,
  nfsServeNoMoreScript,
  nfsServerScript,
  nfsUnmountScript,
} from "./nfs-scripts";
import type { AmongMachines, RemoteMount, SeeingMachine, Share } from "./share";

/** Arguments of an NfsShare. */
export interface NfsShareArgs {
  readonly settings: NfsShareSettings;
}

/**
 * A folder of an NFS server, outside the environment or one of its hosts. Nothing on it is ever deleted: it
 * is not the environment's.
 *
 * @example
 * const share = new NfsShare("share", { settings: environment.share });
 */
export class NfsShare extends pulumi.ComponentResource implements Share {
  public readonly path: string;
  public readonly remote?: RemoteMount;
  public readonly among?: AmongMachines;
  public readonly ready: readonly pulumi.Resource[] = [];

  constructor(name: string, { settings }: NfsShareArgs, opts?: pulumi.ComponentResourceOptions) {
    const { path, server, served } = settings;
    super("swarm:share:Nfs", name, { path, server }, opts);
    this.path = path;
    if (served) this.among = { first: server, mountOn: (one) => fromHost(settings, one) };
    else this.remote = fromServer(settings, pulumi.output(server));
    this.registerOutputs({ path: this.path });
  }
}

function fromServer(
  { path: target, exported, options }: NfsShareSettings,
  server: pulumi.Output<string>,
): RemoteMount {
  const { text, stdin } = nfsMountScript;
  return {
    script: text,
    stdin: server.apply((address) => stdin({ server: address, exported, options, target })),
    after: [],
    undo: nfsUnmountScript,
  };
}

function fromHost(settings: NfsShareSettings, { others, first }: SeeingMachine): RemoteMount {
  if (first !== undefined) {
    // The folder is there only when the server's script has ended.
    const server = pulumi.all([first.address, first.said]).apply(([address]) => address);
    return fromServer(settings, server);
  }
  const { text, stdin } = nfsServerScript;
  return {
    script: text,
    stdin: others.apply((clients) => stdin({ target: settings.path, clients })),
    after: [],
    undo: nfsServeNoMoreScript,
  };
}
