import type { Step } from "../report/destruction";

const CONTAINER = "docker:index/container:Container";
const IMAGE = "docker:index/remoteImage:RemoteImage";
const HOST = "swarm:hosts:Local";

/** A host on this machine whose container another image replaces. */
export interface HostUpgrade {
  /** Name of its node. */
  readonly host: string;
  /** URNs of its container and of what waits for its Docker engine. */
  readonly targets: readonly string[];
}

/** Hosts whose container a preview replaces because of its image. Pure. */
export function hostUpgrades(steps: readonly Step[]): readonly HostUpgrade[] {
  const containers = steps.filter(
    ({ op, urn, diffReasons, replaceReasons }) =>
      /replace/.test(op) &&
      typesOf(urn).join("$").endsWith(`${HOST}$${CONTAINER}`) &&
      [...(diffReasons ?? []), ...(replaceReasons ?? [])].includes("image"),
  );
  const urns = [...new Set(containers.map(({ urn }) => urn))];
  return urns.map((urn) => {
    const host = nameOf(urn).replace(/-container$/, "");
    const waiting = steps.map((step) => step.urn).filter((one) => nameOf(one) === `${host}-ready`);
    return { host, targets: [urn, ...new Set(waiting)] };
  });
}

/** URNs of images of hosts that a preview builds. Pure. */
export function newImages(steps: readonly Step[]): readonly string[] {
  return steps
    .filter(({ op, urn }) => op === "create" && typesOf(urn).at(-1) === IMAGE)
    .map(({ urn }) => urn)
    .filter((urn) => nameOf(urn).startsWith("node-image"));
}

/**
 * Arguments of `pulumi` that change these resources and leave all others as they are. Pure.
 *
 * One at a time: the Pulumi engine copies what is not named in parallel, and can write a host's container before the
 * image that it has, when the program no longer has that image. It refuses such a state from then on.
 */
export function onlyThese(urns: readonly string[]): readonly string[] {
  const targets = urns.flatMap((urn) => ["--target", urn]);
  return ["up", "--yes", "--skip-preview", "--suppress-outputs", "--parallel", "1", ...targets];
}

function typesOf(urn: string): readonly string[] {
  return (urn.split("::")[2] ?? "").split("$");
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}
