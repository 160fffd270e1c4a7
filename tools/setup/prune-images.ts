import type { SwarmAccess } from "../../components/engine/access";
import type { EngineClient } from "../../components/engine/client";
import { within } from "../../components/engine/deadline";
import type { LiveContainer, LiveImage } from "../../components/engine/live";
import type { LiveService } from "../../components/model/service/wire";

/** How many images of a node one run removes at most, and how long that may take. */
const MOST = 50;
const TIME_MS = 60_000;

/** What uses images. */
export interface Uses {
  readonly containers: readonly Pick<LiveContainer, "ImageID">[];
  readonly services: readonly Pick<LiveService, "Spec" | "PreviousSpec">[];
}

/** Images that nothing uses: no container, running or not, and no service, as it is or was before its last change. Pure. */
export function unusedImages(
  images: readonly LiveImage[],
  { containers, services }: Uses,
): readonly LiveImage[] {
  const used = new Set(containers.map(({ ImageID }) => ImageID));
  const specs = services.flatMap(({ Spec, PreviousSpec }) => [
    Spec,
    ...(PreviousSpec ? [PreviousSpec] : []),
  ]);
  const named = new Set(
    specs.flatMap((spec) => referencesTo(spec.TaskTemplate?.ContainerSpec?.Image ?? "")),
  );
  return images.filter(
    (image) => !used.has(image.Id) && !namesOf(image).some((name) => named.has(name)),
  );
}

/** The names under which an image of a service may be listed: `repo:tag@digest` is `repo:tag` and `repo@digest`. */
function referencesTo(image: string): string[] {
  const [name = "", digest] = image.split("@");
  const last = name.lastIndexOf(":");
  const repository = last > name.lastIndexOf("/") ? name.slice(0, last) : name;
  const tagged = repository === name ? `${name}:latest` : name;
  const short = (text: string) => text.replace(/^(docker\.io\/)?(library\/)?/, "");
  const all = [tagged, ...(digest === undefined ? [] : [`${repository}@${digest}`])];
  return all.flatMap((one) => [one, short(one)]);
}

function namesOf({ RepoTags, RepoDigests }: LiveImage): string[] {
  return [...(RepoTags ?? []), ...(RepoDigests ?? [])].filter((name) => !name.startsWith("<none>"));
}

/** When an image came to a Docker engine, or was made, whichever is later; in milliseconds since 1970. Pure. */
export function bornAt({ Created, Metadata }: LiveImage): number {
  const made = typeof Created === "number" ? Created * 1000 : Date.parse(Created ?? "");
  const tagged = Date.parse(Metadata?.LastTagTime ?? "");
  return Math.max(...[made, tagged].map((time) => (Number.isNaN(time) ? 0 : time)));
}

/**
 * Removes images from the nodes that nothing uses and that are older than this. Whatever a Docker engine
 * does not want to lose, it keeps.
 *
 * @returns a line for each node that lost some
 */
export async function pruneImages(ageMs: number, access: SwarmAccess): Promise<readonly string[]> {
  const services = await (await access.manager()).services.list();
  const pruned = await Promise.all(
    access.nodes.map(async (node) => {
      const work = access.node(node).then((engine) => pruneNode(engine, services, ageMs));
      const count = await within(work, TIME_MS, "late").catch(() => 0);
      return count === 0 ? [] : [`${node}: removed ${count} images that nothing used.`];
    }),
  );
  return pruned.flat();
}

async function pruneNode(
  engine: EngineClient,
  services: Uses["services"],
  ageMs: number,
): Promise<number> {
  const [images, containers] = await Promise.all([engine.images.list(), engine.containers.list()]);
  let count = 0;
  for (const image of unusedImages(images, { containers, services }).slice(0, MOST)) {
    const found = await engine.images.inspect(image.Id).catch(() => undefined);
    if (found === undefined || Date.now() - bornAt(found) < ageMs) continue;
    const names = namesOf(image);
    const removals = (names.length === 0 ? [image.Id] : names).map((name) =>
      engine.images.remove(name).then(
        () => true,
        () => false,
      ),
    );
    if ((await Promise.all(removals)).some(Boolean)) count += 1;
  }
  return count;
}
