import { ignored, type Rule, type Rules, refused, taken, WARNS } from "./rule";

const speed = ignored("it does not change what the image holds");
const no = (what: string, instead: string): Rule =>
  refused(`builds here have no ${what}`, WARNS, instead);

/** Every key of a build. */
export const buildRules: Rules = {
  context: taken("`context`"),
  dockerfile: taken("`dockerfile`"),
  args: taken("`args`", { each: taken("one argument") }),
  target: taken("`target`"),
  additional_contexts: no("further contexts", "a context that holds all files"),
  cache_from: speed,
  cache_to: speed,
  dockerfile_inline: no("Dockerfile inside the compose file", "a file, named with `dockerfile`"),
  entitlements: no("entitlements", "remove it"),
  extra_hosts: no("further hosts", "a name that resolves"),
  isolation: no("isolation", "remove it"),
  labels: no("labels", "`LABEL` in the Dockerfile"),
  network: no("network of their own", "remove it"),
  no_cache: speed,
  no_cache_filter: speed,
  platforms: no("list of platforms", "remove it; images are built for this machine's platform"),
  privileged: no("privileges", "remove it"),
  provenance: speed,
  pull: speed,
  sbom: speed,
  secrets: no("secrets", "`args` for what is not secret"),
  shm_size: no("size of /dev/shm", "remove it"),
  ssh: no("SSH agent", "files that are in the context"),
  tags: ignored("an image gets one name, made of its content"),
  ulimits: no("limits", "remove it"),
};
