import { changedTo, ignored, type Rule, type Rules, refused, taken, WARNS } from "./rule";

const speed = ignored("it does not change what the image holds");
const no = (what: string, instead: string, harmless: Rule["harmless"] = []): Rule =>
  refused(`builds here have no ${what}`, WARNS, instead, harmless);
/** Builds run in the Docker engine's own builder, so that buildx need not be installed. */
const buildKit = (what: string, instead: string): Rule =>
  refused(
    `${what} need BuildKit, and builds here use the Docker engine's own builder`,
    WARNS,
    instead,
  );

/** Every key of a build. */
export const buildRules: Rules = {
  context: taken("`context`"),
  dockerfile: taken("`dockerfile`"),
  args: taken("`args`", { each: taken("one argument") }),
  target: taken("`target`"),
  additional_contexts: buildKit("further contexts", "a context that holds all files"),
  cache_from: speed,
  cache_to: speed,
  dockerfile_inline: no(
    "Dockerfile outside of their folder",
    "the same text as a file, named with `dockerfile`",
  ),
  entitlements: buildKit("entitlements", "remove it"),
  extra_hosts: changedTo("`extraHosts` of the image", { each: taken("one name") }),
  isolation: no("isolation", "remove it", ["default"]),
  labels: taken("`labels` of the image", { each: taken("one label") }),
  network: taken("`network` of the image: one of this machine's Docker engine"),
  no_cache: changedTo("`noCache` of the image"),
  no_cache_filter: speed,
  platforms: buildKit(
    "several platforms",
    "remove it; images are built for this machine's platform",
  ),
  privileged: no("privileges", "remove it", [false]),
  provenance: speed,
  pull: taken("`pull` of the image"),
  sbom: speed,
  secrets: buildKit("secrets of a build", "`args` for what is not secret"),
  shm_size: changedTo("`shmSize` of the image"),
  ssh: buildKit("SSH agents", "files that are in the context"),
  tags: ignored("an image gets one name, made of its content"),
  ulimits: no("limits", "remove it"),
};
