import { posix } from "node:path";
import { isMap } from "../../paths";
import type { Finding, Keys } from "../../problem";

/** Something that is put at a path of the container. */
interface Placed {
  readonly keys: Keys;
  /** Absolute, without a slash at the end. */
  readonly path: string;
  readonly what: string;
  readonly readOnly: boolean;
  /** Of a mount. */
  readonly source?: unknown;
}

/** The source of what is a file for certain. */
const FILE = Symbol("file");

/** Paths of the container that two things want, and paths that nothing can be put at. */
export function pathProblems(inputs: unknown): Finding[] {
  const seen = new Map<string, string>();
  const placed = placedIn(inputs);
  return placed.flatMap(({ keys, path, what, source }) => {
    const about = (found: string, allowed: string) => [
      { keys, found, allowed, fix: "another path" },
    ];
    const first = seen.get(path);
    seen.set(path, first ?? what);
    const file = placed.find((one) => one.source === FILE && path.startsWith(`${one.path}/`));
    if (file !== undefined) {
      return about(
        `${path}, below ${file.path}, where ${file.what} is a file`,
        "a path of its own",
      );
    }
    if (source === FILE && String(keys[1]).endsWith("/")) {
      return about(`${String(keys[1])}, which is a folder`, "the path of a file");
    }
    if (first !== undefined) {
      return about(`${path}, where ${first} is already`, "a path that nothing else has");
    }
    // The kernel lets a container have the node's own.
    if (!/^\/proc(\/|$)/.test(path) || (path === "/proc" && source === "/proc")) return [];
    return about(`${path}, where the kernel's own files are`, "a path outside of /proc");
  });
}

/**
 * What is put below a read-only mount: the Docker engine makes its path when a task starts, which
 * fails unless it exists there.
 */
export function hiddenPaths(inputs: unknown): Finding[] {
  const placed = placedIn(inputs);
  return placed.flatMap(({ keys, path, what }) => {
    const above = placed.filter((one) => one.readOnly && path.startsWith(`${one.path}/`));
    const outer = above.sort((one, other) => other.path.length - one.path.length)[0];
    if (outer === undefined) return [];
    return [
      {
        keys,
        found: `${what} at ${path}, below ${outer.path}, which is mounted read-only`,
        allowed: `a path outside of ${outer.path}, or one that exists in it already`,
        fix: `make ${path.slice(outer.path.length + 1)} in what is mounted at ${outer.path}, or another path`,
      },
    ];
  });
}

function placedIn(inputs: unknown): readonly Placed[] {
  if (!isMap(inputs)) return [];
  const entries = (field: string) => {
    const map = inputs[field];
    return Object.entries(isMap(map) ? map : {});
  };
  const at = (field: string, target: string, what: string, readOnly: boolean): Placed => ({
    keys: [field, target],
    path: posix.normalize(target).replace(/(?<=.)\/$/, ""),
    what,
    readOnly,
  });
  return [
    ...entries("mounts").map(([target, mount]) => ({
      ...at("mounts", target, "a mount", isMap(mount) && mount.readOnly === true),
      source: isMap(mount) ? mount.source : undefined,
    })),
    ...entries("secrets").map(([target]) => {
      const path = target.startsWith("/") ? target : `/run/secrets/${target}`;
      return { ...at("secrets", path, "a secret", false), keys: ["secrets", target], source: FILE };
    }),
    ...entries("configs").map(([target]) => ({
      ...at("configs", target, "a config", false),
      source: FILE,
    })),
  ];
}
