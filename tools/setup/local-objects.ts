import { KIND_LABEL, STACK_LABEL as label, STATE_LABEL } from "../../components/model/ownership";
import { capture, lastLines, must } from "./processes";

/** Objects with an environment's label on this machine's Docker engine. */
export interface LocalObject {
  readonly kind: "container" | "network" | "volume" | "image";
  readonly id: string;
  readonly name: string;
}

const listings = {
  container: ["ps", "-a", "--format", "{{.ID}} {{.Names}}"],
  network: ["network", "ls", "--format", "{{.ID}} {{.Name}}"],
  volume: ["volume", "ls", "--format", "{{.Name}} {{.Name}}"],
  image: ["images", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}"],
} as const;

const removals = {
  container: ["rm", "--force", "--volumes"],
  network: ["network", "rm"],
  volume: ["volume", "rm"],
  image: ["rmi", "--force"],
} as const;

/** Kinds in the order in which they can be removed. */
export const kinds = ["container", "network", "volume", "image"] as const;

/**
 * Lists objects with a label on this machine's Docker engine.
 *
 * @param owner `<project>/<stack>`; undefined for those of all environments
 */
export async function listObjects(
  of: readonly LocalObject["kind"][],
  owner?: string,
): Promise<readonly LocalObject[]> {
  const filter = `label=${label}${owner === undefined ? "" : `=${owner}`}`;
  const found = await Promise.all(
    of.map(async (kind) => {
      const full = kind === "volume" ? [] : ["--no-trunc"];
      const args = [...listings[kind], ...full, "--filter", filter];
      return parseObjects(kind, await must(`Listing ${kind}s`, "docker", args));
    }),
  );
  return found.flat();
}

/** Names of the volumes that are an environment's share. */
export async function listShares(owner: string): Promise<readonly string[]> {
  const filters = [`label=${label}=${owner}`, `label=${KIND_LABEL}=share`];
  const options = filters.flatMap((filter) => ["--filter", filter]);
  const text = await must("Listing volumes", "docker", ["volume", "ls", "-q", ...options]);
  return text.split("\n").filter((line) => line !== "");
}

/** A network or share that was created from another folder of states. */
export interface Foreign extends LocalObject {
  /** Where it comes from, for people. */
  readonly about: string;
}

/**
 * Networks and shares of an environment whose label names another folder of states. Those without
 * such a label are from before there was one, and count as ours.
 */
export async function foreign(owner: string, ours: string): Promise<readonly Foreign[]> {
  const id = `{{.Label "${STATE_LABEL}"}}`;
  const filter = ["--filter", `label=${label}=${owner}`];
  const listed = [
    ["network", ["--no-trunc", "--format", `{{.ID}}\t{{.Name}}\t${id}\t{{.CreatedAt}}`]],
    ["volume", ["--format", `{{.Name}}\t{{.Name}}\t${id}\t`]],
  ] as const;
  const found = await Promise.all(
    listed.map(async ([kind, format]) => {
      const text = await must(`Listing ${kind}s`, "docker", [kind, "ls", ...format, ...filter]);
      return text.split("\n").flatMap((line): Foreign[] => {
        const [object = "", name = "", from = "", created = ""] = line.split("\t");
        if (from === "" || from === ours) return [];
        const when = created === "" ? "" : ` on ${created.slice(0, 16)}`;
        return [{ kind, id: object, name, about: `was created from state folder ${from}${when}` }];
      });
    }),
  );
  return found.flat();
}

/** Environments that have containers on this machine's Docker engine, as `<project>/<stack>`. */
export async function listOwners(): Promise<ReadonlySet<string>> {
  const args = ["ps", "-a", "--filter", `label=${label}`, "--format", `{{.Label "${label}"}}`];
  const text = await must("Listing containers", "docker", args);
  return new Set(text.split("\n").filter((line) => line !== ""));
}

/** Reads lines of `<id> <name>`. Pure. */
export function parseObjects(kind: LocalObject["kind"], text: string): readonly LocalObject[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [id = "", name = id] = line.split(" ");
      return { kind, id, name };
    });
}

/** Removes objects, one kind at a time. @returns those that remain, each with the reason */
export async function removeObjects(
  objects: readonly LocalObject[],
): Promise<readonly { readonly object: LocalObject; readonly reason: string }[]> {
  const stayed: { object: LocalObject; reason: string }[] = [];
  for (const kind of kinds) {
    const ofKind = objects.filter((object) => object.kind === kind);
    await Promise.all(
      ofKind.map(async (object) => {
        const { status, stderr } = await capture("docker", [...removals[kind], object.id]);
        if (status !== 0 && !/no such|not found/i.test(stderr)) {
          stayed.push({ object, reason: lastLines(stderr, 1) });
        }
      }),
    );
  }
  return stayed;
}

/** A list for people: `containers a, b; network c`. Pure. */
export function describeObjects(objects: readonly LocalObject[]): string {
  return kinds
    .map((kind) => ({
      kind,
      names: objects.filter((object) => object.kind === kind).map(({ name }) => name),
    }))
    .filter(({ names }) => names.length > 0)
    .map(({ kind, names }) => `${kind}${names.length > 1 ? "s" : ""} ${names.join(", ")}`)
    .join("; ");
}
