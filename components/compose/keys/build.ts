import { changedTo, ignored, type Rule, type Rules, refused, taken, WARNS } from "./rule";

const speed = ignored("it does not change what the image holds");
const no = (what: string, instead: string, harmless: Rule["harmless"] = []): Rule =>
  refused(`builds here have no ${what}`, WARNS, instead, harmless);
const BUILDX = "this machine's docker command needs the plugin buildx";
const ofMount = "the mount in the Dockerfile says it";

/** Every key of a build. */
export const buildRules: Rules = {
  context: taken("`context`"),
  dockerfile: taken("`dockerfile`"),
  args: taken("`args`", { each: taken("one argument") }),
  target: taken("`target`"),
  additional_contexts: changedTo(`\`contexts\` of the image; ${BUILDX}`, {
    each: taken("one context"),
  }),
  cache_from: changedTo(
    "`cacheFrom` of the image; without buildx only images that this machine's Docker engine has",
    { each: taken("one cache") },
  ),
  cache_to: changedTo(
    "`cacheTo` of the image; left out without buildx, or where the builder cannot export it",
    { each: taken("one cache") },
  ),
  dockerfile_inline: changedTo("`dockerfileText` of the image"),
  entitlements: taken(`\`entitlements\` of the image; ${BUILDX}`, { each: taken("one right") }),
  extra_hosts: changedTo("`extraHosts` of the image", { each: taken("one name") }),
  isolation: no("isolation", "remove it", ["default"]),
  labels: taken("`labels` of the image", { each: taken("one label") }),
  network: taken("`network` of the image: one of this machine's Docker engine"),
  no_cache: changedTo("`noCache` of the image"),
  no_cache_filter: speed,
  platforms: taken(`\`platforms\` of the image; ${BUILDX}`, { each: taken("one platform") }),
  privileged: changedTo(`\`entitlements: [security.insecure]\` of the image; ${BUILDX}`),
  provenance: speed,
  pull: taken("`pull` of the image"),
  sbom: speed,
  secrets: taken(`\`secrets\` of the image; ${BUILDX}`, {
    each: taken("one secret", {
      keys: {
        source: taken("the key of one at the top of the file"),
        target: taken("its id in `RUN --mount=type=secret,id=<id>`"),
        uid: ignored(ofMount),
        gid: ignored(ofMount),
        mode: ignored(ofMount),
      },
    }),
  }),
  shm_size: changedTo("`shmSize` of the image"),
  ssh: taken(`\`ssh\` of the image; ${BUILDX}`, { each: taken("one agent or key") }),
  tags: ignored("an image gets one name, made of its content"),
  ulimits: taken("`ulimits` of the image; a number is both limits", {
    only: "map",
    each: taken("one limit", { keys: { soft: taken("`soft`"), hard: taken("`hard`") } }),
  }),
};
