import { resolve } from "node:path";
import { buildKitNeeds, GET_BUILDX } from "../../model/platform/build";
import type { ImageBuild } from "../../model/platform/spec";
import { type Draft, platformProblem } from "../platforms/platforms";
import type { Check, Flight } from "./flight";

/** Builds that need buildx, where this machine's docker command does not have it. */
export const checkBuilds: Check = (flight) =>
  builds(flight).flatMap(({ draft, key, build }) => {
    const needs = needsOf(draft, build, flight);
    if (needs.length === 0 || flight.world.buildx?.() !== false) return [];
    const [first = ""] = needs;
    const field = Object.hasOwn(build, first) ? [first] : [];
    const found = `${needs.join(", ")}, which only buildx builds; this machine's docker command does not have it`;
    return [
      platformProblem(draft, ["images", key, ...field], {
        found,
        allowed: "a docker command with buildx",
        fix: GET_BUILDX,
      }),
    ];
  });

/** Caches that are left out, because this machine's docker command has no buildx. */
export const warnBuilds: Check = (flight) =>
  builds(flight).flatMap(({ draft, key, build }) => {
    const { cacheFrom = [], cacheTo = [] } = build;
    const field = cacheFrom.some((one) => one.includes("="))
      ? "cacheFrom"
      : cacheTo.length > 0
        ? "cacheTo"
        : undefined;
    if (field === undefined || needsOf(draft, build, flight).length > 0) return [];
    if (flight.world.buildx?.() !== false) return [];
    const found =
      "a cache of buildx, which this machine's docker command does not have; it is left out";
    const allowed = "a docker command with buildx, or images alone in `cacheFrom`";
    return [platformProblem(draft, ["images", key, field], { found, allowed, fix: GET_BUILDX })];
  });

function builds({ drafts }: Flight) {
  return drafts.flatMap((draft) =>
    Object.entries(draft.plan.images).map(([key, build]) => ({ draft, key, build })),
  );
}

function needsOf({ plan }: Draft, build: ImageBuild, { world }: Flight): readonly string[] {
  const file = resolve(plan.folder, build.context, build.dockerfile ?? "Dockerfile");
  return buildKitNeeds(build, build.dockerfileText ?? world.text?.(file));
}
