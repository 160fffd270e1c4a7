import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  chooseAddresses,
  type LocalAddresses,
  type LocalChoice,
  type TakenAddresses,
} from "../../components/config/environment/choice";
import { defaults, localSubnets, portOffsets } from "../../components/config/environment/defaults";
import {
  ADDRESSES_FILE,
  type KeptAddresses,
  readAddresses,
} from "../../components/local-engine/kept-addresses";
import { type Survey, survey } from "../../components/local-engine/survey";
import { FIRST_ENGINE } from "../../components/model/local-engines";
import { type Folders, privateFolder, stackFolder } from "./folders";
import type { Session } from "./session";
import type { Exported } from "./stack";

/** What decides the addresses and the Docker engine of an environment. */
export interface Choosing {
  readonly stack: string;
  /** What its file says. */
  readonly stated: KeptAddresses;
  /** What an earlier run chose. */
  readonly kept: KeptAddresses;
  /** True when it was made before these were kept: it has what its name gives, and the first engine. */
  readonly exists: boolean;
  readonly taken: TakenAddresses;
}

/** What an environment takes of this machine: what its file says, then what it has, then what is free. Pure. */
export function decideAddresses({ stack, stated, kept, exists, taken }: Choosing): LocalChoice {
  const nothing = { subnets: [], offsets: [] };
  const chosen = chooseAddresses(stack, exists ? nothing : taken);
  const engine = exists ? FIRST_ENGINE : defaults.engine;
  return { ...chosen, engine, ...kept, ...stated };
}

/** True when a state holds the network of local hosts, whose subnet must not change any more. Pure. */
export function hasNetwork({ deployment }: Exported): boolean {
  return (deployment?.resources ?? []).some(({ type }) => type === "docker:index/network:Network");
}

/** What others than one environment hold. Pure. */
export function takenByOthers(
  { networks }: Pick<Survey, "networks">,
  others: readonly LocalAddresses[],
  owner: string,
): TakenAddresses {
  const foreign = networks.filter((network) => network.owner !== owner);
  return {
    subnets: [...foreign.flatMap(({ subnets }) => subnets), ...others.map(({ subnet }) => subnet)],
    offsets: others.map(({ portOffset }) => portOffset),
  };
}

/**
 * Chooses what an environment takes of this machine on its first run, and keeps it for all others.
 *
 * @returns it; undefined when none of its hosts is on this machine
 */
export async function keepAddresses(
  { stack, file, folders, owner }: Pick<Session, "stack" | "file" | "folders" | "owner">,
  ask: () => Promise<Survey | undefined> = survey,
): Promise<LocalChoice | undefined> {
  if (file.here === undefined) return undefined;
  const path = join(stackFolder(folders, stack.name), ADDRESSES_FILE);
  const kept = readAddresses(path);
  const placed = kept.subnet !== undefined && kept.portOffset !== undefined;
  const found = placed ? undefined : await ask();
  const exists = !(placed && kept.engine !== undefined) && hasNetwork(await stack.peek());
  const others = othersIn(folders, stack.name);
  const addresses = decideAddresses({
    stack: stack.name,
    stated: file.here,
    kept,
    exists,
    taken: takenByOthers(found ?? { networks: [] }, others, owner),
  });
  if (isDeepStrictEqual({ ...addresses }, { ...kept })) return addresses;
  privateFolder(stackFolder(folders, stack.name));
  writeFileSync(path, `${JSON.stringify(addresses)}\n`, { mode: 0o600 });
  return addresses;
}

/** What the other environments with a folder of their own take; one that has not chosen has what its name gives. */
export function othersIn(folders: Folders, stack: string): readonly LocalAddresses[] {
  if (!existsSync(folders.state)) return [];
  const entries = readdirSync(folders.state, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== stack)
    .map(({ name }) => ({
      subnet: localSubnets(name)[0],
      portOffset: portOffsets(name)[0],
      ...readAddresses(join(stackFolder(folders, name), ADDRESSES_FILE)),
    }));
}
