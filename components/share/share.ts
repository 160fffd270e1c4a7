import type * as pulumi from "@pulumi/pulumi";

/** How a host that is a container mounts the share when it is created. */
export interface ShareMount {
  /** Name of a volume on this machine's Docker engine. */
  readonly volume: pulumi.Output<string>;
  /** Path in the host. */
  readonly target: string;
}

/** How a machine mounts the share after it has booted. Plain text: the hosts' room runs it. */
export interface RemoteMount {
  /** Idempotent bash; it mounts now and after each boot. Run again when `stdin` changed. */
  readonly script: string;
  /** Its standard input; no secret. */
  readonly stdin: pulumi.Output<string>;
  /** Wait for these before it is run. */
  readonly after: readonly pulumi.Resource[];
  /** Gives the folder back on a machine that outlives the stack; what is on the share stays. @default it stays mounted */
  readonly undo?: string;
}

/** A machine that is to see the share. */
export interface SeeingMachine {
  readonly name: string;
  /** Addresses of all other machines that are to see it. */
  readonly others: pulumi.Output<readonly string[]>;
  /** What the machine that went first has; undefined for that machine itself. */
  readonly first?: FirstMachine | undefined;
}

/** The machine that went first. */
export interface FirstMachine {
  /** Address at which the others reach it. */
  readonly address: pulumi.Output<string>;
  /** What its script printed. */
  readonly said: pulumi.Output<string>;
}

/** A share for which one machine has something to do before the others. */
export interface AmongMachines {
  /** Name of the machine that goes first. */
  readonly first: string;
  mountOn(machine: SeeingMachine): RemoteMount;
}

/** A folder that every host sees at the same path. */
export interface Share {
  /** Path on every host. */
  readonly path: string;
  /** For hosts that are containers; undefined when machines mount it by remote command. */
  readonly mount?: ShareMount;
  /** For machines, the same on each; undefined when hosts mount it when they are created. */
  readonly remote?: RemoteMount;
  /** For machines, when it depends on the machine. @default `remote` */
  readonly among?: AmongMachines;
  /** Wait for these before the path is used. */
  readonly ready: readonly pulumi.Resource[];
}
