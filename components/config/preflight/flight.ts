import type { MachineSize } from "../../model/placement/machine-size";
import type { Problem } from "../../model/problem";
import type { LocalChoice } from "../environment/choice";
import type { Environment } from "../environment/environment";
import type { FindAlias } from "../environment/ssh-aliases";
import type { Draft } from "../platforms/platforms";
import type { FileSettings } from "../schema/file";

/** What is known about the world outside the settings; an omitted check is skipped. */
export interface World {
  /** True when Pulumi config has this secret (key without `swarmyard:`). */
  readonly hasSecret?: (key: string) => boolean;
  /** Keys of all secrets in Pulumi config, for suggestions. */
  readonly secretKeys?: readonly string[];
  /** True when there is such a file or folder; the path is absolute. */
  readonly exists?: (path: string) => boolean;
  /** Bytes of a file; undefined when there is no such file. The path is absolute. */
  readonly size?: (path: string) => number | undefined;
  /** A file as text; undefined when there is no such file. The path is absolute. */
  readonly text?: (path: string) => string | undefined;
  /** Whether this machine's docker command has the plugin buildx; asked only when a build needs to know. @default not known */
  readonly buildx?: () => boolean;
  /** What the settings of OpenSSH say of a name. @default `sshConfig` is not read */
  readonly findAlias?: FindAlias;
  /** Names of the folders in platforms/, for suggestions. */
  readonly platformFolders?: readonly string[];
  /** Folder of the environment file. @default the current one */
  readonly folder?: string;
  /** Whether small images take the place of real ones, as the file says. @default false */
  readonly standIns?: boolean;
  /** Whether the kernel has IP_VS, which virtual addresses and ingress need. @default not known */
  readonly ipvs?: boolean;
  /** Whether the kernel has ESP, which encrypted networks need. @default not known */
  readonly esp?: boolean;
  /** What this machine's Docker engine, and so each local host, gives containers. @default not known */
  readonly machine?: MachineSize;
  /** Addresses and the Docker engine that an earlier run of the environment chose. @default what its name gives */
  readonly kept?: Partial<LocalChoice>;
  /** What something else holds of this machine. @default not known */
  readonly occupied?: {
    readonly networks: readonly { readonly name: string; readonly subnet: string }[];
    /** Who holds each port of 127.0.0.1, in words. */
    readonly ports: ReadonlyMap<number, string>;
  };
}

/** What preflight looks at. */
export interface Flight {
  /** With defaults; its `platforms` are empty, they are in `drafts`. */
  readonly environment: Environment;
  /** Platforms with defaults. */
  readonly drafts: readonly Draft[];
  /** The file as it was written. */
  readonly settings: FileSettings;
  /** Keys of all values of the file that are not secrets. */
  readonly plainKeys: readonly string[];
  /** What could be read of the hosts; nothing is reported about parts that wrong values leave open. */
  readonly known: {
    /** Roles, labels and resources. */
    readonly labels: boolean;
    /** Those, and how many hosts there are. */
    readonly counts: boolean;
  };
  readonly world: World;
}

/** One kind of check: everything of that kind that is wrong. */
export type Check = (flight: Flight) => readonly Problem[];
