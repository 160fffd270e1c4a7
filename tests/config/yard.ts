import type { World } from "../../components/config/preflight/flight";
import { type Reading, readEnvironment } from "../../components/config/read-environment";
import type { PlainMap } from "../../components/model/merge";
import { mergeDeep } from "../../components/model/merge";
import type { PlatformSource } from "../../components/model/platform/source";
import type { PlatformSpec } from "../../components/model/platform/spec";
import type { Problem } from "../../components/model/problem";
import { sourceOf } from "../planned";

/** Values of a small environment without problems. */
export const goodValues: PlainMap = {
  hosts: {
    groups: {
      platform: { role: "manager", labels: ["platform"] },
      db: { labels: ["db"] },
      agent: { labels: ["agent"], count: 2 },
    },
  },
  platforms: { app: {} },
};

/** A small platform without problems. */
export const goodPlatform: PlatformSpec = {
  folder: "/yard/platforms/app",
  images: { web: { context: "web" } },
  networks: { default: {} },
  volumes: { data: { shared: true, seed: { "first.json": "seed/first.json" } } },
  secrets: { password: { random: 32 }, token: { config: "apiToken" } },
  configs: { settings: { file: "settings.json" } },
  services: {
    redis: {
      image: "redis:7",
      placement: { constraints: ["node.labels.db == true"] },
      mounts: { "/data": { type: "volume", source: "data" } },
      secrets: { password: { source: "password" }, token: { source: "token" } },
    },
    web: {
      image: { build: "web" },
      ports: [{ target: 80, published: 8080 }],
      configs: { "/etc/settings.json": { source: "settings" } },
      dependsOn: ["redis"],
    },
  },
  open: { service: "web", target: 80 },
};

/** What a case changes in the good environment. */
export interface Change {
  /** Merged into the values of the file; null removes. */
  readonly values?: PlainMap;
  /** Values of the file that are taken as they are. */
  readonly exact?: PlainMap;
  /** Merged into the platform's own spec; null removes. */
  readonly spec?: PlainMap;
  /** Further platforms by folder. */
  readonly more?: { readonly [from: string]: object };
  /** What every platform's source gives besides the spec. */
  readonly source?: Partial<PlatformSource>;
  readonly world?: World;
}

const allThere: World = { hasSecret: () => true, exists: () => true, platformFolders: ["app"] };

/** Reads the good environment with changes, as the stack `test`. */
export function readChanged(change: Change = {}): Reading {
  const merged = mergeDeep(goodValues, change.values ?? {}) as PlainMap;
  const values = { ...merged, ...change.exact };
  const specs = { app: mergeDeep(goodPlatform, change.spec ?? {}) as object, ...change.more };
  const find = ({ from }: { readonly from: string }) => {
    const spec = new Map(Object.entries(specs)).get(from);
    return spec === undefined ? undefined : { ...sourceOf(spec), ...change.source };
  };
  return readEnvironment("test", values, find, { ...allThere, ...change.world });
}

/** A problem in four words, for tables. */
export function brief({ path, found, allowed, fix }: Problem): readonly string[] {
  return [path, found, allowed, fix];
}
