import { parseArgs } from "node:util";
import { readEnvironmentFile } from "../../components/config/file/environment-file";
import type { Endpoint } from "../../components/engine/endpoints";
import { listed } from "../../components/model/nearest";
import { readOutputs, requireEndpoints } from "../report/outputs";
import {
  type DataPlaces,
  dataOf,
  type NamedPlan,
  type Surroundings,
} from "../report/platform-data";
import {
  dependentsOf,
  goingAt,
  goingLines,
  type Level,
  levels,
  levelWords,
  partsOf,
} from "../report/platform-parts";
import { requireName } from "../setup/ask";
import { Exit, Failure } from "../setup/failure";
import {
  clearScript,
  type Found,
  foundIn,
  foundLines,
  lookScript,
  type NodeData,
  staysIn,
} from "../setup/node-data";
import { NodeShell } from "../setup/node-shell";
import type { Session } from "../setup/session";

/** What is asked for with `--platform` and `--level`. */
export interface PlatformRemoval {
  readonly platform: string;
  readonly level: Level;
}

/**
 * Takes `--platform` and `--level` out of the options of `down`. Pure.
 *
 * @returns undefined when no platform is named
 * @throws Failure for a level without a platform, an unknown one, or other options beside them
 */
export function platformRemoval(options: readonly string[]): PlatformRemoval | undefined {
  if (!options.some((word) => /^--(platform|level)(=|$)/.test(word))) return undefined;
  const known = { platform: { type: "string" }, level: { type: "string" } } as const;
  const how = `Run: npm run down -- -s <environment> --platform <name> --level ${levels.join("|")}`;
  try {
    const { values } = parseArgs({ args: [...options], options: known });
    const { platform, level } = values;
    const one = levels.find((word) => word === level);
    if (platform === undefined) throw new Error("--level belongs to --platform.");
    if (one === undefined) throw new Error(`--platform needs a level: ${listed(levels)}.`);
    return { platform, level: one };
  } catch (error) {
    throw new Failure((error as Error).message, how);
  }
}

/** Removes a platform of an environment, and as much of its data as the level says. It lists what goes, and asks. */
export async function downPlatform(
  session: Session,
  { platform, level }: PlatformRemoval,
  yes: boolean,
): Promise<void> {
  const { stack, progress, file } = session;
  const { found, ...surroundings } = findIn(platform, file.path ?? "");
  const resources = (await stack.peek()).deployment?.resources ?? [];
  const going = goingAt(level, partsOf(platform, resources));
  const dependents = dependentsOf(going, resources);
  if (dependents.length > 0) {
    throw new Failure(
      `Platform ${platform} of ${stack.name} is used by ${dependents.join(", ")}. Nothing was removed.`,
      "Remove what uses it first, or together with it from the environment file, and run up.",
    );
  }
  const endpoints = requireEndpoints(await readOutputs(stack), stack.name);
  const data = new PlatformData(level, dataOf(found, surroundings), endpoints);
  try {
    progress.line(`This removes of platform ${platform} of ${stack.name} ${levelWords[level]}:`);
    for (const line of [...goingLines(going), ...(await data.lines())]) progress.line(line);
    const again = `npm run down -- -s ${stack.name} --platform ${platform} --level ${level} --yes`;
    if (!yes) await requireName(stack.name, again);
    await destroy(
      session,
      going.map(({ urn = "" }) => urn),
    );
    await data.clear();
  } finally {
    data.close();
  }
  progress.line(`To bring it back, run: npm run up -- -s ${stack.name}`);
}

/** The platform, and what else is on its nodes. */
function findIn(platform: string, path: string): Surroundings & { readonly found: NamedPlan } {
  const { environment, problems } = readEnvironmentFile(path);
  if (environment === undefined) {
    throw new Failure(`${path} has ${problems.length} problems.`, "Run: npm run preview");
  }
  const { platforms, share } = environment;
  const found = platforms.find(({ name }) => name === platform);
  if (found !== undefined) {
    const others = platforms.filter((one) => one !== found);
    return { found, others, ...(share.kind === "none" ? {} : { sharePath: share.path }) };
  }
  const names = platforms.map(({ name }) => name);
  throw new Failure(
    `There is no platform ${platform} in ${path}.`,
    `Its platforms are ${listed(names)}; one that is no longer there goes with the next up.`,
  );
}

async function destroy({ stack }: Session, urns: readonly string[]): Promise<void> {
  if (urns.length === 0) return;
  const targets = urns.flatMap((urn) => ["--target", urn]);
  const options = ["destroy", "--yes", "--skip-preview", ...targets];
  const status = await stack.show(`removing from ${stack.name}`, options);
  if (status !== 0) throw new Exit(status);
}

/** The data of a platform on the nodes, as far as a level takes it. */
class PlatformData {
  private readonly shell: NodeShell;

  constructor(
    private readonly level: Level,
    private readonly places: DataPlaces,
    private readonly endpoints: readonly Endpoint[],
  ) {
    this.shell = new NodeShell(endpoints);
  }

  /** What goes, with counts, and what stays. */
  async lines(): Promise<readonly string[]> {
    if (this.level === "keep") return [];
    const found = await this.onEach(lookScript);
    const all = new Map(
      [...found].map(([node, text]): [string, readonly Found[]] => [node, foundIn(text)]),
    );
    const stays = [...this.places.stays, ...staysIn([...found.values()])];
    return [...foundLines(all), ...stays.map((one) => `  stays: ${one}`)];
  }

  async clear(): Promise<void> {
    if (this.level === "keep") return;
    await this.onEach((data) => clearScript(data, this.level === "all"));
  }

  close(): void {
    this.shell.close();
  }

  /** Runs a script on every node; folders of the share are the business of one. */
  private async onEach(script: (data: NodeData) => string): Promise<ReadonlyMap<string, string>> {
    const { shared, bound, ...named } = this.places;
    const said = await Promise.all(
      this.endpoints.map(async ({ name }, index) => {
        const folders = index === 0 ? [...shared, ...bound] : bound;
        if (named.volumes.length === 0 && folders.length === 0) return [name, ""] as const;
        return [name, await this.shell.run(name, script({ ...named, folders }))] as const;
      }),
    );
    return new Map(said);
  }
}
