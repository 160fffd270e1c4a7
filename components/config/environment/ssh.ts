/** Where a private key is. */
export type SshKey =
  | { readonly kind: "agent" }
  | SshKeyFile
  | {
      readonly kind: "secret";
      /** Name of the secret of the stack's configuration. */
      readonly secret: string;
      /** Name of the secret with its passphrase. @default it has none */
      readonly passphrase?: string;
    };

/** A private key in a file of the machine that runs the command. */
export interface SshKeyFile {
  readonly kind: "file";
  /** Absolute, or below `~`. */
  readonly path: string;
  /** Name of the secret with its passphrase. @default it has none */
  readonly passphrase?: string;
}

/** How to log in to a machine or a jump host. */
export interface SshLoginSettings {
  readonly address: string;
  /** @default 22 */
  readonly port: number;
  /** @default "root" */
  readonly user: string;
  /** @default the agent's */
  readonly key: SshKey;
  /** As in authorized_keys. @default trusted at the first connection */
  readonly hostKey?: string;
}

/** Where a missing Docker engine comes from. */
export interface EnginePackages {
  /** @default "distribution" */
  readonly source: "distribution" | "docker";
  /** @default the newest */
  readonly version?: string;
}

/** An existing machine. */
export interface SshMachineSettings extends SshLoginSettings {
  /** Its name in the file; the host's name is its node name. */
  readonly machine: string;
  /** Jump hosts, the nearest first. @default none */
  readonly via: readonly SshLoginSettings[];
  /** Name of the secret with the password that sudo asks for. @default sudo asks for none */
  readonly sudoPassword?: string;
  /** Address at which the other nodes reach it. @default its address, or that of its default route */
  readonly privateAddress?: string;
  /** Where the other nodes reach its WireGuard port. @default its address, behind a jump host the private one */
  readonly meshEndpoint?: string;
  /** It gets its node name as its hostname, until it leaves. @default false */
  readonly setHostname: boolean;
  readonly engine: EnginePackages;
  /** Its Docker engine and that engine's data are removed when it leaves. @default false */
  readonly purge: boolean;
  /** @default it has none of ours */
  readonly firewall?: FirewallSettings;
}

/** Who may reach a machine with a firewall of ours. */
export interface FirewallSettings {
  /** Networks that may reach published ports. @default only nodes */
  readonly from: readonly string[];
  /** Networks of nodes beside the addresses that are known. @default none */
  readonly nodes: readonly string[];
}
